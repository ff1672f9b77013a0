"""Who a request speaks for: a Bearer token, or a browser's session cookie."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from dure.governance.access import at_own_door
from dure.governance.api import Governance
from dure.governance.model import Principal
from dure.governance.signin.device import summary
from dure.kernel.errors import NotAllowed, NotSignedIn

COOKIE = "dure_session"
# A page of another site cannot set this header without asking first, and it is not let.
CLIENT_HEADER = "x-dure-client"
# Commands on the server's own machine say with this which workspace they mean, where there are several.
WORKSPACE_HEADER = "x-dure-workspace"
_THIRTY_DAYS = 30 * 24 * 3600


async def principal_of(connection: HTTPConnection) -> Principal:
    """The principal of a request or a socket; NotSignedIn without a known credential."""
    governance: Governance = connection.app.state.governance
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        if is_local(connection):
            return await governance.local(connection.headers.get(WORKSPACE_HEADER, ""))
        return at_own_door(await governance.principal(token.strip()))
    secret = connection.cookies.get(COOKIE)
    if not secret:
        raise NotSignedIn
    return await governance.session(secret)


def is_local(connection: HTTPConnection) -> bool:
    """Whether the caller can read the data folder, and so has shown the secret that lies in it."""
    secret: str = getattr(connection.app.state, "local_secret", "")
    _, _, token = connection.headers.get("authorization", "").partition(" ")
    return bool(secret) and secrets.compare_digest(token.strip().encode(), secret.encode())


async def visitor(request: Request) -> str:
    """The browser's secret at a door where nobody need be signed in; a change must come from Dure's own pages."""
    if request.method not in ("GET", "HEAD") and CLIENT_HEADER not in request.headers:
        raise NotAllowed(f"A change from a browser needs the header {CLIENT_HEADER}.")
    return request.cookies.get(COOKIE, "")


def address_of(request: Request) -> str:
    """Where a request comes from, as the server or the proxy that it trusts says."""
    return request.client.host if request.client else ""


async def caller(request: Request) -> Principal:
    """A route's caller. A change by cookie must come from Dure's own pages."""
    by_cookie = "authorization" not in request.headers
    if by_cookie and request.method not in ("GET", "HEAD") and CLIENT_HEADER not in request.headers:
        raise NotAllowed(f"A change by cookie needs the header {CLIENT_HEADER}.")
    return await principal_of(request)


def device_of(request: Request) -> str:
    """What a session's device is called."""
    return summary(request.headers.get("user-agent", ""))


def with_session(response: Response, request: Request, session: str) -> Response:
    """The response with the session's secret in the browser's cookie."""
    response.set_cookie(
        COOKIE, session, max_age=_THIRTY_DAYS, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response


Caller = Annotated[Principal, Depends(caller)]
Visitor = Annotated[str, Depends(visitor)]
