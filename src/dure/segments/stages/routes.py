"""Stages and overlaps over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.segments.api import Segments
from dure.segments.stages.api import STAGES, Stages
from dure.segments.stages.model import NAMES
from dure.web.routing import APIRouter


def router(api: Stages, segments: Segments) -> APIRouter:
    """/api/v1/stages and /api/v1/overlap."""
    routes = APIRouter(prefix="/api/v1", tags=["segments"])

    @routes.get("/stages")
    async def stages(caller: Caller) -> dict[str, Any]:
        """How many are in each stage now, the segment that stands for it, and what decides."""
        counts, standing, at = await api.counts(caller)
        return {
            "stages": [
                {"stage": stage, "name": NAMES[stage], "people": counts[stage], "segment": standing.get(stage)}
                for stage in STAGES
            ],
            "people": sum(counts.values()),
            "computed_at": at,
            "settings": msgspec.to_builtins(await api.settings(caller)),
        }

    @routes.put("/stages/settings")
    async def settings(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
        """Changes what decides, and computes at once."""
        changed = await api.change(caller, body)
        await api.compute(caller)
        return {"settings": msgspec.to_builtins(changed)}

    @routes.post("/stages/compute")
    async def compute(caller: Caller) -> dict[str, Any]:
        """Computes everybody's stage now."""
        return asdict(await api.compute(caller))

    @routes.get("/stages/history")
    async def history(caller: Caller, days: int = 84, points: int = 13) -> dict[str, Any]:
        """How many were in each stage at `points` (2 to 60) moments over the last `days`, the last of them now."""
        if not 1 <= days <= 3650:
            raise Invalid("`days` is a number from 1 to 3650.", field="days")
        if not 2 <= points <= 60:
            raise Invalid("`points` is a number from 2 to 60.", field="points")
        now = api.now()
        moments = [now - timedelta(days=days) * (points - 1 - number) / (points - 1) for number in range(points)]
        return {
            "points": [
                {"at": at, "stages": found}
                for at, found in zip(moments, await api.history(caller, moments), strict=True)
            ]
        }

    @routes.get("/stages/flows")
    async def flows(caller: Caller, begin: str = "", end: str = "") -> dict[str, Any]:
        """Who was in which stage at two moments: `before` is "" for those who were not there yet."""
        first, last = await _moments(caller, begin, end)
        return {"begin": first, "end": last, "flows": [asdict(one) for one in await api.flows(caller, first, last)]}

    @routes.get("/stages/flows/people")
    async def flow_people(
        caller: Caller, after: str, before: str = "", begin: str = "", end: str = "", limit: int = 200
    ) -> dict[str, Any]:
        """Who made one of the flows."""
        first, last = await _moments(caller, begin, end)
        found = await api.flow_people(caller, first, last, before, after, limit)
        called = await segments.called(caller, found)
        return {"people": [{"person": str(one), **called.get(one, {})} for one in found]}

    @routes.get("/stages/of/{person}")
    async def of(caller: Caller, person: UUID) -> dict[str, Any]:
        """Somebody's stage."""
        stage, since = await api.stage_of(caller, person)
        return {"stage": stage, "name": NAMES[stage], "since": since}

    @routes.get("/stages/{stage}/people")
    async def people(caller: Caller, stage: str, after: str = "", limit: int = 100) -> dict[str, Any]:
        """By person id; `next` is the `after` of the next page, null at the end."""
        limit = max(1, min(limit, 1000))
        found = await api.people(caller, stage, _after(after), limit)
        called = await segments.called(caller, [person for person, _ in found])
        return {
            "people": [{"person": str(one), "since": since, **called.get(one, {})} for one, since in found],
            "next": str(found[-1][0]) if len(found) == limit else None,
        }

    @routes.get("/overlap")
    async def overlap(caller: Caller, segments: str) -> dict[str, Any]:
        """How segments (ids with commas between) lie over one another: `pairs[i][j]` is who is in both, `only` who is
        in this one alone, `depth[n]` how many people are in exactly n of them."""
        found = await api.overlap(caller, _ids(segments))
        return {
            "segments": list(found.segments),
            "everybody": found.everybody,
            "pairs": [[found.pairs[one, other] for other in found.segments] for one in found.segments],
            "only": [found.only[one] for one in found.segments],
            "depth": list(found.depth),
        }

    @routes.get("/overlap/people")
    async def overlap_people(
        caller: Caller, inside: str = "", outside: str = "", after: str = "", limit: int = 100
    ) -> dict[str, Any]:
        """Who is in all of the segments `inside` and in none of those `outside`."""
        limit = max(1, min(limit, 1000))
        found = await api.overlap_people(caller, _ids(inside), _ids(outside), _after(after), limit)
        called = await segments.called(caller, found)
        return {
            "people": [{"person": str(one), **called.get(one, {})} for one in found],
            "next": str(found[-1]) if len(found) == limit else None,
        }

    async def _moments(caller: Caller, begin: str, end: str) -> tuple[datetime, datetime]:
        """Two days of the workspace's zone as their last moments; without them the last four weeks."""
        zone = ZoneInfo(await api.zone(caller))
        last = _moment(end, "end", zone) if end else api.now()
        first = _moment(begin, "begin", zone) if begin else last - timedelta(days=28)
        return first, min(last, api.now())

    return routes


def _moment(text: str, field: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"`{field}` is a day such as 2026-11-01, or a moment.", field=field) from error
    if len(text) == 10:
        at = datetime.combine(at.date(), time.max)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _ids(text: str) -> list[str]:
    return [one for one in text.split(",") if one]


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(f"{text!r} is not a person's id.", field="after") from error
