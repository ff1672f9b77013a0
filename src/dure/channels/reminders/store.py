"""Reminders in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.channels.reminders.model import Reminder
from dure.state import Tx


async def add(tx: Tx, one: Reminder) -> None:
    await tx.run(
        "insert into channels.reminder (id, workspace, org, creator, account, text, due_at, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, one.workspace, one.org, one.creator, one.account, one.text, one.due_at, one.created_at),
    )


async def find(tx: Tx, workspace: str, id: str, account: str) -> Reminder | None:
    """One that the account made or is reminded by; it stays locked until the transaction ends."""
    row = await tx.row(
        "select * from channels.reminder where workspace = %s and id = %s and %s in (creator, account) for update",
        (workspace, id, account),
    )
    return None if row is None else _reminder(row)


async def listed(tx: Tx, workspace: str, account: str, limit: int = 1000) -> list[Reminder]:
    rows = await tx.rows(
        "select * from channels.reminder where workspace = %s and %s in (creator, account)"
        " order by due_at, id limit %s",
        (workspace, account, limit),
    )
    return [_reminder(row) for row in rows]


async def complete(tx: Tx, workspace: str, id: str, at: datetime) -> None:
    await tx.run("update channels.reminder set completed_at = %s where workspace = %s and id = %s", (at, workspace, id))


async def delete(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from channels.reminder where workspace = %s and id = %s", (workspace, id))


async def take_due(tx: Tx, now: datetime) -> Reminder | None:
    """The oldest that is due, marked as told; it is so only once this transaction commits. Others take others."""
    row = await tx.row(
        "update channels.reminder set told_at = %(now)s where id = (select id from channels.reminder"
        " where due_at <= %(now)s and told_at is null and completed_at is null order by due_at, id limit 1"
        " for update skip locked) returning *",
        {"now": now},
    )
    return None if row is None else _reminder(row)


def _reminder(row: dict[str, Any]) -> Reminder:
    return Reminder(
        row["id"], row["workspace"], row["org"], row["creator"], row["account"], row["text"], row["due_at"],
        row["created_at"], row["told_at"], row["completed_at"],
    )  # fmt: skip
