"""An import straight into the api, which may be broken off where a test says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from dure.ingest.api import Chunk
from dure.ingest.imports import Columns, EventFile, Imported, KnownChunk, import_events
from tests.ingest.conftest import Door


async def run(
    door: Door, path: Path, columns: Columns, *, break_after: int | None = None, sent: list[int] | None = None,
    **rest: Any,
) -> Imported:  # fmt: skip
    """Imports as mina. After `break_after` chunks the line is dead; `sent` gets the numbers of those that were sent."""
    numbers = sent if sent is not None else []

    async def post(body: bytes) -> dict[str, Any]:
        chunk = msgspec.json.decode(body, type=Chunk)
        if break_after is not None and chunk.number >= break_after:
            raise ConnectionError
        numbers.append(chunk.number)
        done = await door.ingest.import_chunk(door.cast.mina, chunk)
        refused = [{"line": line, "message": message} for line, message in done.refused]
        return {"added": done.added, "known": done.known, "held": done.held, "refused": refused}

    async def known(digest: str) -> Sequence[KnownChunk]:
        return await door.ingest.known_chunks(door.cast.mina, digest)

    return await import_events(EventFile.at(path), columns, post, known, **rest)
