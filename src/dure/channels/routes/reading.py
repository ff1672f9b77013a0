"""What the caller has read, over HTTP: of conversations, and of the threads that they follow."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from dure.channels.api import Channels, ts_of, ts_text
from dure.channels.routes import shapes
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter

_PAGE = 50


@body
class Read:
    """Up to where. An earlier `ts` than before makes what follows unread again; without `back` it changes nothing."""

    ts: str
    back: bool = True


@body
class ThreadRead:
    """Up to which reply; with `back` an earlier one makes what follows unread again."""

    ts: str
    back: bool = False


def add(routes: APIRouter, api: Channels) -> None:
    @routes.post("/channels/{channel}/read")
    async def read(caller: Caller, channel: str, body: Read) -> dict[str, Any]:
        """Marks a channel as read up to a message."""
        await api.mark(caller, channel, ts_of(body.ts), back=body.back)
        return {}

    @routes.get("/threads")
    async def threads(caller: Caller, before: str = "", limit: int = 20) -> dict[str, Any]:
        """Threads that the caller follows, those with new replies first. `before`: the `latest_reply` of the last."""
        if not 1 <= limit <= _PAGE:
            raise Invalid(f"`limit` is 1 to {_PAGE}.", field="limit")
        found, more, unread = await api.threads(caller, before=ts_of(before) if before else None, limit=limit)
        workspaces = await api.workspaces_named()
        people: dict[str, Any] = {}
        for channel in {one.root.channel for one in found}:
            room = await api.info(caller, channel)
            ids = shapes.named_in([m for one in found if one.root.channel == channel for m in (one.root, *one.replies)])
            for user in await api.people_in(caller, room, ids):
                people[user.id] = shapes.person(user, caller, workspaces)
        return {
            "threads": [
                {
                    "channel": one.root.channel,
                    "root": shapes.message(one.root),
                    "replies": [shapes.message(reply) for reply in one.replies],
                    "last_read": ts_text(one.last_read),
                    "unread": one.unread,
                }
                for one in found
            ],
            "people": people,
            "more": more,
            "unread": unread,
        }

    @routes.post("/channels/{channel}/threads/{ts}/read", status_code=204)
    async def read_thread(caller: Caller, channel: str, ts: str, body: ThreadRead) -> Response:
        """Marks a thread as read up to a reply."""
        await api.read_thread(caller, channel, ts_of(ts), ts_of(body.ts), back=body.back)
        return Response(status_code=204)

    @routes.post("/channels/{channel}/threads/{ts}/follow", status_code=204)
    async def follow(caller: Caller, channel: str, ts: str) -> Response:
        """Follows a thread."""
        await api.follow(caller, channel, ts_of(ts))
        return Response(status_code=204)

    @routes.post("/channels/{channel}/threads/{ts}/unfollow", status_code=204)
    async def unfollow(caller: Caller, channel: str, ts: str) -> Response:
        """Lets a thread go."""
        await api.follow(caller, channel, ts_of(ts), on=False)
        return Response(status_code=204)
