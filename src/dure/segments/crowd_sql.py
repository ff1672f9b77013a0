"""What everybody did, as far as rules go by it, as columns of fixed width: ordered by person, time and message.

The same filters and numbers as `facts_sql`, read once for all rules. Everybody is read in parts, drawn by a hash of the
person, so that what one part did is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.segments.conditions_sql import OURS, Statement, column, filtered, named, text_of
from dure.segments.facts_sql import Facts
from dure.segments.leaves_sql import Columns, asked
from dure.segments.model import ANYTHING, Leaf
from dure.segments.sql import MERGED, NOBODY, NOW

WORD = 60
"""So many filters are told in one number."""
_FROM = f"""from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and e.person != {NOBODY} and e.time <= {{now:DateTime64(6, 'UTC')}}"""
# One part of everybody's events that any rule goes by.
_FACTS = """
with {merged}
select {who} as who, toUnixTimestamp64Micro(e.time), toUInt16({number}), toUInt8(e.source in {ours}),
       toUInt16(toDate(e.time, {zone})), xxh3(e.message_id){more}
{source}{wanted}{part}
order by who, e.time, e.message_id
"""
# One part of everybody there is, whatever they did.
_PEOPLE = "with {merged} select {who} as who {source}{part} group by who order by who"
# Whom a condition holds for that no window of events says.
_ASKED = """
with {merged}
select person from (select {who} as person{columns} {source}{part} group by person) where {holds} order by person
"""
_MANY = "select count() from events as e where e.workspace = {workspace:String}"


@dataclass(frozen=True)
class Part:
    """One part of so many."""

    number: int = 0
    of: int = 1

    def __str__(self) -> str:
        return f" and cityHash64({NOW}) % {self.of} = {self.number}" if self.of > 1 else ""


@dataclass(frozen=True)
class Reach:
    """Which events are read: names, each since a moment, None for ever."""

    since: Mapping[str, datetime | None]

    def wanted(self, statement: Statement) -> str:
        parts = []
        for since in sorted(set(self.since.values()), key=str):
            some = sorted(name for name, one in self.since.items() if one == since and name != ANYTHING)
            which = [named(ANYTHING, statement)] if ANYTHING in self.since and self.since[ANYTHING] == since else []
            if some:
                which.append(f"e.event in {statement.bind(some, 'Array(String)')}")
            later = f" and e.time > {statement.moment(since)}" if since is not None else ""
            parts.append(f"(({' or '.join(which)}){later})")
        return f" and ({' or '.join(parts)})" if parts else " and false"


def many_of(reach: Reach) -> Statement:
    """How many events there are to be read."""
    statement = Statement()
    statement.sql = _MANY + reach.wanted(statement)
    return statement


def facts_of(facts: Facts, names: Sequence[str], reach: Reach, now: datetime, zone: str, part: Part) -> Statement:
    """The statement whose rows are `who, at, number of the name, ours, day, message`, a number for each word of filters
    and one for each property (NaN for none)."""
    statement = Statement()
    statement.params["now"] = text_of(now)
    bits = [f"ifNull(({' and '.join(filtered(where, statement))}), 0)" for _, where in facts.filters.values()]
    words = [bits[at : at + WORD] for at in range(0, len(bits), WORD)]
    more = [" + ".join(f"bitShiftLeft(toUInt64({one}), {n})" for n, one in enumerate(word)) for word in words]
    more += [f"ifNull(toFloat64OrNull(toString({column(prop)})), nan)" for prop in facts.props]
    known = statement.bind([name for name in names if name != ANYTHING], "Array(String)")
    statement.sql = _FACTS.format(
        merged=MERGED, who=NOW, number=f"indexOf({known}, e.event)", ours=OURS, zone=statement.bind(zone, "String"),
        more="".join(f",\n       {one}" for one in more), source=_FROM, wanted=reach.wanted(statement), part=part,
    )  # fmt: skip
    return statement


def people_of_part(now: datetime, part: Part) -> Statement:
    statement = Statement(params={"now": text_of(now)})
    statement.sql = _PEOPLE.format(merged=MERGED, who=NOW, source=_FROM, part=part)
    return statement


def asked_of(leaf: Leaf, narrowed: str, now: datetime, zone: str, part: Part) -> Statement:
    """Whom a trait or a list holds for, by id."""
    statement = Statement(params={"now": text_of(now)})
    columns = Columns(statement, now, zone)
    holds = asked(leaf, columns)
    made = "".join(f", {sql} as {name}" for sql, name in columns.made.items())
    statement.sql = _ASKED.format(
        merged=MERGED, who=NOW, columns=made, source=_FROM + narrowed, part=part, holds=holds
    )  # fmt: skip
    return statement
