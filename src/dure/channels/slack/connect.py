"""Slack Connect: `conversations.*SharedInvite`, `team.externalTeams.*` and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.connect import shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method

_READ, _WRITE, _MANAGE = (
    ("conversations.connect:read", "conversations.connect:manage"),
    ("conversations.connect:write", "conversations.connect:manage"),
    ("conversations.connect:manage",),
)


async def invite_shared(call: Call) -> dict[str, Any]:
    channel = call.arguments.needed("channel", "channel_not_found")
    users, emails = call.arguments.items("user_ids"), call.arguments.items("emails")
    if bool(users) == bool(emails):
        raise Refused("recipients_not_specified" if not users else "invalid_arguments")
    if len(users) > 1:
        raise Refused("invalid_arguments", "[ERROR] user_ids: one recipient a call")
    if len(emails) > 1:
        raise Refused("too_many_emails")
    if emails and ("@" not in emails[0] or len(emails[0]) > 254):
        raise Refused("invalid_email")
    made = await call.channels.invite_shared(
        call.principal, channel, user=users[0] if users else "", email=emails[0] if emails else "",
        limited=call.arguments.flag("external_limited", True),
    )  # fmt: skip
    url = call.channels.link_of(made)
    return {"invite_id": made.id, "is_legacy_shared_channel": False} | ({"url": url} if url else {})


async def accept(call: Call) -> dict[str, Any]:
    invite, channel = call.arguments.text("invite_id").strip(), call.arguments.text("channel_id").strip()
    if not invite and not channel:
        raise Refused("invalid_arguments", "[ERROR] missing required field: invite_id")
    name = call.arguments.needed("channel_name", "invalid_name_required")
    private = call.arguments.flag("is_private") if call.arguments.values.get("is_private") is not None else None
    made = await call.channels.accept_invite(call.principal, invite, name, channel=channel, private=private)
    return {"implicit_approval": made.state == "connected", "channel_id": made.channel, "invite_id": made.id}


async def approve(call: Call) -> dict[str, Any]:
    invite = call.arguments.needed("invite_id", "invite_not_found")
    await call.channels.approve_invite(call.principal, invite, call.arguments.text("target_team").strip())
    return {}


async def decline(call: Call) -> dict[str, Any]:
    await call.channels.decline_invite(call.principal, call.arguments.needed("invite_id", "invite_not_found"))
    return {}


async def list_invites(call: Call) -> dict[str, Any]:
    limit = call.arguments.whole("count", 100, 1000)
    found = await call.channels.invites(call.principal, call.arguments.cursor("invite"), limit + 1)
    page = await call.channels.shown_to(call.principal, found[:limit])
    names = await call.channels.invite_names(page)
    mine = call.principal.tenant.workspace
    more = found[limit - 1].id if len(found) > limit else ""
    return {
        "invites": [
            {
                "direction": "outgoing" if one.workspace == mine else "incoming",
                "status": one.state,
                "date_last_updated": int(one.changed_at.timestamp()),
                "invite_type": "channel",
                "invite": shapes.invite(one, names),
                "channel": shapes.channel(one, names),
                "acceptances": shapes.acceptances(one, names),
            }
            for one in page
        ],
        "response_metadata": {"next_cursor": cursor_of("invite", more) if more else ""},
    }


async def set_permissions(call: Call) -> dict[str, Any]:
    """`upgrade`: the other side may bring its people in; `downgrade`: it may only write."""
    channel = call.arguments.needed("channel", "channel_not_found")
    target = call.arguments.needed("target_team", "team_not_found")
    action = call.arguments.text("action")
    if action not in ("upgrade", "downgrade"):
        raise Refused("invalid_action")
    await call.channels.set_limited(call.principal, channel, target, action == "downgrade")
    return {}


async def disconnect_shared(call: Call) -> dict[str, Any]:
    """`leaving_team_ids` names one; where only one other side is connected it need not be named."""
    channel, leaving = (
        call.arguments.needed("channel_id", "channel_not_found"),
        call.arguments.items("leaving_team_ids"),
    )
    if len(leaving) > 1:
        raise Refused("too_many_leaving_teams")
    if not leaving:
        found = await call.channels.info_as_administrator(call.principal, channel)
        others = [side.workspace for side in found.connected if not side.home]
        if len(others) != 1:
            raise Refused("leaving_team_required" if others else "channel_not_supported")
        leaving = others
    await call.channels.disconnect(call.principal, channel, leaving[0])
    return {}


async def list_teams(call: Call) -> dict[str, Any]:
    """One entry for each organisation, with its workspaces that something is shared with."""
    spaces = await call.channels.workspaces_named()
    entries: dict[str, dict[str, Any]] = {}
    for row in await call.channels.connections(call.principal):
        space = spaces.get(row["workspace"])
        entry = entries.setdefault(
            row["org"],
            {
                "team_id": row["org"],
                "team_name": space.org_name if space else row["org"],
                "team_domain": space.domain if space else "",
                "public_channel_count": 0, "private_channel_count": 0, "im_channel_count": 0,
                "mpim_channel_count": 0, "connected_workspaces": [], "slack_connect_prefs": {},
                "connection_status": "CONNECTED", "last_active_timestamp": 0, "is_sponsored": False,
            },
        )  # fmt: skip
        for key, count in (("public", row["public"]), ("private", row["private"]), ("im", row["im"]),
                           ("mpim", row["mpim"])):  # fmt: skip
            entry[f"{key}_channel_count"] += count
        entry["connected_workspaces"].append(
            {"workspace_id": row["workspace"], "workspace_name": space.name if space else row["workspace"]}
        )
        entry["last_active_timestamp"] = max(entry["last_active_timestamp"], row["last_ts"] // 1_000_000)
    limit, after = call.arguments.whole("limit", 20, 100), call.arguments.cursor("org")
    listed = [entries[org] for org in sorted(entries) if org > after]
    more = listed[limit - 1]["team_id"] if len(listed) > limit else ""
    return {
        "organizations": listed[:limit],
        "total_count": len(entries),
        "response_metadata": {"next_cursor": cursor_of("org", more) if more else ""},
    }


async def disconnect_team(call: Call) -> dict[str, Any]:
    await call.channels.disconnect_team(call.principal, call.arguments.needed("target_team", "team_not_found"))
    return {}


async def list_requests(call: Call) -> dict[str, Any]:
    """What waits for leave; what was answered only where it is asked for."""
    limit = call.arguments.whole("limit", 200, 1000)
    found = await call.channels.requests(
        call.principal, by=call.arguments.text("user_id").strip(), ids=call.arguments.items("invite_ids"),
        after=call.arguments.cursor("invite"), limit=limit + 1,
    )  # fmt: skip
    names = await call.channels.invite_names(found)
    shown = {"requested"}
    shown |= {"expired"} if call.arguments.flag("include_expired") else set()
    shown |= {"denied"} if call.arguments.flag("include_denied") else set()
    approved = call.arguments.flag("include_approved")
    page = found[:limit]
    more = page[-1].id if len(found) > limit else ""
    return {
        "invite_requests": [
            shapes.request(one, names)
            for one in page
            if one.state in shown or (approved and one.state not in ("requested", "expired", "denied"))
        ],
        "response_metadata": {"next_cursor": cursor_of("invite", more) if more else ""},
    }


async def allow_request(call: Call) -> dict[str, Any]:
    invite = call.arguments.needed("invite_id", "invite_not_found")
    given = call.arguments.values.get("is_external_limited") is not None
    limited = call.arguments.flag("is_external_limited") if given else None
    made = await call.channels.allow_request(call.principal, invite, limited=limited)
    return {"invite_id": made.id}


async def deny_request(call: Call) -> dict[str, Any]:
    invite = call.arguments.needed("invite_id", "invite_not_found")
    return {"invite_id": (await call.channels.deny_request(call.principal, invite)).id}


METHODS: Mapping[str, Method] = {
    "admin.conversations.disconnectShared": Method(disconnect_shared, ("admin.conversations:write", "admin")),
    "conversations.acceptSharedInvite": Method(accept, _WRITE),
    "conversations.approveSharedInvite": Method(approve, _MANAGE),
    "conversations.declineSharedInvite": Method(decline, _MANAGE),
    "conversations.externalInvitePermissions.set": Method(set_permissions, _MANAGE),
    "conversations.inviteShared": Method(invite_shared, _WRITE),
    "conversations.listConnectInvites": Method(list_invites, _READ),
    "conversations.requestSharedInvite.approve": Method(allow_request, _MANAGE),
    "conversations.requestSharedInvite.deny": Method(deny_request, _MANAGE),
    "conversations.requestSharedInvite.list": Method(list_requests, _MANAGE),
    "team.externalTeams.disconnect": Method(disconnect_team, _MANAGE),
    "team.externalTeams.list": Method(list_teams, _READ),
}
