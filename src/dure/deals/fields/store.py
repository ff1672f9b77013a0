"""The SQL of a workspace's own fields and of values that only one record may have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dure.deals.fields.model import CustomField
from dure.state import Tx


async def of(tx: Tx, workspace: str, object_: str, *, inactive: bool = False) -> list[CustomField]:
    """The fields of a kind of record, in order."""
    also = "" if inactive else " and active"
    rows = await tx.rows(
        f"select * from deals.field where workspace = %s and object = %s{also} order by position, name",
        (workspace, object_),
    )
    return [
        CustomField(
            row["object"], row["name"], row["type"], row["label_ko"], row["label_en"], tuple(row["options"]),
            row["required"], row["is_unique"], row["external"], row["reference"], row["position"], row["active"],
        )
        for row in rows
    ]  # fmt: skip


async def add(tx: Tx, workspace: str, field: CustomField, now: datetime) -> bool:
    """False where one of that name is there."""
    return bool(
        await tx.run(
            "insert into deals.field (workspace, object, name, type, label_ko, label_en, options, required, is_unique,"
            " external, reference, position, active, created_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (workspace, *_told(field), now),
        )
    )


async def keep(tx: Tx, workspace: str, field: CustomField) -> None:
    await tx.run(
        "update deals.field set label_ko = %s, label_en = %s, options = %s, required = %s, position = %s, active = %s"
        " where workspace = %s and object = %s and name = %s",
        (field.label_ko, field.label_en, list(field.options), field.required, field.position, field.active, workspace,
         field.object, field.name),
    )  # fmt: skip


async def take(tx: Tx, workspace: str, object_: str, record: str, field: str, value: str) -> str:
    """Makes the value this record's, unless it is another's: then returns that one's id."""
    await tx.run(
        "insert into deals.unique_value (workspace, object, field, value, record) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (workspace, object_, field, value, record),
    )
    found = await owner(tx, workspace, object_, field, value)
    return "" if found == record else found


async def owner(tx: Tx, workspace: str, object_: str, field: str, value: str) -> str:
    """Which record has the value, "" for none."""
    found = await tx.value(
        "select record from deals.unique_value where workspace = %s and object = %s and field = %s and value = %s",
        (workspace, object_, field, value),
    )
    return found or ""


async def let_go(tx: Tx, workspace: str, record: str, fields: Sequence[str] | None = None) -> None:
    """Gives back a record's unique values, all or those of some fields."""
    await tx.run(
        "delete from deals.unique_value where workspace = %s and record = %s"
        " and (%s::text[] is null or field = any(%s))",
        (workspace, record, fields and list(fields), fields and list(fields)),
    )


async def add_values(tx: Tx, workspace: str, rows: Iterable[tuple[str, str, str, str]]) -> None:
    """(object, field, value, record) each, of records that are new."""
    await tx.many(
        "insert into deals.unique_value (workspace, object, field, value, record) values (%s, %s, %s, %s, %s)",
        [(workspace, *row) for row in rows],
    )


def _told(field: CustomField) -> tuple[Any, ...]:
    return (
        field.object, field.name, field.type, field.label_ko, field.label_en, list(field.options), field.required,
        field.unique, field.external, field.reference, field.position, field.active,
    )  # fmt: skip
