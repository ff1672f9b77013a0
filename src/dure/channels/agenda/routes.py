"""A channel's agenda over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from dure.channels.agenda.api import Agenda, Agendas
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Point:
    text: str
    owner: str = ""
    due: date | None = None
    lang: Literal["ko", "en"] = "ko"


@body
class Week:
    lang: Literal["ko", "en"] = "ko"


def router(api: Agendas) -> APIRouter:
    """/api/v1/channels/{channel}/agenda."""
    routes = APIRouter(prefix="/api/v1/channels/{channel}/agenda", tags=["customers"])

    @routes.get("")
    async def agenda(caller: Caller, channel: str) -> dict[str, Any]:
        """The agenda on a channel's page: its points with whose they are and until when; `heading` null for none."""
        return _agenda(await api.of(caller, channel))

    @routes.post("", status_code=201)
    async def add(caller: Caller, channel: str, body: Point) -> dict[str, Any]:
        """Adds a point. A box is ticked at `/page/ticks`, for an agenda is part of the channel's page."""
        return _agenda(await api.add(caller, channel, body.text, owner=body.owner, due=body.due, lang=body.lang))

    @routes.post("/carry")
    async def carry(caller: Caller, channel: str, body: Week) -> dict[str, Any]:
        """Begins a new week: what is done is put aside, what is open is carried over."""
        return _agenda(await api.carry(caller, channel, lang=body.lang))

    return routes


def _agenda(found: Agenda) -> dict[str, Any]:
    return {
        "heading": found.heading, "version": found.version,
        "items": [
            {"line": one.line, "text": one.text, "done": one.done, "owner": one.owner, "due": one.due,
             "carried": one.carried}
            for one in found.items
        ],
    }  # fmt: skip
