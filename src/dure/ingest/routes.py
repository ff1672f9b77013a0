"""Ingest over Dure's own REST: sources and what was refused. The event doors themselves are in door.py."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request

from dure.governance.http import Caller
from dure.ingest.api import Chunk, Ingest, Reject, Source
from dure.web.body import body


@body
class NewSource:
    name: str


def router(ingest: Ingest) -> APIRouter:
    """`/api/v1/sources` and `/api/v1/rejects`."""
    routes = APIRouter(prefix="/api/v1", tags=["ingest"])

    @routes.get("/sources")
    async def sources(caller: Caller) -> dict[str, Any]:
        """Where outside events come from, with their write keys."""
        return {"sources": [_source(source) for source in await ingest.sources(caller)]}

    @routes.post("/sources", status_code=201)
    async def create_source(caller: Caller, body: NewSource) -> dict[str, Any]:
        """A new source with a write key."""
        return _source(await ingest.create_source(caller, body.name))

    @routes.delete("/sources/{source_id}", status_code=204)
    async def revoke_source(caller: Caller, source_id: str) -> None:
        """Ends a source's write key."""
        await ingest.revoke_source(caller, source_id)

    @routes.get("/rejects")
    async def rejects(caller: Caller, days: int = 7) -> dict[str, Any]:
        """Refused events by source, reason and day, each with its newest example."""
        found = await ingest.rejects(caller, days)
        return {"total": sum(reject.count for reject in found), "rejects": [_reject(reject) for reject in found]}

    @routes.post("/imports")
    async def import_chunk(caller: Caller, request: Request) -> dict[str, Any]:
        """A chunk of a file, as `dure import events` posts it."""
        done = await ingest.import_chunk(caller, _read_chunk(await request.body()))
        return {
            "added": done.added,
            "known": done.known,
            "refused": [{"line": line, "message": message} for line, message in done.refused],
        }

    @routes.get("/imports/{digest}")
    async def known_chunks(caller: Caller, digest: str) -> dict[str, Any]:
        """The chunks of a file that were added before, each with its events and its refused lines."""
        found = await ingest.known_chunks(caller, digest)
        return {"chunks": [msgspec.structs.asdict(chunk) for chunk in found]}

    return routes


_read_chunk = msgspec.json.Decoder(Chunk).decode


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "write_key": source.write_key,
        "created_at": source.created_at,
        "revoked": source.revoked,
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
