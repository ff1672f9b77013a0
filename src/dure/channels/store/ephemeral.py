"""What one person alone is shown, in PostgreSQL, for a short time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Message
from dure.state import Tx


async def add(tx: Tx, workspace: str, account: str, message: Message, until: datetime) -> None:
    body = {
        "text": message.text, "blocks": message.blocks, "attachments": message.attachments,
        "metadata": message.metadata, "username": message.username, "icons": message.icons,
    }  # fmt: skip
    await tx.run(
        "insert into channels.ephemeral (channel, ts, workspace, account, shown_until, author, app, team, thread, body)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (channel, ts) do update set body = excluded.body, shown_until = excluded.shown_until",
        (message.channel, message.ts, workspace, account, until, message.user, message.app, message.team,
         message.thread, Jsonb(body)),
    )  # fmt: skip


async def listed(tx: Tx, workspace: str, account: str, channel: str, now: datetime) -> list[Message]:
    """What somebody is still shown in a conversation, in order."""
    rows = await tx.rows(
        "select * from channels.ephemeral where workspace = %s and account = %s and channel = %s and shown_until > %s"
        " order by ts",
        (workspace, account, channel, now),
    )
    return [_message(row) for row in rows]


async def remove(tx: Tx, workspace: str, account: str, channel: str, ts: int) -> bool:
    return bool(
        await tx.run(
            "delete from channels.ephemeral where workspace = %s and account = %s and channel = %s and ts = %s",
            (workspace, account, channel, ts),
        )
    )


async def forget(tx: Tx, now: datetime) -> None:
    """Takes away what is shown to nobody any more."""
    await tx.run("delete from channels.ephemeral where shown_until <= %s", (now,))


def _message(row: dict[str, Any]) -> Message:
    body = row["body"]
    return Message(
        row["channel"], row["ts"], row["thread"], False, row["author"], row["app"], row["team"], body["username"],
        "", body["text"], body["blocks"], body["attachments"], body["metadata"], None, None, None, False, 0, None, (),
        icons=body["icons"],
    )  # fmt: skip
