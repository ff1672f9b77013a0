"""Conversations, their sides and their members in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Conversation, Member, Share
from dure.channels.prefs.model import prefs_of
from dure.state import Tx

# A conversation as a workspace sees it: only where that workspace's own side is connected.
_SEEN = """
select c.*, m.account is not null as is_member, coalesce(m.last_read, 0) as last_read, all_of.shares,
       (select count(*) from channels.membership x where x.channel = c.id) as members
from channels.share s
join channels.conversation c on c.id = s.channel
left join channels.membership m on m.channel = c.id and m.account = %(account)s
cross join lateral (
    select jsonb_agg(to_jsonb(o) order by o.home desc, o.workspace) as shares
    from channels.share o where o.channel = c.id
) all_of
where s.workspace = %(workspace)s and s.state = 'connected'
"""


async def lock(tx: Tx, *channels: str) -> None:
    """Makes writers of conversations take turns until the transaction ends.

    The lock is no row's: taking a row's would number the transaction before its turn has come, and the feed is in the
    order of those numbers. One that has a number already gets a later one for what it tells.
    """
    row = await tx.row(
        "select pg_current_xact_id_if_assigned() is not null as numbered,"
        " (select count(pg_advisory_xact_lock(key)) from (select distinct"
        " hashtextextended('channels.conversation ' || id, 0) as key from unnest(%s::text[]) as id order by key)"
        " as keys) as locked",
        (list(channels),),
    )
    tx.numbered_early = tx.numbered_early or bool(row and row["numbered"])


async def lock_names(tx: Tx, workspace: str) -> None:
    """Makes those who give out names in a workspace take turns."""
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.name'), hashtext(%s))", (workspace,))


async def names_like(tx: Tx, workspace: str, name: str) -> set[str]:
    """The names in use that begin so."""
    rows = await tx.rows(
        "select name from channels.share where workspace = %s and state = 'connected' and starts_with(name, %s)",
        (workspace, name),
    )
    return {row["name"] for row in rows}


async def find(tx: Tx, workspace: str, account: str, channel: str) -> Conversation | None:
    row = await tx.row(
        f"{_SEEN} and c.id = %(channel)s", {"workspace": workspace, "account": account, "channel": channel}
    )
    return None if row is None else conversation_of(row, workspace)


async def find_home(tx: Tx, channel: str) -> Conversation:
    """The conversation as its home side has it, for acts of somebody who is offered it but does not see it yet."""
    home = await tx.value("select workspace from channels.conversation where id = %s", (channel,))
    found = await find(tx, home, "", channel)
    assert found is not None  # noqa: S101
    return found


async def find_named(tx: Tx, workspace: str, account: str, name: str) -> Conversation | None:
    row = await tx.row(
        f"{_SEEN} and s.name = %(name)s and c.kind = 'channel'",
        {"workspace": workspace, "account": account, "name": name},
    )
    return None if row is None else conversation_of(row, workspace)


async def find_people(tx: Tx, workspace: str, account: str, people: str) -> Conversation | None:
    """The direct conversation of exactly these people."""
    row = await tx.row(
        f"{_SEEN} and c.people = %(people)s", {"workspace": workspace, "account": account, "people": people}
    )
    return None if row is None else conversation_of(row, workspace)


async def listed(
    tx: Tx, workspace: str, account: str, *, kinds: Sequence[str], archived: bool, mine: bool, everything: bool,
    open_too: bool, of: str, after: str, limit: int, program: bool = False,
) -> list[Conversation]:  # fmt: skip
    """Conversations in the order of their ids after `after`.

    `kinds` are Slack's public_channel, private_channel, im and mpim. Those of the account, and (`open_too`) the open
    ones, and (`everything`) any channel; `mine` leaves only those of the account, `of` only those that somebody is in.
    """
    rows = await tx.rows(
        f"""{_SEEN}
        and c.id > %(after)s
        and (case when c.kind <> 'channel' then c.kind when s.private then 'private_channel'
             else 'public_channel' end) = any(%(kinds)s)
        and (%(archived)s or not s.archived) and not (%(program)s and s.limited)
        and (m.account is not null or (c.kind = 'channel' and not %(mine)s
             and (%(everything)s or (%(open_too)s and not s.private and not s.limited))))
        and (c.kind = 'channel' or m.closed is null or m.closed = 0 or m.closed < c.last_ts)
        and (%(of)s = '' or exists (select 1 from channels.membership o where o.channel = c.id and o.account = %(of)s))
        order by c.id limit %(limit)s""",
        {"workspace": workspace, "account": account, "kinds": list(kinds), "archived": archived, "mine": mine,
         "everything": everything, "open_too": open_too, "of": of, "after": after, "limit": limit,
         "program": program},
    )  # fmt: skip
    return [conversation_of(row, workspace) for row in rows]


async def add(
    tx: Tx, *, id: str, workspace: str, org: str, kind: str, people: str | None, name: str, private: bool, topic: str,
    purpose: str, creator: str, response_minutes: int | None, at: datetime,
) -> bool:  # fmt: skip
    """A conversation with its home side; False where the name is taken, and then nothing was added."""
    await tx.run(
        "insert into channels.conversation (id, workspace, org, kind, people, topic, topic_by, topic_at, purpose,"
        " purpose_by, purpose_at, creator, created_at, response_minutes) values (%(id)s, %(workspace)s, %(org)s,"
        " %(kind)s, %(people)s, %(topic)s, %(creator)s, %(at)s, %(purpose)s, %(creator)s, %(at)s, %(creator)s, %(at)s,"
        " %(minutes)s)",
        {"id": id, "workspace": workspace, "org": org, "kind": kind, "people": people, "topic": topic,
         "purpose": purpose, "creator": creator, "at": at, "minutes": response_minutes},
    )  # fmt: skip
    if await add_share(tx, Share(id, workspace, org, True, name, private, False, "connected", ""), at):
        return True
    await tx.run("delete from channels.conversation where id = %s and workspace = %s", (id, workspace))
    return False


async def add_share(tx: Tx, share: Share, at: datetime) -> bool:
    """Adds or replaces a side; False where its name is taken in its workspace."""
    return bool(
        await tx.run(
            "insert into channels.share (channel, workspace, org, home, name, private, archived, state, invited_by,"
            " changed_at, limited, since, server) select %(channel)s, %(workspace)s, %(org)s, %(home)s, %(name)s,"
            " %(private)s, %(archived)s, %(state)s, %(invited_by)s, %(at)s, %(limited)s,"
            " case when %(state)s = 'connected' then %(at)s::timestamptz end, coalesce((select partner from"
            " channels.partner_name where kind = 'team' and ours = %(workspace)s), '') where not exists (select 1 from"
            " channels.share where workspace = %(workspace)s and name = %(name)s and name <> ''"
            " and state = 'connected' and channel <> %(channel)s)"
            " on conflict (channel, workspace) do update set name = excluded.name, private = excluded.private,"
            " archived = excluded.archived, state = excluded.state, invited_by = excluded.invited_by,"
            " changed_at = excluded.changed_at, limited = excluded.limited, since = case when share.state = 'connected'"
            " then share.since else coalesce(excluded.since, share.since) end",
            {"channel": share.channel, "workspace": share.workspace, "org": share.org, "home": share.home,
             "name": share.name, "private": share.private, "archived": share.archived, "state": share.state,
             "invited_by": share.invited_by, "at": at, "limited": share.limited},
        )
    )  # fmt: skip


async def describe(tx: Tx, workspace: str, channel: str, what: str, text: str, by: str, at: datetime) -> None:
    """Sets the topic or the purpose."""
    if what not in ("topic", "purpose"):
        raise ValueError(what)
    await tx.run(
        f"update channels.conversation c set {what} = %s, {what}_by = %s, {what}_at = %s"
        " from channels.share s where s.channel = c.id and s.workspace = %s and c.id = %s",
        (text, by, at, workspace, channel),
    )


async def set_posting(tx: Tx, org: str, channel: str, posting: str) -> None:
    await tx.run("update channels.conversation set posting = %s where org = %s and id = %s", (posting, org, channel))


async def put_prefs(tx: Tx, org: str, channel: str, prefs: dict[str, Any] | None) -> None:
    """What administrators of the home's organisation set."""
    kept = None if prefs is None else Jsonb(prefs)
    await tx.run("update channels.conversation set prefs = %s where org = %s and id = %s", (kept, org, channel))


async def allowed_groups(tx: Tx, channel: str) -> list[str]:
    """The groups for whose people alone a private channel is."""
    rows = await tx.rows("select named from channels.allowed_group where channel = %s order by named", (channel,))
    return [row["named"] for row in rows]


async def seat_of(tx: Tx, channel: str, account: str) -> str | None:
    """The workspace as whose member somebody is in a conversation; None where they are not."""
    found: str | None = await tx.value(
        "select workspace from channels.membership where channel = %s and account = %s", (channel, account)
    )
    return found


async def set_response_minutes(tx: Tx, workspace: str, channel: str, minutes: int | None) -> None:
    await tx.run(
        "update channels.conversation set response_minutes = %s where workspace = %s and id = %s",
        (minutes, workspace, channel),
    )


async def set_response_team(tx: Tx, workspace: str, channel: str, team: str) -> None:
    await tx.run(
        "update channels.conversation set response_team = %s where workspace = %s and id = %s",
        (team, workspace, channel),
    )


async def add_members(tx: Tx, channel: str, members: Sequence[tuple[str, str]], at: datetime, read: int) -> list[str]:
    """Adds (account, workspace) pairs; the accounts that were not in yet."""
    rows = await tx.rows(
        "insert into channels.membership (channel, account, workspace, joined_at, last_read)"
        " select %(channel)s, a, w, %(at)s, %(read)s"
        " from unnest(%(accounts)s::text[], %(workspaces)s::text[]) as t(a, w)"
        " on conflict do nothing returning account",
        {"channel": channel, "at": at, "read": read, "accounts": [account for account, _ in members],
         "workspaces": [workspace for _, workspace in members]},
    )  # fmt: skip
    return [row["account"] for row in rows]


async def remove_member(tx: Tx, channel: str, account: str) -> bool:
    return bool(await tx.run("delete from channels.membership where channel = %s and account = %s", (channel, account)))


async def remove_members_of(tx: Tx, channel: str, workspace: str) -> None:
    await tx.run("delete from channels.membership where channel = %s and workspace = %s", (channel, workspace))


async def members(tx: Tx, channel: str, after: str = "", limit: int = 1000) -> list[Member]:
    rows = await tx.rows(
        "select * from channels.membership where channel = %s and account > %s order by account limit %s",
        (channel, after, limit),
    )
    return [Member(row["account"], row["workspace"], row["joined_at"]) for row in rows]


async def once_met(tx: Tx, workspace: str, account: str, other: str) -> str | None:
    """The workspace of somebody whom the account was in a conversation with until their side was disconnected."""
    found: str | None = await tx.value(
        "select o.workspace from channels.once_met o join channels.membership m on m.channel = o.channel"
        " join channels.share s on s.channel = m.channel and s.workspace = m.workspace and s.state = 'connected'"
        " where o.account = %s and m.workspace = %s and m.account = %s limit 1",
        (other, workspace, account),
    )
    return found


async def meets(tx: Tx, workspace: str, account: str, other: str) -> str | None:
    """The workspace of somebody the account is in a conversation with."""
    found: str | None = await tx.value(
        "select o.workspace from channels.membership m join channels.membership o on o.channel = m.channel"
        " join channels.share s on s.channel = m.channel and s.workspace = %s and s.state = 'connected'"
        " where m.account = %s and o.account = %s limit 1",
        (workspace, account, other),
    )
    return found


async def met(tx: Tx, workspace: str, account: str) -> set[str]:
    """Everybody the account is in a conversation with."""
    rows = await tx.rows(
        "select distinct o.account from channels.membership m join channels.membership o on o.channel = m.channel"
        " join channels.share s on s.channel = m.channel and s.workspace = %s and s.state = 'connected'"
        " where m.account = %s",
        (workspace, account),
    )
    return {row["account"] for row in rows}


async def channels_of(tx: Tx, workspace: str, accounts: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The channels of a workspace that people are in, direct conversations not counted: id and name, by account."""
    rows = await tx.rows(
        "select m.account, m.channel, s.name from channels.membership m"
        " join channels.conversation c on c.id = m.channel"
        " join channels.share s on s.channel = m.channel and s.workspace = m.workspace and s.state = 'connected'"
        " where m.workspace = %s and m.account = any(%s) and c.kind = 'channel' and not s.archived"
        " order by s.name, m.channel",
        (workspace, list(accounts)),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["account"], []).append((row["channel"], row["name"]))
    return found


async def is_channel(tx: Tx, workspace: str, channel: str) -> bool:
    return bool(
        await tx.value(
            "select exists (select from channels.share s join channels.conversation c on c.id = s.channel"
            " where s.workspace = %s and s.channel = %s and s.state = 'connected' and c.kind = 'channel')",
            (workspace, channel),
        )
    )


async def shared_by(tx: Tx, org: str, channels: Sequence[str]) -> set[str]:
    """Which of these conversations the organisation has a side in."""
    rows = await tx.rows(
        "select distinct channel from channels.share where org = %s and channel = any(%s)", (org, list(channels))
    )
    return {row["channel"] for row in rows}


async def set_read(tx: Tx, channel: str, account: str, ts: int) -> bool:
    return bool(
        await tx.run(
            "update channels.membership set last_read = %s where channel = %s and account = %s", (ts, channel, account)
        )
    )


async def close(tx: Tx, channel: str, account: str) -> bool:
    """Hides a conversation from a member until something is said after this; False where it is hidden."""
    return bool(
        await tx.run(
            "update channels.membership m set closed = greatest(c.last_ts, 1) from channels.conversation c"
            " where m.channel = %s and m.account = %s and c.id = m.channel and m.closed < greatest(c.last_ts, 1)",
            (channel, account),
        )
    )


async def reopen(tx: Tx, channel: str, account: str) -> None:
    await tx.run(
        "update channels.membership set closed = 0 where channel = %s and account = %s and closed > 0",
        (channel, account),
    )


async def next_ts(tx: Tx, channel: str, now: int) -> int:
    """The next timestamp here: the clock's, or one microsecond after the last where the clock is behind it."""
    ts: int = await tx.value(
        "update channels.conversation set last_ts = greatest(last_ts + 1, %s) where id = %s returning last_ts",
        (now, channel),
    )
    return ts


def _share(row: dict[str, Any]) -> Share:
    return Share(
        row["channel"], row["workspace"], row["org"], row["home"], row["name"], row["private"], row["archived"],
        row["state"], row["invited_by"], row["limited"], row["keep_days"], row["server"],
    )  # fmt: skip


def conversation_of(row: dict[str, Any], workspace: str) -> Conversation:
    shares = tuple(_share(share) for share in row["shares"])
    return Conversation(
        id=row["id"], kind=row["kind"], home=shares[0], side=next(s for s in shares if s.workspace == workspace),
        shares=shares, topic=row["topic"], topic_by=row["topic_by"], topic_at=row["topic_at"], purpose=row["purpose"],
        purpose_by=row["purpose_by"], purpose_at=row["purpose_at"], creator=row["creator"],
        created_at=row["created_at"], last_ts=row["last_ts"], response_minutes=row["response_minutes"],
        people=tuple((row["people"] or "").split(",")) if row["people"] else (), is_member=row["is_member"],
        last_read=row["last_read"], members=row["members"], posting=row["posting"],
        response_team=row["response_team"], reach=row["reach"], standing=row["standing"], prefs=prefs_of(row["prefs"]),
        transfer_to=row["transfer_to"], copy_of=row["copy_of"] or "",
    )  # fmt: skip


async def noted(tx: Tx, channel: str, account: str, subtypes: Sequence[str], since: int) -> int:
    """The ts of the newest line of a kind that was left for an account in a conversation; 0 for none."""
    ts: int = await tx.value(
        "select coalesce(max(ts), 0) from channels.message where channel = %s and account = %s and subtype = any(%s)"
        " and ts >= %s",
        (channel, account, list(subtypes), since),
    )
    return ts


async def members_among(tx: Tx, channels: Sequence[str], accounts: Sequence[str]) -> set[tuple[str, str]]:
    """Which of the accounts are in which of the conversations, as (channel, account)."""
    rows = await tx.rows(
        "select channel, account from channels.membership where channel = any(%s) and account = any(%s)",
        (list(channels), list(accounts)),
    )
    return {(row["channel"], row["account"]) for row in rows}
