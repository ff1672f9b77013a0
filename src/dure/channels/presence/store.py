"""Presence in PostgreSQL: one small row a person, written at most once in a coarse step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dure.state import Tx

# A person's page says once a minute that it is used; a row younger than this is not written again.
STEP = timedelta(seconds=45)
# Who was not heard of for so long is away.
GONE = timedelta(seconds=150)
# A person is told to be writing at most so often, whatever their pages send.
TYPING = timedelta(seconds=2.5)


async def here(tx: Tx, workspace: str, account: str, now: datetime) -> bool:
    """Notes that somebody is here; whether they were away before."""
    row = await tx.row(
        "with before as (select active, seen_at from channels.presence where account = %(account)s)"
        " insert into channels.presence as p (account, workspace, seen_at) values (%(account)s, %(workspace)s, %(now)s)"
        " on conflict (account) do update set seen_at = excluded.seen_at, active = true"
        " where not p.active or p.seen_at < excluded.seen_at - %(step)s"
        " returning coalesce((select not active from before), true) as came",
        {"account": account, "workspace": workspace, "now": now, "step": STEP},
    )
    return row is not None and bool(row["came"])


async def gone(tx: Tx, now: datetime, limit: int = 500) -> list[tuple[str, str]]:
    """Marks those as away who were not heard of; (workspace, account) of each. Another process takes others."""
    rows = await tx.rows(
        "update channels.presence set active = false where account in (select account from channels.presence"
        " where active and seen_at < %s order by seen_at limit %s for update skip locked)"
        " returning workspace, account",
        (now - GONE, limit),
    )
    return [(row["workspace"], row["account"]) for row in rows]


async def active(tx: Tx, accounts: Sequence[str]) -> set[str]:
    """Those of the accounts who are here."""
    rows = await tx.rows("select account from channels.presence where account = any(%s) and active", (list(accounts),))
    return {row["account"] for row in rows}


async def seen_at(tx: Tx, account: str) -> datetime | None:
    found: datetime | None = await tx.value("select seen_at from channels.presence where account = %s", (account,))
    return found


async def may_tell_typing(tx: Tx, account: str, now: datetime) -> bool:
    """Whether it is time again to tell that somebody writes; then it is noted. They must be here."""
    return bool(
        await tx.run(
            "update channels.presence set typed_at = %(now)s where account = %(account)s"
            " and (typed_at <= %(now)s - %(pause)s or typed_at > %(now)s)",
            {"account": account, "now": now, "pause": TYPING},
        )
    )


async def neighbours(tx: Tx, account: str) -> list[str]:
    """The other workspaces in which somebody is met."""
    rows = await tx.rows(
        "select distinct s.workspace from channels.membership m join channels.share s on s.channel = m.channel"
        " and s.state = 'connected' and s.workspace <> m.workspace where m.account = %s",
        (account,),
    )
    return [row["workspace"] for row in rows]
