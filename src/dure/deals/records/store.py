"""The SQL that is the same for every kind of record; tables and columns come from shapes, never from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from psycopg.types.json import Jsonb

from dure.deals.records.listing import Asked, Order, Page, after_text
from dure.deals.records.shape import Shape
from dure.state import Tx

R = TypeVar("R")

_FEW = 20


def select(shape: Shape[Any]) -> str:
    """Rows `r` of a kind of record with what is joined to them."""
    joined = "".join(f", {sql} as {name}" for name, sql in shape.joined.items())
    return f"select r.*{joined} from {shape.table} r {shape.joins}"


async def get(tx: Tx, shape: Shape[R], workspace: str, record_id: str, *, deleted: bool = False) -> R | None:
    """The record by its id; a deleted one only where `deleted` says so."""
    also = "" if deleted else " and r.deleted_at is null"
    row = await tx.row(f"{select(shape)} where r.workspace = %s and r.id = %s{also}", (workspace, record_id))
    return None if row is None else shape.make(row)


async def lock(tx: Tx, shape: Shape[R], workspace: str, record_id: str, *, deleted: bool = False) -> R | None:
    """The record, which nobody else can change until the transaction ends."""
    await tx.run(f"select 1 from {shape.table} where workspace = %s and id = %s for update", (workspace, record_id))
    return await get(tx, shape, workspace, record_id, deleted=deleted)


async def several(tx: Tx, shape: Shape[R], workspace: str, ids: Sequence[str]) -> dict[str, R]:
    """Those of the ids that are there and not deleted, by id."""
    rows = await tx.rows(
        f"{select(shape)} where r.workspace = %s and r.id = any(%s) and r.deleted_at is null", (workspace, list(ids))
    )
    return {row["id"]: shape.make(row) for row in rows}


async def there(tx: Tx, shape: Shape[Any], workspace: str, ids: Sequence[str]) -> set[str]:
    """Which of the ids are there and not deleted."""
    rows = await tx.rows(
        f"select id from {shape.table} where workspace = %s and id = any(%s) and deleted_at is null",
        (workspace, list(ids)),
    )
    return {row["id"] for row in rows}


async def externals(tx: Tx, shape: Shape[Any], workspace: str, keys: Sequence[str]) -> dict[str, str]:
    """External id → id of what is known already, deleted or not."""
    rows = await tx.rows(
        f"select external, id from {shape.table} where workspace = %s and external = any(%s)", (workspace, list(keys))
    )
    return {row["external"]: row["id"] for row in rows}


async def belonging(
    tx: Tx, shape: Shape[R], workspace: str, column: str, value: str, *, order: str = "created_at", limit: int = 500
) -> list[R]:
    """Records whose `column` is `value`; column and order are the code's own words."""
    rows = await tx.rows(
        f"{select(shape)} where r.workspace = %s and r.{column} = %s and r.deleted_at is null"
        f" order by r.{order}, r.id limit {limit}",
        (workspace, value),
    )
    return [shape.make(row) for row in rows]


async def add(tx: Tx, shape: Shape[R], workspace: str, records: Iterable[R]) -> None:
    """New records, few or many."""
    columns = shape.columns
    rows = [(workspace, *(stored(shape, name, getattr(one, name)) for name in columns)) for one in records]
    await pour(tx, shape.table, ("workspace", *columns), rows)


async def pour(tx: Tx, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Adds rows; many of them by the way that PostgreSQL has for many."""
    if len(rows) <= _FEW:
        places = ", ".join(["%s"] * len(columns))
        await tx.many(f"insert into {table} ({', '.join(columns)}) values ({places})", rows)
        return
    async with tx.connection.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            await copy.write_row(row)


async def keep(tx: Tx, shape: Shape[R], workspace: str, record: R) -> None:
    """Writes every field of a record that is there."""
    columns = [name for name in shape.columns if name not in ("id", "created_at")]
    sets = ", ".join(f"{name} = %s" for name in columns)
    bound = [stored(shape, name, getattr(record, name)) for name in columns]
    await tx.run(
        f"update {shape.table} set {sets} where workspace = %s and id = %s",
        (*bound, workspace, record.id),  # type: ignore[attr-defined]
    )


def stored(shape: Shape[Any], name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return Jsonb(dict(value))
    if isinstance(value, tuple):
        return list(value)
    return None if value == "" and name in shape.nulls else value


async def page(
    tx: Tx, shape: Shape[R], workspace: str, asked: Asked, order: Order, condition: str, params: Sequence[Any]
) -> Page[R]:
    """One page. `condition` is SQL over the row `r` with its parameters, as `filters.where` writes it."""
    kept = f"r.workspace = %s and r.deleted_at is {'not null' if asked.deleted else 'null'}"
    bound: list[Any] = [workspace]
    if asked.search:
        looked = " or ".join(f"strpos(lower({_column(shape, name)}), lower(%s)) > 0" for name in shape.search)
        kept += f" and ({looked})"
        bound += [asked.search] * len(shape.search)
    kept += f" and {condition}"
    bound += params
    source = f"{shape.table} r {shape.joins}"
    count = amounts = None
    if asked.totals:
        count, amounts = await _totals(tx, shape, source, kept, bound)
    way, beyond = ("desc", "<") if order.descending else ("asc", ">")
    if order.after is not None:
        kept += f" and ({order.sql}, r.id) {beyond} (%s::{order.cast}, %s)"
        bound += order.after
    rows = await tx.rows(
        f"with chosen as (select r.id, ({order.sql})::text as sorted_by from {source} where {kept}"
        f" order by {order.sql} {way}, r.id {way} limit {asked.limit + 1})"
        f" select chosen.sorted_by, full_row.* from chosen join lateral ({select(shape)}"
        f" where r.workspace = %s and r.id = chosen.id) full_row on true"
        f" order by chosen.sorted_by::{order.cast} {way}, full_row.id {way}",
        [*bound, workspace],
    )
    found = [shape.make(row) for row in rows[: asked.limit]]
    more = len(rows) > asked.limit
    last = rows[asked.limit - 1] if more else None
    return Page(tuple(found), after_text(last["sorted_by"], last["id"]) if last else "", count, amounts)


async def _totals(
    tx: Tx, shape: Shape[Any], source: str, kept: str, bound: Sequence[Any]
) -> tuple[int, dict[str, int] | None]:
    if "amount" not in shape.columns:
        return int(await tx.value(f"select count(*) from {source} where {kept}", bound)), None
    rows = await tx.rows(
        f"select r.currency, count(*) as n, sum(r.amount)::bigint as total from {source} where {kept}"
        " group by r.currency order by r.currency",
        bound,
    )
    return sum(row["n"] for row in rows), {row["currency"]: int(row["total"]) for row in rows}


def _column(shape: Shape[Any], name: str) -> str:
    return shape.joined.get(name, f"r.{name}")


async def bury(
    tx: Tx, workspace: str, object_: str, ids: Iterable[str], at: datetime, actor: str, into: str = ""
) -> None:
    """Notes that records are gone; `into` is the one they were merged into."""
    await tx.many(
        "insert into deals.tombstone (workspace, record, object, at, actor, merged_into)"
        " values (%s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, record) do update set at = excluded.at, actor = excluded.actor,"
        " merged_into = excluded.merged_into",
        [(workspace, one, object_, at, actor, into) for one in ids],
    )


async def unbury(tx: Tx, workspace: str, ids: Sequence[str]) -> None:
    await tx.run("delete from deals.tombstone where workspace = %s and record = any(%s)", (workspace, list(ids)))


async def buried(
    tx: Tx, workspace: str, object_: str, since: datetime, until: datetime
) -> list[tuple[str, datetime, str]]:
    """(id, when, merged into) of what went between the moments, oldest first."""
    rows = await tx.rows(
        "select record, at, merged_into from deals.tombstone where workspace = %s and object = %s and at >= %s"
        " and at < %s order by at, record",
        (workspace, object_, since, until),
    )
    return [(row["record"], row["at"], row["merged_into"]) for row in rows]


async def merged_into(tx: Tx, workspace: str, record_id: str) -> str:
    """What a record was merged into, "" where it was not."""
    found = await tx.value(
        "select merged_into from deals.tombstone where workspace = %s and record = %s", (workspace, record_id)
    )
    return found or ""


async def changed_ids(tx: Tx, shape: Shape[Any], workspace: str, since: datetime, until: datetime) -> list[str]:
    """Ids of records that were made or changed between the moments and are there, in order of change; an undone merge
    makes records what they were, with the moments of then, and is a change all the same."""
    rows = await tx.rows(
        f"select id, changed_at from {shape.table} where workspace = %(w)s and deleted_at is null"
        " and (changed_at >= %(since)s and changed_at < %(until)s or id in (select unnest(losers || winner)"
        " from deals.merge where workspace = %(w)s and undone_at >= %(since)s and undone_at < %(until)s))"
        " order by changed_at, id",
        {"w": workspace, "since": since, "until": until},
    )
    return [row["id"] for row in rows]
