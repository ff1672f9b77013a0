"""What apps are told about user groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dure.channels import events
from dure.channels.groups import store
from dure.channels.model import ts_at, ts_text
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.channels.slack.group_shapes import group
from dure.feed.api import Event

_SCOPES = ("usergroups:read",)


async def created(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    return await _group(telling, event, "subteam_created")


async def updated(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    return await _group(telling, event, "subteam_updated")


async def members_changed(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    told = event.properties
    body = {
        "type": "subteam_members_changed", "subteam_id": event.object, "team_id": event.workspace,
        "date_previous_update": int(datetime.fromisoformat(told["before"]).timestamp()),
        "date_update": int(event.time.timestamp()), "added_users": told["added"],
        "added_users_count": len(told["added"]), "removed_users": told["removed"],
        "removed_users_count": len(told["removed"]), "event_ts": _ts(event),
    }  # fmt: skip
    return [SlackEvent("subteam_members_changed", body, _SCOPES)]


async def _group(telling: Telling, event: Event, kind: str) -> Sequence[SlackEvent]:
    found = await store.find(telling.tx, event.workspace, event.object)
    if found is None:
        return ()
    body = {"type": kind, "subteam": group(found, count=True, users=True), "event_ts": _ts(event)}
    return [SlackEvent(kind, body, _SCOPES)]


def _ts(event: Event) -> str:
    return ts_text(ts_at(event.time))


TELLERS: Tellers = {
    events.GROUP_CREATED: created,
    events.GROUP_CHANGED: updated,
    events.GROUP_MEMBERS: members_changed,
}
