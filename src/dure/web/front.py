"""The outermost layer of HTTP: request id, security headers, access log, and the fence for unexpected errors."""

from __future__ import annotations

import re
import time

import structlog
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dure.kernel.errors import DureError
from dure.kernel.ids import uuid7
from dure.kernel.origin import arrive
from dure.web import problems
from dure.web.limits import MAX_BODY, BodyLimit

SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
# What the API says is for who asked, and is kept by no browser and no proxy, unless a route says otherwise.
_KEPT_BY_NOBODY = "no-store"
_QUIET = {"/healthz", "/readyz", "/metrics"}
_REQUEST_ID = re.compile(r"[\w.-]{8,64}")

log = structlog.get_logger("dure.http")


def install(
    app: FastAPI,
    *,
    also: problems.Also | None = None,
    max_body: int = MAX_BODY,
    larger: dict[str, int] | None = None,
) -> None:
    """Puts the whole front before an application; `larger` = {path prefix: bytes} for doors that take more."""
    problems.install(app, also)
    app.add_middleware(BodyLimit, limit=max_body, larger=larger)
    app.add_middleware(Front, also=also)


class Front:
    """Gives every request an id and every answer its headers; logs one line; turns what escapes into a 500.

    The line names the route's pattern, not the path: paths carry tokens, keys and names of people.
    """

    def __init__(self, app: ASGIApp, also: problems.Also | None = None) -> None:
        self.app = app
        self.also = also

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        arrive(scope)
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", _KEPT_BY_NOBODY)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        try:
            await self.app(scope, receive, dressed)
        except Exception as error:
            known = problems.as_error(error, self.also)
            if type(known) is DureError:
                log.exception("unexpected error", route=_route(scope), method=scope["method"])
            if status:
                raise
            await problems.response(known, request_id=request_id)(scope, receive, dressed)
        finally:
            spent = round((time.perf_counter() - started) * 1000, 1)
            quiet = scope["path"].startswith("/s/") or scope["path"] in _QUIET
            write = log.debug if quiet and status < 500 else log.info
            write("request", method=scope["method"], route=_route(scope), status=status or 499, ms=spent)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text: str = value.decode("latin-1")
            if _REQUEST_ID.fullmatch(text):
                return text
    return uuid7().hex


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", None) or "(none)"
