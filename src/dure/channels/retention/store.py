"""Holds, what is kept for them, and what is past its time, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.federation.store import outbox
from dure.channels.model import Message, ts_text
from dure.channels.retention.model import Hold, Round, Since
from dure.state import Tx

# Whether an open hold covers a message `m` that somebody of the organisation `s.org` wrote.
HELD = """exists (
    select from channels.hold h where h.org = {org} and h.released_at is null
      and (h.people = '{{}}' or {account} = any(h.people)) and (h.channels = '{{}}' or {channel} = any(h.channels))
      and {ts} between h.from_ts and h.until_ts)"""
_OF_MESSAGE = HELD.format(org="s.org", account="m.account", channel="m.channel", ts="m.ts")
_OF_COPY = HELD.format(org="c.org", account="c.account", channel="c.channel", ts="c.ts")
# A file is held with whoever owns it: where a hold names channels, if it was shared in one of them.
_OF_FILE = """exists (
    select from channels.hold h where h.org = f.org and h.released_at is null
      and (h.people = '{}' or f.account = any(h.people))
      and (h.channels = '{}' or exists (select from channels.file_share p
            where p.file = f.{file} and p.channel = any(h.channels)))
      and (extract(epoch from f.created_at) * 1000000)::bigint between h.from_ts and h.until_ts)"""
_FILE_HELD, _KEPT_FILE_HELD = _OF_FILE.replace("{file}", "id"), _OF_FILE.replace("{file}", "file")

_PAST = f"""
select m.ts, m.thread, m.files, m.reply_count > 0 and exists (
    select from channels.message r where r.channel = m.channel and r.thread = m.ts and not r.deleted) as needed
from channels.message m left join channels.share s on s.channel = m.channel and s.workspace = m.team
where m.channel = %(channel)s and m.ts < %(newest)s and m.ts < coalesce((%(since)s::jsonb ->> m.team)::bigint, 0)
  and not (m.deleted and exists (
    select from channels.message r where r.channel = m.channel and r.thread = m.ts and not r.deleted))
  and not {_OF_MESSAGE}
order by m.ts limit %(limit)s for update of m
"""
_EMPTY = """
update channels.message set deleted = true, text = '', username = '', blocks = null, attachments = null,
    metadata = null, mentions = null, files = '{}', unfurls = null, icons = null, client_msg_id = null
where channel = %(channel)s and ts = any(%(ts)s)
"""
# What else is known of messages; the rest goes with their rows.
_BESIDE = (
    "delete from channels.reaction where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.pin where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.edit where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.file_share where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.notice where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.before where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.violation where channel = %(channel)s and ts = any(%(ts)s)",
    "delete from channels.delivery where channel = %(channel)s and state in ('acknowledged', 'failed', 'dropped')"
    " and created_at < to_timestamp(%(newest)s / 1000000.0)",
)


# -- holds ----------------------------------------------------------------------------------------------------------


async def add_hold(tx: Tx, hold: Hold) -> None:
    await tx.run(
        "insert into channels.hold (id, org, name, note, people, channels, from_ts, until_ts, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (hold.id, hold.org, hold.name, hold.note, list(hold.people), list(hold.channels), hold.from_ts, hold.until_ts,
         hold.made_by, hold.made_at),
    )  # fmt: skip


async def holds(tx: Tx, org: str) -> list[Hold]:
    """Open ones first, the newest before older ones, with how many copies each of them keeps."""
    rows = await tx.rows(
        "select h.*, (select count(*) from channels.held c where c.org = h.org and h.released_at is null"
        " and (h.people = '{}' or c.account = any(h.people)) and (h.channels = '{}' or c.channel = any(h.channels))"
        " and c.ts between h.from_ts and h.until_ts) as kept from channels.hold h where h.org = %s"
        " order by h.released_at is null desc, h.made_at desc",
        (org,),
    )
    return [_hold(row) for row in rows]


async def hold(tx: Tx, org: str, hold: str) -> Hold | None:
    row = await tx.row("select *, 0 as kept from channels.hold where org = %s and id = %s for update", (org, hold))
    return None if row is None else _hold(row)


async def release(tx: Tx, hold: str, by: str, at: datetime) -> None:
    await tx.run("update channels.hold set released_by = %s, released_at = %s where id = %s", (by, at, hold))


def _hold(row: Mapping[str, Any]) -> Hold:
    return Hold(
        row["id"], row["org"], row["name"], row["note"], tuple(row["people"]), tuple(row["channels"]), row["from_ts"],
        row["until_ts"], row["made_by"], row["made_at"], row["released_by"], row["released_at"], row["kept"],
    )  # fmt: skip


# -- what is kept for them --------------------------------------------------------------------------------------------


async def keep_copy(tx: Tx, message: Message, org: str, why: str, at: datetime) -> bool:
    """Keeps a message as it is, with its earlier versions, where a hold covers it; before it is changed or deleted."""
    return bool(
        await tx.run(
            "insert into channels.held (org, workspace, channel, ts, account, why, body, kept_at)"
            " select %(org)s, m.team, m.channel, m.ts, m.account, %(why)s,"
            " to_jsonb(m) || jsonb_build_object('versions',"
            " coalesce((select jsonb_agg(to_jsonb(e) order by e.version) from channels.edit e"
            " where e.channel = m.channel and e.ts = m.ts), '[]')), %(at)s from channels.message m"
            f" where m.channel = %(channel)s and m.ts = %(ts)s and not m.deleted and {HELD.format(org='%(org)s', account='m.account', channel='m.channel', ts='m.ts')}",  # noqa: E501
            {"org": org, "why": why, "at": at, "channel": message.channel, "ts": message.ts},
        )
    )


async def keep_all(tx: Tx, channel: str, at: datetime, *, but_in: str = "") -> int:
    """Keeps everything that holds cover of what was said in a conversation that is about to go, and its files; how many
    messages. What stands in the conversation `but_in`, too, stays there."""
    kept = await tx.run(
        "insert into channels.held (org, workspace, channel, ts, account, why, body, kept_at)"
        " select s.org, m.team, m.channel, m.ts, m.account, 'deleted',"
        " to_jsonb(m) || jsonb_build_object('versions',"
        " coalesce((select jsonb_agg(to_jsonb(e) order by e.version) from channels.edit e"
        " where e.channel = m.channel and e.ts = m.ts), '[]')), %(at)s from channels.message m"
        " join (select distinct workspace, org from channels.share) s on s.workspace = m.team"
        " where m.channel = %(channel)s and not m.deleted and not exists (select from channels.message o"
        f" where o.channel = %(but_in)s and o.ts = m.ts and not o.deleted) and {_OF_MESSAGE}",
        {"channel": channel, "at": at, "but_in": but_in},
    )
    await tx.run(
        "insert into channels.held_file (file, org, workspace, account, sha256, body, created_at, kept_at)"
        " select f.id, f.org, f.workspace, f.account, f.sha256, to_jsonb(f) - 'secret' - 'public_secret',"
        " f.created_at, %(at)s from channels.file f where f.state = 'kept'"
        " and exists (select from channels.file_share p where p.file = f.id and p.channel = %(channel)s)"
        f" and {_FILE_HELD} on conflict (file) do nothing",
        {"channel": channel, "at": at},
    )
    return kept


async def keep_file(tx: Tx, file: str, at: datetime) -> bool:
    """Keeps a file as it is where a hold covers it, its bytes too; before it is deleted."""
    return bool(
        await tx.run(
            "insert into channels.held_file (file, org, workspace, account, sha256, body, created_at, kept_at)"
            " select f.id, f.org, f.workspace, f.account, f.sha256, to_jsonb(f) - 'secret' - 'public_secret',"
            f" f.created_at, %s from channels.file f where f.id = %s and f.state = 'kept' and {_FILE_HELD}"
            " on conflict (file) do nothing",
            (at, file),
        )
    )


async def drop_unheld(tx: Tx, limit: int, now: datetime) -> int:
    """Takes copies away that no hold covers any more; how many."""
    gone = await tx.run(
        f"delete from channels.held where n in (select n from channels.held c where not {_OF_COPY} limit %s)", (limit,)
    )
    await tx.run(
        "update channels.blob set used_at = %s where sha256 in"
        f" (select sha256 from channels.held_file f where not {_KEPT_FILE_HELD})",
        (now,),
    )
    return gone + await tx.run(
        "delete from channels.held_file where file in"
        f" (select file from channels.held_file f where not {_KEPT_FILE_HELD} limit %s)",
        (limit,),
    )


# -- lengths ----------------------------------------------------------------------------------------------------------


async def sides(tx: Tx, channels: Sequence[str]) -> list[dict[str, Any]]:
    """Every side that a conversation has or had: its kind, its privacy there, and its own length."""
    return await tx.rows(
        "select s.channel, s.workspace, s.org, s.private, s.keep_days, s.home, s.limited, c.kind"
        " from channels.share s"
        " join channels.conversation c on c.id = s.channel where s.channel = any(%s)",
        (list(channels),),
    )


async def set_days(tx: Tx, channel: str, workspace: str, days: int | None) -> None:
    await tx.run(
        "update channels.share set keep_days = %s where channel = %s and workspace = %s", (days, channel, workspace)
    )


async def overridden(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select channel, name, keep_days as days from channels.share where workspace = %s and keep_days is not null"
        " and state = 'connected' order by name",
        (workspace,),
    )


# -- the purge --------------------------------------------------------------------------------------------------------


async def take_round(tx: Tx) -> dict[str, Any] | None:
    """How far the round has come, for this process alone; None where another one has it."""
    await tx.run("insert into channels.purge default values on conflict do nothing")
    return await tx.row("select * from channels.purge for update skip locked")


async def keep_round(tx: Tx, **changed: Any) -> None:
    sets = ", ".join(f"{name} = %({name})s" for name in changed)
    await tx.run(f"update channels.purge set {sets}", changed)


async def round_of(tx: Tx) -> Round | None:
    row = await tx.row("select * from channels.purge")
    if row is None:
        return None
    return Round(row["began_at"], row["ended_at"], row["messages"], row["files"], row["channel"])


async def next_channels(tx: Tx, after: str, limit: int) -> list[str]:
    rows = await tx.rows("select id from channels.conversation where id > %s order by id limit %s", (after, limit))
    return [row["id"] for row in rows]


async def past(tx: Tx, channel: str, since: Since, limit: int) -> list[dict[str, Any]]:
    """The oldest messages that are past their time and not held; `needed` where replies that stay hang on one."""
    return await tx.rows(
        _PAST,
        {"channel": channel, "since": Jsonb(dict(since.by_team)), "newest": max(since.by_team.values()),
         "limit": limit},
    )  # fmt: skip


async def take_away(tx: Tx, channel: str, rows: Sequence[Mapping[str, Any]], newest: int) -> None:
    """Empties what replies hang on, and takes the rest away altogether, with all that is known of it."""
    every, needed = [row["ts"] for row in rows], [row["ts"] for row in rows if row["needed"]]
    for sql in _BESIDE:
        await tx.run(sql, {"channel": channel, "ts": every, "newest": newest})
    await outbox.forget(tx, channel, [ts_text(one) for one in every])
    await tx.run(_EMPTY, {"channel": channel, "ts": needed})
    gone = [ts for ts in every if ts not in set(needed)]
    await tx.run("delete from channels.message where channel = %s and ts = any(%s)", (channel, gone))


async def hidden_indexed(tx: Tx, channel: str, since: Since, limit: int) -> list[tuple[str, int]]:
    """What search still knows of messages that nobody may see any more."""
    rows = await tx.rows(
        "select i.channel, i.ts from channels.indexed i join channels.message m on m.channel = i.channel"
        " and m.ts = i.ts where i.channel = %(channel)s and i.ts < %(newest)s"
        " and i.ts < coalesce((%(since)s::jsonb ->> m.team)::bigint, 0) limit %(limit)s",
        {"channel": channel, "since": Jsonb(dict(since.by_team)), "newest": max(since.by_team.values()),
         "limit": limit},
    )  # fmt: skip
    return [(row["channel"], row["ts"]) for row in rows]


async def past_files(tx: Tx, workspace: str, before: datetime, limit: int) -> list[dict[str, Any]]:
    return await tx.rows(
        "select id, org, workspace from channels.file f where workspace = %s and state = 'kept' and created_at < %s"
        f" and not {_FILE_HELD} order by created_at limit %s for update skip locked",
        (workspace, before, limit),
    )


async def workspaces(tx: Tx) -> list[dict[str, Any]]:
    """Workspaces that have conversations or files."""
    return await tx.rows(
        "select distinct org, workspace from channels.share"
        " union select distinct org, workspace from channels.file order by workspace"
    )


# -- the log ----------------------------------------------------------------------------------------------------------


async def ask_log(tx: Tx, channel: str, since: Since, at: datetime) -> None:
    """Notes that the words of what is past its time are to leave the log of every side."""
    await tx.run(
        "insert into channels.log_purge (workspace, org, channel, team, before, at)"
        " select s.workspace, s.org, s.channel, t.key, t.value::bigint, %(at)s from channels.share s"
        " cross join jsonb_each_text(%(since)s::jsonb) t where s.channel = %(channel)s"
        " on conflict (workspace, channel, team) do update set until = null,"
        " before = greatest(channels.log_purge.before, excluded.before)",
        {"at": at, "since": Jsonb(dict(since.by_team)), "channel": channel},
    )


async def log_due(tx: Tx, newest: int, passed: int, since: datetime, limit: int) -> list[dict[str, Any]]:
    """What of one workspace's log is due; its words have come there by now."""
    await tx.run("update channels.log_purge set until = %s where until is null", (newest,))
    return await tx.rows(
        "select * from channels.log_purge where until <= %(passed)s and workspace = (select workspace from"
        " channels.log_purge where until <= %(passed)s and at <= %(since)s order by at limit 1) order by channel"
        " limit %(limit)s",
        {"passed": passed, "since": since, "limit": limit},
    )


async def log_done(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    await tx.many(
        "delete from channels.log_purge where workspace = %s and channel = %s and team = %s and before = %s",
        [(row["workspace"], row["channel"], row["team"], row["before"]) for row in rows],
    )
