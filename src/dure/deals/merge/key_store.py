"""The SQL of what records are found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dure.deals.records.store import pour
from dure.state import Tx


async def set_keys(tx: Tx, workspace: str, object_: str, record: str, keys: Sequence[str]) -> None:
    """Makes these the record's keys."""
    await tx.run(
        "delete from deals.match_key where workspace = %s and record = %s and not key = any(%s)",
        (workspace, record, list(keys)),
    )
    await add_keys(tx, workspace, ((object_, key, record) for key in keys))


async def add_keys(tx: Tx, workspace: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """(object, key, record) each, of records that may have some of them already."""
    await tx.many(
        "insert into deals.match_key (workspace, object, key, record) values (%s, %s, %s, %s) on conflict do nothing",
        [(workspace, *row) for row in rows],
    )


async def first_keys(tx: Tx, workspace: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """The same for records that are new."""
    columns = ("workspace", "object", "key", "record")
    await pour(tx, "deals.match_key", columns, [(workspace, *row) for row in rows])
