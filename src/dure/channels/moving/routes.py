"""Imports over HTTP, below /api/v1/movings."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import asdict, field
from typing import Any, Literal

from fastapi import Request
from starlette.responses import StreamingResponse

from dure.channels.moving.api import Movings
from dure.channels.moving.model import Choices, Moving, RoomChoice
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter

PREFIX = "/api/v1/movings"
# Apart from the others, whose bodies are read whole: only what is kept as it comes may be so large.
UPLOAD = "/api/v1/moving-files"
_COLUMNS = ("what", "why", "room", "day", "ts", "about")


@body
class NewRoomChoice:
    do: Literal["bring", "into", "skip"] = "bring"
    into: str = ""
    name: str = ""


@body
class NewChoices:
    people: Literal["deactivated", "active"] = "deactivated"
    match: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, NewRoomChoice] = field(default_factory=dict)
    private: bool = False
    direct: bool = False
    files: Literal["leave", "fetch"] = "leave"


def router(movings: Movings) -> APIRouter:
    routes = APIRouter(tags=["keeping"])

    @routes.get(PREFIX)
    async def listed(caller: Caller) -> dict[str, Any]:
        """Exports of Slack that were given to be brought in, the newest first."""
        return {"movings": [_shown(one) for one in await movings.listed(caller)]}

    @routes.put(UPLOAD, status_code=201)
    async def give(caller: Caller, request: Request, name: str = "export.zip") -> dict[str, Any]:
        """Takes the zip of an export, the body; it is read next, and nothing is brought in yet."""
        return _shown(await movings.give(caller, name, request.stream()))

    @routes.get(PREFIX + "/{moving}")
    async def one(caller: Caller, moving: str) -> dict[str, Any]:
        """What is in an export, how far it is, and what was left out, by kind."""
        found, left, may = await movings.one(caller, moving)
        return {**_shown(found), "preview": found.preview, "choices": asdict(found.choices), "left": left,
                "may_private": may}  # fmt: skip

    @routes.post(PREFIX + "/{moving}/start")
    async def start(caller: Caller, moving: str, body: NewChoices) -> dict[str, Any]:
        """Brings it in by these choices; one that was stopped or has failed goes on."""
        rooms = {theirs: RoomChoice(one.do, one.into, one.name) for theirs, one in body.rooms.items()}
        choices = Choices(body.people, body.match, rooms, body.private, body.direct, body.files)
        return _shown(await movings.start(caller, moving, choices))

    @routes.delete(PREFIX + "/{moving}")
    async def cancel(caller: Caller, moving: str) -> dict[str, Any]:
        """Stops an import; takes away the file of one that is not under way."""
        return _shown(await movings.cancel(caller, moving))

    @routes.get(PREFIX + "/{moving}/left")
    async def left(caller: Caller, moving: str) -> StreamingResponse:
        """What was left out and why, as CSV."""
        lines = await movings.left(caller, moving)
        headers = {
            "content-disposition": 'attachment; filename="left-out.csv"', "cache-control": "private, no-store",
            "x-content-type-options": "nosniff",
        }  # fmt: skip
        return StreamingResponse(_csv(lines), media_type="text/csv; charset=utf-8", headers=headers)

    return routes


async def _csv(lines: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf" + (",".join(_COLUMNS) + "\r\n").encode()
    async for line in lines:
        written = io.StringIO()
        csv.writer(written).writerow([_cell(line.get(name, "")) for name in _COLUMNS])
        yield written.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _shown(one: Moving) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "size": one.size, "state": one.state, "why": one.why,
        "progress": asdict(one.progress), "made_by": one.made_by, "made_at": one.made_at, "ended_at": one.ended_at,
        "gone_at": one.gone_at,
    }  # fmt: skip
