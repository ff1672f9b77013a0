"""`team.*`: the workspace, who signed in to it, what is installed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dure.channels.slack import shapes
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.governance.api import Role


async def info(call: Call) -> dict[str, Any]:
    """The token's workspace, or another one of the organisation in which the caller has a seat."""
    workspace = await call.governance.workspace(call.principal.tenant)
    wanted, domain = call.arguments.text("team"), call.arguments.text("domain")
    known = [workspace]
    if call.principal.kind == "user" and (wanted not in ("", workspace.id, workspace.org) or domain):
        hand = replace(call.principal, scopes=frozenset({"*"}))
        known += [space for space, _ in await call.governance.organisation.mine(hand)]
    fits = (one for one in known if wanted in ("", one.id, one.org) and domain in ("", one.domain))
    found = next(fits, None)
    if found is None:
        raise Refused("team_not_found")
    return {"team": shapes.team(found)}


async def access_logs(call: Call) -> dict[str, Any]:
    """Whose sessions there are, by person. Addresses are not kept, so none are told."""
    _administrators_only(call)
    page, count = call.arguments.whole("page", 1, 100), call.arguments.whole("count", 100, 1000)
    signed_in = await call.governance.sign_ins(call.principal)
    logins = [
        {
            "user_id": user.id, "username": shapes.handle(user), "date_first": int(first.timestamp()),
            "date_last": int(last.timestamp()), "count": times, "ip": None, "user_agent": "", "isp": "",
            "country": "", "region": "",
        }
        for user, first, last, times in signed_in
    ]  # fmt: skip
    return {"logins": logins[(page - 1) * count : page * count], "paging": _paging(len(logins), page, count)}


async def billable_info(call: Call) -> dict[str, Any]:
    """Who takes part: nobody pays for it here."""
    _administrators_only(call)
    wanted = call.arguments.text("user")
    people = [one for one in await call.governance.users(call.principal.tenant) if wanted in ("", one.id)]
    if wanted and not people:
        raise Refused("user_not_found")
    active = {one.id: {"billing_active": not one.deleted and not one.is_bot} for one in people}
    return {"billable_info": active}


async def billing_info(call: Call) -> dict[str, Any]:  # noqa: ARG001
    """A server of one's own has no plan."""
    return {"plan": ""}


async def integration_logs(call: Call) -> dict[str, Any]:
    _administrators_only(call)
    page, count = call.arguments.whole("page", 1, 100), call.arguments.whole("count", 100, 1000)
    app = call.arguments.text("app_id")
    names = {one.id: shapes.handle(one) for one in await call.governance.users(call.principal.tenant)}
    logs = [
        {
            "app_id": row["app"], "app_type": row["name"], "change_type": row["change"], "date": str(row["at"]),
            "user_id": row["account"], "user_name": names.get(row["account"], ""), "scope": ",".join(row["scopes"]),
        }
        for row in await call.channels.installed(call.principal)
        if app in ("", row["app"])
    ]  # fmt: skip
    return {"logs": logs[(page - 1) * count : page * count], "paging": _paging(len(logs), page, count)}


async def preferences(call: Call) -> dict[str, Any]:  # noqa: ARG001
    """How this server behaves, in the words that Slack's clients know."""
    return {
        "msg_edit_window_mins": -1,
        "allow_message_deletion": True,
        "display_real_names": True,
        "disable_file_uploads": "allow_all",
        "who_can_post_general": "everyone",
    }


async def profile(call: Call) -> dict[str, Any]:
    """The fields of their own that people here have filled in."""
    found = await call.colleagues.profiles.fields(call.principal)
    fields = [
        {
            "id": name, "ordering": n, "label": name, "hint": "", "type": "text", "possible_values": None,
            "options": None, "is_hidden": False, "section_id": "own",
        }
        for n, name in enumerate(found)
    ]  # fmt: skip
    section = {"id": "own", "team_id": call.principal.tenant.workspace, "section_type": "custom", "label": "Fields",
               "order": 1, "is_hidden": False}  # fmt: skip
    return {"profile": {"fields": fields, "sections": [section] if fields else []}}


def _administrators_only(call: Call) -> None:
    if call.principal.role not in (Role.OWNER, Role.ADMIN):
        raise Refused("not_allowed_token_type" if call.principal.kind == "bot" else "not_admin")


def _paging(total: int, page: int, count: int) -> dict[str, int]:
    return {"count": count, "total": total, "page": page, "pages": -(-total // count)}


METHODS: Mapping[str, Method] = {
    "team.accessLogs": Method(access_logs, ("admin",)),
    "team.billableInfo": Method(billable_info, ("admin",)),
    "team.billing.info": Method(billing_info, ("team.billing:read", "team:read")),
    "team.info": Method(info, ("team:read",)),
    "team.integrationLogs": Method(integration_logs, ("admin",)),
    "team.preferences.list": Method(preferences, ("team.preferences:read", "team:read")),
    "team.profile.get": Method(profile, ("users.profile:read",)),
}
