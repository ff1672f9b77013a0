"""The door itself: arguments in, `{"ok": …}` out, whatever happens; never a 404, never a 500."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from dure.channels import refusals
from dure.channels.slack.arguments import Arguments, Refused, read_arguments
from dure.channels.slack.call import Call, Method, Services
from dure.channels.slack.methods import METHODS, SCOPES
from dure.governance.api import Governance, Principal
from dure.kernel.errors import DureError, Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge, TooMany, Unavailable

log = structlog.get_logger("dure.channels.slack")

# Errors of our tree that have no name of Slack's of their own; a kind stands for its own kinds too.
_NAMES: tuple[tuple[type[DureError], str], ...] = (
    (NotSignedIn, "invalid_auth"),
    (NotAllowed, "restricted_action"),
    (NotFound, "not_found"),
    (Invalid, "invalid_arguments"),
    (TooLarge, "request_too_large"),
    (Unavailable, "service_unavailable"),
)


def slack_router(services: Services) -> APIRouter:
    """The routes below `/slack/api/`."""
    router = APIRouter()

    async def answer(request: Request) -> Response:
        return await _answer(request, request.path_params["method"], services)

    router.add_api_route(
        "/slack/api/{method:path}", answer, methods=["GET", "POST"], include_in_schema=False, response_model=None
    )
    return router


async def _answer(request: Request, name: str, services: Services) -> Response:
    headers: dict[str, str] = {}
    try:
        body = {"ok": True, **await _call(request, name, services, headers)}
    except Refused as refused:
        body = _refusal(refused.error, *refused.messages)
    except TooMany as error:
        return _json(_refusal("ratelimited"), {**headers, "retry-after": str(error.retry_after)}, 429)
    except DureError as error:
        body = _refusal(_name(error), *([f"[ERROR] {error.message}"] if isinstance(error, Invalid) else []))
    except _MissingScope as missing:
        body = {"ok": False, "error": "missing_scope", "needed": missing.needed, "provided": missing.provided}
    except Exception:
        log.exception("a Slack method failed", method=name)
        body = _refusal("internal_error")
    return _json(body, headers)


async def _call(request: Request, name: str, services: Services, headers: dict[str, str]) -> dict[str, Any]:
    arguments = await read_arguments(request)
    if name == "api.test":
        return _api_test(arguments)
    principal = await _principal(request, arguments, services.governance)
    provided = ",".join(SCOPES if "*" in principal.scopes else sorted(principal.scopes))
    headers["x-oauth-scopes"] = provided
    method = METHODS.get(name)
    if method is None:
        raise Refused("unknown_method")
    headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
    if principal.kind == "app" or (method.people_only and principal.kind != "user"):
        raise Refused("not_allowed_token_type")
    _require(method, principal, provided)
    base = services.channels.public_url or str(request.base_url)
    return await method.handle(Call(principal, arguments, services, base.rstrip("/") + "/"))


async def _principal(request: Request, arguments: Arguments, governance: Governance) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        token = arguments.text("token")
    if not token.strip():
        raise Refused("not_authed")
    return await governance.principal(token.strip())


class _MissingScope(Exception):
    def __init__(self, needed: str, provided: str) -> None:
        self.needed = needed
        self.provided = provided


def _require(method: Method, principal: Principal, provided: str) -> None:
    if method.scopes and "*" not in principal.scopes and not principal.scopes.intersection(method.scopes):
        raise _MissingScope(",".join(method.scopes), provided)


def _api_test(arguments: Arguments) -> dict[str, Any]:
    """Gives back what it was sent; `error` makes it an error."""
    sent = {key: value for key, value in arguments.values.items() if key != "token"}
    if sent.get("error"):
        return {"ok": False, "error": str(sent["error"]), "args": sent}
    return {"args": sent} if sent else {}


def _name(error: DureError) -> str:
    if type(error).__module__ == refusals.__name__:
        return error.code
    return next((name for kind, name in _NAMES if isinstance(error, kind)), "internal_error")


def _refusal(error: str, *messages: str) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error": error}
    if messages:
        body["response_metadata"] = {"messages": list(messages)}
    return body


def _json(body: dict[str, Any], headers: dict[str, str], status: int = 200) -> Response:
    try:
        raw = msgspec.json.encode(body)
    except UnicodeEncodeError:  # half of a surrogate pair that api.test was sent
        raw = b'{"ok":false,"error":"invalid_charset"}'
    return Response(raw, status, headers, "application/json; charset=utf-8")
