"""The door itself: arguments in, `{"ok": …}` out, whatever happens; never a 404, never a 500."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dure.channels import refusals
from dure.channels.model import ts_text
from dure.channels.slack import oauth
from dure.channels.slack.arguments import Arguments, MissingScope, Refused, read_arguments
from dure.channels.slack.call import Call, Method, Services
from dure.channels.slack.methods import METHODS, SCOPES
from dure.channels.slack.site import BASE
from dure.channels.slack.tiers import is_deprecated, tier_of
from dure.governance.api import AccountInactive, Governance, Principal, TokenRevoked
from dure.kernel.errors import DureError, Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge, TooMany, Unavailable
from dure.web.routing import APIRouter

log = structlog.get_logger("dure.channels.slack")

# Errors of our tree that have no name of Slack's of their own; a kind stands for its own kinds too.
_NAMES: tuple[tuple[type[DureError], str], ...] = (
    (TokenRevoked, "token_revoked"),
    (AccountInactive, "account_inactive"),
    (NotSignedIn, "invalid_auth"),
    (NotAllowed, "restricted_action"),
    (NotFound, "not_found"),
    (Invalid, "invalid_arguments"),
    (TooLarge, "request_too_large"),
    (Unavailable, "service_unavailable"),
)


PREFIX = "/slack/api/"


class SlackDoor:
    """The Web API as an ASGI application; `main` asks it before the framework looks for a route."""

    path = f"{PREFIX}{{method}}"

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # the access log names a request by its route's path
        request = Request(scope, receive)
        name = scope["path"][len(PREFIX) :]
        if request.method not in ("GET", "POST"):
            response = _json({"ok": False, "error": "invalid_request_method"}, {"allow": "GET, POST"}, 405)
        elif name in oauth.METHODS:  # those that no token's holder calls
            response = await oauth.answer(request, name, self._services)
        else:
            response = await _answer(request, name, self._services)
        await response(scope, receive, send)


def slack_router(services: Services) -> APIRouter:
    """The routes below `/slack/api/`."""
    router = APIRouter()

    router.routes.append(Route(f"{PREFIX}{{method:path}}", SlackDoor(services), methods=["GET", "POST"]))
    router.add_api_route("/archives/{channel}/p{ts}", _lead_on, methods=["GET"], include_in_schema=False)
    return router


async def _lead_on(channel: str, ts: str, thread_ts: str = "") -> Response:
    """From a message's permalink to where it is shown."""
    if not channel.isalnum() or not ts.isdigit():
        raise NotFound("There is no such address.")
    thread = f"&thread={quote(thread_ts)}" if thread_ts else ""
    return RedirectResponse(f"/channels/{channel}?ts={ts_text(int(ts[:18]))}{thread}", 302)


async def _answer(request: Request, name: str, services: Services) -> Response:
    headers: dict[str, str] = {}
    try:
        body = {"ok": True, **await _call(request, name, services, headers)}
    except Refused as refused:
        body = _refusal(refused.error, *refused.messages)
    except TooMany as error:
        return _json(_refusal("ratelimited"), {**headers, "retry-after": str(error.retry_after)}, 429)
    except refusals.InvalidBlocks as error:
        body = {**_refusal(error.code, *(f"[ERROR] {one}" for one in error.problems)), "errors": error.problems}
    except DureError as error:
        body = _refusal(_name(error), *([f"[ERROR] {error.message}"] if isinstance(error, Invalid) else []))
    except MissingScope as missing:
        body = {"ok": False, "error": "missing_scope", "needed": missing.needed, "provided": missing.provided}
    except Exception:
        log.exception("a Slack method failed", method=name)
        body = _refusal("internal_error")
    return _json(body, headers)


async def _call(request: Request, name: str, services: Services, headers: dict[str, str]) -> dict[str, Any]:
    method = METHODS.get(name)
    if method is None and name != "api.test":
        return _unknown(name)
    arguments = await read_arguments(request)
    if method is None:
        return _api_test(arguments)
    principal = await _principal(request, arguments, services.governance)
    provided = ",".join(SCOPES if "*" in principal.scopes else sorted(principal.scopes))
    headers["x-oauth-scopes"] = provided
    headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
    if principal.kind not in method.by:
        raise Refused("not_allowed_token_type")
    _require(method, principal, provided)
    _count(services, name, principal, arguments)
    base = (services.channels.public_url or str(request.base_url)).rstrip("/") + "/"
    BASE.set(base)
    by_header = request.headers.get("authorization", "").lower().startswith("bearer ")
    answer = await method.handle(Call(principal, arguments, services, base, str(request.base_url), by_header))
    return _warned(answer, arguments.warnings) if arguments.warnings else answer


def _count(services: Services, name: str, principal: Principal, arguments: Arguments) -> None:
    tier = tier_of(name)
    part = arguments.text(tier.by)[:100] if tier.by else ""
    services.limits.take(tier, name, principal.tenant.workspace, principal.actor, part)


def _warned(answer: dict[str, Any], warnings: tuple[str, ...]) -> dict[str, Any]:
    metadata = answer.get("response_metadata", {})
    told = [*metadata.get("warnings", ()), *warnings]
    return {**answer, "warning": ",".join(told), "response_metadata": {**metadata, "warnings": told}}


def _unknown(name: str) -> dict[str, Any]:
    if is_deprecated(name):
        return {"ok": False, "error": "method_deprecated"}
    return {"ok": False, "error": "unknown_method", "req_method": name}


async def _principal(request: Request, arguments: Arguments, governance: Governance) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        token = arguments.text("token")
    if not token.strip():
        raise Refused("not_authed")
    return await governance.principal(token.strip())


def _require(method: Method, principal: Principal, provided: str) -> None:
    if method.scopes and "*" not in principal.scopes and not principal.scopes.intersection(method.scopes):
        raise MissingScope(",".join(method.scopes), provided)


def _api_test(arguments: Arguments) -> dict[str, Any]:
    """Gives back what it was sent; `error` makes it an error."""
    sent = {key: value for key, value in arguments.values.items() if key != "token"}
    if sent.get("error"):
        return {"ok": False, "error": str(sent["error"]), "args": sent}
    return {"args": sent}


def _name(error: DureError) -> str:
    if type(error).__module__.startswith(("dure.channels.", "dure.governance.")) and type(error).__module__.endswith(
        "refusals"
    ):
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
