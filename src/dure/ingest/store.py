"""Ingest's only SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dure.ingest.imports import KnownChunk
from dure.ingest.model import Reason, Reject, Source
from dure.kernel.tenant import Tenant
from dure.state import Tx


async def add_source(tx: Tx, source: Source) -> bool:
    """False where the workspace has a source of that name."""
    return bool(
        await tx.run(
            "insert into ingest.source (id, org, workspace, name, write_key, created_at)"
            " values (%s, %s, %s, %s, %s, %s) on conflict (workspace, name) do nothing",
            (source.id, source.tenant.org, source.tenant.workspace, source.name, source.write_key, source.created_at),
        )
    )


async def revoke_source(tx: Tx, workspace: str, id: str, at: datetime) -> Source | None:
    row = await tx.row(
        "update ingest.source set revoked_at = %s where workspace = %s and id::text = %s and revoked_at is null"
        " returning *",
        (at, workspace, id),
    )
    return _source(row) if row else None


async def sources(tx: Tx, workspace: str) -> list[Source]:
    rows = await tx.rows("select * from ingest.source where workspace = %s order by created_at, name", (workspace,))
    return [_source(row) for row in rows]


async def source_named(tx: Tx, workspace: str, name: str) -> Source | None:
    row = await tx.row("select * from ingest.source where workspace = %s and name = %s", (workspace, name))
    return _source(row) if row else None


async def source_of_key(tx: Tx, write_key: str) -> Source | None:
    """The source that a write key opens; a revoked one opens nothing."""
    row = await tx.row("select * from ingest.source where write_key = %s and revoked_at is null", (write_key,))
    return _source(row) if row else None


async def add_rejects(tx: Tx, rows: Sequence[tuple[str, str, str, str, int, datetime, str, str]]) -> None:
    """Adds to the counts: (workspace, source, reason, day, count, last_at, message, example), sorted by key."""
    await tx.run(
        "insert into ingest.reject as r (workspace, source, reason, day, count, last_at, message, example)"
        " select * from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::bigint[], %s::timestamptz[],"
        " %s::text[], %s::text[])"
        " on conflict (workspace, source, reason, day) do update set count = r.count + excluded.count,"
        " last_at = excluded.last_at, message = excluded.message, example = excluded.example",
        [list(column) for column in zip(*rows, strict=True)],
    )


async def rejects(tx: Tx, workspace: str, since: date, source: str = "", reason: str = "") -> list[Reject]:
    rows = await tx.rows(
        "select * from ingest.reject where workspace = %(workspace)s and day >= %(since)s"
        " and (%(source)s = '' or source = %(source)s) and (%(reason)s = '' or reason = %(reason)s)"
        " order by last_at desc limit 5000",
        {"workspace": workspace, "since": since, "source": source, "reason": reason},
    )
    return [
        Reject(row["source"], Reason(row["reason"]), row["day"].isoformat(), row["count"], row["last_at"],
               row["message"], row["example"])
        for row in rows
    ]  # fmt: skip


async def claim_chunk(tx: Tx, workspace: str, digest: bytes, chunk: int, events: int) -> bool:
    """Notes that a part of a file is in the feed; False where it was already."""
    return bool(
        await tx.run(
            "insert into ingest.import_chunk (workspace, digest, chunk, events) values (%s, %s, %s, %s)"
            " on conflict do nothing",
            (workspace, digest, chunk, events),
        )
    )


async def note_refused(
    tx: Tx, workspace: str, digest: bytes, chunk: int, events: int, refused: Sequence[tuple[int, str]]
) -> None:
    """Keeps how many of a part were taken, and which lines were refused and why, for runs that do not send it again."""
    await tx.run(
        "update ingest.import_chunk set events = %s, refused = %s where workspace = %s and digest = %s and chunk = %s",
        (events, json.dumps(refused), workspace, digest, chunk),
    )


async def known_chunks(tx: Tx, workspace: str, digest: bytes) -> list[KnownChunk]:
    """The parts of a file that are in the feed."""
    rows = await tx.rows(
        "select chunk, events, refused from ingest.import_chunk where workspace = %s and digest = %s order by chunk",
        (workspace, digest),
    )
    return [_known_chunk(row) for row in rows]


async def known_chunk(tx: Tx, workspace: str, digest: bytes, chunk: int) -> KnownChunk:
    """A part of a file that `claim_chunk` said is there."""
    [row] = await tx.rows(
        "select chunk, events, refused from ingest.import_chunk where workspace = %s and digest = %s and chunk = %s",
        (workspace, digest, chunk),
    )
    return _known_chunk(row)


def _known_chunk(row: dict[str, Any]) -> KnownChunk:
    return KnownChunk(row["chunk"], row["events"], [(line, message) for line, message in row["refused"]])


def _source(row: dict[str, Any]) -> Source:
    return Source(
        str(row["id"]), Tenant(row["org"], row["workspace"]), row["name"], row["write_key"], row["created_at"],
        row["revoked_at"] is not None,
    )  # fmt: skip
