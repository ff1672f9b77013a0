"""Who comes into a channel and goes, as apps hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels import events
from dure.channels.plugs import SlackEvent, Tellers, Telling
from dure.channels.telling.place import Place, note_of, place_of
from dure.feed.api import Event


async def joined(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """`member_joined_channel` and the line in the channel; in direct conversations people do not come and go."""
    place = await place_of(telling, event)
    if place.type not in ("channel", "group"):
        return ()
    user, inviter = event.properties["user"], event.properties.get("inviter")
    more = {"inviter": inviter} if inviter else {}
    ts = await note_of(telling, event, ("channel_join", "group_join"), user)
    return (
        place.noted("channel_join", ts, user, **more),
        _member("member_joined_channel", place, user, await _team(telling, event, place), **more),
    )


async def left(telling: Telling, event: Event) -> Sequence[SlackEvent]:
    """The same for who goes; an app whose bot is no longer in it hears that by `channel_left`."""
    place = await place_of(telling, event)
    user = event.properties["user"]
    ts = await note_of(telling, event, ("channel_leave", "group_leave"), user)
    told = [
        place.noted("channel_leave", ts, user),
        _member("member_left_channel", place, user, await _team(telling, event, place)),
    ]
    kind = "group_left" if place.type == "group" else "channel_left"
    body = {"type": kind, "channel": place.channel, "actor_id": event.actor, "event_ts": place.event_ts}
    told += [
        SlackEvent(kind, body, (f"{place.word}:read",), place.channel, app.app, everywhere=True)
        for app in telling.apps
        if app.bot_user == user
    ]
    return told


def _member(kind: str, place: Place, user: str, team: str, **more: Any) -> SlackEvent:
    body = {
        "type": kind,
        "user": user,
        "channel": place.channel,
        "channel_type": "G" if place.type == "group" else "C",
        "team": team,
        **more,
        "event_ts": place.event_ts,
    }
    return SlackEvent(kind, body, (f"{place.word}:read",), place.channel)


async def _team(telling: Telling, event: Event, place: Place) -> str:
    """The workspace of whom an event is about: the event's own, or another side's."""
    user = event.properties["user"]
    for share in place.found.connected if place.found else ():
        if any(one.id == user for one in await telling.people(share.tenant)):
            return share.workspace
    return event.workspace


TELLERS: Tellers = {events.JOINED: joined, events.LEFT: left}
