"""Notices in PostgreSQL: wishes, what was told, and what is still to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.notice.model import ChannelWishes, Notice, Wishes
from dure.channels.retention.model import Since, as_json, seen_sql
from dure.channels.rules import plain
from dure.state import Tx

# Those of a workspace in a conversation whom a message may concern, with what they wish. A message that names nobody is
# looked at only by those who asked for more than mentions, so that a room of thousands costs what it must.
_CANDIDATES = """
select m.account, p.level as own_level, p.keywords, p.push, p.mail, p.mail_minutes,
       c.level, coalesce(c.muted, false) as muted, coalesce(c.everybody, true) as everybody,
       coalesce(a.active, false) as active,
       %(thread)s::bigint is not null and exists (
           select from channels.message g where g.channel = m.channel and g.account = m.account and not g.deleted
           and (g.ts = %(thread)s or g.thread = %(thread)s) and g.ts <> %(ts)s
       ) as follows
from channels.membership m
left join channels.notice_person p on p.account = m.account
left join channels.notice_channel c on c.account = m.account and c.channel = m.channel
left join channels.presence a on a.account = m.account
where m.channel = %(channel)s and m.workspace = %(workspace)s and m.account <> %(author)s
  and (%(all)s or m.account = any(%(named)s) or c.level = 'all' or (c.level is null and p.level = 'all')
       or p.keywords <> '{}'
       or (%(thread)s::bigint is not null and exists (
           select from channels.message g where g.channel = m.channel and g.account = m.account
           and (g.ts = %(thread)s or g.thread = %(thread)s))))
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    account: str
    wishes: Wishes
    channel: ChannelWishes
    active: bool
    follows: bool


async def candidates(
    tx: Tx, workspace: str, channel: str, author: str, ts: int, thread: int | None, *, everybody: bool,
    named: Sequence[str],
) -> list[Candidate]:  # fmt: skip
    rows = await tx.rows(
        _CANDIDATES,
        {"workspace": workspace, "channel": channel, "author": author, "ts": ts, "thread": thread, "all": everybody,
         "named": list(named)},
    )  # fmt: skip
    return [
        Candidate(
            row["account"], _wishes({**row, "level": row["own_level"]}),
            ChannelWishes(row["account"], channel, row["level"], row["muted"], row["everybody"]), row["active"],
            row["follows"],
        )
        for row in rows
    ]  # fmt: skip


async def eager(tx: Tx, channels: Sequence[str]) -> set[str]:
    """The conversations in which somebody asked to be told of more than what names them."""
    rows = await tx.rows(
        "select distinct m.channel from channels.membership m left join channels.notice_person p"
        " on p.account = m.account left join channels.notice_channel c on c.account = m.account"
        " and c.channel = m.channel where m.channel = any(%s)"
        " and (c.level = 'all' or (c.level is null and p.level = 'all') or p.keywords <> '{}')",
        (list(channels),),
    )
    return {row["channel"] for row in rows}


async def wishes(tx: Tx, workspace: str, account: str) -> Wishes:
    row = await tx.row(
        "select * from channels.notice_person where workspace = %s and account = %s for update", (workspace, account)
    )
    return Wishes(account) if row is None else _wishes(row)


async def put_wishes(tx: Tx, workspace: str, it: Wishes) -> None:
    await tx.run(
        "insert into channels.notice_person (account, workspace, level, keywords, push, mail, mail_minutes)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (account) do update set level = excluded.level,"
        " keywords = excluded.keywords, push = excluded.push, mail = excluded.mail,"
        " mail_minutes = excluded.mail_minutes",
        (it.account, workspace, it.level, list(it.keywords), it.push, it.mail, it.mail_minutes),
    )


async def muted(tx: Tx, account: str) -> list[str]:
    """The channels of which somebody wants to be told nothing."""
    rows = await tx.rows("select channel from channels.notice_channel where account = %s and muted", (account,))
    return [row["channel"] for row in rows]


async def channel_wishes(tx: Tx, account: str, channel: str) -> ChannelWishes:
    row = await tx.row(
        "select * from channels.notice_channel where account = %s and channel = %s for update", (account, channel)
    )
    return ChannelWishes(account, channel) if row is None else _channel_wishes(row)


async def all_channel_wishes(tx: Tx, account: str) -> list[ChannelWishes]:
    rows = await tx.rows("select * from channels.notice_channel where account = %s order by channel", (account,))
    return [_channel_wishes(row) for row in rows]


async def put_channel_wishes(tx: Tx, workspace: str, it: ChannelWishes) -> None:
    await tx.run(
        "insert into channels.notice_channel (account, channel, workspace, level, muted, everybody)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (account, channel) do update set level = excluded.level,"
        " muted = excluded.muted, everybody = excluded.everybody",
        (it.account, it.channel, workspace, it.level, it.muted, it.everybody),
    )


async def add(tx: Tx, made: Sequence[Notice]) -> set[tuple[str, str, int]]:
    """Adds notices; (account, channel, ts) of those that were not there before."""
    rows = await tx.rows(
        "insert into channels.notice (account, channel, ts, workspace, org, thread, author, why, made_at, push, mail)"
        " select * from unnest(%(accounts)s::text[], %(channels)s::text[], %(ts)s::bigint[], %(workspaces)s::text[],"
        " %(orgs)s::text[], %(threads)s::bigint[], %(authors)s::text[], %(whys)s::text[], %(at)s::timestamptz[],"
        " %(push)s::text[], %(mail)s::text[]) on conflict do nothing returning account, channel, ts",
        {"accounts": [n.account for n in made], "channels": [n.channel for n in made], "ts": [n.ts for n in made],
         "workspaces": [n.workspace for n in made], "orgs": [n.org for n in made], "threads": [n.thread for n in made],
         "authors": [n.author for n in made], "whys": [n.why for n in made], "at": [n.made_at for n in made],
         "push": [n.push for n in made], "mail": [n.mail for n in made]},
    )  # fmt: skip
    return {(row["account"], row["channel"], row["ts"]) for row in rows}


# A notice is unread until it was looked at, or the conversation was read up to it.
READ = """
(n.seen_at is not null or exists (select from channels.message g where g.channel = n.channel and g.ts = n.ts
    and g.deleted) or (n.thread is null and exists (select from channels.membership m
    where m.channel = n.channel and m.account = n.account and m.last_read >= n.ts)))
"""


def _read(since: Mapping[str, Since]) -> str:
    """The same, where a message that is past its time is like one that was deleted."""
    return READ.replace("and g.deleted)", f"and (g.deleted or not {seen_sql('g')}))") if since else READ


async def listed(
    tx: Tx, account: str, *, unread: bool, before: int, limit: int, since: Mapping[str, Since] = MappingProxyType({})
) -> list[Notice]:
    """The newest first; of conversations that they are still in."""
    read, seen = _read(since), f"and {seen_sql('g')}" if since else ""
    rows = await tx.rows(
        f"select n.*, {read} as seen, g.text, g.blocks from channels.notice n left join channels.message g"
        f" on g.channel = n.channel and g.ts = n.ts and not g.deleted {seen}"
        " where n.account = %(account)s and n.ts < %(before)s"
        " and exists (select from channels.membership m where m.channel = n.channel and m.account = n.account)"
        f" and (not %(unread)s or not {read}) order by n.ts desc limit %(limit)s",
        {"account": account, "before": before, "unread": unread, "limit": limit, "since": Jsonb(as_json(since))},
    )
    return [replace(notice_of(row), text=plain(row["text"] or "", row["blocks"], 400)) for row in rows]


async def unread_counts(tx: Tx, account: str, since: Mapping[str, Since] = MappingProxyType({})) -> dict[str, int]:
    """How many unread notices there are by channel."""
    rows = await tx.rows(
        "select n.channel, count(*) as unread from channels.notice n where n.account = %(account)s"
        f" and not {_read(since)}"
        " and exists (select from channels.membership m where m.channel = n.channel and m.account = n.account)"
        " group by n.channel",
        {"account": account, "since": Jsonb(as_json(since))},
    )
    return {row["channel"]: row["unread"] for row in rows}


async def mark_seen(tx: Tx, account: str, channel: str, thread: int | None, until: int, at: datetime) -> int:
    """Marks as seen what a thread of a channel, or the channel outside threads, has told up to a ts; "" is all."""
    return await tx.run(
        "update channels.notice set seen_at = %(at)s where account = %(account)s and seen_at is null"
        " and (%(channel)s = '' or channel = %(channel)s) and (%(channel)s = '' or"
        " thread is not distinct from %(thread)s) and ts <= %(until)s",
        {"at": at, "account": account, "channel": channel, "thread": thread, "until": until},
    )


async def take_push(tx: Tx, now: datetime, limit: int = 20) -> list[Notice]:
    """Takes notices that are to be pushed and marks them as sent, before anything goes out: never twice.

    One that was read in the meantime, or is older than an hour, is not sent any more.
    """
    rows = await tx.rows(
        "update channels.notice n set push = case when n.made_at < %(old)s or "
        f"{READ} then 'none' else 'sent' end where (n.account, n.channel, n.ts) in (select account, channel, ts"
        " from channels.notice where push = 'due' order by made_at limit %(limit)s for update skip locked)"
        " returning n.*, false as seen",
        {"old": now - timedelta(hours=1), "limit": limit},
    )
    return [notice_of(row) for row in rows if row["push"] == "sent"]


async def push_failed(tx: Tx, one: Notice) -> None:
    await tx.run(
        "update channels.notice set push = 'failed' where account = %s and channel = %s and ts = %s",
        (one.account, one.channel, one.ts),
    )


async def forget(tx: Tx, before: datetime, limit: int = 10_000) -> int:
    """Deletes the oldest; at most so many at a time, so that nobody waits for it."""
    return await tx.run(
        "delete from channels.notice where ctid = any(array(select ctid from channels.notice where made_at < %s"
        " limit %s for update skip locked))",
        (before, limit),
    )


def notice_of(row: dict[str, Any]) -> Notice:
    return Notice(
        row["account"], row["channel"], row["ts"], row["workspace"], row["org"], row["thread"], row["author"],
        row["why"], row["made_at"], row["seen"], row["push"], row["mail"],
    )  # fmt: skip


def _wishes(row: dict[str, Any]) -> Wishes:
    if row["level"] is None:
        return Wishes(row["account"])
    return Wishes(row["account"], row["level"], tuple(row["keywords"]), row["push"], row["mail"], row["mail_minutes"])


def _channel_wishes(row: dict[str, Any]) -> ChannelWishes:
    return ChannelWishes(row["account"], row["channel"], row["level"], row["muted"], row["everybody"])
