"""Members as they change a few at a time, and how far each segment is computed: SQL on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.segments.model import Rule
from dure.segments.standing import Standing
from dure.state import Tx

Moves = list[tuple[str, UUID]]
"""Segment and person."""


async def alone(tx: Tx) -> bool:
    """Holds the recomputing of all workspaces until the transaction's end; False while another process does it."""
    return bool(await tx.value("select pg_try_advisory_xact_lock(hashtextextended('segments', 11))"))


async def standings(tx: Tx, workspace: str, ids: Sequence[str] | None = None) -> dict[str, Standing]:
    rows = await tx.rows(
        "select * from segments.standing where workspace = %(workspace)s"
        " and (%(ids)s::text[] is null or segment = any(%(ids)s))",
        {"workspace": workspace, "ids": None if ids is None else list(ids)},
    )
    return {row["segment"]: _standing(row) for row in rows}


async def oldest_seen(tx: Tx) -> int | None:
    """The position in the feed up to which every segment of every workspace has seen what came."""
    oldest = await tx.value("select min(seen) from segments.standing")
    return None if oldest is None else int(oldest)


async def rules_now(tx: Tx, workspace: str, ids: Sequence[str]) -> dict[str, Rule]:
    """The rules of those segments that are there; they stay so until the transaction's end."""
    rows = await tx.rows(
        "select id, rule from segments.segment where workspace = %s and id = any(%s) order by id for no key update",
        (workspace, list(ids)),
    )
    return {row["id"]: msgspec.convert(row["rule"], Rule) for row in rows}


async def stand(tx: Tx, workspace: str, prints: Mapping[str, str], seen: int, now: datetime, *, whole: bool) -> None:
    """Notes how far these segments, by their fingerprints, are computed."""
    await tx.run(
        "insert into segments.standing (workspace, segment, fingerprint, seen, at, whole_at)"
        " select %(workspace)s, segment, print, %(seen)s, %(now)s, %(now)s"
        " from unnest(%(ids)s::text[], %(prints)s::text[]) as k (segment, print)"
        " on conflict (workspace, segment) do update set fingerprint = excluded.fingerprint, seen = excluded.seen,"
        " at = excluded.at, revision = segments.standing.revision + 1,"
        " whole_at = case when %(whole)s then excluded.whole_at else segments.standing.whole_at end",
        {
            "workspace": workspace, "ids": list(prints), "prints": list(prints.values()), "seen": seen, "now": now,
            "whole": whole,
        },
    )  # fmt: skip


async def move(
    tx: Tx, workspace: str, ids: Sequence[str], now: datetime, held: Moves, looked: Moves | None
) -> tuple[Moves, Moves]:
    """Makes `held` the members of these segments, out of the pairs `looked` at or out of all; returns who entered and
    who left."""
    await tx.run("create temp table now_held (segment text, person uuid) on commit drop")
    async with tx.connection.cursor() as cursor, cursor.copy("copy now_held from stdin") as copy:
        for pair in held:
            await copy.write_row(pair)
    await tx.run("create index on now_held (segment, person)")
    await tx.run("analyze now_held")
    keys = {"workspace": workspace, "ids": list(ids), "now": now}
    gone = "not exists (select from now_held n where n.segment = m.segment and n.person = m.person)"
    if looked is None:
        left = await tx.rows(
            "delete from segments.member m where workspace = %(workspace)s and segment = any(%(ids)s)"
            f" and {gone} returning segment, person", keys,
        )  # fmt: skip
    else:
        await tx.run("create temp table looked_at (segment text, person uuid) on commit drop")
        async with tx.connection.cursor() as cursor, cursor.copy("copy looked_at from stdin") as copy:
            for pair in looked:
                await copy.write_row(pair)
        await tx.run("analyze looked_at")
        left = await tx.rows(
            "delete from segments.member m using looked_at t where m.workspace = %(workspace)s"
            f" and m.person = t.person and m.segment = t.segment and {gone} returning m.segment, m.person", keys,
        )  # fmt: skip
        await tx.run("drop table looked_at")
    entered = await tx.rows(
        "insert into segments.member (workspace, segment, person, since)"
        " select %(workspace)s, segment, person, %(now)s from now_held"
        " on conflict (workspace, segment, person) do nothing returning segment, person", keys,
    )  # fmt: skip
    await tx.run("drop table now_held")
    return _moves(entered), _moves(left)


async def note_sizes(
    tx: Tx, workspace: str, ids: Sequence[str], now: datetime, moved: Mapping[str, tuple[int, int]],
    whole: Mapping[str, int] | None,
) -> None:  # fmt: skip
    """Notes for each segment that it was computed, and how many came and went where any did or none was counted yet.
    `whole` are the sizes where everybody was looked at."""
    await tx.run(
        "update segments.segment s set computed_at = %(now)s,"
        " size = coalesce(k.size, coalesce(s.size, 0) + k.came - k.went)"
        " from unnest(%(ids)s::text[], %(came)s::int[], %(went)s::int[], %(sizes)s::int[]) as k (id, came, went, size)"
        " where s.workspace = %(workspace)s and s.id = k.id",
        {
            **_sized(workspace, ids, now, moved),
            "sizes": [whole.get(one, 0) if whole is not None else None for one in ids],
        },
    )
    # Only what changed is news; an unchanged size would make the trend long and no wiser.
    await tx.run(
        "insert into segments.size (workspace, segment, at, size, entered, gone)"
        " select %(workspace)s, s.id, %(now)s, s.size, k.came, k.went"
        " from unnest(%(ids)s::text[], %(came)s::int[], %(went)s::int[]) as k (id, came, went)"
        " join segments.segment s on s.workspace = %(workspace)s and s.id = k.id"
        " where k.came + k.went > 0 or not exists"
        " (select from segments.size z where z.workspace = s.workspace and z.segment = s.id) on conflict do nothing",
        _sized(workspace, ids, now, moved),
    )


def _sized(workspace: str, ids: Sequence[str], now: datetime, moved: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    pairs = [moved.get(one, (0, 0)) for one in ids]
    return {
        "workspace": workspace, "ids": list(ids), "now": now, "came": [came for came, _ in pairs],
        "went": [went for _, went in pairs],
    }  # fmt: skip


def _moves(rows: Sequence[Mapping[str, Any]]) -> Moves:
    return sorted((row["segment"], row["person"]) for row in rows)


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(
        row["segment"], row["fingerprint"], int(row["seen"]), row["at"], row["whole_at"], int(row["revision"])
    )
