"""`apps.manifest.*`, `apps.uninstall`, and what a token may say of itself: `auth.revoke`, `auth.teams.list`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from dure.channels.apps.api import App, Denied, InvalidManifest, reading
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.governance.api import Principal, allowed
from dure.kernel.errors import Conflict

_CONFIGURE = ("app_configurations:write",)
_LOOK = ("app_configurations:read", "app_configurations:write")


async def validate(call: Call) -> dict[str, Any]:
    hand = _hand(call)
    if call.arguments.text("app_id"):
        await call.apps.show(hand, call.arguments.text("app_id"))
    try:
        await reading(_manifest(call))
    except InvalidManifest as error:
        return _wrong(error)
    return {}


async def create(call: Call) -> dict[str, Any]:
    hand = _hand(call)
    try:
        app, secrets = await call.apps.create(hand, _manifest(call))
    except InvalidManifest as error:
        return _wrong(error)
    return {
        "app_id": app.id,
        "credentials": {
            "client_id": secrets.client_id,
            "client_secret": secrets.client_secret,
            "verification_token": secrets.verification_token,
            "signing_secret": secrets.signing_secret,
        },
        "oauth_authorize_url": authorize_url(call.base, app),
    }


async def update(call: Call) -> dict[str, Any]:
    hand = _hand(call)
    try:
        app, wants_more = await call.apps.update(hand, _app(call), _manifest(call))
    except InvalidManifest as error:
        return _wrong(error)
    return {"app_id": app.id, "permissions_updated": wants_more}


async def export(call: Call) -> dict[str, Any]:
    known = await call.apps.show(_hand(call), _app(call))
    if known.app is None:
        raise Refused("app_not_eligible")
    return {"manifest": known.app.manifest}


async def delete(call: Call) -> dict[str, Any]:
    await call.apps.delete(_hand(call), _app(call))
    return {}


async def uninstall(call: Call) -> dict[str, Any]:
    """An app takes itself out of the workspace, with its own id and secret and one of its tokens."""
    client, secret = call.arguments.needed("client_id", "invalid_client_id"), call.arguments.text("client_secret")
    try:
        app = await call.apps.proven(client, secret)
    except Denied as denied:
        raise Refused(denied.code) from denied
    if call.principal.app != app.id:
        raise Refused("client_id_token_mismatch")
    try:
        await call.apps.uninstall(call.principal, app.id)
    except Conflict as conflict:
        raise Refused("can_not_uninstall") from conflict
    return {}


async def revoke(call: Call) -> dict[str, Any]:
    if call.arguments.flag("test"):
        return {"revoked": False}
    await call.governance.give_back(call.principal)
    return {"revoked": True}


async def teams(call: Call) -> dict[str, Any]:
    """A token here is of one workspace."""
    workspace = await call.governance.workspace(call.principal.tenant)
    return {"teams": [{"id": workspace.id, "name": workspace.name}], "response_metadata": {"next_cursor": ""}}


def authorize_url(base: str, app: App) -> str:
    """Where a person is sent to let an app in; `base` ends with a slash."""
    asks = {"client_id": app.client_id, "scope": ",".join(app.bot_scopes), "user_scope": ",".join(app.user_scopes)}
    return f"{base}slack/oauth/v2/authorize?{urlencode({name: value for name, value in asks.items() if value})}"


def _hand(call: Call) -> Principal:
    """The caller as somebody who governs; their token may be one for nothing but this."""
    if call.principal.kind != "user":
        raise Refused("not_allowed_token_type")
    hand = replace(call.principal, scopes=frozenset({"*"}))
    if not allowed(hand, "governance:write"):
        raise Refused("no_permission")
    return hand


def _manifest(call: Call) -> object:
    """As text, or as an object where the call came as JSON."""
    found = call.arguments.values.get("manifest")
    if not found:
        raise Refused("invalid_arguments", "[ERROR] missing required field: manifest")
    return found if isinstance(found, (str, dict)) else json.dumps(found)


def _app(call: Call) -> str:
    return call.arguments.needed("app_id", "invalid_app_id")


def _wrong(error: InvalidManifest) -> dict[str, Any]:
    errors = [{"message": one.message, "pointer": one.pointer} for one in error.problems]
    return {"ok": False, "error": "invalid_manifest", "errors": errors}


METHODS: Mapping[str, Method] = {
    "apps.manifest.create": Method(create, _CONFIGURE),
    "apps.manifest.delete": Method(delete, _CONFIGURE),
    "apps.manifest.export": Method(export, _LOOK),
    "apps.manifest.update": Method(update, _CONFIGURE),
    "apps.manifest.validate": Method(validate, _LOOK),
    "apps.uninstall": Method(uninstall),
    "auth.revoke": Method(revoke),
    "auth.teams.list": Method(teams),
}
