"""Handovers over HTTP: how one stands, ending it, sending its list out. Giving and listing them is in segments' own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import Response

from dure.governance.http import Caller
from dure.segments.api import Segments
from dure.segments.handover.api import Handovers, Wanted
from dure.segments.model import Handover
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewExport:
    """`place` is a webhook's address or an export target's id; `country` the calling code of numbers that name none."""

    kind: Literal["csv", "webhook", "s3"]
    form: Literal["contract", "google", "meta"] = "contract"
    place: str = ""
    country: str = "82"


def router(api: Handovers, segments: Segments) -> APIRouter:
    """/api/v1/handovers/{id} and below."""
    routes = APIRouter(prefix="/api/v1", tags=["segments"])

    @routes.get("/handovers/{handover}")
    async def one(caller: Caller, handover: str) -> dict[str, Any]:
        """A handover with its segment's name, its outcome up to now, and what was sent out of it."""
        found = await api.handover(caller, handover)
        segment = await segments.segment(caller, found.segment)
        return told(found) | {
            "name": segment.name,
            "outcome": found.outcome if found.ended_at else await api.outcome(caller, handover),
            "exports": [asdict(one) for one in await api.exporting.exports(caller, handover)],
        }

    @routes.post("/handovers/{handover}/end")
    async def end(caller: Caller, handover: str) -> dict[str, Any]:
        """Closes the lists before their time."""
        return told(await api.end(caller, handover))

    @routes.post("/handovers/{handover}/exports", status_code=201, response_model=None)
    async def export(caller: Caller, handover: str, body: NewExport) -> Response | dict[str, Any]:
        """Sends those to act on; for `csv` the answer is the file. The control never leaves."""
        made, content = await api.exporting.export(
            caller, handover, Wanted(body.kind, body.form, body.place, body.country)
        )
        if body.kind != "csv":
            return asdict(made)
        name = f"handover-{handover}-{body.form}.csv"
        return Response(
            content, 201, {"content-disposition": f'attachment; filename="{name}"', "x-dure-export": made.id},
            "text/csv; charset=utf-8",
        )  # fmt: skip

    return routes


def told(handover: Handover) -> dict[str, Any]:
    found = asdict(handover)
    found["from"] = found.pop("from_")
    return found
