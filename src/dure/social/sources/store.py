"""The tables of sources: their ways, payloads and what is said through them. A way is in one pair of hands at a time: a
lease says whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.social.plugs import Raw
from dure.social.sources.model import Connected, Payload, Turn, Way, WayKind
from dure.state import Tx

_SOURCE = "id, connector, name, settings, sealed, quota, every, state, created_by, created_at"
_WAY = (
    "source, kind, cursor, since, started_at, due_at, leased_until, ok_at, heard_at, failures, trouble, skipped,"
    " brought, done, total, ended_at"
)


# -- sources -----------------------------------------------------------------------------------------------------------


async def add(tx: Tx, tenant: Tenant, source: Connected) -> bool:
    """Whether it was added; not where its name is taken."""
    return bool(
        await tx.run(
            f"insert into social.source (workspace, org, {_SOURCE}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " %s) on conflict (workspace, name) do nothing",
            (tenant.workspace, tenant.org, source.id, source.connector, source.name, Jsonb(dict(source.settings)),
             source.sealed, Jsonb(dict(source.quota)), source.every, source.state, source.created_by,
             source.created_at),
        )
    )  # fmt: skip


async def keep(tx: Tx, workspace: str, source: Connected) -> None:
    """Writes what people may change."""
    await tx.run(
        "update social.source set name = %s, settings = %s, sealed = %s, every = %s, state = %s"
        " where workspace = %s and id = %s",
        (source.name, Jsonb(dict(source.settings)), source.sealed, source.every, source.state, workspace, source.id),
    )


async def remove(tx: Tx, workspace: str, source: UUID) -> None:
    await tx.run("delete from social.payload where workspace = %s and source = %s", (workspace, source))
    await tx.run("delete from social.source where workspace = %s and id = %s", (workspace, source))


async def every(tx: Tx, workspace: str) -> list[Connected]:
    rows = await tx.rows(f"select {_SOURCE} from social.source where workspace = %s order by name", (workspace,))
    return [Connected(**row) for row in rows]


async def one(tx: Tx, workspace: str, source: UUID, *, lock: bool = False) -> Connected | None:
    row = await tx.row(
        f"select {_SOURCE} from social.source where workspace = %s and id = %s{' for update' if lock else ''}",
        (workspace, source),
    )
    return None if row is None else Connected(**row)


async def named(tx: Tx, workspace: str, name: str) -> UUID | None:
    found: UUID | None = await tx.value(
        "select id from social.source where workspace = %s and name = %s", (workspace, name)
    )
    return found


async def at_door(tx: Tx, source: UUID) -> tuple[Tenant, Connected] | None:
    """A source by its id alone, which is all that a network that calls knows."""
    row = await tx.row(f"select org, workspace, {_SOURCE} from social.source where id = %s", (source,))
    if row is None:
        return None
    return Tenant(row.pop("org"), row.pop("workspace")), Connected(**row)


# -- ways --------------------------------------------------------------------------------------------------------------


async def open_way(
    tx: Tx, workspace: str, source: UUID, kind: WayKind, since: datetime, now: datetime, due_at: datetime | None
) -> None:
    """Begins a way, or begins it anew."""
    await tx.run(
        "insert into social.way_in (workspace, source, kind, since, started_at, due_at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, source, kind) do update set cursor = '{}', since = excluded.since,"
        " started_at = excluded.started_at, due_at = excluded.due_at, lease = null, leased_until = null, failures = 0,"
        " trouble = null, done = 0, total = 0, brought = 0, skipped = 0, ended_at = null",
        (workspace, source, kind, since, now, due_at),
    )


async def close_way(tx: Tx, workspace: str, source: UUID, kind: WayKind, now: datetime) -> bool:
    """Ends a way; whoever has it in hand commits nothing more."""
    return bool(
        await tx.run(
            "update social.way_in set due_at = null, lease = null, leased_until = null, ended_at = %s"
            " where workspace = %s and source = %s and kind = %s and ended_at is null",
            (now, workspace, source, kind),
        )
    )


async def hurry(tx: Tx, workspace: str, source: UUID, now: datetime) -> None:
    """Has every way that is asked asked now, by whoever comes first: what is under way was begun with old settings."""
    await tx.run(
        "update social.way_in set due_at = %s, failures = 0, lease = null, leased_until = null"
        " where workspace = %s and source = %s and due_at is not null",
        (now, workspace, source),
    )


async def ways(tx: Tx, workspace: str, source: UUID | None = None) -> list[Way]:
    rows = await tx.rows(
        f"select {_WAY} from social.way_in where workspace = %s and (%s::uuid is null or source = %s)"
        " order by source, kind",
        (workspace, source, source),
    )
    return [Way(**row) for row in rows]


async def claim(tx: Tx, kinds: Sequence[WayKind], lease: UUID, at: datetime, until: datetime) -> Turn | None:
    """The way of any workspace that is due longest and in nobody's hands."""
    ways_ = ", ".join(f"w.{name.strip()}" for name in _WAY.split(","))
    sources = ", ".join(f"s.{name.strip()} as s_{name.strip()}" for name in _SOURCE.split(","))
    row = await tx.row(
        "update social.way_in w set lease = %(lease)s, leased_until = %(until)s from social.source s"
        " where (w.workspace, w.source, w.kind) = (select d.workspace, d.source, d.kind from social.way_in d"
        "  join social.source o on o.workspace = d.workspace and o.id = d.source and o.state = 'on'"
        "  where d.due_at <= %(at)s and d.kind = any(%(kinds)s)"
        "  and (d.leased_until is null or d.leased_until <= %(at)s)"
        "  order by d.due_at for update of d skip locked limit 1)"
        f" and s.workspace = w.workspace and s.id = w.source returning s.org, s.workspace, {ways_}, {sources}",
        {"lease": lease, "at": at, "until": until, "kinds": list(kinds)},
    )
    if row is None:
        return None
    source = {name.strip(): row.pop(f"s_{name.strip()}") for name in _SOURCE.split(",")}
    return Turn(row.pop("org"), row.pop("workspace"), Connected(**source), Way(**row), lease)


async def hold(tx: Tx, turn: Turn) -> dict[str, Any] | None:
    """The way as far as it went wrong, while it is in one's own hands: held so to the transaction's end."""
    # The source before its way, as everybody locks them: else whoever changes it meanwhile waits for us and we for him.
    if not await tx.row(
        "select id from social.source where workspace = %s and id = %s and state = 'on' for no key update",
        (turn.workspace, turn.source.id),
    ):
        return None
    return await tx.row(
        "select failures, trouble from social.way_in"
        " where workspace = %s and source = %s and kind = %s and lease = %s for update",
        (turn.workspace, turn.source.id, turn.way.kind, turn.lease),
    )


async def advance(
    tx: Tx, turn: Turn, cursor: Mapping[str, Any], at: datetime, *, due_at: datetime | None, until: datetime | None,
    skipped: int, done: int, total: int, ended: bool,
) -> None:  # fmt: skip
    """Keeps where a way has come to; `until` None puts it out of one's hands."""
    await tx.run(
        "update social.way_in set cursor = %(cursor)s, ok_at = %(at)s, failures = 0, trouble = null,"
        " due_at = %(due)s, leased_until = %(until)s, lease = case when %(until)s::timestamptz is null then null"
        " else lease end, skipped = skipped + %(skipped)s, done = greatest(done, %(done)s),"
        " total = greatest(total, %(total)s), ended_at = case when %(ended)s then %(at)s::timestamptz end"
        " where workspace = %(workspace)s and source = %(source)s and kind = %(kind)s",
        {"cursor": Jsonb(dict(cursor)), "at": at, "due": due_at, "until": until, "skipped": skipped, "done": done,
         "total": total, "ended": ended, "workspace": turn.workspace, "source": turn.source.id, "kind": turn.way.kind},
    )  # fmt: skip


async def renew(tx: Tx, turn: Turn, at: datetime, until: datetime) -> bool:
    """Whether the way stays in one's hands for longer."""
    return bool(
        await tx.run(
            "update social.way_in w set leased_until = %s, ok_at = %s from social.source s where w.workspace = %s"
            " and w.source = %s and w.kind = %s and w.lease = %s and s.workspace = w.workspace and s.id = w.source"
            " and s.state = 'on'",
            (until, at, turn.workspace, turn.source.id, turn.way.kind, turn.lease),
        )
    )


async def release(tx: Tx, turn: Turn, due_at: datetime) -> None:
    """Puts a way out of one's hands, with nothing said against it."""
    await tx.run(
        "update social.way_in set lease = null, leased_until = null, due_at = %s"
        " where workspace = %s and source = %s and kind = %s and lease = %s",
        (due_at, turn.workspace, turn.source.id, turn.way.kind, turn.lease),
    )


async def fail(tx: Tx, turn: Turn, trouble: Mapping[str, Any], due_at: datetime) -> None:
    """Notes what was said no with, and puts the way out of one's hands."""
    await tx.run(
        "update social.way_in set failures = failures + 1, trouble = %s, due_at = %s, lease = null, leased_until = null"
        " where workspace = %s and source = %s and kind = %s and lease = %s",
        (Jsonb(dict(trouble)), due_at, turn.workspace, turn.source.id, turn.way.kind, turn.lease),
    )


async def brought(
    tx: Tx, workspace: str, source: UUID, kind: WayKind, new: int, now: datetime, *, skipped: int = 0
) -> None:
    """Counts what was new. For a way that is not asked but called, that it went well is said here."""
    await tx.run(
        "update social.way_in set brought = brought + %(new)s, heard_at = case when %(new)s > 0 then %(now)s"
        " else heard_at end, ok_at = %(now)s, failures = 0, trouble = null, skipped = skipped + %(skipped)s"
        " where workspace = %(workspace)s and source = %(source)s and kind = %(kind)s",
        {"new": new, "now": now, "skipped": skipped, "workspace": workspace, "source": source, "kind": kind},
    )


async def trouble(tx: Tx, workspace: str, source: UUID, kind: WayKind, said: Mapping[str, Any]) -> int:
    """Notes what went wrong on a way that is called; how often in a row."""
    return int(
        await tx.value(
            "update social.way_in set failures = failures + 1, trouble = %s"
            " where workspace = %s and source = %s and kind = %s returning failures",
            (Jsonb(dict(said)), workspace, source, kind),
        )
        or 0
    )


async def used(tx: Tx, workspace: str, source: UUID, quota: Mapping[str, Any]) -> None:
    """Keeps what a source said of its used units."""
    await tx.run(
        "update social.source set quota = quota || %s where workspace = %s and id = %s",
        (Jsonb(dict(quota)), workspace, source),
    )


# -- payloads ----------------------------------------------------------------------------------------------------------


async def capture(tx: Tx, workspace: str, source: UUID, at: datetime, raw: Sequence[Raw], most: int) -> None:
    """Keeps payloads as they came, each cut at `most` characters."""
    await tx.many(
        "insert into social.payload (workspace, source, id, at, place, ids, body) values (%s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, source, uuid7(), at, one.place[:500].replace("\x00", ""), list(one.ids),
             one.body[:most].replace("\x00", "").encode("utf-8", "replace").decode("utf-8"))
            for one in raw
        ],
    )  # fmt: skip


async def payloads(tx: Tx, workspace: str, source: UUID, mention: str, limit: int) -> list[Payload]:
    """The newest first; those that hold one mention where it is named by the network's id."""
    rows = await tx.rows(
        "select id, at, place, ids, body from social.payload where workspace = %(w)s and source = %(source)s"
        " and (%(mention)s = '' or ids @> array[%(mention)s]) order by at desc, id desc limit %(limit)s",
        {"w": workspace, "source": source, "mention": mention, "limit": limit},
    )
    return [Payload(**row) for row in rows]


async def forget(tx: Tx, before: datetime) -> int:
    """Lets go of payloads that are older."""
    return await tx.run("delete from social.payload where at < %s", (before,))


# -- what is said ------------------------------------------------------------------------------------------------------


async def claim_saying(
    tx: Tx,
    tenant: Tenant,
    key: str,
    source: UUID,
    mention: UUID | None,
    said: Mapping[str, Any],
    by: str,
    now: datetime,
) -> bool:
    """Whether it is now one's own to say: nobody said it before, or it was refused."""
    return bool(
        await tx.run(
            "insert into social.saying (workspace, org, key, source, mention, said, state, said_by, claimed_at)"
            " values (%s, %s, %s, %s, %s, %s, 'claimed', %s, %s) on conflict (workspace, key) do update"
            " set state = 'claimed', claimed_at = excluded.claimed_at, said = excluded.said,"
            " said_by = excluded.said_by, outcome = '{}', ended_at = null"
            " where saying.state = 'refused' and saying.source = excluded.source"
            " and saying.mention is not distinct from excluded.mention",
            (tenant.workspace, tenant.org, key, source, mention, Jsonb(dict(said)), by, now),
        )
    )


async def saying(tx: Tx, workspace: str, key: str) -> dict[str, Any]:
    """What is known of something that somebody claimed to say."""
    row = await tx.row("select * from social.saying where workspace = %s and key = %s", (workspace, key))
    assert row is not None  # noqa: S101
    return row


async def end_saying(tx: Tx, workspace: str, key: str, state: str, outcome: Mapping[str, Any], now: datetime) -> None:
    """Keeps what became of it."""
    await tx.run(
        "update social.saying set state = %s, outcome = %s, ended_at = %s where workspace = %s and key = %s",
        (state, Jsonb(dict(outcome)), now, workspace, key),
    )
