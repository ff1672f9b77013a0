"""Whose membership may have changed between two moments, as a ClickHouse statement.

Nothing is remembered of when somebody's membership ends. The log is ordered by event and day, so the events over which
an edge of a window passed between the two moments are read straight from it, to the microsecond: an edge that lies
`d` behind the clock passed over those from the earlier moment minus `d` (left out) to the later one minus `d`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dure.segments.conditions_sql import Statement, named
from dure.segments.leaves_sql import ACCOUNT_IDENTIFIED, LIST_EVENTS, PERIODS
from dure.segments.model import ANYTHING, Frequency, Leaf, Listed, Rule, Trait
from dure.segments.rules import could, duration, leaves_of, of_nobody
from dure.segments.sql import MERGED, NOBODY, NOW, events_of

_STATEMENT = """
with {merged}
select person, own, groupUniqArray(name) as names from ({parts}) where person != {nobody} group by person, own
"""
_PASSED = """
select {who} as person, {nobody} as own, e.event as name
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and ({passed})"""
# Who these ids are now.
_ARRIVED = """
select if(m.to_person = {nobody}, i.id, m.to_person) as person, i.id as own, '' as name
from (select arrayJoin({ids}) as id) as i left any join merged as m on i.id = m.from_person"""
# Whose an id was before: he lost what it brought him.
_LOST = """
select toUUID(e.properties.to_person.:String) as person, {nobody} as own, '*' as name from events as e
where e.workspace = {{workspace:String}} and e.event = 'Person Linked' and e.source = 'people'
  and toUUID(e.properties.from_person.:String) in {ids}"""
_OF_ACCOUNTS = """
select {who} as person, {nobody} as own, '*' as name
from events as e left any join merged as m on e.person = m.from_person
where e.workspace = {{workspace:String}} and e.account in ({accounts})"""


@dataclass
class Arrived:
    """What came into the log: whom it is about with the events' names (`*`: whatever they did counts anew), whose ids
    became others', which accounts it says something of."""

    people: dict[UUID, set[str]] = field(default_factory=dict)
    linked: set[UUID] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    events: int = 0


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
    said at `since`, when `arrived` came meanwhile. None where that is nobody.

    Its rows are `person, own, names`: by which events (`*` any), or the id of their own under which something arrived.
    """
    statement, parts = Statement(), []
    leaves = [leaf for rule in rules for leaf in leaves_of(rule)]
    everybody = any(True in could(rule, of_nobody) for rule in rules)
    passed = _passed(leaves, since, now, statement, everybody=everybody)
    if passed:
        parts.append(_PASSED.format(who=NOW, nobody=NOBODY, passed=" or ".join(passed)))
    if arrived.people:
        parts.append(_ARRIVED.format(nobody=NOBODY, ids=_ids(arrived.people, statement)))
    if arrived.linked:
        parts.append(_LOST.format(nobody=NOBODY, ids=_ids(arrived.linked, statement)))
    if any(isinstance(leaf, Trait) and leaf.of == "account" for leaf in leaves):
        accounts = [_accounts_said(since, now, statement)] if now > since else []
        if arrived.accounts:
            accounts.append(f"select arrayJoin({statement.bind(sorted(arrived.accounts), 'Array(String)')})")
        if accounts:
            parts.append(_OF_ACCOUNTS.format(who=NOW, nobody=NOBODY, accounts=" union all ".join(accounts)))
    if not parts:
        return None
    statement.sql = _STATEMENT.format(merged=MERGED, nobody=NOBODY, parts=" union all ".join(parts))
    return statement


def _passed(
    leaves: Sequence[Leaf], since: datetime, now: datetime, statement: Statement, *, everybody: bool
) -> list[str]:
    if now <= since:
        return []
    names: dict[timedelta, set[str]] = defaultdict(set)
    for leaf in leaves:
        for behind in edges(leaf):
            names[behind].update(events_of(leaf))
        if isinstance(leaf, Trait) and leaf.of == "account":
            names[timedelta()].add(ANYTHING)  # whatever they do says which account they are of
    found = []
    if everybody:
        found.append(f"(e.time > {statement.moment(since)} and e.time <= {statement.moment(now)})")
    for behind, some in sorted(names.items()):
        if not some:
            continue
        period = f"e.time > {statement.moment(since - behind)} and e.time <= {statement.moment(now - behind)}"
        which = [named(ANYTHING, statement)] if ANYTHING in some else []
        if said := sorted(some - {ANYTHING}):
            which.append(f"e.event in ({', '.join(statement.bind(name, 'String') for name in said)})")
        found.append(f"(({' or '.join(which)}) and {period})")
    lists = sorted({leaf.segment for leaf in leaves if isinstance(leaf, Listed)})
    if lists:
        # What is stated about a list counts from its moment on.
        found.append(
            f"(e.event in {LIST_EVENTS} and e.object in {statement.bind(lists, 'Array(String)')}"
            f" and e.time > {statement.moment(since)} and e.time <= {statement.moment(now)})"
        )
    return found


def _accounts_said(since: datetime, now: datetime, statement: Statement) -> str:
    return (
        f"select e.account from events as e where e.workspace = {{workspace:String}} and e.event ="
        f" '{ACCOUNT_IDENTIFIED}' and e.account != '' and e.time > {statement.moment(since)}"
        f" and e.time <= {statement.moment(now)}"
    )


def _ids(people: Collection[UUID], statement: Statement) -> str:
    return statement.bind(sorted(map(str, people)), "Array(UUID)")
