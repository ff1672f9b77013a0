"""Customers' channels in PostgreSQL: links, and what is open in many of them at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.customer.model import Exchanged, Link, Place, Question, Seated
from dure.channels.model import Response
from dure.channels.retention.model import Since, as_json, seen_sql
from dure.state import Tx

_EXCERPT = 280
_READ = 2_000


async def link(tx: Tx, workspace: str, one: Link) -> None:
    await tx.run(
        "insert into channels.customer (workspace, channel, account, topic, linked_by, linked_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (workspace, channel) do update set account = excluded.account,"
        " topic = excluded.topic, linked_by = excluded.linked_by, linked_at = excluded.linked_at",
        (workspace, one.channel, one.account, one.topic, one.by, one.at),
    )


async def unlink(tx: Tx, workspace: str, channel: str) -> bool:
    return bool(
        await tx.run("delete from channels.customer where workspace = %s and channel = %s", (workspace, channel))
    )


async def of(tx: Tx, workspace: str, channel: str) -> Link | None:
    row = await tx.row("select * from channels.customer where workspace = %s and channel = %s", (workspace, channel))
    return None if row is None else _link(row)


async def links(tx: Tx, workspace: str, after: str, limit: int) -> list[tuple[str, str]]:
    rows = await tx.rows(
        "select channel, account from channels.customer where workspace = %s and channel > %s"
        " order by channel limit %s",
        (workspace, after, limit),
    )
    return [(row["channel"], row["account"]) for row in rows]


async def places(
    tx: Tx, workspace: str, org: str, account: str, *, of: Sequence[str] | None, open_too: bool, everything: bool,
    guests: Collection[str],
) -> list[Place]:  # fmt: skip
    """Linked channels that somebody is in (`open_too`: and open ones; `everything`: all), of some customers or all."""
    rows = await tx.rows(
        """select l.channel, l.account, l.topic, s.name, s.private, s.archived, s.home, c.last_ts,
                  case when s.home then c.response_minutes end as minutes, m.account is not null as member,
                  coalesce(m.last_read, 0) as last_read, coalesce(k.version, 0) as charter,
                  exists (select from channels.share o where o.channel = l.channel and o.state = 'connected'
                          and o.org <> %(org)s)
                  or exists (select from channels.membership g where g.channel = l.channel
                             and g.account = any(%(guests)s)) as outside
           from channels.customer l
           join channels.share s on s.channel = l.channel and s.workspace = l.workspace and s.state = 'connected'
           join channels.conversation c on c.id = l.channel
           left join channels.charter k on k.channel = l.channel
           left join channels.membership m on m.channel = l.channel and m.account = %(account)s
                and m.workspace = l.workspace
           where l.workspace = %(workspace)s and (%(of)s::text[] is null or l.account = any(%(of)s))
             and (m.account is not null or %(everything)s or (%(open_too)s and not s.private))
           order by l.account, l.topic, s.name""",
        {"workspace": workspace, "org": org, "account": account, "of": None if of is None else list(of),
         "open_too": open_too, "everything": everything, "guests": list(guests)},
    )  # fmt: skip
    return [
        Place(
            row["channel"], row["account"], row["topic"], row["name"], row["private"], row["archived"], row["home"],
            row["member"], row["outside"], row["minutes"], row["last_ts"], row["last_read"], charter=row["charter"],
        )
        for row in rows
    ]  # fmt: skip


async def touches(
    tx: Tx, org: str, account: str, channels: Sequence[str], guests: Collection[str], reach: int,
    since: Mapping[str, Since],
) -> dict[str, tuple[int, int]]:  # fmt: skip
    """Channel → what the account has not read of it, and when somebody from outside last wrote there, within reach."""
    rows = await tx.rows(
        f"""with {_SIDES}
        select a.channel,
               (select count(*) from channels.message n where n.channel = a.channel and n.ts > m.last_read
                  and n.thread is null and not n.deleted and n.account <> %(account)s
                  and n.subtype not like 'channel_%%' and {seen_sql("n")}) as unread,
               (select max(t.ts) from channels.message t where t.channel = a.channel and t.ts > %(reach)s
                  and {seen_sql("t")} and not t.deleted and t.app = '' and t.subtype not like 'channel_%%'
                  and (t.team <> all(a.own) or t.account = any(%(guests)s))) as touched
        from asked a left join channels.membership m on m.channel = a.channel and m.account = %(account)s""",
        {"org": org, "account": account, "channels": list(channels), "guests": list(guests), "reach": reach,
         "since": Jsonb(as_json(since))},
    )  # fmt: skip
    return {row["channel"]: (row["unread"] or 0, row["touched"] or 0) for row in rows}


# Each channel with the workspaces of one's own organisation that are in it.
_SIDES = """asked as (
    select o.channel, array_agg(o.workspace) filter (where o.org = %(org)s) as own
    from channels.share o where o.channel = any(%(channels)s) group by o.channel
)"""

# What the home side has not answered: at the top level by what it says there later, or in a thread that hangs on the
# message or on something later; in a thread by what it says in the thread. It is the rule by which clocks stop.
_WAITING = f"""
with {_SIDES}, said as (
    select m.channel, m.ts, m.thread, m.account, m.team <> all(a.own) or m.account = any(%(guests)s) as outside
    from asked a join channels.message m on m.channel = a.channel and m.ts > %(reach)s and {seen_sql("m")}
    where not m.deleted and m.app = '' and m.subtype not like 'channel_%%'
), upto as (
    select channel, greatest(max(ts) filter (where not outside and thread is null),
                             max(thread) filter (where not outside), 0) as ts
    from said group by channel
), threads as (
    select channel, thread, max(ts) as ts from said where not outside and thread is not null group by channel, thread
)
select s.channel, coalesce(s.thread, 0) as thread, s.ts, s.account, left(m.text, {_READ}) as text
from said s
join upto u on u.channel = s.channel
left join threads h on h.channel = s.channel and h.thread = s.thread
join channels.message m on m.channel = s.channel and m.ts = s.ts
where s.outside and s.ts > case when s.thread is null then u.ts else coalesce(h.ts, 0) end
order by s.ts
"""


async def waiting(
    tx: Tx, org: str, channels: Sequence[str], guests: Collection[str], reach: int, since: Mapping[str, Since]
) -> list[Question]:
    """Messages from outside that nobody of the home side answered, each by itself, the oldest first."""
    rows = await tx.rows(
        _WAITING,
        {"org": org, "channels": list(channels), "guests": list(guests), "reach": reach,
         "since": Jsonb(as_json(since))},
    )  # fmt: skip
    return [Question(row["channel"], row["thread"], row["ts"], row["account"], row["text"], 1) for row in rows]


async def behind(
    tx: Tx, org: str, clocks: Sequence[Response], guests: Collection[str], since: Mapping[str, Since]
) -> dict[str, tuple[str, int]]:
    """By clock how its question begins, and how many messages from outside wait in its place. What is past its time
    is not among them."""
    rows = await tx.rows(
        f"""with {_SIDES}
        select w.id, (array_agg(left(m.text, {_READ}) order by m.ts))[1] as text, count(*) as n
        from unnest(%(ids)s::text[], %(places)s::text[], %(threads)s::bigint[], %(asked)s::bigint[])
             as w(id, channel, thread, asked)
        join asked a on a.channel = w.channel
        join channels.message m on m.channel = w.channel and m.ts >= w.asked and coalesce(m.thread, 0) = w.thread
             and {seen_sql("m")}
        where not m.deleted and m.app = '' and m.subtype not like 'channel_%%'
          and (m.team <> all(a.own) or m.account = any(%(guests)s))
        group by w.id""",
        {"org": org, "channels": list({one.channel for one in clocks}), "guests": list(guests),
         "ids": [one.id for one in clocks], "places": [one.channel for one in clocks],
         "threads": [one.thread for one in clocks], "asked": [one.asked for one in clocks],
         "since": Jsonb(as_json(since))},
    )  # fmt: skip
    return {row["id"]: (row["text"], row["n"]) for row in rows}


async def said(
    tx: Tx, org: str, channels: Sequence[str], guests: Collection[str], reach: int, limit: int,
    since: Mapping[str, Since],
) -> list[Question]:  # fmt: skip
    """What people from outside said lately in these channels, the newest first."""
    rows = await tx.rows(
        f"""with {_SIDES}
        select m.channel, coalesce(m.thread, 0) as thread, m.ts, m.account, left(m.text, {_EXCERPT}) as text
        from asked a cross join lateral (
            select * from channels.message n where n.channel = a.channel and n.ts > %(reach)s and not n.deleted
               and {seen_sql("n")}
               and n.app = '' and n.subtype not like 'channel_%%'
               and (n.team <> all(a.own) or n.account = any(%(guests)s))
            order by n.ts desc limit %(limit)s) m
        order by m.ts desc limit %(limit)s""",
        {"org": org, "channels": list(channels), "guests": list(guests), "reach": reach, "limit": limit,
         "since": Jsonb(as_json(since))},
    )  # fmt: skip
    return [Question(row["channel"], row["thread"], row["ts"], row["account"], row["text"], 1) for row in rows]


async def files(
    tx: Tx, org: str, channels: Sequence[str], guests: Collection[str], limit: int, since: Mapping[str, Since]
) -> list[Exchanged]:
    """What was shared in these channels, the newest first."""
    rows = await tx.rows(
        f"""with {_SIDES}
        select f.id, s.channel, s.ts, f.title, f.name, f.filetype, f.size, s.account,
               s.team <> all(a.own) or s.account = any(%(guests)s) as outside
        from asked a join channels.file_share s on s.channel = a.channel
        join channels.file f on f.id = s.file and f.state = 'kept'
        join channels.message m on m.channel = s.channel and m.ts = s.ts and {seen_sql("m")}
        order by s.shared_at desc, f.id limit %(limit)s""",
        {"org": org, "channels": list(channels), "guests": list(guests), "limit": limit,
         "since": Jsonb(as_json(since))},
    )  # fmt: skip
    return [
        Exchanged(row["id"], row["channel"], row["ts"], row["title"] or row["name"], row["filetype"], row["size"],
                  row["account"], row["outside"])
        for row in rows
    ]  # fmt: skip


async def seated(tx: Tx, channels: Sequence[str], since: int) -> list[Seated]:
    """Everybody who is in any of these channels, of every side, with their last word there."""
    rows = await tx.rows(
        """select m.account, min(m.workspace) as workspace, array_agg(m.channel order by m.channel) as channels,
                  coalesce(max(s.last), 0) as last, coalesce(sum(s.n), 0)::int as messages
           from channels.membership m
           left join (select channel, account, max(ts) as last, count(*) as n from channels.message
                      where channel = any(%(channels)s) and ts > %(since)s and not deleted
                        and subtype not like 'channel_%%' group by channel, account) s
                on s.channel = m.channel and s.account = m.account
           where m.channel = any(%(channels)s) group by m.account order by last desc, m.account""",
        {"channels": list(channels), "since": since},
    )
    return [
        Seated(row["account"], row["workspace"], tuple(row["channels"]), row["last"], row["messages"]) for row in rows
    ]


def _link(row: dict[str, Any]) -> Link:
    return Link(row["channel"], row["account"], row["topic"], row["linked_by"], row["linked_at"])
