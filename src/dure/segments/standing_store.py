"""Members as they change a few at a time, and how far each segment is computed: SQL on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from dure.segments.ids import Ids, bytes_of, ids_packed, uuids_of
from dure.segments.model import Rule
from dure.segments.standing import Standing
from dure.state import Tx

Moved = Mapping[str, Ids]
"""People by segment."""
NONE: Ids = np.zeros(0, "S16")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_COPY = "copy segments.member (workspace, segment, person, since) from stdin (format binary)"
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)


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


async def oldest_seen(tx: Tx, since: datetime) -> int | None:
    """The position in the feed up to which every segment that was computed since then has seen what came."""
    oldest = await tx.value("select min(seen) from segments.standing where at > %s", (since,))
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


async def move_all(tx: Tx, workspace: str, held: Mapping[str, Ids], now: datetime) -> tuple[Moved, Moved]:
    """Makes exactly these the members of these segments; returns who entered and who left. Only differences are
    written. The segments' rows are held by the caller, so that nobody else writes members of theirs."""
    rows = await tx.rows(
        "select segment, string_agg(uuid_send(person), '') as people from segments.member"
        " where workspace = %s and segment = any(%s) group by segment",
        (workspace, list(held)), binary=True,
    )  # fmt: skip
    before = {row["segment"]: ids_packed(row["people"]) for row in rows}
    entered, left = dict[str, Ids](), dict[str, Ids]()
    for segment, people in held.items():
        there = before.get(segment, NONE)
        entered[segment] = np.setdiff1d(people, there, assume_unique=True)
        left[segment] = np.setdiff1d(there, people, assume_unique=True)
    await write(tx, workspace, entered, left, now)
    return entered, left


async def segments_of(tx: Tx, workspace: str, ids: Sequence[str], people: Sequence[UUID]) -> dict[UUID, set[str]]:
    """In which of these segments these people are."""
    rows = await tx.rows(
        "select person, array_agg(segment) as segments from segments.member where workspace = %s and person = any(%s)"
        " and segment = any(%s) group by person",
        (workspace, list(people), list(ids)),
    )
    return {row["person"]: set(row["segments"]) for row in rows}


async def write(
    tx: Tx, workspace: str, entered: Mapping[str, Ids], left: Mapping[str, Ids], now: datetime
) -> None:  # fmt: skip
    gone = [(segment, person) for segment, people in left.items() for person in uuids_of(people)]
    if gone:
        await tx.run(
            "delete from segments.member m"
            " using unnest(%(segments)s::text[], %(people)s::uuid[]) as g (segment, person)"
            " where m.workspace = %(workspace)s and m.segment = g.segment and m.person = g.person",
            {"workspace": workspace, "segments": [one for one, _ in gone], "people": [one for _, one in gone]},
        )
    if not any(len(people) for people in entered.values()):
        return
    since = ((now - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)
    async with tx.connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        await copy.write(_HEAD)
        for segment, people in entered.items():
            if len(people):
                await copy.write(_packed_rows(workspace.encode(), segment.encode(), people, since))
        await copy.write(b"\xff\xff")


def _packed_rows(workspace: bytes, segment: bytes, people: Ids, since: bytes) -> bytes:
    """Rows as PostgreSQL's binary copy has them: how many fields, and each with its length."""
    begin = b"\0\4" + len(workspace).to_bytes(4, "big") + workspace + len(segment).to_bytes(4, "big") + segment
    begin, end = begin + b"\0\0\0\x10", b"\0\0\0\x08" + since
    rows = np.empty((len(people), len(begin) + 16 + len(end)), np.uint8)
    rows[:, : len(begin)] = np.frombuffer(begin, np.uint8)
    rows[:, len(begin) : len(begin) + 16] = np.frombuffer(bytes_of(people), np.uint8).reshape(-1, 16)
    rows[:, len(begin) + 16 :] = np.frombuffer(end, np.uint8)
    return rows.tobytes()


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


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(
        row["segment"], row["fingerprint"], int(row["seen"]), row["at"], row["whole_at"], int(row["revision"])
    )
