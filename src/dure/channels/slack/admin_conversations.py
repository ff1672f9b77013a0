"""`admin.conversations.*`: the organisation's channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.prefs import model as prefs
from dure.channels.refusals import UserNotFound
from dure.channels.slack.administered import administered, cut, next_cursor, page
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.channels.spanning.model import KINDS, SORTS, Act, Room


async def create(call: Call) -> dict[str, Any]:
    given = call.arguments
    made = await call.channels.spanning.create(
        call.principal, given.needed("name", "invalid_name"), private=given.flag("is_private"),
        purpose=given.text("description"), workspace=given.text("team_id").strip(), whole=given.flag("org_wide"),
    )  # fmt: skip
    return {"channel_id": made.id}


async def search(call: Call) -> dict[str, Any]:
    """The one method whose `next_cursor` stands at the top."""
    after, limit = page(call, "found", 10, 20)
    sort, direction = call.arguments.text("sort") or "relevant", call.arguments.text("sort_dir") or "asc"
    if sort not in SORTS:
        raise Refused("invalid_sort")
    if direction not in ("asc", "desc"):
        raise Refused("invalid_sort_dir")
    found, more = await call.channels.spanning.search(
        call.principal, call.arguments.text("query"), kinds=_kinds(call), teams=call.arguments.items("team_ids"),
        sort=sort, descending=direction == "desc", after=after, limit=limit,
    )  # fmt: skip
    return {"conversations": [_room(one) for one in found], "next_cursor": next_cursor("found", more)}


async def lookup(call: Call) -> dict[str, Any]:
    after, limit = page(call, "quiet", 100, 1_000)
    before, most = call.arguments.needed("last_message_activity_before"), call.arguments.text("max_member_count")
    if not before.isdigit() or len(before) > 12 or (most and not (most.isdigit() and len(most) < 10)):
        raise Refused("invalid_arguments")
    found, more = await call.channels.spanning.lookup(
        call.principal, call.arguments.items("team_ids"), int(before) * 1_000_000,
        most_members=int(most) if most else None, after=after, limit=limit,
    )  # fmt: skip
    return {
        "channel_ids": [one.id for one in found],
        "response_metadata": {"next_cursor": next_cursor("quiet", more)},
    }


async def archive(call: Call) -> None:
    await call.channels.spanning.archive(call.principal, _channel(call))


async def unarchive(call: Call) -> None:
    await call.channels.spanning.archive(call.principal, _channel(call), archived=False)


async def rename(call: Call) -> None:
    await call.channels.spanning.rename(call.principal, _channel(call), call.arguments.needed("name", "invalid_name"))


async def delete(call: Call) -> None:
    await call.channels.spanning.delete(call.principal, _channel(call))


async def to_private(call: Call) -> dict[str, Any]:
    """With `name`, under another one."""
    return await _convert(call, True)


async def to_public(call: Call) -> dict[str, Any]:
    return await _convert(call, False)


async def set_teams(call: Call) -> None:
    whole = call.arguments.flag("org_channel")
    teams = call.arguments.items("target_team_ids")
    if len(teams) > 1_000:
        raise Refused("too_many_target_teams")
    home = call.arguments.text("team_id").strip()
    if home and home not in (await call.channels.spanning.workspaces(call.principal)):
        raise Refused("invalid_target_team")
    await call.channels.spanning.set_teams(call.principal, _channel(call), teams, whole=whole)


async def get_teams(call: Call) -> dict[str, Any]:
    after, limit = page(call, "team", 100, 1_000)
    found = await call.channels.spanning.find(call.principal, _channel(call))
    teams, metadata = cut("team", [one.workspace for one in found.connected], after, limit)
    return {"team_ids": teams, "response_metadata": metadata}


async def invite(call: Call) -> dict[str, Any]:
    """Whom it cannot bring in is told by name; the others come."""
    channel, users = _channel(call), call.arguments.items("user_ids")
    if not users:
        raise Refused("invalid_arguments", "[ERROR] missing required field: user_ids")
    if len(users) > 1_000:
        raise Refused("invalid_arguments", "[ERROR] user_ids: at most 1000")
    found = await call.channels.spanning.find(call.principal, channel)
    known = await call.channels.spanning.seatable(call.principal, channel)
    missing = [user for user in users if user not in known]
    if len(missing) == len(set(users)):
        raise UserNotFound(field="user_ids")
    await call.channels.spanning.invite(call.principal, found.id, [user for user in users if user in known])
    if missing:
        return {"ok": False, "error": "failed_for_some_users", "failed_user_ids": missing}
    return {}


async def get_prefs(call: Call) -> dict[str, Any]:
    return {"prefs": prefs.shape(await call.channels.spanning.prefs(call.principal, _channel(call)))}


async def set_prefs(call: Call) -> None:
    given = call.arguments.values.get("prefs")
    if not given:
        raise Refused("invalid_value")
    await call.channels.spanning.set_prefs(call.principal, _channel(call), given)


async def add_group(call: Call) -> None:
    await call.channels.spanning.keep_for(call.principal, _channel(call), _group(call))


async def list_groups(call: Call) -> dict[str, Any]:
    return {"group_ids": list(await call.channels.spanning.groups(call.principal, _channel(call)))}


async def remove_group(call: Call) -> None:
    await call.channels.spanning.open_to(call.principal, _channel(call), _group(call))


async def bulk_archive(call: Call) -> dict[str, Any]:
    return await _bulk(call, "archive")


async def bulk_delete(call: Call) -> dict[str, Any]:
    return await _bulk(call, "delete")


async def bulk_move(call: Call) -> dict[str, Any]:
    target = call.arguments.needed("target_team_id", "target_team_not_found")
    return await _bulk(call, "move", target)


async def original_info(call: Call) -> dict[str, Any]:
    """Who was connected to a channel first: nothing here is moved to another organisation, so it is what it was."""
    after, limit = call.arguments.cursor("channel"), call.arguments.whole("limit", 100, 1_000)
    rows = await call.channels.spanning.shared_before(
        call.principal, call.arguments.items("channel_ids"), call.arguments.items("team_ids"), after, limit + 1
    )
    more = rows[limit - 1]["id"] if len(rows) > limit else ""
    return {
        "channels": [
            {
                "id": row["id"], "original_connected_host_id": row["workspace"],
                "original_connected_channel_id": row["id"],
                "internal_team_ids": [row["workspace"]], "connected_team_ids": sorted(row["others"]),
            }
            for row in rows[:limit]
        ],
        "response_metadata": {"next_cursor": cursor_of("channel", more) if more else ""},
    }  # fmt: skip


async def _convert(call: Call, private: bool) -> dict[str, Any]:
    name = call.arguments.text("name").strip()
    found = await call.channels.spanning.set_private(call.principal, _channel(call), private)
    if name and name != found.name:
        await call.channels.spanning.rename(call.principal, found.id, name)
    return {}


async def _bulk(call: Call, what: Act, target: str = "") -> dict[str, Any]:
    made, left = await call.channels.spanning.bulks.begin(
        call.principal, what, call.arguments.items("channel_ids"), target
    )
    return {
        "bulk_action_id": made.id,
        "not_added": [{"channel_id": one, "error": "invalid_channel"} for one in left],
    }


def _room(one: Room) -> dict[str, Any]:
    teams = one.workspaces
    return {
        "id": one.id, "name": one.side.name, "purpose": one.purpose, "member_count": one.members,
        "created": int(one.created_at.timestamp()), "creator_id": one.creator, "is_private": one.side.private,
        "is_archived": one.side.archived, "is_general": False, "last_activity_ts": one.last_ts,
        "is_ext_shared": bool(one.outside), "is_global_shared": one.reach == "whole",
        "is_org_default": one.standing != "", "is_org_mandatory": one.standing == "mandatory",
        "is_org_shared": one.reach != "", "is_frozen": False,
        "connected_team_ids": [share.workspace for share in one.outside],
        "connected_limited_team_ids": [share.workspace for share in one.outside if share.limited],
        "internal_team_ids_count": len(teams), "internal_team_ids_sample_team": teams[0],
        "pending_connected_team_ids": list(one.pending), "is_pending_ext_shared": bool(one.pending),
        "conversation_host_id": next(share.workspace for share in one.shares if share.home),
        "channel_manager_count": 0, "canvas": {},
    }  # fmt: skip


def _kinds(call: Call) -> list[str]:
    """`private`, `private_exclude` and `exclude_archived` alike, as Slack's words go both ways."""
    kinds = []
    for one in call.arguments.items("search_channel_types"):
        excluded = one.startswith("exclude_") or one.endswith("_exclude")
        name = one.removeprefix("exclude_").removesuffix("_exclude")
        if name not in KINDS:
            raise Refused("invalid_search_channel_type")
        kinds.append(f"{name}_exclude" if excluded else name)
    return kinds


def _channel(call: Call) -> str:
    return call.arguments.needed("channel_id", "channel_not_found")


def _group(call: Call) -> str:
    return call.arguments.needed("group_id", "group_not_found")


METHODS: Mapping[str, Method] = administered(
    "conversations",
    {
        "admin.conversations.archive": (archive, "write"),
        "admin.conversations.bulkArchive": (bulk_archive, "write"),
        "admin.conversations.bulkDelete": (bulk_delete, "write"),
        "admin.conversations.bulkMove": (bulk_move, "write"),
        "admin.conversations.convertToPrivate": (to_private, "write"),
        "admin.conversations.convertToPublic": (to_public, "write"),
        "admin.conversations.create": (create, "write"),
        "admin.conversations.delete": (delete, "write"),
        "admin.conversations.ekm.listOriginalConnectedChannelInfo": (original_info, "read"),
        "admin.conversations.getConversationPrefs": (get_prefs, "read"),
        "admin.conversations.getTeams": (get_teams, "read"),
        "admin.conversations.invite": (invite, "write"),
        "admin.conversations.lookup": (lookup, "read"),
        "admin.conversations.rename": (rename, "write"),
        "admin.conversations.restrictAccess.addGroup": (add_group, "write"),
        "admin.conversations.restrictAccess.listGroups": (list_groups, "read"),
        "admin.conversations.restrictAccess.removeGroup": (remove_group, "write"),
        "admin.conversations.search": (search, "read"),
        "admin.conversations.setConversationPrefs": (set_prefs, "write"),
        "admin.conversations.setTeams": (set_teams, "write"),
        "admin.conversations.unarchive": (unarchive, "write"),
    },
)
