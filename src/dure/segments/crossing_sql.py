"""Whose membership may have changed between two moments, as a ClickHouse statement.

Nothing is remembered of when somebody's membership ends. The log is ordered by event and day, so the events over which
an edge of a window passed between the two moments are read straight from it, to the microsecond: an edge that lies
`d` behind the clock passed over those from the earlier moment minus `d` (left out) to the later one minus `d`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dure.segments.conditions_sql import Statement, named
from dure.segments.leaves_sql import ACCOUNT_IDENTIFIED, PERIODS
from dure.segments.model import ANYTHING, Frequency, Leaf, Rule, Trait
from dure.segments.rules import duration, leaves_of
from dure.segments.sql import MERGED, NOBODY, NOW, events_of

_STATEMENT = """
with {merged}
select distinct person from ({parts}) where person != {nobody} order by person
"""
_PASSED = """
select {who} as person from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and ({passed})"""
# Who these ids are now, and the ids themselves: one that became another's is a member no more.
_ARRIVED = """
select arrayJoin({ids}) as person union all
select to_person as person from merged where from_person in {ids}"""
# Whose an id was before: he lost what it brought him.
_LOST = """
select toUUID(e.properties.to_person.:String) as person from events as e
where e.workspace = {{workspace:String}} and e.event = 'Person Linked' and e.source = 'people'
  and toUUID(e.properties.from_person.:String) in {ids}"""
_OF_ACCOUNTS = """
select {who} as person from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and e.account in ({accounts})"""


@dataclass
class Arrived:
    """What came into the log: whom it is about, whose ids became others', which accounts it says something of."""

    people: set[UUID] = field(default_factory=set)
    linked: set[UUID] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    events: int = 0

    def __bool__(self) -> bool:
        return bool(self.people or self.linked or self.accounts)


def edges(leaf: Leaf) -> set[timedelta]:
    """How far behind the clock the edges of a condition's windows lie. An event of the future comes in at 0."""
    said: dict[str, str | None] = {name: getattr(leaf, name, None) for name in ("within", "before", "over", "under")}
    before = duration(said["before"]) if said["before"] else timedelta()
    behind = {timedelta(), before}
    if said["within"]:
        behind.add(before + duration(said["within"]))
    behind |= {duration(each) for each in (said["over"], said["under"]) if each}
    if isinstance(leaf, Frequency):
        length = PERIODS[leaf.per]
        behind |= {length * n for n in (range(1, leaf.periods + 1) if leaf.every else [leaf.periods])}
    return behind


def touched_by(rules: Sequence[Rule], since: datetime, now: datetime, arrived: Arrived) -> Statement | None:
    """The statement that names everybody for whom any of these unfolded rules may say something else at `now` than it
    said at `since`, when `arrived` came meanwhile. None where that is nobody."""
    statement, parts = Statement(), []
    leaves = [leaf for rule in rules for leaf in leaves_of(rule)]
    passed = _passed(leaves, since, now, statement)
    if passed:
        parts.append(_PASSED.format(who=NOW, passed=" or ".join(passed)))
    if arrived.people or arrived.linked:
        ids = _ids(arrived.people | arrived.linked, statement)
        parts.append(_ARRIVED.format(ids=ids))
    if arrived.linked:
        parts.append(_LOST.format(ids=_ids(arrived.linked, statement)))
    if any(isinstance(leaf, Trait) and leaf.of == "account" for leaf in leaves):
        accounts = [_accounts_said(since, now, statement)] if now > since else []
        if arrived.accounts:
            accounts.append(f"select arrayJoin({statement.bind(sorted(arrived.accounts), 'Array(String)')})")
        if accounts:
            parts.append(_OF_ACCOUNTS.format(who=NOW, accounts=" union all ".join(accounts)))
    if not parts:
        return None
    statement.sql = _STATEMENT.format(merged=MERGED, nobody=NOBODY, parts=" union all ".join(parts))
    return statement


def _passed(leaves: Iterable[Leaf], since: datetime, now: datetime, statement: Statement) -> list[str]:
    if now <= since:
        return []
    names: dict[timedelta, set[str]] = defaultdict(set)
    for leaf in leaves:
        for behind in edges(leaf):
            names[behind].update(events_of(leaf))
        if isinstance(leaf, Trait) and leaf.of == "account":
            names[timedelta()].add(ANYTHING)  # whatever they do says which account they are of
    found = []
    for behind, some in sorted(names.items()):
        if not some:
            continue
        period = f"e.time > {statement.moment(since - behind)} and e.time <= {statement.moment(now - behind)}"
        which = [named(ANYTHING, statement)] if ANYTHING in some else []
        if said := sorted(some - {ANYTHING}):
            which.append(f"e.event in ({', '.join(statement.bind(name, 'String') for name in said)})")
        found.append(f"(({' or '.join(which)}) and {period})")
    return found


def _accounts_said(since: datetime, now: datetime, statement: Statement) -> str:
    return (
        f"select e.account from events as e where e.workspace = {{workspace:String}} and e.event ="
        f" '{ACCOUNT_IDENTIFIED}' and e.account != '' and e.time > {statement.moment(since)}"
        f" and e.time <= {statement.moment(now)}"
    )


def _ids(people: Collection[UUID], statement: Statement) -> str:
    return statement.bind(sorted(map(str, people)), "Array(UUID)")
