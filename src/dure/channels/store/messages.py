"""Messages and reactions in PostgreSQL. Callers have found the conversation for their workspace before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.federation.store import outbox
from dure.channels.files import store as file_store
from dure.channels.files.model import File
from dure.channels.model import Message, Reaction, ts_text
from dure.channels.retention.model import EVERYTHING, Since
from dure.channels.store import before
from dure.state import Tx


async def add(tx: Tx, home: str, message: Message) -> None:
    await tx.run(
        "insert into channels.message (channel, ts, workspace, thread, broadcast, account, app, team, username,"
        " subtype, text, blocks, attachments, metadata, client_msg_id, icons, mentions, files)"
        " values (%(channel)s, %(ts)s, %(home)s, %(thread)s, %(broadcast)s, %(user)s, %(app)s, %(team)s, %(username)s,"
        " %(subtype)s, %(text)s, %(blocks)s, %(attachments)s, %(metadata)s, %(client_msg_id)s, %(icons)s,"
        " %(mentions)s, %(files)s)",
        {"channel": message.channel, "ts": message.ts, "home": home, "thread": message.thread,
         "broadcast": message.broadcast, "user": message.user, "app": message.app, "team": message.team,
         "username": message.username, "subtype": message.subtype, "text": message.text,
         "blocks": _json(message.blocks), "attachments": _json(message.attachments),
         "metadata": _json(message.metadata), "client_msg_id": message.client_msg_id, "icons": _json(message.icons),
         "mentions": list(message.mentions) or None, "files": list(message.files)},
    )  # fmt: skip


# What can be seen of a conversation: what is not past its time, and what replies that are not hang on.
_SEEN = (
    " and (%(all)s or ts >= coalesce((%(since)s::jsonb ->> team)::bigint, 0) or"
    " (reply_count > 0 and exists (select from channels.message r"
    " where r.channel = message.channel and r.thread = message.ts and not r.deleted"
    " and r.ts >= coalesce((%(since)s::jsonb ->> r.team)::bigint, 0))))"
)


def _seen(since: Since) -> dict[str, Any]:
    return {"all": not since.by_team, "since": Jsonb(dict(since.by_team))}


async def find(tx: Tx, channel: str, ts: int, since: Since = EVERYTHING) -> Message | None:
    row = await tx.row("select * from channels.message where channel = %s and ts = %s", (channel, ts))
    return None if row is None else (await _as_seen(tx, channel, await _with_reactions(tx, channel, [row]), since))[0]


async def several(tx: Tx, channel: str, stamps: Sequence[int]) -> dict[int, Message]:
    """`find` for many of a conversation, by ts."""
    rows = await tx.rows("select * from channels.message where channel = %s and ts = any(%s)", (channel, list(stamps)))
    return {one.ts: one for one in await _with_reactions(tx, channel, rows)}


async def at(tx: Tx, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Message]:
    """Messages by channel and ts, as they were written: without reactions and what is known of their files."""
    rows = await tx.rows(
        "select m.* from unnest(%s::text[], %s::bigint[]) as a(channel, ts)"
        " join channels.message m on m.channel = a.channel and m.ts = a.ts",
        ([channel for channel, _ in places], [ts for _, ts in places]),
    )
    return {(row["channel"], row["ts"]): message_of(row) for row in rows}


async def some(
    tx: Tx, channel: str, stamps: Sequence[int], *, deleted: bool = False, since: Since = EVERYTHING
) -> list[Message]:
    """These messages, in order; deleted ones where they are wanted."""
    rows = await tx.rows(
        "select * from channels.message where channel = %s and ts = any(%s) and (%s or not deleted) order by ts",
        (channel, list(stamps), deleted),
    )
    found = await _as_seen(tx, channel, await _with_reactions(tx, channel, rows), since)
    return [one for one in found if deleted or not one.deleted]


async def last_replies(tx: Tx, channel: str, thread: int, limit: int, since: Since = EVERYTHING) -> list[Message]:
    """A thread's newest replies, oldest first."""
    rows = await tx.rows(
        "select * from channels.message where channel = %(channel)s and thread = %(thread)s and not deleted"
        f"{_SEEN} order by ts desc limit %(limit)s",
        {**_seen(since), "channel": channel, "thread": thread, "limit": limit},
    )
    return await _with_reactions(tx, channel, rows[::-1])


async def history(
    tx: Tx, channel: str, oldest: int, latest: int, inclusive: bool, limit: int, since: Since = EVERYTHING
) -> list[Message]:
    """The newest top-level messages between two timestamps, newest first; a deleted one only while it has replies."""
    low, high = (">=", "<=") if inclusive else (">", "<")
    rows = await tx.rows(
        f"select * from channels.message where channel = %(channel)s and ts {low} %(oldest)s and ts {high} %(latest)s"
        f" and (thread is null or broadcast) and (not deleted or reply_count > 0){_SEEN} order by ts desc"
        " limit %(limit)s",
        {**_seen(since), "channel": channel, "oldest": oldest, "latest": latest, "limit": limit},
    )
    return await _as_seen(tx, channel, await _with_reactions(tx, channel, rows), since)


async def following(tx: Tx, channel: str, after: int, limit: int, since: Since = EVERYTHING) -> list[Message]:
    """The oldest top-level messages after a timestamp, oldest first."""
    rows = await tx.rows(
        "select * from channels.message where channel = %(channel)s and ts > %(after)s"
        f" and (thread is null or broadcast) and (not deleted or reply_count > 0){_SEEN} order by ts limit %(limit)s",
        {**_seen(since), "channel": channel, "after": after, "limit": limit},
    )
    return await _as_seen(tx, channel, await _with_reactions(tx, channel, rows), since)


async def everything(tx: Tx, channel: str, after: int, limit: int) -> list[Message]:
    """The oldest messages after a timestamp, replies too, oldest first."""
    rows = await tx.rows(
        "select * from channels.message where channel = %s and ts > %s order by ts limit %s", (channel, after, limit)
    )
    return await _with_reactions(tx, channel, rows)


async def replies(
    tx: Tx, channel: str, thread: int, oldest: int, latest: int, limit: int, *, inclusive: bool = False,
    since: Since = EVERYTHING,
) -> list[Message]:  # fmt: skip
    """A thread's replies, oldest first, without what it hangs on."""
    low, high = (">=", "<=") if inclusive else (">", "<")
    rows = await tx.rows(
        f"select * from channels.message where channel = %(channel)s and thread = %(thread)s and ts {low} %(oldest)s"
        f" and ts {high} %(latest)s and not deleted{_SEEN} order by ts limit %(limit)s",
        {**_seen(since), "channel": channel, "thread": thread, "oldest": oldest, "latest": latest, "limit": limit},
    )
    return await _with_reactions(tx, channel, rows)


async def change(tx: Tx, message: Message) -> None:
    """Writes the text, blocks and mark of change of a message."""
    await before.keep(tx, message.channel, message.ts)
    await tx.run(
        "update channels.message set text = %s, blocks = %s, attachments = %s, metadata = %s, edited_at = %s,"
        " edited_by = %s, mentions = %s where channel = %s and ts = %s",
        (message.text, _json(message.blocks), _json(message.attachments), _json(message.metadata), message.edited_at,
         message.edited_by, list(message.mentions) or None, message.channel, message.ts),
    )  # fmt: skip


async def remove(tx: Tx, channel: str, ts: int) -> None:
    """Empties a message; the row stays, so that its timestamp is not given out again and its replies have a root."""
    await before.keep(tx, channel, ts)
    await outbox.forget(tx, channel, [ts_text(ts)])
    await tx.run(
        "update channels.message set deleted = true, text = '', blocks = null, attachments = null, metadata = null,"
        " mentions = null, files = '{}', unfurls = null where channel = %s and ts = %s",
        (channel, ts),
    )
    await tx.run("delete from channels.reaction where channel = %s and ts = %s", (channel, ts))
    await file_store.unshare(tx, channel, ts)


async def count_replies(tx: Tx, channel: str, thread: int) -> None:
    """Brings the root's counts in line with its thread."""
    await tx.run(
        "update channels.message r set reply_count = t.n, latest_reply = t.latest, reply_users = t.users from ("
        " select count(*) as n, max(ts) as latest, coalesce((array_agg(distinct account))[1:50], '{}') as users"
        " from channels.message where channel = %(channel)s and thread = %(thread)s and not deleted) t"
        " where r.channel = %(channel)s and r.ts = %(thread)s",
        {"channel": channel, "thread": thread},
    )


async def own_reactions(
    tx: Tx, workspace: str, account: str, before: datetime | None, limit: int
) -> list[dict[str, Any]]:
    """Messages that somebody has reacted to where a workspace sees them, the newest reaction first."""
    return await tx.rows(
        "select r.channel, r.ts, max(r.reacted_at) as at from channels.reaction r"
        " join channels.share s on s.channel = r.channel and s.workspace = %(workspace)s and s.state = 'connected'"
        " where r.account = %(account)s group by r.channel, r.ts"
        " having %(before)s::timestamptz is null or max(r.reacted_at) < %(before)s"
        " order by at desc, r.channel, r.ts limit %(limit)s",
        {"workspace": workspace, "account": account, "before": before, "limit": limit},
    )


async def reactions_on(tx: Tx, channel: str, ts: int, name: str, account: str) -> tuple[int, int, bool]:
    """How many different reactions a message bears, how many of somebody's, and whether it bears this one."""
    row = await tx.row(
        "select count(distinct name) as names, count(*) filter (where account = %s) as own,"
        " coalesce(bool_or(name = %s), false) as there from channels.reaction where channel = %s and ts = %s",
        (account, name, channel, ts),
    )
    assert row is not None  # noqa: S101
    return row["names"], row["own"], row["there"]


async def add_reaction(tx: Tx, home: str, channel: str, ts: int, name: str, account: str, at: datetime) -> bool:
    return bool(
        await tx.run(
            "insert into channels.reaction (channel, ts, name, account, workspace, reacted_at)"
            " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (channel, ts, name, account, home, at),
        )
    )


async def remove_reaction(tx: Tx, channel: str, ts: int, name: str, account: str) -> bool:
    return bool(
        await tx.run(
            "delete from channels.reaction where channel = %s and ts = %s and name = %s and account = %s",
            (channel, ts, name, account),
        )
    )


async def _as_seen(tx: Tx, channel: str, found: Sequence[Message], since: Since) -> list[Message]:
    """Messages without what is past its time, and roots with the replies alone that are not."""
    veiled = [since.veiled(one) for one in found]
    # Replies come after their root: of one that is younger than every side's time all can be seen.
    roots = [one.ts for one in veiled if one.reply_count and one.ts < since.newest]
    if not roots:
        return veiled
    rows = await tx.rows(
        "select thread, count(*) as n, max(ts) as latest, (array_agg(distinct account))[1:50] as users"
        " from channels.message where channel = %(channel)s and thread = any(%(roots)s) and not deleted"
        " and ts >= coalesce((%(since)s::jsonb ->> team)::bigint, 0) group by thread",
        {"channel": channel, "roots": roots, "since": Jsonb(dict(since.by_team))},
    )
    left = {row["thread"]: (row["n"], row["latest"], tuple(row["users"])) for row in rows}
    seen = []
    for one in veiled:
        if one.ts in roots:
            count, latest, users = left.get(one.ts, (0, None, ()))
            one = replace(one, reply_count=count, latest_reply=latest, reply_users=users)
        seen.append(one)
    return seen


async def _with_reactions(tx: Tx, channel: str, rows: Sequence[dict[str, Any]]) -> list[Message]:
    if not rows:
        return []
    found: dict[int, list[Reaction]] = defaultdict(list)
    for row in await tx.rows(
        "select ts, name, array_agg(account order by reacted_at, account) as users from channels.reaction"
        " where channel = %s and ts = any(%s) group by ts, name order by min(reacted_at), name",
        (channel, [row["ts"] for row in rows]),
    ):
        found[row["ts"]].append(Reaction(row["name"], tuple(row["users"])))
    carried = await file_store.carried(tx, channel, [file for row in rows for file in row["files"]])
    return [message_of(row, tuple(found[row["ts"]]), carried) for row in rows]


def _json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def message_of(
    row: dict[str, Any], reactions: tuple[Reaction, ...] = (), carried: Mapping[str, File] = MappingProxyType({})
) -> Message:
    return Message(
        channel=row["channel"], ts=row["ts"], thread=row["thread"], broadcast=row["broadcast"], user=row["account"],
        app=row["app"], team=row["team"], username=row["username"], subtype=row["subtype"], text=row["text"],
        blocks=row["blocks"], attachments=row["attachments"], metadata=row["metadata"],
        client_msg_id=row["client_msg_id"], edited_at=row["edited_at"], edited_by=row["edited_by"],
        deleted=row["deleted"], reply_count=row["reply_count"], latest_reply=row["latest_reply"],
        reply_users=tuple(row["reply_users"]), reactions=reactions, icons=row["icons"],
        mentions=tuple(row["mentions"] or ()), unfurls=row["unfurls"], files=tuple(row["files"]),
        carried=tuple(carried[file] for file in row["files"] if file in carried), brought=row.get("brought") or "",
    )  # fmt: skip
