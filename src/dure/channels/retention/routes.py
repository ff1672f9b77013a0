"""How long things are kept, and holds, over HTTP: /api/v1/retention and /api/v1/holds."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Response

from dure.channels.retention.api import Hold, Length, Retention
from dure.channels.retention.model import FOREVER_TS
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewLength:
    days: int | None


@body
class NewHold:
    name: str
    note: str = ""
    people: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None


def router(retention: Retention) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", tags=["keeping"])

    @routes.get("/retention")
    async def overview(caller: Caller) -> dict[str, Any]:
        """Channels with a length of their own, and how the purge goes. Lengths by kind are policies, `retention.*`."""
        channels, purge = await retention.overview(caller)
        return {"channels": channels, "purge": asdict(purge) if purge else None}

    @routes.get("/retention/{channel}")
    async def of_channel(caller: Caller, channel: str) -> dict[str, Any]:
        """For how many days each side keeps a conversation, the caller's own first; null: for ever."""
        return _lengths(channel, await retention.of_channel(caller, channel))

    @routes.put("/retention/{channel}")
    async def set_days(caller: Caller, channel: str, body: NewLength) -> dict[str, Any]:
        """Gives a channel a length of its own on the caller's side; null takes it back."""
        return _lengths(channel, await retention.set_days(caller, channel, body.days))

    @routes.get("/holds")
    async def holds(caller: Caller) -> dict[str, Any]:
        """What is held for the law, the open holds first."""
        return {"holds": [_hold(one) for one in await retention.holds(caller)]}

    @routes.post("/holds", status_code=201)
    async def hold(caller: Caller, body: NewHold) -> dict[str, Any]:
        """Holds what these people said in these channels between two moments, whatever else is said."""
        for name in ("since", "until"):
            at = getattr(body, name)
            if at is not None and at.tzinfo is None:
                raise Invalid(f"`{name}` is a time with its zone.", field=name)
        made = await retention.hold(
            caller, body.name, note=body.note, people=body.people, channels=body.channels, since=body.since,
            until=body.until,
        )  # fmt: skip
        return _hold(made)

    @routes.delete("/holds/{hold}", status_code=204)
    async def release(caller: Caller, hold: str) -> Response:
        """Releases a hold; what only it kept goes with the next round of the purge."""
        await retention.release(caller, hold)
        return Response(status_code=204)

    return routes


def _lengths(channel: str, lengths: list[Length]) -> dict[str, Any]:
    return {"channel": channel, "days": lengths[0].days, "by": lengths[0].by, "sides": [asdict(one) for one in lengths]}


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "id": hold.id, "name": hold.name, "note": hold.note, "people": hold.people, "channels": hold.channels,
        "since": _time(hold.from_ts) if hold.from_ts else None,
        "until": _time(hold.until_ts) if hold.until_ts != FOREVER_TS else None, "made_by": hold.made_by,
        "made_at": hold.made_at, "released_by": hold.released_by, "released_at": hold.released_at, "kept": hold.kept,
    }  # fmt: skip


def _time(ts: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ts)
