"""What messages are found by in PostgreSQL, and the finding itself. Rights are in every question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.channels.search.said import Said
from dure.channels.search.slices import COARSE, LEVELS, Slice, slices_of
from dure.state import Tx
from dure.state.blank import there

Place = tuple[str, int]

# -- keeping the index ----------------------------------------------------------------------------------------------

_SAID = """
select m.*, c.kind, c.people,
       array(select distinct r.name from channels.reaction r where r.channel = m.channel and r.ts = m.ts) as reactions,
       {files} as file_words, {pinned} as pinned
from unnest(%(channels)s::text[], %(ts)s::bigint[]) as given(channel, ts)
join channels.message m on m.channel = given.channel and m.ts = given.ts
join channels.conversation c on c.id = m.channel
where not m.deleted and not starts_with(m.subtype, 'channel_')
"""
_FILE_WORDS = (
    "array(select concat_ws(' ', f.title, f.name, f.alt, f.preview) from channels.file f"
    " where f.id = any(m.files) and f.state = 'kept')"
)
_PINNED = "exists(select from channels.pin p where p.channel = m.channel and p.ts = m.ts)"
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
    return [_said(row) for row in await _rows(tx, places)]


async def _rows(tx: Tx, places: Sequence[Place]) -> list[dict[str, Any]]:
    if not places:
        return []
    sql = _SAID.format(
        files=_FILE_WORDS if await there(tx, "channels.file") else "'{}'::text[]",
        pinned=_PINNED if await there(tx, "channels.pin") else "false",
    )
    return await tx.rows(sql, {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]})


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


async def told_of(tx: Tx, workspace: str, words: str, cards: Sequence[str]) -> list[Place]:
    """Messages that a pattern is found in, and those given as `channel:ts`: for those who take words out of them."""
    rows = await tx.rows(
        "select channel, ts from channels.message where workspace = %(workspace)s and ((%(words)s <> '' and"
        " concat_ws(' ', text, username, blocks::text, attachments::text, metadata::text) ~* %(words)s)"
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


def _said(row: Mapping[str, Any]) -> Said:
    return Said(
        row["channel"], row["ts"], row["workspace"], row["account"], row["thread"], row["reply_count"], row["text"],
        row["blocks"], row["attachments"], row["kind"], row["people"] or "", row["reactions"],
        tuple(row.get("files") or ()), tuple(row["file_words"]), row["pinned"],
    )  # fmt: skip


# -- finding --------------------------------------------------------------------------------------------------------

# What somebody may read: conversations they are in, and with `open` what their side keeps open.
_READABLE = """
select c.id, c.workspace as home, c.kind, c.people, s.name, s.private, s.archived, o.shared, o.external
from channels.share s
join channels.conversation c on c.id = s.channel
left join channels.membership m on m.channel = c.id and m.workspace = s.workspace and m.account = %(account)s
cross join lateral (
    select count(*) > 1 as shared, coalesce(bool_or(x.org <> s.org), false) as external
    from channels.share x where x.channel = c.id and x.state = 'connected'
) o
where s.workspace = %(workspace)s and s.state = 'connected'
  and (m.account is not null or (c.kind = 'channel' and (%(everything)s or (%(open)s and not s.private))))
"""
# Each workspace and level is asked by the key: there are many small slices, and few of them matter.
_NEWEST = f"""
select max(s.slot) from unnest(%(homes)s::text[]) as given(home) cross join lateral (
    select slot from channels.indexed_slice
    where workspace = home and level = {LEVELS[0]} and slot <= %(slot)s and messages > 0 order by slot desc limit 1
) s
"""
_COUNTS = """
select s.level, s.slot, sum(s.messages)::bigint as n from unnest(%(homes)s::text[]) as w(home)
cross join unnest(%(levels)s::smallint[], %(first)s::bigint[], %(last)s::bigint[]) as g(level, first, last)
join channels.indexed_slice s on s.workspace = w.home and s.level = g.level and s.slot between g.first and g.last
where s.messages > 0 group by s.level, s.slot
"""
# So many small slices before the newest are looked at one by one.
_NEAR = 16


@dataclass(frozen=True, slots=True)
class Readable:
    """A conversation that somebody may read, as their side has it."""

    id: str
    home: str
    kind: str
    people: tuple[str, ...]
    name: str
    private: bool
    archived: bool
    shared: bool
    external: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """A query with its names looked up. Of each group of `groups` a message has at least one mark."""

    channels: Sequence[str]
    wants: Sequence[str]
    shuns: Sequence[str]
    marks: Sequence[int]
    groups: Sequence[Sequence[int]]
    not_marks: Sequence[int]
    by: Sequence[str]
    not_by: Sequence[str]
    since: int
    until: int


async def look_steadily(tx: Tx) -> None:
    """Makes all that the transaction reads stand as of one moment; its first statement."""
    await tx.run("set transaction isolation level repeatable read, read only")


async def readable(tx: Tx, workspace: str, account: str, *, everything: bool, open_too: bool) -> list[Readable]:
    rows = await tx.rows(
        _READABLE, {"workspace": workspace, "account": account, "everything": everything, "open": open_too}
    )
    return [
        Readable(
            row["id"], row["home"], row["kind"], tuple((row["people"] or "").split(",")) if row["people"] else (),
            row["name"], row["private"], row["archived"], row["shared"], row["external"],
        )
        for row in rows
    ]  # fmt: skip


async def sides(tx: Tx, channels: Sequence[str]) -> set[str]:
    """The workspaces that are or were a side of conversations."""
    rows = await tx.rows("select distinct workspace from channels.share where channel = any(%s)", (list(channels),))
    return {row["workspace"] for row in rows}


async def counts(tx: Tx, homes: Sequence[str], before: int) -> dict[Slice, int]:
    """How many messages there are in slices of the workspaces' time; small ones only near the newest before a ts."""
    newest = await tx.value(_NEWEST, {"homes": list(homes), "slot": before >> LEVELS[0]})
    if newest is None:
        return {}
    edge = min(before, ((newest + 1) << LEVELS[0]) - 1)
    first = [0 if level >= COARSE else (edge >> level) - _NEAR for level in LEVELS]
    last = [edge >> level for level in LEVELS]
    rows = await tx.rows(_COUNTS, {"homes": list(homes), "levels": list(LEVELS), "first": first, "last": last})
    return {(row["level"], row["slot"]): row["n"] for row in rows}


async def find(
    tx: Tx, sought: Sought, slices: Sequence[Sequence[int]], *, after: Place | None, most: int, show: int,
    oldest_first: bool,
) -> tuple[list[tuple[Place, str]], int]:  # fmt: skip
    """The first `show` places, with folded words, of the newest (or oldest) messages that fit; and how many fit.

    No more than `most` are counted. `slices` are the marks of each slice, one for each workspace, in the order of time
    that is asked for. `after` is where the page before ended.
    """
    conditions, params = _conditions(sought)
    direction, beyond = ("asc", ">") if oldest_first else ("desc", "<")
    if after is not None:
        conditions.append(f"(i.ts, i.channel) {beyond} (%(after_ts)s, %(after_channel)s)")
        params |= {"after_channel": after[0], "after_ts": after[1]}
    # Slices are asked one by one, in order, and none after there is enough.
    rows = await tx.rows(
        f"""
        with hit as materialized (
            select h.channel, h.ts, h.folded from unnest(%(slices)s::text[]) as given(slice)
            cross join lateral (
                select i.channel, i.ts, i.folded from channels.indexed i
                where {" and ".join(conditions)} order by i.ts {direction}, i.channel {direction} limit %(most)s
            ) h limit %(most)s
        )
        select channel, ts, folded, (select count(*) from hit) as total from hit limit %(show)s""",
        {**params, "most": most, "show": show, "slices": ["{" + ",".join(map(str, marks)) + "}" for marks in slices]},
    )
    return [((row["channel"], row["ts"]), row["folded"]) for row in rows], rows[0]["total"] if rows else 0


def _conditions(sought: Sought) -> tuple[list[str], dict[str, Any]]:
    conditions = [
        "i.marks && slice::integer[]", "i.channel = any(%(channels)s)", "i.ts >= %(since)s", "i.ts < %(until)s"
    ]  # fmt: skip
    params: dict[str, Any] = {"channels": list(sought.channels), "since": sought.since, "until": sought.until}
    if sought.marks:
        conditions.append("i.marks @> %(marks)s::integer[]")
        params["marks"] = list(sought.marks)
    for n, group in enumerate(sought.groups):
        conditions.append(f"i.marks && %(group{n})s::integer[]")
        params[f"group{n}"] = list(group)
    if sought.not_marks:
        conditions.append("not i.marks && %(not_marks)s::integer[]")
        params["not_marks"] = list(sought.not_marks)
    for name, test in (("by", "i.account = any(%(by)s)"), ("not_by", "i.account <> all(%(not_by)s)")):
        if accounts := getattr(sought, name):
            conditions.append(test)
            params[name] = list(accounts)
    for name, words, test in (("want", sought.wants, "> 0"), ("shun", sought.shuns, "= 0")):
        for n, word in enumerate(words):
            conditions.append(f"strpos(i.folded, %({name}{n})s) {test}")
            params[f"{name}{n}"] = word
    return conditions, params


async def messages(tx: Tx, places: Sequence[Place]) -> dict[Place, dict[str, Any]]:
    """Messages by their places, deleted ones left out, each with what it is known by as `said`."""
    return {(row["channel"], row["ts"]): {**row, "said": _said(row)} for row in await _rows(tx, places)}


async def files(tx: Tx, places: Sequence[Place]) -> list[dict[str, Any]]:
    """The files that messages carry, in the order of the places; not those of a side that is connected no more."""
    if not places or not await there(tx, "channels.file"):
        return []
    return await tx.rows(
        """
        select f.id, f.name, f.title, f.alt, f.preview, f.mimetype, f.filetype, f.mode, f.size, f.account, f.workspace,
               f.created_at, f.external_url, h.channel, h.ts, h.thread
        from unnest(%(channels)s::text[], %(ts)s::bigint[]) with ordinality as given(channel, ts, n)
        join channels.file_share h on h.channel = given.channel and h.ts = given.ts
        join channels.file f on f.id = h.file and f.state = 'kept'
        where exists (select from channels.share s where s.channel = h.channel and s.workspace = f.workspace
                      and s.state = 'connected')
        order by given.n, f.id""",
        {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]},
    )


async def around(tx: Tx, places: Sequence[Place]) -> dict[Place, dict[str, list[dict[str, Any]]]]:
    """What was said just before (nearest first) and after each message where it stands: two of each, if there are."""
    rows = await tx.rows(
        """
        select given.channel as at_channel, given.ts as at_ts, n.* from
            unnest(%(channels)s::text[], %(ts)s::bigint[]) as given(channel, ts)
        join channels.message m on m.channel = given.channel and m.ts = given.ts
        cross join lateral (
            (select 'before' as side, b.ts, b.account, b.username, b.text from channels.message b
             where b.channel = m.channel and b.ts < m.ts and not b.deleted and b.subtype = ''
               and b.thread is not distinct from m.thread order by b.ts desc limit 2)
            union all
            (select 'after', a.ts, a.account, a.username, a.text from channels.message a
             where a.channel = m.channel and a.ts > m.ts and not a.deleted and a.subtype = ''
               and a.thread is not distinct from m.thread order by a.ts limit 2)
        ) n""",
        {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]},
    )
    found: dict[Place, dict[str, list[dict[str, Any]]]] = {place: {"before": [], "after": []} for place in places}
    for row in rows:
        found[row["at_channel"], row["at_ts"]][row["side"]].append(row)
    for sides in found.values():
        sides["before"].sort(key=lambda row: -row["ts"])
        sides["after"].sort(key=lambda row: row["ts"])
    return found
