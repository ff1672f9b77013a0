"""What apps are told when a channel is given to workspaces of its organisation, or taken from them, or deleted."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels import events
from dure.channels.model import ts_at, ts_text
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.feed.api import Event

_SCOPES = ("channels:read", "groups:read")


async def workspaces(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    ts, told = ts_text(ts_at(event.time)), []
    for kind, key, name in (
        ("channel_shared", "connected_team_id", "added"),
        ("channel_unshared", "previously_connected_team_id", "removed"),
    ):
        for team in event.properties.get(name, ()):
            body = {"type": kind, key: team, "channel": event.object, "event_ts": ts}
            if kind == "channel_unshared":
                body["is_ext_shared"] = False
            told.append(SlackEvent(kind, body, _SCOPES, event.object))
    return told


async def deleted(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    kind = "group_deleted" if event.properties.get("private") else "channel_deleted"
    body = {"type": kind, "channel": event.object, "actor_id": event.actor, "event_ts": ts_text(ts_at(event.time))}
    return [SlackEvent(kind, body, _SCOPES, event.object, everywhere=kind == "channel_deleted")]


TELLERS: Tellers = {events.WORKSPACES: workspaces, events.CHANNEL_DELETED: deleted}
