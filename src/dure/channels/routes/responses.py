"""Response clocks over HTTP: a channel's, whose turn it is, and the report."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.channels.api import Channels
from dure.channels.responding.report import ResponseRow
from dure.channels.routes import shapes
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Turn:
    """Whose turn it is: `customer` lets the clock stand still until they write, `us` sets it going again."""

    turn: str


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/channels/{channel}/responses")
    async def responses(caller: Caller, channel: str) -> dict[str, Any]:
        """Response clocks of a channel, the newest first, and who has read the questions that wait."""
        found = await api.responses(caller, channel)
        readers = await api.readers(caller, [one for one in found if one.state != "answered"])
        return {"responses": [{**shapes.response(one), "read_by": readers.get(one.id, [])} for one in found]}

    @routes.put("/channel-responses/{response}/turn")
    async def turn(caller: Caller, response: str, body: Turn) -> dict[str, Any]:
        """Says whose turn it is in a matter that waits."""
        if body.turn not in ("customer", "us"):
            raise Invalid("`turn` is customer or us.", field="turn")
        act = api.rest if body.turn == "customer" else api.resume
        return shapes.response(await act(caller, response))

    @routes.get("/channel-response-report")
    async def counted(
        caller: Caller, days: int = 28, by: str = "channel", kind: str = "", channel: str = ""
    ) -> dict[str, Any]:
        """How long people from outside waited for answers in channels, in opening hours."""
        channels = [channel] if channel else []
        start, end, rows = await api.waits.last_days(caller, days, by=by, kind=kind, channels=channels)
        return {"from": start, "to": end, "by": by, "kind": kind, "rows": [_shown(row) for row in rows]}


def _shown(row: ResponseRow) -> dict[str, Any]:
    return {**asdict(row), "within": row.within}
