"""`pins.*` and `bookmarks.*`: what a channel keeps in sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.api import Bookmark
from dure.channels.slack import shapes
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def add(call: Call) -> dict[str, Any]:
    await call.channels.pin(call.principal, *_item(call))
    return {}


async def remove(call: Call) -> dict[str, Any]:
    await call.channels.unpin(call.principal, *_item(call))
    return {}


async def list_(call: Call) -> dict[str, Any]:
    channel = call.arguments.needed("channel", "channel_not_found")
    found = await call.channels.pins(call.principal, channel)
    bots = await call.bots([pin.message for pin in found])
    items = [
        {
            "type": "message",
            "channel": channel,
            "created": int(pin.at.timestamp()),
            "created_by": pin.by,
            "message": {
                **shapes.message(pin.message, bots=bots), "pinned_to": [channel],
                "permalink": shapes.permalink(call.base, pin.message.channel, pin.message.ts, pin.message.thread),
            },
        }
        for pin in found
    ]  # fmt: skip
    return {"items": items}


def _item(call: Call) -> tuple[str, int]:
    if not call.arguments.text("timestamp").strip():
        raise Refused("no_item_specified")
    return call.arguments.needed("channel", "channel_not_found"), call.arguments.ts("timestamp")


async def add_bookmark(call: Call) -> dict[str, Any]:
    arguments = call.arguments
    if arguments.text("type", "link") != "link":
        raise Refused("invalid_bookmark_type")
    made = await call.channels.bookmark(
        call.principal, _channel(call), arguments.text("title"), arguments.text("link"), arguments.text("emoji")
    )
    return {"bookmark": _bookmark(made)}


async def edit_bookmark(call: Call) -> dict[str, Any]:
    arguments = call.arguments
    given = {name: arguments.text(name) for name in ("title", "link", "emoji") if arguments.has(name)}
    changed = await call.channels.edit_bookmark(
        call.principal, _channel(call), arguments.needed("bookmark_id", "not_found"), **given
    )
    return {"bookmark": _bookmark(changed)}


async def list_bookmarks(call: Call) -> dict[str, Any]:
    return {"bookmarks": [_bookmark(one) for one in await call.channels.bookmarks(call.principal, _channel(call))]}


async def remove_bookmark(call: Call) -> dict[str, Any]:
    bookmark = call.arguments.needed("bookmark_id", "not_found")
    await call.channels.remove_bookmark(call.principal, _channel(call), bookmark)
    return {}


def _channel(call: Call) -> str:
    return call.arguments.needed("channel_id", "channel_not_found")


def _bookmark(one: Bookmark) -> dict[str, Any]:
    return {
        "id": one.id,
        "channel_id": one.channel,
        "title": one.title,
        "link": one.link,
        "emoji": one.emoji,
        "icon_url": None,
        "type": "link",
        "entity_id": None,
        "date_created": int(one.created_at.timestamp()),
        "date_updated": int(one.changed_at.timestamp()) if one.changed_at else 0,
        "rank": f"{one.place:06d}",
        "last_updated_by_user_id": one.changed_by,
        "last_updated_by_team_id": one.changed_team,
        "shortcut_id": None,
        "app_id": None,
    }


METHODS: Mapping[str, Method] = {
    "bookmarks.add": Method(add_bookmark, ("bookmarks:write",)),
    "bookmarks.edit": Method(edit_bookmark, ("bookmarks:write",)),
    "bookmarks.list": Method(list_bookmarks, ("bookmarks:read",)),
    "bookmarks.remove": Method(remove_bookmark, ("bookmarks:write",)),
    "pins.add": Method(add, ("pins:write",)),
    "pins.list": Method(list_, ("pins:read",)),
    "pins.remove": Method(remove, ("pins:write",)),
}
