"""The SQL of picking channels up: how far it has come, and what is left to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.state import Tx


async def of(tx: Tx, workspace: str, *, lock: bool = False) -> dict[str, Any] | None:
    return await tx.row(
        "select state, found, added, began_at, ended_at from deals.pick_up where workspace = %s"
        + (" for update" if lock else ""),
        (workspace,),
    )


async def past(tx: Tx, workspace: str) -> dict[str, int]:
    """How many of the channels that were picked up are read, and how many are still to be."""
    row = await tx.row(
        "select count(*) filter (where caught_up) as read, count(*) filter (where not caught_up) as left"
        " from deals.account_channel where workspace = %s and picked_up",
        (workspace,),
    )
    return row or {"read": 0, "left": 0}


async def take(tx: Tx) -> dict[str, Any] | None:
    """A workspace whose channels are to be picked up, for this worker alone."""
    return await tx.row(
        "select workspace, after from deals.pick_up where state in ('waiting', 'running') order by workspace limit 1"
        " for update skip locked"
    )


async def add(tx: Tx, workspace: str, links: Sequence[tuple[str, str]]) -> list[str]:
    """Channels (with their accounts) that relationships do not know yet: their past is to be read. The accounts whose
    they are."""
    rows = await tx.rows(
        "insert into deals.account_channel (workspace, channel, account, caught_up, picked_up)"
        " select a.workspace, l.channel, a.id, false, true from unnest(%s::text[], %s::text[]) as l (channel, account)"
        " join deals.account a on a.workspace = %s and a.id = l.account"
        " on conflict (workspace, channel) do nothing returning account",
        ([channel for channel, _ in links], [account for _, account in links], workspace),
    )
    return [row["account"] for row in rows]


async def note(
    tx: Tx, workspace: str, state: str, after: str, found: int, added: int, now: datetime, *, over: bool
) -> dict[str, Any]:
    """How far it has come; what there is of it now."""
    row = await tx.row(
        "update deals.pick_up set state = %s, after = %s, found = found + %s, added = added + %s,"
        " began_at = coalesce(began_at, %s), ended_at = case when %s then %s::timestamptz end where workspace = %s"
        " returning found, added",
        (state, after, found, added, now, over, now, workspace),
    )
    assert row is not None  # noqa: S101  it is held by this transaction
    return row


async def begin(tx: Tx, workspace: str) -> None:
    await tx.run(
        "insert into deals.pick_up (workspace, state) values (%s, 'waiting') on conflict (workspace) do update set"
        " state = 'waiting', after = '', found = 0, added = 0, began_at = null, ended_at = null, ended_by = ''",
        (workspace,),
    )


async def cancel(tx: Tx, workspace: str, by: str, now: datetime) -> int:
    """Ends it, and lets go of what was picked up and not read yet; how many channels those are."""
    await tx.run(
        "update deals.pick_up set state = 'cancelled', ended_at = %s, ended_by = %s where workspace = %s",
        (now, by, workspace),
    )
    return int(
        await tx.run(
            "delete from deals.account_channel where workspace = %s and picked_up and not caught_up", (workspace,)
        )
    )
