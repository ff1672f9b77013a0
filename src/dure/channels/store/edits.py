"""What messages said before they were changed. Callers have found the conversation for their workspace before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Message
from dure.state import Tx


async def keep(tx: Tx, home: str, before: Message, by: str, at: datetime) -> None:
    """Keeps a message as it was, with who changed it then and when."""
    await tx.run(
        "insert into channels.edit (channel, ts, version, workspace, account, edited_at, text, blocks, attachments)"
        " select %(channel)s, %(ts)s, coalesce(max(version), 0) + 1, %(home)s, %(by)s, %(at)s, %(text)s, %(blocks)s,"
        " %(attachments)s from channels.edit where channel = %(channel)s and ts = %(ts)s",
        {"channel": before.channel, "ts": before.ts, "home": home, "by": by, "at": at, "text": before.text,
         "blocks": None if before.blocks is None else Jsonb(before.blocks),
         "attachments": None if before.attachments is None else Jsonb(before.attachments)},
    )  # fmt: skip


async def of(tx: Tx, channel: str, ts: int) -> list[dict[str, Any]]:
    """Earlier versions, the oldest first; `account` and `edited_at` say who ended each and when."""
    return await tx.rows(
        "select account, edited_at, text, blocks, attachments from channels.edit where channel = %s and ts = %s"
        " order by version",
        (channel, ts),
    )


async def forget(tx: Tx, channel: str, ts: int) -> None:
    await tx.run("delete from channels.edit where channel = %s and ts = %s", (channel, ts))
