"""What a channel keeps in sight, over HTTP: pinned messages and bookmarks."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from dure.channels.api import Bookmark, Channels, ts_of
from dure.channels.routes import shapes
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewBookmark:
    title: str
    link: str
    emoji: str = ""


@body
class BookmarkChange:
    """What is left out stays."""

    title: str | None = None
    link: str | None = None
    emoji: str | None = None


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/channels/{channel}/pins")
    async def pins(caller: Caller, channel: str) -> dict[str, Any]:
        """Pinned messages, the newest pin first."""
        found, room = await api.pins(caller, channel), await api.info(caller, channel)
        workspaces = await api.workspaces_named()
        ids = shapes.named_in([pin.message for pin in found]) | {pin.by for pin in found}
        return {
            "pins": [{"message": shapes.message(pin.message), "by": pin.by, "at": pin.at} for pin in found],
            "people": {
                user.id: shapes.person(user, caller, workspaces) for user in await api.people_in(caller, room, ids)
            },
        }

    @routes.put("/channels/{channel}/messages/{ts}/pin", status_code=204)
    async def pin(caller: Caller, channel: str, ts: str) -> Response:
        """Pins a message."""
        await api.pin(caller, channel, ts_of(ts))
        return Response(status_code=204)

    @routes.delete("/channels/{channel}/messages/{ts}/pin", status_code=204)
    async def unpin(caller: Caller, channel: str, ts: str) -> Response:
        """Takes a pin away."""
        await api.unpin(caller, channel, ts_of(ts))
        return Response(status_code=204)

    @routes.get("/channels/{channel}/bookmarks")
    async def bookmarks(caller: Caller, channel: str) -> dict[str, Any]:
        """A channel's bookmarks, in the order of the bar."""
        return {"bookmarks": [_bookmark(one) for one in await api.bookmarks(caller, channel)]}

    @routes.post("/channels/{channel}/bookmarks", status_code=201)
    async def bookmark(caller: Caller, channel: str, body: NewBookmark) -> dict[str, Any]:
        """Adds a bookmark."""
        return {"bookmark": _bookmark(await api.bookmark(caller, channel, body.title, body.link, body.emoji))}

    @routes.patch("/channels/{channel}/bookmarks/{bookmark}")
    async def change(caller: Caller, channel: str, bookmark: str, body: BookmarkChange) -> dict[str, Any]:
        """Changes a bookmark."""
        return {"bookmark": _bookmark(await api.edit_bookmark(caller, channel, bookmark, **vars(body)))}

    @routes.delete("/channels/{channel}/bookmarks/{bookmark}", status_code=204)
    async def remove(caller: Caller, channel: str, bookmark: str) -> Response:
        """Takes a bookmark away."""
        await api.remove_bookmark(caller, channel, bookmark)
        return Response(status_code=204)


def _bookmark(one: Bookmark) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "link": one.link, "emoji": one.emoji, "by": one.created_by}
