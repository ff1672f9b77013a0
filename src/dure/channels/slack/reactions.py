"""`reactions.*`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.channels.slack import shapes
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method

# Without `full` no more people than this are named for one reaction; the count is always whole.
_NAMED = 50


async def add(call: Call) -> dict[str, Any]:
    channel, ts = _item(call)
    await call.channels.react(call.principal, channel, ts, call.arguments.needed("name", "invalid_name"))
    return {}


async def remove(call: Call) -> dict[str, Any]:
    channel, ts = _item(call)
    await call.channels.unreact(call.principal, channel, ts, call.arguments.needed("name", "invalid_name"))
    return {}


async def get(call: Call) -> dict[str, Any]:
    channel, ts = _item(call)
    said = await call.channels.message(call.principal, channel, ts)
    shape = shapes.message(said, bots=await call.bots([said]))
    return {"type": "message", "channel": channel, "message": _named(shape, full=call.arguments.flag("full"))}


async def list_(call: Call) -> dict[str, Any]:
    """What somebody has reacted to and the caller may read, the newest reaction first."""
    user = call.arguments.text("user") or call.principal.user
    if user != call.principal.user:
        await call.channels.person(call.principal, user)
    limit = call.arguments.whole("limit" if call.arguments.has("limit") else "count", 100, 200)
    found, more = await call.channels.reacted(call.principal, user, before=_place(call), limit=limit)
    bots, full = await call.bots([one for one, _ in found]), call.arguments.flag("full")
    items = [
        {"type": "message", "channel": said.channel, "message": _named(shapes.message(said, bots=bots), full=full)}
        for said, _ in found
    ]
    cursor = cursor_of("reacted", str(_micros(found[-1][1]))) if more else ""
    return {"items": items, "response_metadata": {"next_cursor": cursor}}


def _item(call: Call) -> tuple[str, int]:
    if not call.arguments.text("timestamp").strip():
        raise Refused("no_item_specified")
    return call.arguments.needed("channel", "channel_not_found"), call.arguments.ts("timestamp")


def _named(shape: dict[str, Any], *, full: bool) -> dict[str, Any]:
    if not full:
        for reaction in shape.get("reactions", ()):
            reaction["users"] = reaction["users"][:_NAMED]
    return shape


def _place(call: Call) -> datetime | None:
    place = call.arguments.cursor("reacted")
    if place and (not place.isdigit() or len(place) > 18):
        raise Refused("invalid_cursor")
    return _BEGINNING + timedelta(microseconds=int(place)) if place else None


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(at: datetime) -> int:
    return (at - _BEGINNING) // timedelta(microseconds=1)


METHODS: Mapping[str, Method] = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
    "reactions.list": Method(list_, ("reactions:read",)),
    "reactions.remove": Method(remove, ("reactions:write",)),
}
