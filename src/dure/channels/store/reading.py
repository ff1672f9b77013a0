"""What people have read, in PostgreSQL: counted when it is asked, from indexes; nothing is written for a member when
somebody else speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Message
from dure.channels.retention.model import EVERYTHING, Since, as_json, seen_sql
from dure.state import Tx

# Of each conversation with something newer than what the member read: how many top-level messages of others, and how
# many of these name the member; each counted up to a hundred.
_COUNTS = """
select c.id, c.kind, u.n as unread, a.n as mentions from channels.membership m
join channels.conversation c on c.id = m.channel and c.last_ts > m.last_read
join channels.share s on s.channel = m.channel and s.workspace = %(workspace)s and s.state = 'connected'
cross join lateral (
    select count(*) as n from (
        select 1 from channels.message g
        where g.channel = m.channel and g.ts > m.last_read and (g.thread is null or g.broadcast) and not g.deleted
          and not starts_with(g.subtype, 'channel_') and g.account <> m.account and g.brought is null {seen}
        limit 100
    ) as few
) u
cross join lateral (
    select count(*) as n from (
        select 1 from channels.message g
        where g.channel = m.channel and g.ts > m.last_read and g.mentions is not null and g.mentions && %(names)s
          and (g.thread is null or g.broadcast) and not g.deleted and g.account <> m.account and g.brought is null
          {seen}
        limit 100
    ) as few
) a
where m.account = %(account)s and u.n > 0
"""

# Threads that somebody follows in conversations they are in: those with something new first, then the latest.
_THREADS = """
select f.channel, f.thread, f.last_read, r.latest_reply from channels.following f
join channels.message r on r.channel = f.channel and r.ts = f.thread and r.reply_count > 0
join channels.membership m on m.channel = f.channel and m.account = f.account
join channels.share s on s.channel = f.channel and s.workspace = %(workspace)s and s.state = 'connected'
where f.account = %(account)s and f.following
  and (%(before)s::bigint is null or (r.latest_reply <= f.last_read and r.latest_reply < %(before)s))
order by r.latest_reply > f.last_read desc, r.latest_reply desc
limit %(limit)s
"""

# The replies of others after what was read, for several threads at once; each counted up to a hundred.
_UNREAD_REPLIES = """
select t.channel, t.thread, u.n from unnest(%(channels)s::text[], %(threads)s::bigint[], %(read)s::bigint[])
    as t(channel, thread, read)
cross join lateral (
    select count(*) as n from (
        select 1 from channels.message g
        where g.channel = t.channel and g.thread = t.thread and g.ts > t.read and not g.deleted
          and g.account <> %(account)s and g.brought is null {seen}
        limit 100
    ) as few
) u
"""

_MARKS = """
select 'pin' as kind, ts, 0::bigint as n from channels.pin where channel = %(channel)s and ts = any(%(stamps)s)
union all select 'thread', thread, last_read from channels.following
    where channel = %(channel)s and account = %(account)s and thread = any(%(stamps)s) and following
union all select 'pins', 0, count(*) from channels.pin p where p.channel = %(channel)s {seen}
"""
_PIN_SEEN = f"""and exists (select from channels.message g
    where g.channel = p.channel and g.ts = p.ts and {seen_sql("g")})"""

# Who wrote in a thread, began it, or is named in it follows it; who let it go follows it again by writing.
_FOLLOW = """
insert into channels.following (channel, thread, account, workspace, last_read)
select m.channel, %(thread)s, m.account, m.workspace,
       case when m.account = %(author)s then %(ts)s else %(thread)s end
from channels.membership m where m.channel = %(channel)s and m.account = any(%(accounts)s)
on conflict (channel, thread, account) do update
    set following = true, last_read = greatest(channels.following.last_read, excluded.last_read)
    where channels.following.account = %(author)s
"""


async def counts(
    tx: Tx, workspace: str, account: str, names: Sequence[str], since: Mapping[str, Since] = MappingProxyType({})
) -> dict[str, tuple[int, int]]:
    """Unread messages and mentions by conversation, where there are any. In a direct one everything is a mention."""
    rows = await tx.rows(
        _only_seen(_COUNTS, since),
        {"workspace": workspace, "account": account, "names": list(names), "since": Jsonb(as_json(since))},
    )
    return {r["id"]: (r["unread"], r["mentions"] if r["kind"] == "channel" else r["unread"]) for r in rows}


async def move_read(tx: Tx, channel: str, account: str, ts: int, *, back: bool) -> int | None:
    """Where the member's reading stands now; None where it stood there already. Only `back` lets it move back."""
    further = "" if back else " and last_read < %(ts)s"
    moved: int | None = await tx.value(
        "update channels.membership set last_read = %(ts)s"
        f" where channel = %(channel)s and account = %(account)s and last_read <> %(ts)s{further} returning last_read",
        {"ts": ts, "channel": channel, "account": account},
    )
    return moved


async def follow_by(tx: Tx, root: Message, reply: Message) -> None:
    """Makes the participants of a thread its followers, as far as they are in the conversation."""
    named = [name for name in (*root.mentions, *reply.mentions) if not name.startswith(("!", "S"))]
    await tx.run(
        _FOLLOW,
        {"channel": reply.channel, "thread": root.ts, "ts": reply.ts, "author": reply.user,
         "accounts": [root.user, reply.user, *named]},
    )  # fmt: skip


async def concerned(
    tx: Tx, channel: str, thread: int | None, named: Sequence[str], author: str
) -> list[dict[str, Any]]:
    """Whom a message concerns apart from who may read it: those who are named, and followers of its thread."""
    return await tx.rows(
        "select account, workspace, bool_or(named) as named from ("
        " select account, workspace, true as named from channels.membership"
        " where channel = %(channel)s and account = any(%(named)s)"
        " union all select account, workspace, false from channels.following"
        " where channel = %(channel)s and thread = %(thread)s and following"
        ") as one where account <> %(author)s group by account, workspace order by account limit 300",
        {"channel": channel, "thread": thread, "named": list(named), "author": author},
    )


async def set_following(
    tx: Tx, channel: str, thread: int, account: str, workspace: str, *, on: bool, read: int
) -> None:
    await tx.run(
        "insert into channels.following (channel, thread, account, workspace, following, last_read)"
        " values (%s, %s, %s, %s, %s, %s)"
        " on conflict (channel, thread, account) do update set following = excluded.following",
        (channel, thread, account, workspace, on, read),
    )


async def move_thread_read(tx: Tx, channel: str, thread: int, account: str, ts: int, *, back: bool) -> bool:
    """Whether a follower's reading of a thread moved."""
    further = "" if back else " and last_read < %(ts)s"
    return bool(
        await tx.run(
            "update channels.following set last_read = %(ts)s"
            f" where channel = %(channel)s and thread = %(thread)s and account = %(account)s{further}",
            {"ts": ts, "channel": channel, "thread": thread, "account": account},
        )
    )


async def threads(tx: Tx, workspace: str, account: str, before: int | None, limit: int) -> list[dict[str, Any]]:
    """Followed threads; `before` is the latest reply of the last read one of the page before."""
    return await tx.rows(_THREADS, {"workspace": workspace, "account": account, "before": before, "limit": limit})


async def unread_threads(
    tx: Tx, workspace: str, account: str, since: Mapping[str, Since] = MappingProxyType({})
) -> list[str]:
    """The channels of the followed threads that have something new, one for each thread, up to a hundred."""
    seen = (
        f"""and exists (select from channels.message g where g.channel = f.channel and g.thread = f.thread
        and g.ts > f.last_read and not g.deleted and {seen_sql("g")})"""
        if since
        else ""
    )
    rows = await tx.rows(
        "select f.channel from channels.following f"
        " join channels.message r on r.channel = f.channel and r.ts = f.thread and r.latest_reply > f.last_read"
        " join channels.membership m on m.channel = f.channel and m.account = f.account"
        " join channels.share s on s.channel = f.channel and s.workspace = %(workspace)s and s.state = 'connected'"
        f" where f.account = %(account)s and f.following {seen} limit 100",
        {"workspace": workspace, "account": account, "since": Jsonb(as_json(since))},
    )
    return [row["channel"] for row in rows]


async def marks(
    tx: Tx, channel: str, account: str, stamps: Sequence[int], since: Since = EVERYTHING
) -> list[dict[str, Any]]:
    """What a reader's page needs beside its messages: a row of kind `pin` for each that is pinned, `thread` with
    `last_read` for each whose thread they follow, and `pins` with how many the conversation has."""
    return await tx.rows(
        _MARKS.replace("{seen}", _PIN_SEEN if since.by_team else ""),
        {"channel": channel, "account": account, "stamps": list(stamps), "since": Jsonb(as_json({channel: since}))},
    )


async def unread_replies(
    tx: Tx, account: str, read: Sequence[tuple[str, int, int]], since: Mapping[str, Since] = MappingProxyType({})
) -> dict[tuple[str, int], int]:
    """New replies by (channel, thread), for (channel, thread, read up to)."""
    rows = await tx.rows(
        _only_seen(_UNREAD_REPLIES, since),
        {"account": account, "since": Jsonb(as_json(since)), "channels": [r[0] for r in read],
         "threads": [r[1] for r in read], "read": [r[2] for r in read]},
    )  # fmt: skip
    return {(row["channel"], row["thread"]): row["n"] for row in rows}


def _only_seen(statement: str, since: Mapping[str, Since]) -> str:
    """Where something is past its time it is left out; where nothing is, nobody pays for asking."""
    return statement.replace("{seen}", f"and {seen_sql('g')}" if since else "")
