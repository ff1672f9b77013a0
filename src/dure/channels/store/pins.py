"""Pinned messages in PostgreSQL. Callers have found the conversation for their workspace before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.state import Tx


async def add(tx: Tx, home: str, channel: str, ts: int, account: str, at: datetime) -> bool:
    """False where it is pinned already."""
    return bool(
        await tx.run(
            "insert into channels.pin (channel, ts, workspace, account, pinned_at) values (%s, %s, %s, %s, %s)"
            " on conflict do nothing",
            (channel, ts, home, account, at),
        )
    )


async def remove(tx: Tx, channel: str, ts: int) -> bool:
    return bool(await tx.run("delete from channels.pin where channel = %s and ts = %s", (channel, ts)))


async def listed(tx: Tx, channel: str) -> list[dict[str, Any]]:
    """Pins, the newest first: ts, account, pinned_at."""
    return await tx.rows(
        "select ts, account, pinned_at from channels.pin where channel = %s order by pinned_at desc, ts desc",
        (channel,),
    )


async def count(tx: Tx, channel: str) -> int:
    found: int = await tx.value("select count(*) from channels.pin where channel = %s", (channel,))
    return found
