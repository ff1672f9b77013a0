"""Many messages at once in PostgreSQL: what must be known before they are said, and writing them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Conversation, Message
from dure.channels.store.conversations import conversation_of
from dure.channels.store.messages import message_of
from dure.state import Tx

Place = tuple[str, str]

# Conversations as each of several members of a workspace sees them; how many are in there is not asked.
_SEEN = """
select c.*, a.account as seen_by, m.account is not null as is_member, coalesce(m.last_read, 0) as last_read,
       all_of.shares, 0 as members
from unnest(%(channels)s::text[], %(accounts)s::text[]) as a(channel, account)
join channels.share s on s.channel = a.channel and s.workspace = %(workspace)s and s.state = 'connected'
join channels.conversation c on c.id = s.channel
left join channels.membership m on m.channel = c.id and m.account = a.account
cross join lateral (
    select jsonb_agg(to_jsonb(o) order by o.home desc, o.workspace) as shares
    from channels.share o where o.channel = c.id
) all_of
"""

_ADD = """
insert into channels.message (channel, ts, workspace, thread, broadcast, account, app, team, username, subtype, text,
    blocks, attachments, metadata, client_msg_id, icons, mentions, files)
select channel, ts, workspace, thread, broadcast, account, app, team, username, subtype, text, blocks, attachments,
    metadata, client_msg_id, icons, mentions, files
from jsonb_populate_recordset(null::channels.message, %s)
"""


async def seen(tx: Tx, workspace: str, places: Sequence[Place]) -> dict[Place, Conversation]:
    """The conversations that are known on this side, by (channel, account)."""
    rows = await tx.rows(
        _SEEN,
        {"workspace": workspace, "channels": [channel for channel, _ in places],
         "accounts": [account for _, account in places]},
    )  # fmt: skip
    return {(row["id"], row["seen_by"]): conversation_of(row, workspace) for row in rows}


async def by_client_id(tx: Tx, ids: Sequence[Place]) -> dict[Place, Message]:
    """Messages that were said before, by (channel, client_msg_id)."""
    if not ids:
        return {}
    rows = await tx.rows(
        "select m.* from unnest(%s::text[], %s::text[]) as a(channel, id)"
        " join channels.message m on m.channel = a.channel and m.client_msg_id = a.id",
        ([channel for channel, _ in ids], [own for _, own in ids]),
    )
    return {(row["channel"], row["client_msg_id"]): message_of(row) for row in rows}


async def roots(tx: Tx, threads: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Message]:
    """What threads hang on, by channel and the ts that was named: a reply's is what the reply hangs on."""
    if not threads:
        return {}
    rows = await tx.rows(
        "select a.ts as named, r.* from unnest(%s::text[], %s::bigint[]) as a(channel, ts)"
        " join channels.message m on m.channel = a.channel and m.ts = a.ts"
        " join channels.message r on r.channel = m.channel and r.ts = coalesce(m.thread, m.ts)",
        ([channel for channel, _ in threads], [ts for _, ts in threads]),
    )
    return {(row["channel"], row["named"]): message_of(row) for row in rows}


async def add(tx: Tx, said: Sequence[tuple[str, Message]]) -> None:
    """Writes messages down, each with its conversation's home."""
    await tx.run(_ADD, (Jsonb([_row(home, message) for home, message in said]),))


async def advance(tx: Tx, last: Mapping[str, int]) -> None:
    """Keeps the newest `ts` that each conversation gave out; an older one changes nothing."""
    await tx.run(
        "update channels.conversation c set last_ts = greatest(c.last_ts, a.ts)"
        " from unnest(%s::text[], %s::bigint[]) as a(channel, ts)"
        " where c.id = a.channel",
        (list(last), list(last.values())),
    )


async def set_read(tx: Tx, read: Mapping[Place, int]) -> None:
    """How far members have read, by (channel, account)."""
    if read:
        await tx.run(
            "update channels.membership m set last_read = a.ts"
            " from unnest(%s::text[], %s::text[], %s::bigint[]) as a(channel, account, ts)"
            " where m.channel = a.channel and m.account = a.account",
            ([channel for channel, _ in read], [account for _, account in read], list(read.values())),
        )


def _row(home: str, message: Message) -> dict[str, Any]:
    return {
        "channel": message.channel, "ts": message.ts, "workspace": home, "thread": message.thread,
        "broadcast": message.broadcast, "account": message.user, "app": message.app, "team": message.team,
        "username": message.username, "subtype": message.subtype, "text": message.text, "blocks": message.blocks,
        "attachments": message.attachments, "metadata": message.metadata, "client_msg_id": message.client_msg_id,
        "icons": message.icons, "mentions": list(message.mentions) or None, "files": list(message.files),
    }  # fmt: skip
