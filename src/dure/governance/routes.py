"""Governance over HTTP: sessions, users, tokens."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dure.governance.access import access
from dure.governance.api import Governance, Role, User
from dure.governance.http import COOKIE, Caller

_THIRTY_DAYS = 30 * 24 * 3600

# A person presses the button: programs that open links to preview them do not use the link up.
_LINK_PAGE = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>Dure</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"></head>
<body><form method="post"><h1>두레 Dure</h1><p>이 링크는 한 번만 쓸 수 있습니다. This link works once.</p>
<button autofocus>들어가기 · Sign in</button></form></body></html>"""


@dataclass
class SignIn:
    email: str
    password: str


@dataclass
class NewUser:
    email: str
    name: str
    role: Role = Role.MEMBER
    function: str = ""
    title: str = ""
    display: str = ""
    language: str = ""
    password: str | None = None


@dataclass
class NewPassword:
    password: str


@dataclass
class NewToken:
    kind: str
    holder: str
    scopes: list[str]


def router(governance: Governance) -> APIRouter:
    """Sessions under /api/v1/session, the rest under /api/v1; the sign-in link at the root."""
    routes = APIRouter(tags=["governance"])

    @routes.post("/api/v1/session", status_code=204)
    async def sign_in(body: SignIn, request: Request) -> Response:
        return _with_session(Response(status_code=204), request, await governance.sign_in(body.email, body.password))

    @routes.delete("/api/v1/session", status_code=204)
    async def sign_out(request: Request, _: Caller) -> Response:
        await governance.sign_out(request.cookies.get(COOKIE, ""))
        response = Response(status_code=204)
        response.delete_cookie(COOKIE)
        return response

    @routes.get("/sign-in/{secret}", include_in_schema=False)
    async def link_page(secret: str) -> HTMLResponse:  # noqa: ARG001
        return HTMLResponse(_LINK_PAGE)

    @routes.post("/sign-in/{secret}", include_in_schema=False)
    async def follow_link(secret: str, request: Request) -> Response:
        session = await governance.follow_link(secret)
        return _with_session(RedirectResponse("/", status_code=303), request, session)

    @routes.get("/api/v1/me")
    async def me(caller: Caller) -> dict[str, Any]:
        workspace = await governance.workspace(caller.tenant)
        user = await governance.user(caller.tenant, caller.user) if caller.user else None
        return {"user": _shown(user) if user else None, "role": caller.role, "workspace": asdict(workspace)}

    @routes.get("/api/v1/users")
    async def users(caller: Caller) -> dict[str, Any]:
        access(caller, "governance:read")
        return {"users": [_shown(user) for user in await governance.users(caller.tenant)]}

    @routes.post("/api/v1/users", status_code=201)
    async def create_user(caller: Caller, body: NewUser) -> dict[str, Any]:
        user = await governance.create_user(
            caller, body.email, body.name, role=body.role, function=body.function, title=body.title,
            display=body.display, language=body.language, password=body.password,
        )  # fmt: skip
        return _shown(user)

    @routes.delete("/api/v1/users/{user_id}", status_code=204)
    async def deactivate(caller: Caller, user_id: str) -> None:
        await governance.deactivate(caller, user_id)

    @routes.put("/api/v1/users/{user_id}/password", status_code=204)
    async def set_password(caller: Caller, user_id: str, body: NewPassword) -> None:
        await governance.set_password(caller, user_id, body.password)

    @routes.post("/api/v1/users/{user_id}/sign-in-link", status_code=201)
    async def sign_in_link(caller: Caller, user_id: str, request: Request) -> dict[str, str]:
        secret = await governance.sign_in_link(caller, user_id)
        return {"url": f"{request.url.scheme}://{request.url.netloc}/sign-in/{secret}"}

    @routes.get("/api/v1/tokens")
    async def tokens(caller: Caller) -> dict[str, Any]:
        return {"tokens": [asdict(token) for token in await governance.tokens(caller)]}

    @routes.post("/api/v1/tokens", status_code=201)
    async def create_token(caller: Caller, body: NewToken) -> dict[str, str]:
        return {"token": await governance.create_token(caller, body.kind, body.holder, body.scopes)}

    @routes.delete("/api/v1/tokens/{token_id}", status_code=204)
    async def revoke_token(caller: Caller, token_id: str) -> None:
        await governance.revoke_token(caller, token_id)

    return routes


def _with_session(response: Response, request: Request, session: str) -> Response:
    response.set_cookie(
        COOKIE, session, max_age=_THIRTY_DAYS, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response


def _shown(user: User) -> dict[str, Any]:
    return {**asdict(user), "is_bot": user.is_bot}
