"""Messages and reactions by the thousand. Callers have found the conversation for their workspace before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dure.state import Tx

if TYPE_CHECKING:
    from dure.channels.past import PastMessage


async def last_ts(tx: Tx, channel: str) -> int:
    """The newest `ts` that a reader could have seen; the conversation is locked by the caller."""
    ts: int = await tx.value(
        "select coalesce(max(ts), 0) from channels.message where channel = %s and subtype = ''", (channel,)
    )
    return ts


async def add_messages(tx: Tx, home: str, channel: str, said: Sequence[PastMessage], stamps: Sequence[int]) -> None:
    await tx.run(
        "insert into channels.message (channel, ts, workspace, thread, account, team, text)"
        " select %(channel)s, ts, %(home)s, thread, account, team, body from"
        " unnest(%(ts)s::bigint[], %(thread)s::bigint[], %(account)s::text[], %(team)s::text[], %(body)s::text[])"
        " as given(ts, thread, account, team, body)",
        {
            "channel": channel,
            "home": home,
            "ts": list(stamps),
            "thread": [None if one.thread is None else stamps[one.thread] for one in said],
            "account": [one.author.user for one in said],
            "team": [one.author.tenant.workspace for one in said],
            "body": [one.text for one in said],
        },
    )


async def add_reactions(tx: Tx, home: str, channel: str, said: Sequence[PastMessage], stamps: Sequence[int]) -> None:
    rows = [
        (ts, name, user, one.at)
        for one, ts in zip(said, stamps, strict=True)
        for name, users in one.reactions
        for user in users
    ]
    if rows:
        ts, names, users, times = zip(*rows, strict=True)
        await tx.run(
            "insert into channels.reaction (channel, ts, name, account, workspace, reacted_at)"
            " select %(channel)s, ts, name, account, %(home)s, at from"
            " unnest(%(ts)s::bigint[], %(names)s::text[], %(users)s::text[], %(times)s::timestamptz[])"
            " as given(ts, name, account, at) on conflict do nothing",
            {"channel": channel, "home": home, "ts": list(ts), "names": list(names), "users": list(users),
             "times": list(times)},
        )  # fmt: skip


async def finish(tx: Tx, channel: str, newest: int) -> None:
    """Brings counts of replies, the last timestamp and everybody's reading in line with what was loaded."""
    await tx.run(
        "update channels.message r set reply_count = t.n, latest_reply = t.latest, reply_users = t.users from ("
        " select thread, count(*) as n, max(ts) as latest, (array_agg(distinct account))[1:50] as users"
        " from channels.message where channel = %(channel)s and thread is not null and not deleted group by thread) t"
        " where r.channel = %(channel)s and r.ts = t.thread",
        {"channel": channel},
    )
    await tx.run("update channels.conversation set last_ts = greatest(last_ts, %s) where id = %s", (newest, channel))
    await tx.run(
        "update channels.membership set last_read = greatest(last_read, %s) where channel = %s", (newest, channel)
    )
