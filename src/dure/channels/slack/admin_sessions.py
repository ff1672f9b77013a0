"""`admin.users.session.*`: where people are signed in and for how long; `admin.auth.policy.*`: who by password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.admin import BY, administrator, named
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.governance.api import LONGEST, PASSWORD

_READ, _WRITE = ("admin.users:read",), ("admin.users:write",)
_MOST = 1000


async def list_(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    limit, after = call.arguments.whole("limit", 1000, 1000), call.arguments.cursor("session")
    team, user = call.arguments.text("team_id").strip(), call.arguments.text("user_id").strip()
    if bool(team) != bool(user):
        raise Refused("missing_user" if team else "missing_team")
    if team and team not in {one.id for one in await call.governance.organisation.workspaces(acting)}:
        raise Refused("team_not_found")
    if user:
        account = next((one for one in await call.governance.accounts.listed(acting) if one["id"] == user), None)
        if account is None:
            raise Refused("user_not_found")
        if account["app"]:
            raise Refused("bots_not_allowed")
    found = [
        one for one in await call.governance.accounts.sessions(acting)
        if (not team or (one["workspace"], one["account"]) == (team, user)) and one["id"].replace("-", "") > after
    ]  # fmt: skip
    more = found[limit - 1]["id"].replace("-", "") if len(found) > limit else ""
    return {
        "active_sessions": [_shape(one) for one in found[:limit]],
        "response_metadata": {"next_cursor": cursor_of("session", more) if more else ""},
    }


async def invalidate(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    session = call.arguments.needed("session_id", "session_not_found")
    with named(missing="session_not_found", refused="cannot_invalidate_primary_owner"):
        await call.governance.accounts.end_session(acting, call.arguments.text("team_id").strip(), session)
    return {}


async def reset(call: Call) -> dict[str, Any]:
    """Ends somebody's sessions; there is one kind of them, which both `web_only` and neither mean."""
    acting = administrator(call)
    user = call.arguments.needed("user_id", "user_not_found")
    if call.arguments.flag("mobile_only"):
        return {}
    with named(missing="user_not_found", refused="cannot_reset_primary_owner"):
        await call.governance.accounts.reset(acting, user)
    return {}


async def reset_bulk(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    users = call.arguments.items("user_ids")
    if not users or len(users) > _MOST:
        raise Refused("no_users" if not users else "too_many_users")
    if not call.arguments.flag("mobile_only"):
        for user in dict.fromkeys(users):
            with named(missing="user_not_found", refused="cannot_reset_primary_owner"):
                await call.governance.accounts.reset(acting, user)
    return {}


async def get_settings(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    users = _users(call)
    found = await call.governance.accounts.settings(acting, users)
    return {
        "session_settings": [
            {"user_id": user, "desktop_app_browser_quit": one["ends_with_app"], "duration": one["seconds"] or 0}
            for user, one in found.items()
        ],
        "no_settings_applied": [user for user in users if user not in found],
    }


async def set_settings(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    users, text = _users(call), call.arguments.text("duration").strip()
    if text and not (text.isascii() and text.isdigit() and 60 <= int(text) <= LONGEST):
        raise Refused("invalid_arguments", "[ERROR] duration: a number of seconds")
    quits = call.arguments.flag("desktop_app_browser_quit")
    done, failed = [], []
    for user in users:
        try:
            with named(missing="user_not_found", refused="not_allowed"):
                await call.governance.accounts.set_setting(acting, user, int(text) if text else None, quits)
            done.append(user)
        except Refused:
            failed.append(user)
    if not done:
        raise Refused("user_not_found")
    return {"updated_users": done, "failed_users": failed} if failed else {}


async def clear_settings(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    for user in _users(call):
        with named(missing="user_not_found", refused="not_allowed"):
            await call.governance.accounts.set_setting(acting, user, None)
    return {}


# -- admin.auth.policy ----------------------------------------------------------------------------------------------


async def get_entities(call: Call) -> dict[str, Any]:
    acting = administrator(call)
    _policy(call)
    found = await call.governance.accounts.exempted(acting)
    limit, after = call.arguments.whole("limit", 1000, 1000), call.arguments.cursor("entity")
    rest = [one for one in found if one["account"] > after]
    more = rest[limit - 1]["account"] if len(rest) > limit else ""
    return {
        "entities": [
            {"entity_type": "USER", "entity_id": one["account"], "date_added": int(one["added_at"].timestamp())}
            for one in rest[:limit]
        ],
        "entity_total_count": len(found),
        "response_metadata": {"next_cursor": cursor_of("entity", more) if more else ""},
    }


def _entities(*, ends: bool) -> Any:
    async def change(call: Call) -> dict[str, Any]:
        acting = administrator(call)
        _policy(call)
        users = call.arguments.items("entity_ids")
        if not users or call.arguments.text("entity_type", "USER").upper() != "USER":
            raise Refused("invalid_arguments", "[ERROR] entity_ids of entity_type USER")
        if len(users) > _MOST:
            raise Refused("over_max_entity_limit")
        with named(missing="entity_not_found", refused="admin_unauthorized"):
            await call.governance.accounts.exempt(acting, users, ends=ends)
        return {"entity_total_count": len(await call.governance.accounts.exempted(acting))}

    return change


def _policy(call: Call) -> None:
    if call.arguments.text("policy_name").strip() != PASSWORD:
        raise Refused("policy_not_found")


def _users(call: Call) -> list[str]:
    users = list(dict.fromkeys(call.arguments.items("user_ids")))
    if not users or len(users) > _MOST:
        raise Refused("invalid_arguments", f"[ERROR] user_ids: 1 to {_MOST}")
    return users


def _shape(session: Mapping[str, Any]) -> dict[str, Any]:
    device = {"device_hardware": session["device"], "os": "", "os_version": "", "slack_client_version": "", "ip": ""}
    return {
        "user_id": session["account"], "team_id": session["workspace"], "session_id": session["id"],
        "created": device, "recent": device,
    }  # fmt: skip


METHODS: Mapping[str, Method] = {
    "admin.users.session.list": Method(list_, _READ, BY),
    "admin.users.session.invalidate": Method(invalidate, _WRITE, BY),
    "admin.users.session.reset": Method(reset, _WRITE, BY),
    "admin.users.session.resetBulk": Method(reset_bulk, _WRITE, BY),
    "admin.users.session.getSettings": Method(get_settings, _READ, BY),
    "admin.users.session.setSettings": Method(set_settings, _WRITE, BY),
    "admin.users.session.clearSettings": Method(clear_settings, _WRITE, BY),
    "admin.auth.policy.getEntities": Method(get_entities, _READ, BY),
    "admin.auth.policy.assignEntities": Method(_entities(ends=False), _WRITE, BY),
    "admin.auth.policy.removeEntities": Method(_entities(ends=True), _WRITE, BY),
}
