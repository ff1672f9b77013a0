"""Reactions as apps hear of them."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels import events
from dure.channels.plugs import SlackEvent, Teller, Tellers, Telling
from dure.channels.telling.place import place_of
from dure.feed.api import Event


def _reaction(kind: str) -> Teller:
    async def tell(telling: Telling, event: Event) -> Sequence[SlackEvent]:
        place = await place_of(telling, event)
        about = event.properties
        body = {
            "type": kind,
            "user": about["user"],
            "reaction": about["reaction"],
            "item_user": about["item_user"],
            "item": {"type": "message", "channel": place.channel, "ts": about["ts"]},
            "event_ts": place.event_ts,
        }
        return (SlackEvent(kind, body, ("reactions:read",), place.channel),)

    return tell


TELLERS: Tellers = {events.REACTED: _reaction("reaction_added"), events.UNREACTED: _reaction("reaction_removed")}
