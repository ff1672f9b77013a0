"""Ingest over Dure's own REST: sources and what was refused. The event doors themselves are in door.py."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from fastapi import Request

from dure.governance.api import allowed
from dure.governance.http import Caller
from dure.ingest.api import NEVER, Chunk, Ingest, Reject, Source
from dure.ingest.rejects import RejectGroup, grouped
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewSource:
    name: str


def router(ingest: Ingest) -> APIRouter:
    """`/api/v1/sources` and `/api/v1/rejects`."""
    routes = APIRouter(prefix="/api/v1", tags=["ingest"])

    @routes.get("/sources")
    async def sources(caller: Caller) -> dict[str, Any]:
        """Where outside events come from and what each sent: by the minute for an hour, last.

        Write keys are shown to those who may make them.
        """
        arrivals = await ingest.arrivals(caller)
        found = await ingest.sources(caller)
        names = {source.name for source in found}
        return {
            "sources": [
                {**_source(source, shown=allowed(caller, "ingest:write")), **asdict(arrivals.get(source.name, NEVER))}
                for source in found
            ],
            "others": [{"name": name, **asdict(came)} for name, came in sorted(arrivals.items()) if name not in names],
        }

    @routes.post("/sources", status_code=201)
    async def create_source(caller: Caller, body: NewSource) -> dict[str, Any]:
        """A new source with a write key."""
        return _source(await ingest.create_source(caller, body.name), shown=True)

    @routes.delete("/sources/{source_id}", status_code=204)
    async def revoke_source(caller: Caller, source_id: str) -> None:
        """Ends a source's write key."""
        await ingest.revoke_source(caller, source_id)

    @routes.get("/rejects")
    async def rejects(caller: Caller, days: int = 7, source: str = "", reason: str = "") -> dict[str, Any]:
        """Refused events: by source and reason with counts a day, and by day, each with its newest example."""
        found = await ingest.rejects(caller, days, source, reason)
        return {
            "total": sum(reject.count for reject in found),
            "days": days,
            "groups": [_group(group) for group in grouped(found, days, ingest.clock.now())],
            "rejects": [_reject(reject) for reject in found],
        }

    @routes.post("/imports")
    async def import_chunk(caller: Caller, request: Request) -> dict[str, Any]:
        """A chunk of a file, as `dure import events` posts it."""
        done = await ingest.import_chunk(caller, _read_chunk(await request.body()))
        return {
            "added": done.added,
            "known": done.known,
            "held": done.held,
            "refused": [{"line": line, "message": message} for line, message in done.refused],
        }

    @routes.get("/imports/{digest}")
    async def known_chunks(caller: Caller, digest: str) -> dict[str, Any]:
        """The chunks of a file that were added before, each with its events and its refused lines."""
        found = await ingest.known_chunks(caller, digest)
        return {"chunks": [msgspec.structs.asdict(chunk) for chunk in found]}

    return routes


_read_chunk = msgspec.json.Decoder(Chunk).decode


def _source(source: Source, *, shown: bool) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "write_key": source.write_key if shown else None,
        "created_at": source.created_at,
        "revoked": source.revoked,
    }


def _group(group: RejectGroup) -> dict[str, Any]:
    return {
        "source": group.newest.source,
        "reason": group.newest.reason.value,
        "sentence": group.newest.reason.sentence,
        "count": group.count,
        "by_day": list(group.by_day),
        "last_at": group.newest.last_at,
        "message": group.newest.message,
        "example": group.newest.example,
    }


def _reject(reject: Reject) -> dict[str, Any]:
    return {
        "source": reject.source,
        "reason": reject.reason.value,
        "sentence": reject.reason.sentence,
        "day": reject.day,
        "count": reject.count,
        "last_at": reject.last_at,
        "message": reject.message,
        "example": reject.example,
    }
