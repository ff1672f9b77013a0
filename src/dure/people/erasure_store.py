"""The SQL of erasures, and of looking for what an erasure may have left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from dure.kernel.whom import Whom
from dure.people.erasure_model import Erasure
from dure.state import Tx

_COLUMNS = (
    "workspace, id, org, state, reason, asked_by, asked_at, begin_at, begun_at, done_at, stage, counts, remains, error"
)
# Larger tables are vacuumed in place: rewriting them would keep their writers waiting for too long.
REWRITTEN_UP_TO = 1 << 30
# What an erasure keeps for itself, what it looks through by itself, and accounts of employees and guests.
_NOT_LOOKED_AT = ("people.erasure", "feed.batch", "governance.account")


async def add(tx: Tx, made: Erasure, person: str | None, whom: Whom | None = None) -> None:
    await tx.run(
        f"insert into people.erasure ({_COLUMNS}, person, whom, hashes, key_mark)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, id) do update set state = excluded.state, whom = excluded.whom,"
        " hashes = excluded.hashes, key_mark = excluded.key_mark, begun_at = excluded.begun_at",
        (made.workspace, made.id, made.org, made.state, made.reason, made.asked_by, made.asked_at, made.begin_at,
         made.begun_at, made.done_at, made.stage, Jsonb(made.counts), Jsonb(made.remains), made.error, person,
         Jsonb(whom.as_json()) if whom else None, list(made.hashes), made.key_mark),
    )  # fmt: skip


async def erasures(tx: Tx, workspace: str, limit: int) -> list[Erasure]:
    """Newest first."""
    rows = await tx.rows(
        f"select {_COLUMNS}, hashes, key_mark from people.erasure where workspace = %s"
        " order by asked_at desc, id desc limit %s", (workspace, limit),
    )  # fmt: skip
    return [_erasure(row) for row in rows]


async def erasure(tx: Tx, workspace: str, id: UUID, *, lock: bool = False) -> Erasure | None:
    row = await tx.row(
        f"select {_COLUMNS}, hashes, key_mark from people.erasure where workspace = %s and id = %s"
        f"{' for update' if lock else ''}", (workspace, id),
    )  # fmt: skip
    return _erasure(row) if row else None


async def with_hash(tx: Tx, workspace: str, sealed: str) -> list[Erasure]:
    rows = await tx.rows(
        f"select {_COLUMNS}, hashes, key_mark from people.erasure where workspace = %s and hashes @> array[%s]"
        " order by asked_at", (workspace, sealed),
    )  # fmt: skip
    return [_erasure(row) for row in rows]


async def open_for(tx: Tx, workspace: str, person: str) -> Erasure | None:
    """The erasure of this person that is asked for or running."""
    row = await tx.row(
        f"select {_COLUMNS}, hashes, key_mark from people.erasure where workspace = %s and person = %s"
        " and state in ('asked', 'running')", (workspace, person),
    )  # fmt: skip
    return _erasure(row) if row else None


async def next_due(tx: Tx, now: datetime) -> tuple[Erasure, str | None, Whom | None] | None:
    """The erasure to go on with: one that was begun before any other."""
    row = await tx.row(
        f"select {_COLUMNS}, hashes, key_mark, person, whom from people.erasure"
        " where state = 'running' or (state = 'asked' and begin_at <= %s)"
        " order by state desc, begin_at, id limit 1", (now,),
    )  # fmt: skip
    if row is None:
        return None
    return _erasure(row), row["person"], Whom.from_json(row["whom"]) if row["whom"] else None


async def states(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await tx.rows("select id, state from people.erasure where id = any(%s)", (list(ids),))
    return {row["id"]: row["state"] for row in rows}


async def change(tx: Tx, workspace: str, id: UUID, **columns: Any) -> None:
    sets = ", ".join(f"{name} = %({name})s" for name in columns)
    values = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in columns.items()}
    await tx.run(
        f"update people.erasure set {sets} where workspace = %(w)s and id = %(i)s", {**values, "w": workspace, "i": id}
    )


async def count(tx: Tx, workspace: str, id: UUID, counts: Mapping[str, int]) -> None:
    """Adds to an erasure's counts, in the transaction that did what is counted."""
    row = await tx.row("select counts from people.erasure where workspace = %s and id = %s", (workspace, id))
    known = row["counts"] if row else {}
    new = {**known, **{name: known.get(name, 0) + number for name, number in counts.items()}}
    await change(tx, workspace, id, counts=new)


async def key_marks(tx: Tx) -> set[str]:
    return {
        row["key_mark"] for row in await tx.rows("select distinct key_mark from people.erasure where key_mark <> ''")
    }


async def known_ids(tx: Tx, workspace: str) -> set[str]:
    """Every distinct id that people hold of a workspace."""
    rows = await tx.rows(
        "select distinct_id as id from people.identity where workspace = %(w)s"
        " union select distinct_id from people.person where workspace = %(w)s"
        " union select distinct_id from people.claim where workspace = %(w)s"
        " union select user_id from people.claim where workspace = %(w)s", {"w": workspace},
    )  # fmt: skip
    return {row["id"] for row in rows}


async def remains(tx: Tx, whom: Whom) -> dict[str, int]:
    """How many rows of each table of the workspace still hold words of theirs: what no slice knew to be its own."""
    if not whom.strong:
        return {}
    tables = await tx.rows(
        "select table_schema || '.' || table_name as name from information_schema.columns"
        " where column_name = 'workspace' and table_schema not in ('pg_catalog', 'information_schema')"
        " and table_schema || '.' || table_name <> all(%s)"
        " and not exists (select from pg_inherits where inhrelid = (table_schema || '.' || table_name)::regclass)"
        " order by 1", (list(_NOT_LOOKED_AT),),
    )  # fmt: skip
    found = {}
    for table in tables:
        rows = await tx.rows(
            f"select t::text as said from {table['name']} t where workspace = %s and t::text ~* %s",
            (whom.tenant.workspace, whom.strong),
        )
        if number := sum(whom.told_in(row["said"]) for row in rows):
            found[table["name"]] = number
    return found


async def rewrite(connection: psycopg.AsyncConnection[DictRow], tables: Sequence[str]) -> list[str]:
    """Rewrites tables on disk so that deleted rows leave no bytes, statistics included; returns those it could not.

    Not rewritten but vacuumed are tables beyond `REWRITTEN_UP_TO`, and those that somebody holds all the time.
    """
    await connection.execute("set lock_timeout = '3s'")
    kept = []
    for table in tables:
        found = await (
            await connection.execute(
                "select case when pg_relation_size(to_regclass(%(t)s)) > 0"
                " then pg_total_relation_size(to_regclass(%(t)s)) end as size",
                {"t": table},
            )
        ).fetchone()
        size = found["size"] if found else None
        if size is None:
            continue  # not there, or it never held a row
        if size > REWRITTEN_UP_TO or not await _full(connection, table):
            await connection.execute(f"vacuum (analyze) {table}".encode())
            kept.append(table)
    return kept


async def _full(connection: psycopg.AsyncConnection[DictRow], table: str) -> bool:
    for _ in range(5):
        try:
            await connection.execute(f"vacuum (full, analyze) {table}".encode())
        except psycopg.errors.LockNotAvailable:
            continue
        except psycopg.errors.InsufficientPrivilege:
            return False
        return True
    return False


def _erasure(row: Mapping[str, Any]) -> Erasure:
    told = {name: row[name] for name in Erasure.__slots__}
    return Erasure(**{**told, "hashes": tuple(row["hashes"])})
