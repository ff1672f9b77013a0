"""Quiet hours in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels.quiet.model import Quiet
from dure.state import Tx


async def find(tx: Tx, workspace: str, account: str) -> Quiet:
    row = await tx.row(
        "select * from channels.quiet where workspace = %s and account = %s for update", (workspace, account)
    )
    return Quiet(account) if row is None else _quiet(row)


async def of(tx: Tx, accounts: Sequence[str]) -> dict[str, Quiet]:
    rows = await tx.rows("select * from channels.quiet where account = any(%s)", (list(accounts),))
    return {row["account"]: _quiet(row) for row in rows}


async def put(tx: Tx, workspace: str, quiet: Quiet) -> None:
    await tx.run(
        "insert into channels.quiet (account, workspace, enabled, days, from_minute, until_minute, snooze_until,"
        " ended_until) values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (account) do update set"
        " enabled = excluded.enabled, days = excluded.days, from_minute = excluded.from_minute,"
        " until_minute = excluded.until_minute, snooze_until = excluded.snooze_until,"
        " ended_until = excluded.ended_until",
        (quiet.account, workspace, quiet.enabled, list(quiet.days), quiet.from_minute, quiet.until_minute,
         quiet.snooze_until, quiet.ended_until),
    )  # fmt: skip


def _quiet(row: dict[str, Any]) -> Quiet:
    return Quiet(
        row["account"], row["enabled"], tuple(row["days"]), row["from_minute"], row["until_minute"],
        row["snooze_until"], row["ended_until"],
    )  # fmt: skip
