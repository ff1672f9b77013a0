"""What messages are found by in PostgreSQL: the rows of the index, and what they are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dure.channels.search.said import Said
from dure.channels.search.slices import slices_of
from dure.state import Tx

Place = tuple[str, int]

_SAID = """
select m.*, c.kind, c.people,
       array(select distinct r.name from channels.reaction r where r.channel = m.channel and r.ts = m.ts) as reactions,
       array(select concat_ws(' ', f.title, f.name, f.alt, f.preview, left(t.text, 20000)) from channels.file f
             left join channels.file_text t on t.file = f.id
             where f.id = any(m.files) and f.state = 'kept' and exists(select from channels.share s
                   where s.channel = m.channel and s.workspace = f.workspace and s.state = 'connected')) as file_words,
       exists(select from channels.pin p where p.channel = m.channel and p.ts = m.ts) as pinned
from unnest(%(channels)s::text[], %(ts)s::bigint[]) as given(channel, ts)
join channels.message m on m.channel = given.channel and m.ts = given.ts
join channels.conversation c on c.id = m.channel
where not m.deleted and not starts_with(m.subtype, 'channel_')
"""
_PUT = """
insert into channels.indexed as i (ts, channel, workspace, account, folded, marks)
select ts, channel, home, account, folded, marks::integer[]
from unnest(%(ts)s::bigint[], %(channels)s::text[], %(homes)s::text[], %(accounts)s::text[], %(folded)s::text[],
            %(marks)s::text[]) as given(ts, channel, home, account, folded, marks)
order by ts, channel
on conflict (ts, channel) do update set folded = excluded.folded, marks = excluded.marks
where i.folded <> excluded.folded or i.marks <> excluded.marks
returning workspace, ts, (xmax = 0) as added
"""
_DROP = """
delete from channels.indexed i using unnest(%(channels)s::text[], %(ts)s::bigint[]) as given(channel, ts)
where i.channel = given.channel and i.ts = given.ts returning i.workspace, i.ts
"""
# In one order, so that two who count do not wait for each other in a ring.
_COUNT = """
insert into channels.indexed_slice as s (workspace, level, slot, messages)
select * from unnest(%(homes)s::text[], %(levels)s::smallint[], %(slots)s::bigint[], %(counts)s::bigint[])
    as given(home, level, slot, n) order by home, level, slot
on conflict (workspace, level, slot) do update set messages = s.messages + excluded.messages
"""


async def said(tx: Tx, places: Sequence[Place]) -> list[Said]:
    """Those of the messages that are to be found, as they are now."""
    return [said_of(row) for row in await rows_of(tx, places)]


async def rows_of(tx: Tx, places: Sequence[Place]) -> list[dict[str, Any]]:
    if not places:
        return []
    return await tx.rows(_SAID, {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]})


async def put(tx: Tx, entries: Sequence[tuple[Said, str, Sequence[int]]]) -> None:
    """Adds or replaces entries: the message, its folded words, its marks."""
    if not entries:
        return
    rows = await tx.rows(
        _PUT,
        {
            "ts": [one.ts for one, _, _ in entries],
            "channels": [one.channel for one, _, _ in entries],
            "homes": [one.home for one, _, _ in entries],
            "accounts": [one.account for one, _, _ in entries],
            "folded": [folded for _, folded, _ in entries],
            "marks": ["{" + ",".join(map(str, marks)) + "}" for _, _, marks in entries],
        },
    )
    await _count(tx, [(row["workspace"], row["ts"]) for row in rows if row["added"]], 1)
    if rows:
        await tx.value("select gin_clean_pending_list('channels.indexed_marks')")


async def drop(tx: Tx, places: Sequence[Place]) -> None:
    """Takes entries out."""
    if places:
        given = {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]}
        await _count(tx, [(row["workspace"], row["ts"]) for row in await tx.rows(_DROP, given)], -1)


async def forget(tx: Tx, channel: str) -> None:
    """Takes out everything of a conversation that is gone."""
    rows = await tx.rows("delete from channels.indexed where channel = %s returning workspace, ts", (channel,))
    await _count(tx, [(row["workspace"], row["ts"]) for row in rows], -1)


async def of_channel(tx: Tx, channel: str, after: int, limit: int) -> list[Place]:
    """A conversation's next messages after one, in their order."""
    rows = await tx.rows(
        "select channel, ts from channels.message where channel = %s and ts > %s order by ts limit %s",
        (channel, after, limit),
    )
    return [(row["channel"], row["ts"]) for row in rows]


async def begin_walk(tx: Tx, version: int) -> dict[str, Any] | None:
    """How far the walk of this version has come; None where another process has it in hand."""
    await tx.run("insert into channels.index_walk (version) values (%s) on conflict do nothing", (version,))
    return await tx.row(
        "select channel, ts, finished_at from channels.index_walk where version = %s for update skip locked", (version,)
    )


async def unwalked(tx: Tx, after: Place, limit: int) -> list[Place]:
    """The next messages of all conversations."""
    rows = await tx.rows(
        "select channel, ts from channels.message where (channel, ts) > (%s, %s) order by channel, ts limit %s",
        (*after, limit),
    )
    return [(row["channel"], row["ts"]) for row in rows]


async def walked(tx: Tx, version: int, upto: Place | None) -> None:
    """Notes how far the walk has come; None at its end."""
    if upto is None:
        await tx.run("update channels.index_walk set finished_at = now() where version = %s", (version,))
    else:
        await tx.run("update channels.index_walk set channel = %s, ts = %s where version = %s", (*upto, version))


async def owed(tx: Tx, channel: str) -> None:
    """A conversation's messages are to be indexed, from its first."""
    await tx.run(
        "insert into channels.index_due (channel) values (%s) on conflict (channel) do update set ts = 0", (channel,)
    )


async def due(tx: Tx, limit: int) -> tuple[str, list[Place]] | None:
    """A conversation that is to be indexed and its next messages; None where there is none."""
    row = await tx.row("select channel, ts from channels.index_due order by channel limit 1 for update skip locked")
    if row is None:
        return None
    rows = await tx.rows(
        "select channel, ts from channels.message where channel = %s and ts > %s order by ts limit %s",
        (row["channel"], row["ts"], limit),
    )
    return row["channel"], [(one["channel"], one["ts"]) for one in rows]


async def paid(tx: Tx, channel: str, upto: int | None) -> None:
    """How far it has come; None at its end."""
    if upto is None:
        await tx.run("delete from channels.index_due where channel = %s", (channel,))
    else:
        await tx.run("update channels.index_due set ts = %s where channel = %s", (upto, channel))


async def told_of(tx: Tx, workspace: str, words: str, cards: Sequence[str]) -> list[Place]:
    """Messages that hold what a pattern finds, or whose files do, and those given as `channel:ts`."""
    rows = await tx.rows(
        "select channel, ts from channels.message m where workspace = %(workspace)s and ((%(words)s <> '' and"
        " (concat_ws(' ', text, username, blocks::text, attachments::text, metadata::text) ~* %(words)s"
        " or exists(select from channels.file f left join channels.file_text t on t.file = f.id"
        " where f.id = any(m.files) and concat_ws(' ', f.title, f.name, f.alt, f.preview, t.text) ~* %(words)s)))"
        " or (channel || ':' || ts) = any(%(cards)s))",
        {"workspace": workspace, "words": words or "", "cards": list(cards)},
    )
    return [(row["channel"], row["ts"]) for row in rows]


async def _count(tx: Tx, messages: Sequence[tuple[str, int]], sign: int) -> None:
    counts = Counter((home, level, slot) for home, ts in messages for level, slot in slices_of(ts))
    if counts:
        await tx.run(
            _COUNT,
            {"homes": [home for home, _, _ in counts], "levels": [level for _, level, _ in counts],
             "slots": [slot for _, _, slot in counts], "counts": [sign * n for n in counts.values()]},
        )  # fmt: skip


def said_of(row: Mapping[str, Any]) -> Said:
    return Said(
        row["channel"], row["ts"], row["workspace"], row["account"], row["thread"], row["reply_count"], row["text"],
        row["blocks"], row["attachments"], row["kind"], row["people"] or "", row["reactions"],
        tuple(row["files"]), tuple(row["file_words"]), row["pinned"],
    )  # fmt: skip
