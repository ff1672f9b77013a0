"""What a side keeps when it is disconnected, in PostgreSQL: a copy of the channel as it stood, and what is cut from it.

The copy is a conversation of its own, archived, whose home is who kept it: nothing that happens in the channel
afterwards, not a change, not a reaction, reaches it. Files stay their owners': of the others' it has no more than that
there was one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dure.channels.model import Share
from dure.channels.store import indexed
from dure.state import Tx

# Row by row as they are, but for where they lie. Columns that are added later are copied too.
_ROWS = (
    ("message", "true"),
    ("edit", "true"),
    ("reaction", "true"),
    ("pin", "true"),
    ("following", "t.workspace = %(workspace)s"),
    ("membership", "t.workspace = %(workspace)s"),
    ("file_share", "exists (select from channels.file f where f.id = t.file and f.workspace = %(workspace)s)"),
)
_THEIRS = ("following", "membership")  # whose `workspace` is a person's own and not where the row lies


async def keep(tx: Tx, channel: str, copy: str, side: Share, now: datetime) -> None:
    """Copies a channel for a side that leaves it."""
    given = {"channel": channel, "copy": copy, "workspace": side.workspace, "org": side.org, "now": now,
             "name": side.name, "private": side.private}  # fmt: skip
    await tx.run(
        "insert into channels.conversation select (jsonb_populate_record(c, jsonb_build_object('id', %(copy)s::text,"
        " 'workspace', %(workspace)s::text, 'org', %(org)s::text, 'copy_of', %(channel)s::text, 'transfer_to', '',"
        " 'transfer_by', '', 'transfer_at', null, 'response_minutes', null, 'former_homes', '[]'::jsonb))).*"
        " from channels.conversation c where c.id = %(channel)s",
        given,
    )
    # The others are sides that were: their people keep their names.
    await tx.run(
        "insert into channels.share (channel, workspace, org, home, name, private, archived, state, changed_at, since)"
        " select %(copy)s, s.workspace, s.org, s.workspace = %(workspace)s,"
        " case when s.workspace = %(workspace)s then %(name)s::text else '' end,"
        " %(private)s, true, case when s.workspace = %(workspace)s then 'connected' else 'disconnected' end, %(now)s,"
        " s.since from channels.share s where s.channel = %(channel)s and s.state in ('connected', 'disconnected')",
        given,
    )
    for table, condition in _ROWS:
        home = "" if table in _THEIRS else ", 'workspace', %(workspace)s::text"
        await tx.run(
            f"insert into channels.{table} select (jsonb_populate_record(t, jsonb_build_object("
            f"'channel', %(copy)s::text{home}))).* from channels.{table} t"
            f" where t.channel = %(channel)s and {condition}",
            given,
        )
    await tx.run(
        "insert into channels.bookmark select (jsonb_populate_record(b, jsonb_build_object('channel', %(copy)s::text,"
        " 'workspace', %(workspace)s::text, 'id', 'Bk0' || upper(substr(md5(b.id || %(copy)s), 1, 10))))).*"
        " from channels.bookmark b where b.channel = %(channel)s",
        given,
    )
    await met(tx, channel, copy, side.workspace, own=False)


async def met(tx: Tx, channel: str, into: str, workspace: str, *, own: bool) -> None:
    """Notes in a conversation who was in a channel: the people of a workspace (`own`), or all others."""
    await tx.run(
        "insert into channels.once_met (channel, account, workspace) select %(into)s, account, workspace from ("
        " select account, workspace from channels.membership where channel = %(channel)s union"
        " select account, team from channels.message where channel = %(channel)s) who"
        " where (workspace = %(workspace)s) = %(own)s on conflict do nothing",
        {"channel": channel, "into": into, "workspace": workspace, "own": own},
    )


async def copy_of(tx: Tx, workspace: str, channel: str) -> tuple[str, str] | None:
    """The copy of a channel that a workspace kept, and its name."""
    row = await tx.row(
        "select c.id, s.name from channels.conversation c join channels.share s on s.channel = c.id"
        " and s.workspace = c.workspace where c.workspace = %s and c.copy_of = %s",
        (workspace, channel),
    )
    return None if row is None else (row["id"], row["name"])


async def drop(tx: Tx, workspace: str, copy: str) -> None:
    """Takes a copy away: its side is in the channel itself again."""
    rows = await tx.rows("select channel, ts from channels.indexed where channel = %s", (copy,))
    await indexed.drop(tx, [(row["channel"], row["ts"]) for row in rows])
    await tx.run("delete from channels.conversation where workspace = %s and id = %s and copy_of is not null",
                 (workspace, copy))  # fmt: skip


async def seat_again(tx: Tx, copy: str, channel: str, workspace: str, now: datetime) -> list[str]:
    """Those who were in the copy are in the channel again; their ids."""
    rows = await tx.rows(
        "insert into channels.membership (channel, account, workspace, joined_at, last_read)"
        " select %s, account, workspace, %s, last_read from channels.membership where channel = %s and workspace = %s"
        " on conflict do nothing returning account",
        (channel, now, copy, workspace),
    )
    return [row["account"] for row in rows]


async def end_links(tx: Tx, channel: str) -> int:
    """Takes back the public addresses of files that were shared in a channel: who goes has seen them. How many."""
    return int(
        await tx.run(
            "update channels.file f set public_secret = null where f.public_secret is not null and exists"
            " (select from channels.file_share h where h.file = f.id and h.channel = %s)",
            (channel,),
        )
    )


async def carrying(tx: Tx, channel: str, workspace: str) -> Sequence[tuple[str, int]]:
    """The messages of a channel that carry files of a workspace."""
    rows = await tx.rows(
        "select distinct h.channel, h.ts from channels.file_share h join channels.file f on f.id = h.file"
        " where h.channel = %s and f.workspace = %s",
        (channel, workspace),
    )
    return [(row["channel"], row["ts"]) for row in rows]
