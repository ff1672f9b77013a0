"""`admin.apps.*`: which apps may come to a workspace, which are kept out, which were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.apps.approving import AppRequest, Decided, Decision
from dure.channels.apps.model import App
from dure.channels.apps.refusals import InvalidAppId
from dure.channels.slack.admin import BY, administrator, named, stepping_in
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.governance.api import Principal
from dure.kernel.errors import Conflict

_READ, _WRITE = ("admin.apps:read",), ("admin.apps:write",)


def _deciding(decision: Decision) -> Any:
    async def decide(call: Call) -> dict[str, Any]:
        acting, whole = await _where(call)
        app, request = call.arguments.text("app_id").strip(), call.arguments.text("request_id").strip()
        if not app and not request:
            raise Refused("request_id_or_app_id_is_required" if decision == "approved" else "app_id_required")
        if app and request:
            raise Refused("too_many_ids_provided")
        errors = {"app": "invalid_app_id"}
        with named(errors, conflict="request_already_resolved", missing="invalid_request_id"):
            await call.apps.decide(acting, decision, app_id=app, request=request, whole=whole)
        return {}

    return decide


def _decided(decision: Decision) -> Any:
    async def listed(call: Call) -> dict[str, Any]:
        acting, whole = await _where(call)
        found = await call.apps.decisions(acting, decision, whole=whole)
        return _page(call, f"{decision}_apps", [_shape(one) for one in found])

    return listed


async def requests(call: Call) -> dict[str, Any]:
    acting = await stepping_in(call, administrator(call))
    people = {one.id: one for one in await call.governance.users(acting.tenant)}
    space = await call.governance.workspace(acting.tenant)

    def shape(one: AppRequest) -> dict[str, Any]:
        asker = people.get(one.asked_by)
        return {
            "id": one.id, "app": _app(one.app), "previous_resolution": None,
            "user": {"id": one.asked_by, "name": asker.name if asker else "", "email": asker.email if asker else ""},
            "team": {"id": space.id, "name": space.name, "domain": space.domain}, "scopes": _scopes(one.app),
            "message": one.message, "date_created": int(one.asked_at.timestamp()),
        }  # fmt: skip

    return _page(call, "app_requests", [shape(one) for one in await call.apps.requests(acting)])


async def cancel(call: Call) -> dict[str, Any]:
    acting, _ = await _where(call)
    request = call.arguments.needed("request_id", "invalid_request_id")
    with named({}, conflict="request_already_resolved", missing="invalid_request_id"):
        await call.apps.cancel_request(acting, request)
    return {}


async def clear(call: Call) -> dict[str, Any]:
    acting, whole = await _where(call)
    app = call.arguments.needed("app_id", "invalid_app_id")
    try:
        await call.apps.clear(acting, app, whole=whole)
    except Conflict as error:
        raise Refused("no_resolution_found") from error
    except InvalidAppId as error:
        raise Refused("invalid_app_id") from error
    return {}


async def uninstall(call: Call) -> dict[str, Any]:
    """Takes an app out of the workspaces that are named, or out of all of the organisation's."""
    acting = administrator(call, error="permission_denied")
    app, teams = call.arguments.needed("app_id", "app_not_found"), call.arguments.items("team_ids")
    org = call.arguments.text("enterprise_id").strip()
    if bool(org) == bool(teams):
        raise Refused("specify_enterprise_or_teams")
    if org and org != acting.tenant.org:
        raise Refused("enterprise_not_found")
    if len(teams) > 100:
        raise Refused("too_many_teams")
    spaces = [one.id for one in await call.governance.organisation.workspaces(acting)]
    if not set(teams) <= set(spaces):
        raise Refused("teams_not_found")
    done = 0
    for team in teams or spaces:
        there = await call.governance.seats.stepping_in(acting, team)
        try:
            with named({"app": "app_not_found"}, refused="permission_denied"):
                await call.apps.uninstall(there, app)
            done += 1
        except Refused:
            continue  # it is not installed there
    if not done:
        raise Refused("app_not_found")
    return {}


async def _where(call: Call) -> tuple[Principal, bool]:
    """In which workspace, and whether the whole organisation is meant."""
    acting = administrator(call)
    org, team = call.arguments.text("enterprise_id").strip(), call.arguments.text("team_id").strip()
    if org and team:
        raise Refused("too_many_teams_provided")
    if org and org != acting.tenant.org:
        raise Refused("team_not_found")
    return (acting, True) if org else (await stepping_in(call, acting), False)


def _page(call: Call, key: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    limit, after = call.arguments.whole("limit", 100, 1000), call.arguments.cursor("place")
    start = int(after) if after.isdigit() else 0
    more = str(start + limit) if len(found) > start + limit else ""
    return {
        key: found[start : start + limit],
        "response_metadata": {"next_cursor": cursor_of("place", more) if more else ""},
    }


def _shape(one: Decided) -> dict[str, Any]:
    return {
        "app": _app(one.app), "scopes": _scopes(one.app), "date_updated": int(one.decided_at.timestamp()),
        "last_resolved_by": {"actor_id": one.decided_by, "actor_type": "user"},
    }  # fmt: skip


def _app(app: App) -> dict[str, Any]:
    about = app.manifest.get("display_information") or {}
    return {
        "id": app.id, "name": app.name, "description": str(about.get("description") or ""), "help_url": "",
        "privacy_policy_url": "", "app_homepage_url": "", "app_directory_url": "", "is_app_directory_approved": False,
        "is_internal": True, "additional_info": "", "icons": {},
    }  # fmt: skip


def _scopes(app: App) -> list[dict[str, Any]]:
    return [{"name": one, "description": "", "is_sensitive": False, "token_type": "bot"} for one in app.bot_scopes]


METHODS: Mapping[str, Method] = {
    "admin.apps.approve": Method(_deciding("approved"), _WRITE, BY),
    "admin.apps.restrict": Method(_deciding("restricted"), _WRITE, BY),
    "admin.apps.approved.list": Method(_decided("approved"), _READ, BY),
    "admin.apps.restricted.list": Method(_decided("restricted"), _READ, BY),
    "admin.apps.requests.list": Method(requests, _READ, BY),
    "admin.apps.requests.cancel": Method(cancel, _WRITE, BY),
    "admin.apps.clearResolution": Method(clear, _WRITE, BY),
    "admin.apps.uninstall": Method(uninstall, _WRITE, BY),
}
