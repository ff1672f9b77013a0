"""Messages as they were before they were changed or deleted, kept until every app could be told what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.state import Tx

# The row of the message as the act found it.
_FOUND = "select body from channels.before where channel = %s and ts = %s and act = %s order by n limit 1"
# The row as the act left it: what the next act found, or what it still is.
_LEFT = """
select coalesce(
    (select b.body from channels.before b
     where b.channel = %(channel)s and b.ts = %(ts)s
       and b.n > coalesce((select max(o.n) from channels.before o
                           where o.channel = %(channel)s and o.ts = %(ts)s and o.act = %(act)s), 0)
     order by b.n limit 1),
    (select to_jsonb(m) from channels.message m where m.channel = %(channel)s and m.ts = %(ts)s))
"""


async def keep(tx: Tx, channel: str, ts: int) -> None:
    """Keeps a message as it is, for this transaction is about to change it."""
    await tx.run(
        "insert into channels.before (channel, ts, workspace, act, body)"
        " select channel, ts, workspace, pg_current_xact_id()::text::bigint, to_jsonb(m) from channels.message m"
        " where channel = %s and ts = %s",
        (channel, ts),
    )


async def found_by(tx: Tx, channel: str, ts: int, act: int) -> dict[str, Any] | None:
    """The message's row before the act changed it."""
    return _row(await tx.value(_FOUND, (channel, ts, act)))


async def left_by(tx: Tx, channel: str, ts: int, act: int) -> dict[str, Any] | None:
    """The message's row after the act, whoever changed it since; None where there is no such message."""
    return _row(await tx.value(_LEFT, {"channel": channel, "ts": ts, "act": act}))


async def forget(tx: Tx, until: datetime) -> int:
    return await tx.run("delete from channels.before where kept_at < %s", (until,))


def _row(body: dict[str, Any] | None) -> dict[str, Any] | None:
    if body is None:
        return None
    edited = body.get("edited_at")
    return {**body, "edited_at": datetime.fromisoformat(edited) if edited else None}
