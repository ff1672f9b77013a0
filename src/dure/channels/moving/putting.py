"""Messages put where they belong, each at its own time, in sets; SQL of what was said is nowhere else in this part."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.files.model import File
from dure.state import Tx

_ADD = """
insert into channels.message (channel, ts, workspace, thread, broadcast, account, app, team, username, subtype, text,
    blocks, attachments, metadata, edited_at, edited_by, deleted, icons, mentions, files, brought)
select channel, ts, workspace, thread, broadcast, account, app, team, username, subtype, text, blocks, attachments,
    metadata, edited_at, edited_by, coalesce(deleted, false), icons, mentions, coalesce(files, '{}'), brought
from jsonb_populate_recordset(null::channels.message, %s)
on conflict do nothing
"""
# What was missing from an export before, or was held back, takes the place that its thread kept for it.
_FILL = """
update channels.message m set broadcast = g.broadcast, account = g.account, app = g.app, username = g.username,
    subtype = g.subtype, text = g.text, blocks = g.blocks, attachments = g.attachments, metadata = g.metadata,
    edited_at = g.edited_at, edited_by = g.edited_by, deleted = coalesce(g.deleted, false), icons = g.icons,
    mentions = g.mentions, files = coalesce(g.files, '{}')
from jsonb_populate_recordset(null::channels.message, %s) g
where m.channel = g.channel and m.ts = g.ts and m.brought = g.brought and m.subtype = 'missing'
"""
# A thread whose beginning the export does not have hangs on a message that is gone.
_ROOTS = """
insert into channels.message (channel, ts, workspace, account, team, subtype, text, deleted, brought)
select r.channel, r.thread, min(r.workspace), (array_agg(r.account order by r.ts))[1],
       (array_agg(r.team order by r.ts))[1], 'missing', '', true, %(brought)s
from channels.message r
where r.channel = %(channel)s and r.brought = %(brought)s and r.thread is not null
  and not exists (select from channels.message m where m.channel = r.channel and m.ts = r.thread)
group by r.channel, r.thread
on conflict do nothing
"""
_THREADS = """
select thread, count(*)::integer as n, max(ts) as latest, (array_agg(distinct account))[1:50] as users
from channels.message where channel = %(channel)s and thread = any(%(threads)s) and not deleted group by thread
"""
_COUNT = """
update channels.message r set reply_count = g.n, latest_reply = g.latest, reply_users = g.users
from jsonb_to_recordset(%(counts)s) as g(thread bigint, n integer, latest bigint, users text[])
where r.channel = %(channel)s and r.ts = any(%(threads)s) and r.ts = g.thread
  and (r.reply_count, r.latest_reply) is distinct from (g.n, g.latest)
"""
# Counted so many at a time: the planner knows nothing of what is new, and joins all with all.
_THREADS_AT_ONCE = 200
# Where everything was brought in, everybody has read it; and an old direct conversation does not come up by itself.
_READ = """
update channels.membership m set last_read = greatest(m.last_read, c.last_ts),
    closed = case when c.kind <> 'channel' and c.last_ts < %(quiet)s then c.last_ts else m.closed end
from channels.conversation c where c.id = %(channel)s and m.channel = c.id
  and not exists (select from channels.message n where n.channel = c.id and n.brought is null)
"""
_INDEX = """
insert into channels.index_due as d (channel, ts) values (%s, %s)
on conflict (channel) do update set ts = least(d.ts, excluded.ts)
"""


async def is_said(tx: Tx, channel: str, ts: int) -> bool:
    return bool(
        await tx.value(
            "select true from channels.message where channel = %s and ts = %s and not deleted", (channel, ts)
        )
    )


async def all_read(tx: Tx, channel: str, quiet: int) -> None:
    """Nobody is behind where everything was brought in. `quiet`: a direct conversation that ended before is hidden."""
    await tx.run(_READ, {"channel": channel, "quiet": quiet})


async def day_sums(tx: Tx, channel: str, brought: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Files and what is held of what was brought in between timestamps of Slack, for several spans in their order."""
    rows = await tx.rows(
        "select (select coalesce(sum(cardinality(files)), 0) from channels.message where channel = %(channel)s"
        " and brought = %(brought)s and ts between s.first and s.last) as files,"
        " (select count(*) from channels.moving_held where channel = %(channel)s and brought = %(brought)s"
        " and theirs between s.first and s.last and message is not null) as held"
        " from unnest(%(first)s::bigint[], %(last)s::bigint[]) with ordinality as s(first, last, n) order by s.n",
        {"channel": channel, "brought": brought, "first": [one for one, _ in spans], "last": [one for _, one in spans]},
    )
    return [(int(row["files"]), int(row["held"])) for row in rows]


@dataclass(frozen=True, slots=True)
class There:
    """Of some timestamps of Slack: which are in already or held back, which stand for a beginning that was missing,
    and which are taken by something else."""

    known: set[int]
    missing: set[int]
    taken: set[int]


async def there(tx: Tx, channel: str, brought: str, stamps: Sequence[int]) -> There:
    rows = await tx.rows(
        "select ts, brought, subtype = 'missing' as missing from channels.message where channel = %s and ts = any(%s)",
        (channel, list(stamps)),
    )
    known = {row["ts"] for row in rows if row["brought"] == brought and not row["missing"]}
    taken = {row["ts"] for row in rows if row["brought"] != brought}
    more = await tx.rows(
        "select theirs from channels.moving_shifted where channel = %(channel)s and brought = %(brought)s"
        " and theirs = any(%(stamps)s) union select theirs from channels.moving_held where channel = %(channel)s"
        " and brought = %(brought)s and theirs = any(%(stamps)s)",
        {"channel": channel, "brought": brought, "stamps": list(stamps)},
    )
    missing = {row["ts"] for row in rows if row["brought"] == brought and row["missing"]}
    return There(known | {row["theirs"] for row in more}, missing, taken)


async def carried_of(tx: Tx, channel: str, brought: str, stamps: Sequence[int]) -> dict[int, int]:
    """How many files each of these messages carries that are in already."""
    rows = await tx.rows(
        "select s.theirs, coalesce(max(cardinality(m.files)), 0) as n from unnest(%(stamps)s::bigint[]) as s(theirs)"
        " left join channels.moving_shifted h on h.channel = %(channel)s and h.brought = %(brought)s"
        " and h.theirs = s.theirs left join channels.message m on m.channel = %(channel)s"
        " and m.ts = coalesce(h.ours, s.theirs) and m.brought = %(brought)s group by s.theirs",
        {"channel": channel, "brought": brought, "stamps": list(stamps)},
    )
    return {row["theirs"]: row["n"] for row in rows}


async def shifted(tx: Tx, channel: str, brought: str) -> dict[int, int]:
    """Where messages stand whose own timestamp was taken."""
    rows = await tx.rows(
        "select theirs, ours from channels.moving_shifted where channel = %s and brought = %s", (channel, brought)
    )
    return {row["theirs"]: row["ours"] for row in rows}


async def free(tx: Tx, channel: str, ts: int, given: Collection[int]) -> int:
    """The first timestamp after one that nobody has."""
    after = ts + 1
    while after in given or await tx.value(
        "select true from channels.message where channel = %s and ts = %s", (channel, after)
    ):
        after += 1
    return after


async def shift(tx: Tx, channel: str, brought: str, moved: Mapping[int, int]) -> None:
    await tx.run(
        "insert into channels.moving_shifted (channel, brought, theirs, ours) select %s, %s, t, o"
        " from unnest(%s::bigint[], %s::bigint[]) as given(t, o) on conflict do nothing",
        (channel, brought, list(moved), list(moved.values())),
    )


async def add(tx: Tx, rows: Sequence[Mapping[str, Any]], *, fill: bool) -> None:
    """Writes messages down; with `fill` also in the places that their threads kept for some of them."""
    given = (Jsonb(list(rows)),)
    if fill:
        await tx.run(_FILL, given)
    await tx.run(_ADD, given)


async def react(tx: Tx, home: str, channel: str, given: Sequence[tuple[int, str, str, datetime]]) -> None:
    """Reactions: (ts, name, account, when)."""
    if not given:
        return
    stamps, names, accounts, times = zip(*given, strict=True)
    await tx.run(
        "insert into channels.reaction (channel, ts, name, account, workspace, reacted_at)"
        " select %(channel)s, ts, name, account, %(home)s, at from"
        " unnest(%(ts)s::bigint[], %(names)s::text[], %(accounts)s::text[], %(times)s::timestamptz[])"
        " as given(ts, name, account, at) on conflict do nothing",
        {"channel": channel, "home": home, "ts": list(stamps), "names": list(names), "accounts": list(accounts),
         "times": list(times)},
    )  # fmt: skip


async def newest(tx: Tx, channel: str, first: int, last: int) -> None:
    """The conversation's newest timestamp, and from where on it is to be indexed for search."""
    await tx.run("update channels.conversation set last_ts = greatest(last_ts, %s) where id = %s", (last, channel))
    await tx.run(_INDEX, (channel, first - 1))


async def held_of(tx: Tx, channel: str, brought: str, stamps: Sequence[int]) -> list[dict[str, Any]]:
    """Which of these a rule keeps (`kept`) or has refused."""
    return await tx.rows(
        "select h.theirs, v.action = 'keep' as kept from channels.moving_held h"
        " left join channels.violation v on v.id = h.violation"
        " where h.channel = %s and h.brought = %s and h.theirs = any(%s)"
        " and (h.message is not null or v.action is distinct from 'keep') order by h.theirs",
        (channel, brought, list(stamps)),
    )


async def hold(tx: Tx, channel: str, brought: str, theirs: int, violation: str, row: Mapping[str, Any] | None) -> None:
    await tx.run(
        "insert into channels.moving_held (channel, brought, workspace, theirs, violation, message)"
        " select id, %s, workspace, %s, %s, %s from channels.conversation where id = %s on conflict do nothing",
        (brought, theirs, violation, None if row is None else Jsonb(dict(row)), channel),
    )


async def let_in(tx: Tx, violation: str) -> int | None:
    """Puts what was held back by a rule where it belongs; its timestamp, None where the rule held back something that
    was said here."""
    held = await tx.row(
        "update channels.moving_held h set message = null from channels.moving_held b"
        " where h.violation = %s and h.message is not null and b.channel = h.channel and b.brought = h.brought"
        " and b.theirs = h.theirs returning h.channel, h.brought, h.theirs, b.message",
        (violation,),
    )
    if held is None:
        return None
    row, channel = dict(held["message"]), held["channel"]
    if (await there(tx, channel, held["brought"], [row["ts"]])).taken:
        row["ts"] = await free(tx, channel, row["ts"], ())
        await shift(tx, channel, held["brought"], {held["theirs"]: row["ts"]})
    await add(tx, [row], fill=True)
    await newest(tx, channel, row["ts"], row["ts"])
    await finish(tx, channel, held["brought"])
    return int(row["ts"])


async def finish(tx: Tx, channel: str, brought: str) -> None:
    """Threads with their counts and roots, and nobody's reading behind for what was brought in."""
    given = {"channel": channel, "brought": brought}
    await tx.run(_ROOTS, given)
    rows = await tx.rows(
        "select distinct thread from channels.message where channel = %(channel)s and brought = %(brought)s"
        " and thread is not null order by thread",
        given,
    )
    for start in range(0, len(rows), _THREADS_AT_ONCE):
        threads = [row["thread"] for row in rows[start : start + _THREADS_AT_ONCE]]
        counts = await tx.rows(_THREADS, {"channel": channel, "threads": threads})
        await tx.run(_COUNT, {"channel": channel, "threads": threads, "counts": Jsonb(counts)})
    await tx.run(
        "update channels.following f set last_read = greatest(f.last_read, r.latest_reply) from channels.message r"
        " where f.channel = %(channel)s and r.channel = f.channel and r.ts = f.thread and exists (select from"
        " channels.message n where n.channel = r.channel and n.ts = r.latest_reply and n.brought is not null)",
        given,
    )


async def share_files(tx: Tx, home: str, team: str, shares: Sequence[tuple[File, str, int, int | None]]) -> None:
    """Where files are: (file, channel, ts, thread)."""
    await tx.many(
        "insert into channels.file_share (file, channel, ts, thread, workspace, team, account, shared_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        [(file.id, channel, ts, thread, home, team, file.user, file.created_at)
         for file, channel, ts, thread in shares],
    )  # fmt: skip
