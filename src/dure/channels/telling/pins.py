"""Pins and the workspace's emoji as apps hear of them."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels import events
from dure.channels.model import ts_at, ts_of, ts_text
from dure.channels.plugs import SlackEvent, Teller, Tellers, Telling
from dure.channels.slack import shapes
from dure.channels.store import messages, pins
from dure.feed.api import Event


def _pin(kind: str) -> Teller:
    async def tell(telling: Telling, event: Event) -> Sequence[SlackEvent]:
        about, channel = event.properties, event.object
        said = await messages.find(telling.tx, channel, ts_of(about["ts"]))
        if said is None or said.deleted:
            return ()
        left = await pins.count(telling.tx, channel)
        moment = int(event.time.timestamp())
        body = {
            "type": kind,
            "user": about["user"],
            "channel_id": channel,
            "item": {
                "type": "message",
                "channel": channel,
                "created": moment,
                "created_by": about["user"],
                "message": {**shapes.message(said), **({"pinned_to": [channel]} if kind == "pin_added" else {})},
            },
            "item_user": about["item_user"],
            "pin_count": left,
            "pinned_info": {"channel": channel, "pinned_by": about["user"], "pinned_ts": moment},
            "event_ts": ts_text(ts_at(event.time)),
        }
        if kind == "pin_removed":
            body["has_pins"] = left > 0
        return (SlackEvent(kind, body, ("pins:read",), channel),)

    return tell


async def emoji_added(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    alias = event.properties["alias"]
    value = f"alias:{alias}" if alias else f"/api/v1/emoji/{event.object}"
    body = {"type": "emoji_changed", "subtype": "add", "name": event.object, "value": value,
            "event_ts": ts_text(ts_at(event.time))}  # fmt: skip
    return (SlackEvent("emoji_changed", body, ("emoji:read",), everywhere=True),)


async def emoji_removed(telling: Telling, event: Event) -> Sequence[SlackEvent]:  # noqa: ARG001
    body = {"type": "emoji_changed", "subtype": "remove", "names": [event.object],
            "event_ts": ts_text(ts_at(event.time))}  # fmt: skip
    return (SlackEvent("emoji_changed", body, ("emoji:read",), everywhere=True),)


TELLERS: Tellers = {
    events.PINNED: _pin("pin_added"),
    events.UNPINNED: _pin("pin_removed"),
    events.EMOJI_ADDED: emoji_added,
    events.EMOJI_REMOVED: emoji_removed,
}
