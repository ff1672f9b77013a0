"""Exports over Dure's own REST: a history part by part, and targets."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import Response

from dure.exports.api import Exports, Format, History, Kind, Part, Place, Status, Written
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter

_MEDIA = {
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.NDJSON: "application/x-ndjson",
}


@body
class AskedPart:
    day: str
    number: int
    begin: int
    end: int
    slice: int = 0
    slices: int = 1
    rows: int = 0


@body
class AskedHistory:
    format: Format = Format.PARQUET
    begin: date | None = None
    end: date | None = None
    timezone: str = "UTC"
    events: list[str] | None = None
    sources: list[str] | None = None
    columns: dict[str, str] | None = None
    rows: int = 200_000
    part: AskedPart | None = None


@body
class NewTarget:
    name: str
    kind: Kind
    path: str = ""
    endpoint: str = ""
    bucket: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = ""
    max_events: int = 100_000
    max_seconds: int = 300


@body
class Switch:
    enabled: bool


def router(exports: Exports) -> APIRouter:
    """`/api/v1/exports`."""
    routes = APIRouter(prefix="/api/v1/exports", tags=["exports"])

    @routes.post("/history")
    async def plan(caller: Caller, body: AskedHistory) -> dict[str, Any]:
        """The files of a history, as `dure export events` asks for them."""
        parts = await exports.plan(caller, _history(body), body.rows)
        return {"rows": sum(part.rows for part in parts), "parts": [asdict(part) for part in parts]}

    @routes.post("/history/part")
    async def part(caller: Caller, body: AskedHistory) -> Response:
        """One file of a history; `part` as the plan has it."""
        asked = _history(body)
        one = Part(**vars(body.part)) if body.part else Part("", 0, 0, 0, 0, 1, 0)
        return Response(await exports.part(caller, asked, one), media_type=_MEDIA[asked.format])

    @routes.get("")
    async def targets(caller: Caller) -> dict[str, Any]:
        """Where events go continuously, each with its newest object, what waits for it and why it failed."""
        return {"targets": [_status(status) for status in await exports.targets(caller)]}

    @routes.post("", status_code=201)
    async def create_target(caller: Caller, body: NewTarget) -> dict[str, Any]:
        """A new target, to which a first small object is written at once; its secret is never shown again."""
        place = Place(body.kind, body.path.strip("/"), body.endpoint, body.bucket, body.region, body.key_id)
        return _status(
            await exports.create_target(
                caller, body.name, place, secret=body.secret, max_events=body.max_events, max_seconds=body.max_seconds
            )
        )

    @routes.patch("/{target_id}")
    async def switch_target(caller: Caller, target_id: str, body: Switch) -> dict[str, Any]:
        """Pauses a target or lets it follow again; what comes while it is paused does not go there."""
        return _status(await exports.switch_target(caller, target_id, body.enabled))

    @routes.delete("/{target_id}", status_code=204)
    async def remove_target(caller: Caller, target_id: str) -> None:
        """Ends a target; what it wrote stays."""
        await exports.remove_target(caller, target_id)

    @routes.get("/{target_id}/objects")
    async def objects(caller: Caller, target_id: str) -> dict[str, Any]:
        """A target's newest objects with their sizes and checksums."""
        return {"objects": [_written(one) for one in await exports.objects(caller, target_id)]}

    return routes


def _history(body: AskedHistory) -> History:
    return History(
        body.format, body.begin, body.end, body.timezone, tuple(body.events or ()), tuple(body.sources or ()),
        body.columns,
    )  # fmt: skip


def _status(status: Status) -> dict[str, Any]:
    target = status.target
    return {
        "id": target.id, "name": target.name, "kind": target.place.kind.value, "place": target.place.said,
        "path": target.place.path, "endpoint": target.place.endpoint, "bucket": target.place.bucket,
        "region": target.place.region, "key_id": target.place.key_id, "max_events": target.max_events,
        "max_seconds": target.max_seconds, "enabled": target.enabled, "since": target.since,
        "created_at": target.created_at, "error": target.error, "failed_at": target.failed_at,
        "objects": status.objects, "events": status.events, "last": status.last and _written(status.last),
        "waiting": {
            "events": status.waiting_events, "seconds": status.waiting_seconds, "batches": status.waiting_batches,
        },
    }  # fmt: skip


def _written(one: Written) -> dict[str, Any]:
    return asdict(one)
