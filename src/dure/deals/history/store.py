"""The SQL of changes."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg.types.json import Jsonb

from dure.deals.history.model import Change
from dure.deals.records.values import plain
from dure.state import Tx


async def add(tx: Tx, workspace: str, changes: Iterable[Change]) -> None:
    await tx.many(
        "insert into deals.change (workspace, object, record, field, before, after, at, actor, run, version)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, c.object, c.record, c.field, Jsonb(plain(c.before)), Jsonb(plain(c.after)), c.at, c.actor,
             c.run, c.version)
            for c in changes
        ],
    )  # fmt: skip


async def of(
    tx: Tx, workspace: str, record: str, *, field: str = "", before: int = 0, limit: int = 100
) -> list[Change]:
    """Newest first, with what happened to the records that were merged into it; `before` is the number of the last one
    seen."""
    rows = await tx.rows(
        "with recursive known as (select %(record)s::text as id union select t.record from known"
        " join deals.tombstone t on t.workspace = %(workspace)s and t.merged_into = known.id)"
        " select * from deals.change where workspace = %(workspace)s and record in (select id from known)"
        " and (%(field)s = '' or field = %(field)s) and (%(before)s = 0 or id < %(before)s)"
        " order by id desc limit %(limit)s",
        {"workspace": workspace, "record": record, "field": field, "before": before, "limit": limit},
    )
    return [
        Change(
            row["object"], row["record"], row["field"], row["before"], row["after"], row["at"], row["actor"],
            row["run"], row["version"], row["id"],
        )
        for row in rows
    ]  # fmt: skip
