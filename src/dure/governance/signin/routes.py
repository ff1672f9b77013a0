"""Getting in over HTTP: second steps, passkeys, providers, letters. Nobody need be signed in at these doors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from fastapi import BackgroundTasks, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from dure.governance.http import Visitor, address_of, device_of, with_session
from dure.governance.signin.answers import began, ceremony_of, over, stepped
from dure.governance.signin.api import SignIn
from dure.kernel.errors import DureError
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class GivenCode:
    code: str


@body
class WhichPasskey:
    email: str = ""


@body
class UsedPasskey:
    credential: dict[str, Any]


@body
class Onward:
    onward: str = "/"


@body
class Forgotten:
    email: str


@body
class ResetPassword:
    password: str


@body
class Acceptance:
    name: str = ""
    password: str = ""


def router(signin: SignIn) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/signin", tags=["governance"])

    @routes.get("")
    async def state(visitor: Visitor, email: str = "") -> dict[str, Any]:
        """What this browser still owes, and which ways in there are: for everybody, and for an e-mail's domain."""
        owes, ways = await signin.entering.waiting(visitor)
        offered = [{"id": one.id, "name": one.name} for one in await signin.providers.offered(email)]
        return {"owes": owes, "ways": ways, "providers": offered, "passkeys": signin.site.takes_passkeys}

    @routes.post("/code", status_code=204)
    async def code(visitor: Visitor, body: GivenCode, request: Request) -> Response:
        """Gives the second factor: an authenticator's code, or a recovery code."""
        secret = await signin.proving.give_code(visitor, body.code, address=address_of(request))
        return with_session(Response(status_code=204), request, secret)

    @routes.post("/passkey/begin")
    async def begin_passkey(visitor: Visitor, body: WhichPasskey, request: Request) -> Response:
        """What the browser needs to ask for a passkey: after a password, by an e-mail, or by itself."""
        options, ceremony = await signin.passkeys.begin_using(visitor, body.email, address=address_of(request))
        return began(request, JSONResponse(options), ceremony)

    @routes.post("/passkey", status_code=204)
    async def use_passkey(visitor: Visitor, body: UsedPasskey, request: Request) -> Response:
        """Signs in with a passkey, alone or as the second factor."""
        step = await signin.passkeys.use(visitor, ceremony_of(request), body.credential, device=device_of(request))
        return over(stepped(request, step))

    @routes.post("/openid/{provider}")
    async def begin_provider(visitor: Visitor, provider: str, body: Onward, request: Request) -> Response:  # noqa: ARG001
        """Where the browser goes to sign in through a provider; `onward` is a path to come back to."""
        url, ceremony = await signin.begin_provider(provider, body.onward, address=address_of(request))
        return began(request, JSONResponse({"url": url}), ceremony)

    @routes.get("/openid/back")
    async def provider_back(request: Request) -> Response:
        """Where a provider sends the browser back to."""
        try:
            step, onward = await signin.end_provider(
                ceremony_of(request), dict(request.query_params), device=device_of(request)
            )
        except DureError as error:
            # A page of ours says it: this is a person's browser, and not a program.
            return over(RedirectResponse(f"/sign-in?refused={quote(error.message)}", status_code=303))
        return over(with_session(RedirectResponse(onward, status_code=303), request, step.secret))

    @routes.post("/reset", status_code=202)
    async def ask_reset(visitor: Visitor, body: Forgotten, request: Request, later: BackgroundTasks) -> None:  # noqa: ARG001
        """Sends a link for a new password, if there is such a person; the answer is the same."""
        later.add_task(await signin.resets.ask(body.email, address=address_of(request)))

    @routes.get("/reset/{secret}")
    async def whose_reset(visitor: Visitor, secret: str) -> dict[str, Any]:  # noqa: ARG001
        """Whose new password a link is for."""
        email, least = await signin.resets.whose(secret)
        return {"email": email, "least": least}

    @routes.post("/reset/{secret}", status_code=204)
    async def reset(visitor: Visitor, secret: str, body: ResetPassword, request: Request) -> Response:  # noqa: ARG001
        """Sets the new password; everybody who was signed in as them is out."""
        return stepped(request, await signin.resets.set(secret, body.password, device=device_of(request)))

    @routes.get("/invitation/{secret}")
    async def invitation(visitor: Visitor, secret: str, request: Request) -> dict[str, Any]:  # noqa: ARG001
        """Who is invited, by whom, to where."""
        return asdict(await signin.invitations.shown(secret, address=address_of(request)))

    @routes.post("/invitation/{secret}", status_code=204)
    async def accept(visitor: Visitor, secret: str, body: Acceptance, request: Request) -> Response:  # noqa: ARG001
        """Takes an invitation. Who is new gives a name, and a password or goes on to make a passkey."""
        step = await signin.invitations.accept(
            secret, name=body.name, password=body.password, device=device_of(request), address=address_of(request)
        )
        return stepped(request, step)

    return routes
