"""What came into the log since: read off the feed, which has every event once and in order, up to where the log is.

Nothing hangs on clocks or on how late something arrives: an event counts as arrived when it is in the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from dure.feed.api import NOBODY, Batch, Lane, tail
from dure.people.api import OUR_SOURCES
from dure.segments.crossing_sql import Arrived
from dure.segments.leaves_sql import ACCOUNT_IDENTIFIED, LIST_EVENTS
from dure.segments.model import ANYTHING, Leaf, Listed, Rule, Trait
from dure.segments.rules import could, leaves_of, of_nobody
from dure.segments.sql import events_of
from dure.state import State

MOST_EVENTS = 400_000
"""So many are read at a time; the rest waits for the next look."""
_BATCHES = 200
_LANES = (Lane.DOMAIN, Lane.OUTSIDE)
_OURS = frozenset(OUR_SOURCES)
_LINKED = "Person Linked"


@dataclass
class Wanted:
    """The events that a workspace's rules go by."""

    names: set[str] = field(default_factory=set)
    anything: bool = False
    accounts: bool = False
    lists: set[str] = field(default_factory=set)
    everybody: bool = False
    own: frozenset[str] = frozenset()


class _Line(msgspec.Struct):
    event: str
    person: UUID
    source: str = ""
    account: str = ""
    object: str = ""
    properties: msgspec.Raw = msgspec.Raw(b"{}")


class _Link(msgspec.Struct):
    from_person: UUID
    to_person: UUID


_lines, _link = msgspec.json.Decoder(_Line), msgspec.json.Decoder(_Link)


def wanted(rules: Iterable[Rule], own: Iterable[str] = ()) -> Wanted:
    """What rules go by; `own` are the segments whose coming and going these rules themselves bring about."""
    found, rules = Wanted(own=frozenset(own)), list(rules)
    # A rule that holds for who did nothing it names begins to hold with whatever somebody is first seen by.
    found.everybody = any(True in could(rule, of_nobody) for rule in rules)
    leaves: list[Leaf] = [leaf for rule in rules for leaf in leaves_of(rule)]
    for leaf in leaves:
        found.names.update(events_of(leaf))
        found.accounts |= isinstance(leaf, Trait) and leaf.of == "account"
        if isinstance(leaf, Listed):
            found.lists.add(leaf.segment)
    found.anything = ANYTHING in found.names
    return found


async def arrivals(
    state: State, after: int, until: int, wanted: Mapping[str, Wanted], most: int = MOST_EVENTS
) -> tuple[dict[str, Arrived], int]:
    """What came of each workspace between two positions, and how far was read."""
    found = {workspace: Arrived() for workspace in wanted}
    seen = 0
    while after < until and seen < most:
        async with state.begin_system() as tx:
            batches = await tail(tx, after, _LANES, _BATCHES)
        batches = [batch for batch in batches if batch.position <= until]
        if not batches:
            return found, until
        await asyncio.to_thread(_read, [batch for batch in batches if batch.workspace in wanted], wanted, found)
        after, seen = batches[-1].position, seen + sum(batch.count for batch in batches)
    return found, after


def _read(batches: Sequence[Batch], wanted: Mapping[str, Wanted], found: Mapping[str, Arrived]) -> None:
    for batch in batches:
        which, into = wanted[batch.workspace], found[batch.workspace]
        for line in _lines.decode_lines(batch.body):
            _take(line, which, into)


def _take(line: _Line, which: Wanted, into: Arrived) -> None:
    if line.event == _LINKED and line.source == "people":
        link = _link.decode(line.properties)
        for one in (link.from_person, link.to_person):
            into.people.setdefault(one, set()).add(ANYTHING)
        into.linked.add(link.from_person)
    elif _is_wanted(line, which):
        into.events += 1
        if which.accounts and line.account and line.event == ACCOUNT_IDENTIFIED:
            into.accounts.add(line.account)
        if line.person != NOBODY:
            into.people.setdefault(line.person, set()).add(line.event)


def _is_wanted(line: _Line, which: Wanted) -> bool:
    if line.event in which.names or (which.anything and line.source not in _OURS):
        return True
    if line.event in LIST_EVENTS:
        # Whom a rule here has moved was looked at for that: nobody is first seen by it.
        return line.object in which.lists or (which.everybody and line.object not in which.own)
    return which.everybody or (which.accounts and line.account != "")
