"""`oauth.v2.access` and `openid.connect.token`, called without a token: the app shows its id and secret."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from dure.channels.apps.api import Denied, Granted
from dure.channels.identity.claims import id_token
from dure.channels.slack.arguments import Arguments, Refused, read_arguments
from dure.channels.slack.call import Services
from dure.channels.slack.openid import base_of, issuer_of, who
from dure.governance.api import Workspace
from dure.kernel.errors import NotAllowed, TooMany
from dure.kernel.tenant import Tenant

log = structlog.get_logger("dure.channels.slack")


async def answer(request: Request, method: str, services: Services) -> Response:
    """What the door answers to one of these methods."""
    try:
        body = {"ok": True, **await METHODS[method](request, await read_arguments(request), services)}
    except Refused as refused:
        body = {"ok": False, "error": refused.error}
    except TooMany as error:
        return _json({"ok": False, "error": "ratelimited"}, 429, {"retry-after": str(error.retry_after)})
    except Exception:
        log.exception("a Slack method failed", method=method)
        body = {"ok": False, "error": "internal_error"}
    return _json(body)


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json; charset=utf-8")


async def _access(request: Request, arguments: Arguments, services: Services) -> dict[str, Any]:
    """An app's tokens for the code that somebody's consent gave it."""
    base = base_of(request, services)
    _require_code(arguments)
    client, secret = _client(request, arguments)
    try:
        granted = await services.apps.exchange(
            client, secret, arguments.text("code"), arguments.text("redirect_uri").strip()
        )
    except Denied as denied:
        raise Refused(denied.code) from denied
    workspace = await services.governance.workspace(Tenant(granted.org, granted.workspace))
    body = _answer(granted, workspace)
    if granted.webhook is not None:
        body["incoming_webhook"] = await _webhook(granted, services, base)
    return body


async def _token(request: Request, arguments: Arguments, services: Services) -> dict[str, Any]:
    """Who signed in to an app, for the code that it was given."""
    base = base_of(request, services)
    _require_code(arguments)
    client, secret = _client(request, arguments)
    try:
        found = await services.apps.sign_in(
            client, secret, arguments.text("code"), arguments.text("redirect_uri").strip(),
            arguments.text("code_verifier"),
        )  # fmt: skip
    except Denied as denied:
        raise Refused(denied.code) from denied
    except NotAllowed as kept_out:
        raise Refused("access_denied") from kept_out
    told = await who(services, found.principal, found.scopes, base)
    proof = id_token(
        issuer_of(base), found.app.client_id, found.nonce, found.token, found.allowed_at, services.channels.now()
    )
    signed = await services.apps.signed({**proof, **told})
    return {"access_token": found.token, "token_type": "Bearer", "id_token": signed, "scope": ",".join(found.scopes)}


METHODS: Mapping[str, Callable[[Request, Arguments, Services], Awaitable[dict[str, Any]]]] = {
    "oauth.v2.access": _access,
    "openid.connect.token": _token,
}


def _require_code(arguments: Arguments) -> None:
    grant = arguments.text("grant_type") or "authorization_code"
    if grant == "refresh_token":
        raise Refused("invalid_refresh_token")  # tokens here do not expire, so none to renew them was given
    if grant != "authorization_code":
        raise Refused("invalid_grant_type")


def _client(request: Request, arguments: Arguments) -> tuple[str, str]:
    """Who asks: the header's user name and password, else the arguments'."""
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError) as error:
            raise Refused("invalid_client_id") from error
        return unquote(client), unquote(secret)
    return arguments.needed("client_id", "invalid_client_id"), arguments.text("client_secret")


def _answer(granted: Granted, workspace: Workspace) -> dict[str, Any]:
    person: dict[str, Any] = {"id": granted.account}
    if granted.user_token:
        scope = ",".join(granted.user_scopes)
        person |= {"scope": scope, "access_token": granted.user_token, "token_type": "user"}
    body: dict[str, Any] = {"app_id": granted.app.id, "authed_user": person}
    if granted.token:
        body |= {
            "scope": ",".join(granted.scopes),
            "token_type": "bot",
            "access_token": granted.token,
            "bot_user_id": granted.bot_user,
        }
    return {
        **body,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": {"id": workspace.org, "name": workspace.org_name},
        "is_enterprise_install": False,
    }


async def _webhook(granted: Granted, services: Services, base: str) -> dict[str, Any]:
    hook = granted.webhook
    assert hook is not None  # noqa: S101
    hand = services.governance.system(Tenant(granted.org, granted.workspace), granted.app.name)
    room = await services.channels.info(hand, hook.channel)
    return {
        "channel": f"#{room.name}",
        "channel_id": hook.channel,
        "configuration_url": f"{base}apps/{granted.app.id}",
        "url": webhook_url(base, hook.workspace, hook.id, granted.webhook_secret),
    }


def webhook_url(base: str, workspace: str, hook: str, secret: str) -> str:
    """The address that a webhook's secret makes; `base` ends with a slash."""
    return f"{base}slack/services/{workspace}/{hook}/{secret}"
