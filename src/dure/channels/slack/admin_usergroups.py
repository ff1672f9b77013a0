"""`admin.usergroups.*`: user groups over the organisation's workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.administered import administered, team
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def add_channels(call: Call) -> None:
    if call.arguments.text("team_id"):
        await team(call)
    await call.colleagues.across.add_channels(call.principal, _group(call), _channels(call))


async def remove_channels(call: Call) -> None:
    await call.colleagues.across.remove_channels(call.principal, _group(call), _channels(call))


async def list_channels(call: Call) -> dict[str, Any]:
    wanted = (await team(call)).id if call.arguments.text("team_id") else ""
    count = call.arguments.flag("include_num_members")
    found = await call.colleagues.across.channels_of(call.principal, _group(call))
    shown = [
        {"id": one.id, "name": one.side.name, "team_id": one.side.workspace, "is_redacted": False}
        | ({"num_members": one.members} if count else {})
        for one in found
        if not wanted or wanted in one.workspaces
    ]
    return {"channels": shown}


async def add_teams(call: Call) -> None:
    teams = call.arguments.items("team_ids")
    if not teams:
        raise Refused("no_team_ids_given")
    provision = call.arguments.flag("auto_provision")
    await call.colleagues.across.add_teams(call.principal, _group(call), teams, provision=provision)


def _group(call: Call) -> str:
    return call.arguments.needed("usergroup_id", "usergroup_not_found")


def _channels(call: Call) -> list[str]:
    channels = call.arguments.items("channel_ids")
    if not channels:
        raise Refused("no_channel_ids_given")
    return channels


METHODS: Mapping[str, Method] = {
    **administered(
        "usergroups",
        {
            "admin.usergroups.addChannels": (add_channels, "write"),
            "admin.usergroups.listChannels": (list_channels, "read"),
            "admin.usergroups.removeChannels": (remove_channels, "write"),
        },
    ),
    **administered("teams", {"admin.usergroups.addTeams": (add_teams, "write")}),
}
