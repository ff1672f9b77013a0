"""Messages that are not there for everybody yet, or any more, over HTTP: scheduled, ephemeral, earlier versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Response

from dure.channels.api import Channels, Draft, Scheduled, ts_of, ts_text
from dure.channels.routes import shapes
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewScheduled:
    """`post_at` is a time with its offset, such as 2026-12-01T09:00:00+09:00."""

    post_at: datetime
    text: str = ""
    blocks: list[Any] | None = None
    thread_ts: str | None = None
    broadcast: bool = False


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/channels/scheduled")
    async def scheduled(caller: Caller, channel: str = "") -> dict[str, Any]:
        """The caller's messages that wait for their time, or could not be sent at it."""
        return {"scheduled": [_scheduled(one) for one in await api.scheduled(caller, channel=channel, limit=1000)]}

    @routes.post("/channels/{channel}/scheduled", status_code=201)
    async def schedule(caller: Caller, channel: str, body: NewScheduled) -> dict[str, Any]:
        """Schedules a message."""
        if body.post_at.tzinfo is None:
            raise Invalid("`post_at` needs its offset, such as 2026-12-01T09:00:00+09:00.", field="post_at")
        thread = ts_of(body.thread_ts) if body.thread_ts else None
        draft = Draft(body.text, body.blocks, thread=thread, broadcast=body.broadcast)
        return {"scheduled": _scheduled(await api.schedule(caller, channel, draft, body.post_at))}

    @routes.delete("/channels/{channel}/scheduled/{scheduled}", status_code=204)
    async def unschedule(caller: Caller, channel: str, scheduled: str) -> Response:
        """Takes a scheduled message back."""
        await api.unschedule(caller, channel, scheduled)
        return Response(status_code=204)

    @routes.get("/channels/{channel}/ephemeral")
    async def ephemeral(caller: Caller, channel: str) -> dict[str, Any]:
        """What apps show to the caller alone in a channel."""
        said, room = await api.shown(caller, channel), await api.info(caller, channel)
        workspaces = await api.workspaces_named()
        people = await api.people_in(caller, room, shapes.named_in(said))
        return {
            "messages": [shapes.message(one) for one in said],
            "people": {user.id: shapes.person(user, caller, workspaces) for user in people},
        }

    @routes.delete("/channels/{channel}/ephemeral/{ts}", status_code=204)
    async def dismiss(caller: Caller, channel: str, ts: str) -> Response:
        """Takes what was shown to the caller alone away."""
        await api.dismiss(caller, channel, ts_of(ts))
        return Response(status_code=204)

    @routes.get("/channels/{channel}/messages/{ts}/edits")
    async def edits(caller: Caller, channel: str, ts: str) -> dict[str, Any]:
        """What a message said before its changes, the oldest first."""
        found, room = await api.versions(caller, channel, ts_of(ts)), await api.info(caller, channel)
        workspaces = await api.workspaces_named()
        people = await api.people_in(caller, room, {one.by for one in found})
        return {
            "edits": [
                {"text": one.text, "blocks": one.blocks, "attachments": one.attachments, "until": one.until,
                 "by": one.by}
                for one in found
            ],
            "people": {user.id: shapes.person(user, caller, workspaces) for user in people},
        }  # fmt: skip


def _scheduled(one: Scheduled) -> dict[str, Any]:
    return {
        "id": one.id,
        "channel": one.channel,
        "post_at": one.post_at,
        "text": one.draft.text,
        "blocks": one.draft.blocks,
        "thread_ts": ts_text(one.draft.thread) if one.draft.thread else None,
        "failed": one.failed,
    }
