"""Channels made, named, described, archived and shared, as apps hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels import events
from dure.channels.model import Conversation
from dure.channels.plugs import SlackEvent, Teller, Tellers, Telling
from dure.channels.store import conversations
from dure.channels.telling.place import Place, note_of, place_of
from dure.feed.api import Event


async def created(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """Everybody hears of an open channel, an app of the direct conversation that it is in, nobody of a private one."""
    place = await place_of(telling, event)
    found = place.found
    if found is None or place.type in ("group", "mpim"):
        return ()
    if place.type == "im":
        body = {"type": "im_created", "user": found.creator, "channel": {"id": found.id, "is_im": True}}
        return (SlackEvent("im_created", {**body, "event_ts": place.event_ts}, ("im:read",), found.id),)
    made = {**_channel(found), "is_channel": True, "creator": found.creator, "context_team_id": event.workspace}
    return (_room("channel_created", place, everywhere=True, channel=made),)


async def changed(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    place, what = await place_of(telling, event), event.properties.get("what")
    found = place.found
    if found is None:
        return ()
    if what == "name":
        ts = await note_of(telling, event, ("channel_name",), event.actor)
        kind = "group_rename" if place.type == "group" else "channel_rename"
        return (
            place.noted("channel_name", ts, event.actor, found.name),
            _room(kind, place, everywhere=place.type == "channel", channel=_channel(found)),
        )
    if what in ("topic", "purpose"):
        ts = await note_of(telling, event, (f"channel_{what}",), event.actor)
        words = found.topic if what == "topic" else found.purpose
        return (place.noted(f"channel_{what}", ts, event.actor, words),)
    return ()


def _closed(what: str) -> Teller:
    async def tell(telling: Telling, event: Event) -> Sequence[SlackEvent]:
        place = await place_of(telling, event)
        kind = f"{'group' if place.type == 'group' else 'channel'}_{what}"
        text = f"has {'archived' if what == 'archive' else 'un-archived'} the channel"
        return (
            place.noted(f"channel_{what}", place.event_ts, event.actor, text),
            _room(kind, place, everywhere=place.type == "channel", channel=place.channel, user=event.actor),
        )

    return tell


async def shared(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    place = await place_of(telling, event)
    other = event.properties["with_workspace"]
    return (_room("channel_shared", place, connected_team_id=other, channel=place.channel),)


async def unshared(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """The side that goes is told who it was connected to, the others who went."""
    place = await place_of(telling, event)
    left = event.properties["workspace_left"]
    home = (await conversations.find_home(telling.tx, event.object)).home.workspace
    return (
        _room(
            "channel_unshared", place, everywhere=left == event.workspace,
            previously_connected_team_id=home if left == event.workspace else left, channel=place.channel,
            is_ext_shared=place.external,
        ),
    )  # fmt: skip


def _room(kind: str, place: Place, *, everywhere: bool = False, **about: Any) -> SlackEvent:
    body = {"type": kind, **about, "event_ts": place.event_ts}
    return SlackEvent(kind, body, (f"{place.word}:read",), place.channel, everywhere=everywhere)


def _channel(found: Conversation) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "name_normalized": found.name,
        "created": int(found.created_at.timestamp()),
    }


TELLERS: Tellers = {
    events.CREATED: created,
    events.CHANGED: changed,
    events.ARCHIVED: _closed("archive"),
    events.UNARCHIVED: _closed("unarchive"),
    events.SHARED: shared,
    events.UNSHARED: unshared,
}
