"""Finding messages by the index. Who may read what is asked in the same transaction, as of the same moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.retention.model import Since, as_json
from dure.channels.search.slices import COARSE, LEVELS, Counts
from dure.channels.store.indexed import Place
from dure.state import Tx

# What somebody may read: conversations they are in, and with `open` what their side keeps open.
_READABLE = """
select c.id, c.workspace || c.former_homes as homes, c.kind, c.people, c.topic, c.purpose, c.last_ts, s.name,
       s.private, s.archived, o.shared, o.external, m.account is not null as member
from channels.share s
join channels.conversation c on c.id = s.channel
left join channels.membership m on m.channel = c.id and m.account = %(account)s
cross join lateral (
    select count(*) > 1 as shared, coalesce(bool_or(x.org <> s.org), false) as external
    from channels.share x where x.channel = c.id and x.state = 'connected'
) o
where s.workspace = %(workspace)s and s.state = 'connected' and not (%(program)s and s.limited)
  and (m.account is not null or (c.kind = 'channel'
       and (%(everything)s or (%(open)s and not s.private and not s.limited))))
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
_LAST = 1 << 62


@dataclass(frozen=True, slots=True)
class Readable:
    """A conversation that somebody may read, as their side has it."""

    id: str
    homes: tuple[str, ...]
    kind: str
    people: tuple[str, ...]
    name: str
    private: bool
    archived: bool
    shared: bool
    external: bool
    member: bool
    topic: str
    purpose: str
    last_ts: int


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


async def readable(
    tx: Tx, workspace: str, account: str, *, everything: bool, open_too: bool, program: bool
) -> list[Readable]:
    """`program`: who asks is an app, which sees nothing where its side may only write."""
    rows = await tx.rows(
        _READABLE,
        {"workspace": workspace, "account": account, "everything": everything, "open": open_too, "program": program},
    )
    return [
        Readable(
            row["id"], tuple(row["homes"]), row["kind"],
            tuple((row["people"] or "").split(",")) if row["people"] else (), row["name"],
            row["private"], row["archived"], row["shared"], row["external"], row["member"],
            row["topic"], row["purpose"], row["last_ts"],
        )
        for row in rows
    ]  # fmt: skip


async def sides(tx: Tx, channels: Sequence[str]) -> set[str]:
    """The workspaces that are or were a side of conversations."""
    rows = await tx.rows(
        "select distinct workspace from channels.share where channel = any(%s)"
        " and state in ('connected', 'disconnected')",
        (list(channels),),
    )
    return {row["workspace"] for row in rows}


async def counts(tx: Tx, homes: Sequence[str], before: int) -> Counts:
    """How many messages there are in slices of the workspaces' time; small ones only near the newest before a ts."""
    newest = await tx.value(_NEWEST, {"homes": list(homes), "slot": before >> LEVELS[0]})
    if newest is None:
        return Counts({}, {})
    edge = min(before, ((newest + 1) << LEVELS[0]) - 1)
    known = {level: (0, _LAST) if level >= COARSE else ((edge >> level) - _NEAR, edge >> level) for level in LEVELS}
    rows = await tx.rows(
        _COUNTS,
        {"homes": list(homes), "levels": list(LEVELS), "first": [known[level][0] for level in LEVELS],
         "last": [known[level][1] for level in LEVELS]},
    )  # fmt: skip
    return Counts({(row["level"], row["slot"]): row["n"] for row in rows}, known)


_NOT_PAST = """(i.ts + 0 >= %(newest)s or not exists (select from channels.message m
    where m.channel = i.channel and m.ts = i.ts
      and m.ts < coalesce((%(seen)s::jsonb -> m.channel ->> m.team)::bigint, 0)))"""


async def find(
    tx: Tx, sought: Sought, slices: Sequence[Sequence[int]], *, after: Place | None, most: int, show: int,
    oldest_first: bool, seen: Mapping[str, Since] = MappingProxyType({}),
) -> tuple[list[tuple[Place, str]], int]:  # fmt: skip
    """The first `show` places, with folded words, of the newest (or oldest) messages that fit; and how many fit.

    No more than `most` are counted. `slices` are the marks of each slice, one for each workspace, in the order of time
    that is asked for. `after` is where the page before ended. What is past its time in a conversation of `seen` fits
    nothing, whether it was taken away already or not.
    """
    conditions, params = _conditions(sought)
    if seen:
        conditions.append(_NOT_PAST)
        params |= {"seen": Jsonb(as_json(seen)), "newest": max(one.newest for one in seen.values())}
    direction, beyond = ("asc", ">") if oldest_first else ("desc", "<")
    if after is not None:
        conditions.append(f"(i.ts + 0, i.channel) {beyond} (%(after_ts)s, %(after_channel)s)")
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
    # `+ 0` keeps the key out of it, which has more entries for a range of time than there are messages that fit.
    conditions = [
        "i.marks && slice::integer[]", "i.channel = any(%(channels)s)", "i.ts + 0 >= %(since)s",
        "i.ts + 0 < %(until)s",
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
