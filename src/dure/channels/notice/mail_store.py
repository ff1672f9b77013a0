"""Whom a letter is due to, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.channels.notice.model import Notice
from dure.channels.notice.store import READ, notice_of
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Due:
    account: str
    workspace: str
    minutes: int


async def waiting(tx: Tx, now: datetime, limit: int = 50) -> list[Due]:
    """Those for whom the oldest thing to be written about has waited for their minutes, as has their last letter."""
    rows = await tx.rows(
        "select n.account, n.workspace, coalesce(max(p.mail_minutes), 30) as minutes, min(n.made_at) as oldest"
        " from channels.notice n left join channels.notice_person p on p.account = n.account where n.mail = 'due'"
        " group by n.account, n.workspace"
        " having min(n.made_at) <= %(now)s - make_interval(mins => coalesce(max(p.mail_minutes), 30))"
        " and coalesce(max(p.mailed_at), '-infinity')"
        " <= %(now)s - make_interval(mins => coalesce(max(p.mail_minutes), 30))"
        " order by oldest limit %(limit)s",
        {"now": now, "limit": limit},
    )
    return [Due(row["account"], row["workspace"], row["minutes"]) for row in rows]


async def take(tx: Tx, account: str, now: datetime) -> list[Notice]:
    """Marks all that waits for a letter to somebody as done with, and gives what of it is still unread, the oldest
    first. Two processes do not take the same; the second finds nothing."""
    rows = await tx.rows(
        f"update channels.notice n set mail = case when {READ} then 'none' else 'sent' end"
        " where n.account = %s and n.mail = 'due' returning n.*, false as seen",
        (account,),
    )
    unread = sorted((notice_of(row) for row in rows if row["mail"] == "sent"), key=lambda one: one.ts)
    if unread:
        await tx.run(
            "insert into channels.notice_person (account, workspace, mailed_at) values (%s, %s, %s)"
            " on conflict (account) do update set mailed_at = excluded.mailed_at",
            (account, unread[0].workspace, now),
        )
    return unread


async def put_back(tx: Tx, taken: Sequence[Notice], *, again: bool) -> None:
    """What did not go out: waits for the next letter (`again`), or is lost."""
    await tx.run(
        "update channels.notice set mail = %(fate)s where account = %(account)s"
        " and (channel, ts) in (select * from unnest(%(channels)s::text[], %(ts)s::bigint[]))",
        {"fate": "due" if again else "failed", "account": taken[0].account,
         "channels": [one.channel for one in taken], "ts": [one.ts for one in taken]},
    )  # fmt: skip


async def give_up(tx: Tx, account: str) -> None:
    await tx.run("update channels.notice set mail = 'none' where account = %s and mail = 'due'", (account,))
