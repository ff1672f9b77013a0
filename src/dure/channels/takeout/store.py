"""Takeouts, and what goes into them, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Conversation
from dure.channels.retention.store import HELD
from dure.channels.store.conversations import conversation_of
from dure.channels.takeout.model import Takeout
from dure.state import Tx

_NAMES = (
    "id", "org", "workspace", "kind", "made_by", "made_at", "asked", "state", "why", "channels_done", "channels_all",
    "messages", "files", "size", "sha256", "attempt", "ended_at", "gone_at",
)  # fmt: skip
_ROOMS = """
select c.*, false as is_member, 0::bigint as last_read, all_of.shares, 0 as members
from channels.share s join channels.conversation c on c.id = s.channel
cross join lateral (
    select jsonb_agg(to_jsonb(o) order by o.home desc, o.workspace) as shares
    from channels.share o where o.channel = c.id
) all_of
where s.workspace = %(workspace)s and s.state = 'connected'
  and (%(channels)s::text[] is null or c.id = any(%(channels)s)) order by c.id
"""


async def add(tx: Tx, one: Takeout) -> None:
    await tx.run(
        "insert into channels.takeout (id, org, workspace, kind, asked, state, made_by, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, one.org, one.workspace, one.kind, Jsonb(one.asked), one.state, one.made_by, one.made_at),
    )


async def listed(tx: Tx, org: str, workspace: str) -> list[Takeout]:
    rows = await tx.rows(
        "select * from channels.takeout where org = %s and workspace = %s order by made_at desc limit 100",
        (org, workspace),
    )
    return [_takeout(row) for row in rows]


async def find(tx: Tx, org: str, workspace: str, takeout: str) -> Takeout | None:
    row = await tx.row(
        "select * from channels.takeout where org = %s and workspace = %s and id = %s for update",
        (org, workspace, takeout),
    )
    return None if row is None else _takeout(row)


async def claim(tx: Tx, now: datetime, until: datetime) -> Takeout | None:
    """One that waits, or whose maker died, for this maker alone: with the next number of its attempts."""
    row = await tx.row(
        "update channels.takeout set state = 'running', lease_until = %(until)s, attempt = attempt + 1,"
        " channels_done = 0, messages = 0, files = 0 where id = (select id from channels.takeout"
        " where state = 'waiting' or (state = 'running' and lease_until < %(now)s) order by made_at limit 1"
        " for update skip locked) returning *",
        {"now": now, "until": until},
    )
    return None if row is None else _takeout(row)


async def note(tx: Tx, one: Takeout, until: datetime) -> bool:
    """Writes how far it has come; False where it was cancelled, or another maker took it over."""
    return bool(
        await tx.run(
            "update channels.takeout set channels_done = %s, channels_all = %s, messages = %s, files = %s,"
            " lease_until = %s where id = %s and attempt = %s and state = 'running'",
            (one.channels_done, one.channels_all, one.messages, one.files, until, one.id, one.attempt),
        )
    )


async def end(tx: Tx, one: Takeout) -> bool:
    """Ends the attempt; False where it is no longer its maker's to end."""
    return bool(
        await tx.run(
            "update channels.takeout set state = %s, why = %s, size = %s, sha256 = %s, ended_at = %s, gone_at = %s,"
            " channels_done = %s, messages = %s, files = %s, lease_until = null"
            " where id = %s and attempt = %s and state = 'running'",
            (one.state, one.why, one.size, one.sha256, one.ended_at, one.gone_at, one.channels_done, one.messages,
             one.files, one.id, one.attempt),
        )
    )  # fmt: skip


async def set_state(tx: Tx, takeout: str, state: str, now: datetime) -> None:
    """Cancelled, or gone: its bytes are nobody's any more."""
    await tx.run(
        "update channels.blob b set used_at = %s from channels.takeout t where t.id = %s and b.sha256 = t.sha256",
        (now, takeout),
    )
    await tx.run(
        "update channels.takeout set state = %s, sha256 = '', lease_until = null,"
        " ended_at = coalesce(ended_at, %s) where id = %s",
        (state, now, takeout),
    )


async def over(tx: Tx, now: datetime) -> list[str]:
    rows = await tx.rows("select id from channels.takeout where state = 'done' and gone_at <= %s", (now,))
    return [row["id"] for row in rows]


# -- what goes into it ------------------------------------------------------------------------------------------------


async def rooms(tx: Tx, workspace: str, channels: Sequence[str] | None) -> list[Conversation]:
    rows = await tx.rows(_ROOMS, {"workspace": workspace, "channels": list(channels) if channels else None})
    return [conversation_of(row, workspace) for row in rows]


async def members(tx: Tx, workspace: str) -> dict[str, list[str]]:
    """The workspace's own people in each conversation."""
    rows = await tx.rows(
        "select channel, array_agg(account order by account) as people from channels.membership where workspace = %s"
        " group by channel",
        (workspace,),
    )
    return {row["channel"]: row["people"] for row in rows}


async def pins(tx: Tx, workspace: str) -> dict[str, list[dict[str, Any]]]:
    rows = await tx.rows(
        "select p.channel, p.ts, p.account, p.pinned_at from channels.pin p join channels.share s"
        " on s.channel = p.channel and s.workspace = %s and s.state = 'connected' order by p.channel, p.ts",
        (workspace,),
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["channel"], []).append(row)
    return found


async def said(tx: Tx, channel: str, after: int, until: int, people: Sequence[str] | None, limit: int) -> list[int]:
    rows = await tx.rows(
        "select ts from channels.message where channel = %s and ts > %s and ts <= %s"
        " and (%s::text[] is null or account = any(%s)) order by ts limit %s",
        (channel, after, until, people, people, limit),
    )
    return [row["ts"] for row in rows]


async def held_among(tx: Tx, org: str, channel: str, stamps: Sequence[int]) -> set[int]:
    """Those of these messages that a hold of the organisation keeps."""
    held = HELD.format(org="%(org)s", account="m.account", channel="m.channel", ts="m.ts")
    rows = await tx.rows(
        f"select m.ts from channels.message m where m.channel = %(channel)s and m.ts = any(%(stamps)s) and {held}",
        {"org": org, "channel": channel, "stamps": list(stamps)},
    )
    return {row["ts"] for row in rows}


async def versions(tx: Tx, channel: str, stamps: Sequence[int]) -> list[dict[str, Any]]:
    return await tx.rows(
        "select channel, ts, version, account as changed_by, edited_at, text, blocks, attachments from channels.edit"
        " where channel = %s and ts = any(%s) order by ts, version",
        (channel, list(stamps)),
    )


async def held(tx: Tx, workspace: str, after: int, limit: int) -> list[dict[str, Any]]:
    return await tx.rows(
        "select n, channel, ts, account, why, body, kept_at from channels.held where workspace = %s and n > %s"
        " order by n limit %s",
        (workspace, after, limit),
    )


async def files(tx: Tx, workspace: str, after: str, limit: int) -> list[dict[str, Any]]:
    return await tx.rows(
        "select id, name, title, alt, mimetype, filetype, mode, size, sha256, account, created_at from channels.file"
        " where workspace = %s and state = 'kept' and id > %s order by id limit %s",
        (workspace, after, limit),
    )


# Tables of which a workspace takes everything along when it leaves, and by what they are gone through.
TABLES = {
    "canvases": ("canvas", "id", "workspace"),
    "bookmarks": ("bookmark", "id", "workspace"),
    "user_groups": ("user_group", "id", "workspace"),
    "forms": ("form", "id", "workspace"),
    "form_answers": ("form_answer", "id", "workspace"),
    "reminders": ("reminder", "id", "workspace"),
    "scheduled": ("scheduled", "id", "workspace"),
}


async def rows_of(tx: Tx, name: str, workspace: str, after: str, limit: int) -> list[dict[str, Any]]:
    table, key, owner = TABLES[name]
    return await tx.rows(
        f"select *, {key}::text as after_key from channels.{table} where {owner} = %s and {key}::text > %s"
        f" order by {key}::text limit %s",
        (workspace, after, limit),
    )


def _takeout(row: dict[str, Any]) -> Takeout:
    return Takeout(**{name: row[name] for name in _NAMES})
