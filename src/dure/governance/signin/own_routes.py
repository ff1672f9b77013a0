"""One's own security over HTTP: a browser's session alone comes through, never a token."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from dure.governance.http import Visitor, address_of, with_session
from dure.governance.signin.answers import began, ceremony_of, over
from dure.governance.signin.api import SignIn
from dure.governance.signin.factors import SetUp
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Proof:
    password: str = ""
    code: str = ""
    credential: dict[str, Any] | None = None


@body
class OwnPassword:
    password: str


@body
class FirstCode:
    code: str


@body
class NewPasskey:
    name: str
    credential: dict[str, Any]


@body
class Renamed:
    name: str


def router(signin: SignIn) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/security", tags=["governance"])

    @routes.get("")
    async def security(visitor: Visitor) -> dict[str, Any]:
        """By what one signs in, on which devices, and which tokens are out."""
        return asdict(await signin.own.security(visitor))

    @routes.post("/proof", status_code=204)
    async def prove(visitor: Visitor, body: Proof, request: Request) -> Response:
        """Shows again that it is oneself, for a quarter of an hour: by the password, a code or a passkey."""
        if body.credential is not None:
            await signin.passkeys.prove(visitor, ceremony_of(request), body.credential)
        else:
            await signin.proving.prove(visitor, password=body.password, code=body.code, address=address_of(request))
        return over(Response(status_code=204))

    @routes.put("/password", status_code=204)
    async def set_password(visitor: Visitor, body: OwnPassword) -> None:
        """Sets one's own password; every other session ends."""
        await signin.own.set_password(visitor, body.password)

    @routes.post("/authenticator")
    async def begin_authenticator(visitor: Visitor) -> dict[str, Any]:
        """A new authenticator's secret, as a picture and to be typed; it counts once a code of it was given."""
        return asdict(await signin.factors.begin(visitor))

    @routes.post("/authenticator/confirm")
    async def confirm_authenticator(visitor: Visitor, body: FirstCode, request: Request) -> Response:
        """Gives the first code; the answer holds recovery codes, which are shown this once."""
        return _set_up(request, await signin.factors.confirm(visitor, body.code))

    @routes.delete("/authenticator", status_code=204)
    async def remove_authenticator(visitor: Visitor) -> None:
        """Takes one's authenticator away."""
        await signin.factors.remove(visitor)

    @routes.post("/recovery-codes")
    async def recovery(visitor: Visitor) -> dict[str, Any]:
        """New recovery codes, shown this once; the ones before are good no more."""
        return {"recovery": await signin.factors.renew_recovery(visitor)}

    @routes.post("/passkeys/begin")
    async def begin_passkey(visitor: Visitor, request: Request) -> Response:
        """What the browser needs to make a passkey."""
        options, ceremony = await signin.passkeys.begin_making(visitor)
        return began(request, JSONResponse(options), ceremony)

    @routes.post("/passkeys")
    async def make_passkey(visitor: Visitor, body: NewPasskey, request: Request) -> Response:
        """Keeps a new passkey under a name; the first second factor brings recovery codes, shown this once."""
        made = await signin.passkeys.make(visitor, ceremony_of(request), body.name, body.credential)
        return over(_set_up(request, made))

    @routes.put("/passkeys/{id}", status_code=204)
    async def rename_passkey(visitor: Visitor, id: str, body: Renamed) -> None:
        """Calls a passkey something else."""
        await signin.passkeys.rename(visitor, id, body.name)

    @routes.delete("/passkeys/{id}", status_code=204)
    async def remove_passkey(visitor: Visitor, id: str) -> None:
        """Takes a passkey away."""
        await signin.passkeys.remove(visitor, id)

    @routes.delete("/devices/{session}", status_code=204)
    async def end_device(visitor: Visitor, session: str) -> None:
        """Signs one device out."""
        await signin.own.end_device(visitor, session)

    @routes.delete("/devices")
    async def end_others(visitor: Visitor) -> dict[str, int]:
        """Signs every other device out; how many there were."""
        return {"ended": await signin.own.end_others(visitor)}

    @routes.delete("/tokens/{token}", status_code=204)
    async def revoke_token(visitor: Visitor, token: str) -> None:
        """Ends one of one's own tokens at once."""
        await signin.own.revoke_token(visitor, token)

    return routes


def _set_up(request: Request, made: SetUp) -> Response:
    response = JSONResponse({"recovery": list(made.recovery), "signed_in": bool(made.session)})
    return with_session(response, request, made.session) if made.session else response
