"""Governance over HTTP: sessions, users, tokens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from dure.governance.access import access
from dure.governance.api import Governance, Role, User
from dure.governance.http import COOKIE, Caller, address_of, device_of, with_session
from dure.governance.signin.answers import stepped
from dure.kernel.errors import NotAllowed
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class SignIn:
    email: str
    password: str


@body
class NewUser:
    email: str
    name: str
    role: Role = Role.MEMBER
    function: str = ""
    title: str = ""
    display: str = ""
    language: str = ""
    password: str | None = None


@body
class NewPassword:
    password: str


@body
class NewToken:
    kind: str
    holder: str
    scopes: list[str]


def router(governance: Governance, site: str = "") -> APIRouter:
    """Sessions under /api/v1/session, the rest under /api/v1; the sign-in link at the root. With a `site` links lead
    there, whatever host a request names."""
    routes = APIRouter(tags=["governance"])

    @routes.post("/api/v1/session", status_code=204)
    async def sign_in(body: SignIn, request: Request) -> Response:
        """Signs in with e-mail and password; the session comes as a cookie. Where a second factor is owed the answer
        is 200 with `owes` and `ways`, and the cookie speaks for nobody yet."""
        step = await governance.signin.entering.by_password(
            body.email, body.password, device=device_of(request), address=address_of(request)
        )
        return stepped(request, step)

    @routes.delete("/api/v1/session", status_code=204)
    async def sign_out(request: Request, _: Caller) -> Response:
        """Ends the session."""
        await governance.sign_out(request.cookies.get(COOKIE, ""))
        response = Response(status_code=204)
        response.delete_cookie(COOKIE)
        return response

    @routes.post("/sign-in/{secret}", include_in_schema=False)
    async def follow_link(secret: str, request: Request) -> Response:
        """Signs in with a link, which is then used up."""
        session = await governance.follow_link(secret, device=device_of(request))
        return with_session(RedirectResponse("/", status_code=303), request, session)

    @routes.get("/api/v1/me")
    async def me(caller: Caller) -> dict[str, Any]:
        """Who the caller is, in which role and workspace."""
        workspace = await governance.workspace(caller.tenant)
        user = await governance.user(caller.tenant, caller.user) if caller.user else None
        return {"user": _shown(user) if user else None, "role": caller.role, "workspace": asdict(workspace)}

    @routes.get("/api/v1/users")
    async def users(caller: Caller) -> dict[str, Any]:
        """Everybody in the workspace; a guest is told of those whom they meet, and no addresses."""
        access(caller, "governance:read")
        users = await governance.users(caller.tenant)
        if caller.role is Role.GUEST:
            met = await governance.seats.met(caller)
            return {"users": [{**_shown(user), "email": "", "expires_at": None} for user in users if user.id in met]}
        return {"users": [_shown(user) for user in users]}

    @routes.post("/api/v1/users", status_code=201)
    async def create_user(caller: Caller, body: NewUser) -> dict[str, Any]:
        """Adds a person to the workspace."""
        user = await governance.create_user(
            caller, body.email, body.name, role=body.role, function=body.function, title=body.title,
            display=body.display, language=body.language, password=body.password,
        )  # fmt: skip
        return _shown(user)

    @routes.delete("/api/v1/users/{user_id}", status_code=204)
    async def deactivate(caller: Caller, user_id: str) -> None:
        """Takes a person's access away."""
        await governance.deactivate(caller, user_id)

    @routes.put("/api/v1/users/{user_id}/password", status_code=204)
    async def set_password(caller: Caller, user_id: str, body: NewPassword) -> None:
        """Sets another person's password; everybody who was signed in as them is out."""
        if caller.user == user_id and not caller.token:
            raise NotAllowed("Your own password is set under My security.")
        await governance.set_password(caller, user_id, body.password)

    @routes.post("/api/v1/users/{user_id}/sign-in-link", status_code=201)
    async def sign_in_link(caller: Caller, user_id: str, request: Request) -> dict[str, str]:
        """A link that signs a person in once."""
        secret = await governance.sign_in_link(caller, user_id)
        return {"url": f"{site or f'{request.url.scheme}://{request.url.netloc}'}/sign-in/{secret}"}

    @routes.get("/api/v1/tokens")
    async def tokens(caller: Caller) -> dict[str, Any]:
        """Every token, without its secret."""
        return {"tokens": [asdict(token) for token in await governance.tokens(caller)]}

    @routes.post("/api/v1/tokens", status_code=201)
    async def create_token(caller: Caller, body: NewToken) -> dict[str, str]:
        """A new token; it is shown this once."""
        return {"token": await governance.create_token(caller, body.kind, body.holder, body.scopes)}

    @routes.delete("/api/v1/tokens/{token_id}", status_code=204)
    async def revoke_token(caller: Caller, token_id: str) -> None:
        """Ends a token at once."""
        await governance.revoke_token(caller, token_id)

    return routes


def _shown(user: User) -> dict[str, Any]:
    return {**asdict(user), "is_bot": user.is_bot}
