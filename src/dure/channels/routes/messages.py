"""Messages over HTTP. Pages are told oldest first, with everybody whose name they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any, Literal

from fastapi import Response

from dure.channels.api import Channels, Draft, Message, ts_of
from dure.channels.routes import shapes
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter

_PAGE = 200


@body
class NewMessage:
    text: str = ""
    blocks: list[Any] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    client_msg_id: str | None = None
    files: list[str] = field(default_factory=list)
    heeded: bool = False  # a rule's warning was read, and it is to be said all the same


@body
class MessageChange:
    text: str = ""
    blocks: list[Any] | None = None
    heeded: bool = False


def add(routes: APIRouter, api: Channels) -> None:
    async def shown(
        caller: Principal, channel: str, said: Sequence[Message], *, names: bool = True, **more: Any
    ) -> dict[str, Any]:
        # A screen that knows the people asks without their names: it is told of a new message twice as fast.
        if not names:
            return {"messages": [shapes.message(one) for one in said], "people": {}, **more}
        found = await api.info(caller, channel)
        workspaces = await api.workspaces_named()
        people = await api.people_in(caller, found, shapes.named_in(said))
        return {
            "messages": [shapes.message(one) for one in said],
            "people": {user.id: shapes.person(user, caller, workspaces) for user in people},
            **more,
        }

    @routes.get("/channels/{channel}/messages")
    async def history(
        caller: Caller, channel: str, before: str = "", after: str = "", around: str = "", limit: int = 50,
        names: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """A page: the newest, those before or after a ts, or those around one. `earlier`, `later`: there are more."""
        if not 1 <= limit <= _PAGE:
            raise Invalid(f"`limit` is 1 to {_PAGE}.", field="limit")
        if around:
            place = ts_of(around)
            older, earlier = await api.history(caller, channel, latest=place, inclusive=True, limit=limit)
            newer, later = await api.following(caller, channel, place, limit)
            return await shown(caller, channel, [*reversed(older), *newer], earlier=earlier, later=later)
        if after:
            newer, later = await api.following(caller, channel, ts_of(after), limit)
            return await shown(caller, channel, newer, names=names, earlier=True, later=later)
        if before:
            older, earlier = await api.history(caller, channel, latest=ts_of(before), limit=limit)
            return await shown(caller, channel, older[::-1], earlier=earlier, later=True)
        newest, earlier = await api.history(caller, channel, limit=limit)
        return await shown(caller, channel, newest[::-1], earlier=earlier, later=False)

    @routes.post("/channels/{channel}/messages", status_code=201)
    async def post(caller: Caller, channel: str, body: NewMessage, names: bool = True) -> dict[str, Any]:
        """Posts a message, or a reply with `thread_ts`."""
        thread = ts_of(body.thread_ts) if body.thread_ts else None
        draft = Draft(
            body.text, body.blocks, thread=thread, broadcast=body.broadcast,
            client_msg_id=body.client_msg_id[:100] if body.client_msg_id else None,
            files=tuple(body.files), guard="heeded" if body.heeded else "ask",
        )  # fmt: skip
        return await shown(caller, channel, [await api.post(caller, channel, draft)], names=names)

    @routes.get("/channels/{channel}/messages/{ts}")
    async def message(caller: Caller, channel: str, ts: str, names: bool = True) -> dict[str, Any]:
        """One message."""
        return await shown(caller, channel, [await api.message(caller, channel, ts_of(ts))], names=names)

    @routes.patch("/channels/{channel}/messages/{ts}")
    async def change(caller: Caller, channel: str, ts: str, body: MessageChange) -> dict[str, Any]:
        """Edits one's own message."""
        guard: Literal["ask", "heeded"] = "heeded" if body.heeded else "ask"
        said = await api.update(caller, channel, ts_of(ts), Draft(body.text, body.blocks, guard=guard))
        return await shown(caller, channel, [said])

    @routes.delete("/channels/{channel}/messages/{ts}", status_code=204)
    async def delete(caller: Caller, channel: str, ts: str) -> Response:
        """Deletes a message."""
        await api.delete(caller, channel, ts_of(ts))
        return Response(status_code=204)

    @routes.get("/channels/{channel}/threads/{ts}")
    async def thread(caller: Caller, channel: str, ts: str) -> dict[str, Any]:
        """What a thread hangs on, then its replies."""
        root, replies, later = await api.replies(caller, channel, ts_of(ts))
        return await shown(caller, channel, [root, *replies], later=later)

    @routes.put("/channels/{channel}/messages/{ts}/reactions/{name}", status_code=204)
    async def react(caller: Caller, channel: str, ts: str, name: str) -> Response:
        """Adds a reaction."""
        await api.react(caller, channel, ts_of(ts), name)
        return Response(status_code=204)

    @routes.delete("/channels/{channel}/messages/{ts}/reactions/{name}", status_code=204)
    async def unreact(caller: Caller, channel: str, ts: str, name: str) -> Response:
        """Takes one's reaction back."""
        await api.unreact(caller, channel, ts_of(ts), name)
        return Response(status_code=204)
