"""Keeping every segment right with little work: only people of whom something arrived, who were merged, or over whose
events an edge of a window passed are looked at again, and for all segments of a workspace in one pass.

Looked at means asked of the log as a whole computation would ask, so for them the answer is the same; and of everybody
else nothing changed. A test holds that both agree at every tick.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog

from dure.feed.api import append, keep_from, position_of
from dure.governance.api import Governance, Principal
from dure.log.api import LOG_FOLLOWER, Log
from dure.segments import events, standing_store
from dure.segments.arrivals import Wanted, arrivals, wanted
from dure.segments.conditions_sql import text_of
from dure.segments.crossing_sql import Arrived, touched_by
from dure.segments.leaves_sql import LIST_EVENTS
from dure.segments.model import ANYTHING, Counted, Listed, Rule, Segment, Trait
from dure.segments.rules import could, leaves_of, of_nobody
from dure.segments.sql import events_of, holders_of
from dure.segments.standing import Standing
from dure.segments.weighing import Look, Scales, looks
from dure.state import State, Tx

T = TypeVar("T")
log = structlog.get_logger("segments")

FOLLOWER = "segments"
EVENTS_A_BATCH = 5_000
"""Larger feed batches would make one follower's transaction long."""
PEOPLE_A_PASS = 10_000
"""What so many people did is in memory at a time."""
SETTINGS = {"max_query_size": 64 << 20, "max_ast_elements": 2_000_000, "max_expanded_ast_elements": 4_000_000}


@dataclass(frozen=True, slots=True)
class Asked:
    """A segment with its rule unfolded."""

    segment: Segment
    rule: Rule
    fingerprint: str

    @property
    def alone(self) -> bool:
        """Whether it is computed by itself, because a question of metrics says who is in it."""
        return any(isinstance(leaf, Counted) for leaf in leaves_of(self.rule))


@dataclass
class Done:
    """What a look at a workspace's segments came to."""

    segments: int = 0
    touched: int = 0
    entered: int = 0
    left: int = 0


@dataclass(frozen=True)
class Workplace:
    """A workspace and those of its segments whose members follow what happens."""

    principal: Principal
    zone: str
    moving: Sequence[tuple[Asked, Standing]]


class Recomputing:
    """Segments' members as time passes and events come."""

    def __init__(self, state: State, log: Log, governance: Governance) -> None:
        self._state = state
        self._log = log
        self._governance = governance

    async def position(self) -> int:
        """How far the log is: whatever lies before it in the feed is in the log."""
        async with self._state.begin_system() as tx:
            return await position_of(tx, LOG_FOLLOWER)

    async def follow(self, places: Sequence[Workplace], now: datetime) -> dict[str, Done]:
        """Brings the moving segments of these workspaces up to `now`; by workspace."""
        async with self._state.begin_system() as tx:
            until = await position_of(tx, LOG_FOLLOWER)
            oldest = await standing_store.oldest_seen(tx)
            await keep_from(tx, FOLLOWER, min(until, oldest if oldest is not None else until))
        moving = [place for place in places if place.moving]
        if not moving:
            return {}
        after = min(standing.seen for place in moving for _, standing in place.moving)
        which: dict[str, Wanted] = {
            place.principal.tenant.workspace: wanted(
                (asked.rule for asked, _ in place.moving), (asked.segment.id for asked, _ in place.moving)
            )
            for place in moving
        }
        arrived, seen = await arrivals(self._state, after, until, which)
        found = {}
        for place in moving:
            workspace = place.principal.tenant.workspace
            found[workspace] = await self.look(place, now, arrived[workspace], seen)
        return found

    async def look(self, place: Workplace, now: datetime, arrived: Arrived, seen: int) -> Done:
        """Looks again at those of whom something may have changed, for the moving segments of one workspace."""
        asked, known = [one for one, _ in place.moving], {one.segment.id: standing for one, standing in place.moving}
        touched = await self._touched(place, now, arrived)
        done = Done(touched=len(touched))
        scales = Scales(now)
        weighs = [scales.rule(one.rule) for one in asked]
        scales.facts.everything = any(True in could(one.rule, of_nobody) for one in asked)
        affected = _Affected(asked)
        looked: standing_store.Moves = []
        held: standing_store.Moves = []
        for part in _parts(sorted(touched, key=str), PEOPLE_A_PASS):
            looks_ = await self._looks(place, scales, part, now)
            for person in part:
                look = looks_.get(person)
                for number in affected.by(touched[person]):
                    pair = (asked[number].segment.id, person)
                    looked.append(pair)
                    if look is not None and weighs[number](look):
                        held.append(pair)
        async with self._state.begin(place.principal.tenant) as tx:
            moved = await self.write(tx, place.principal, asked, known, held, looked, now, seen)
        done.segments = len(moved)
        done.entered, done.left = (sum(pair[n] for pair in moved.values()) for n in (0, 1))
        return done

    async def _touched(self, place: Workplace, now: datetime, arrived: Arrived) -> dict[UUID, set[str]]:
        """Whom something may have changed for, by the names of the events."""
        since = min(standing.at for _, standing in place.moving)
        statement = touched_by([asked.rule for asked, _ in place.moving], since, now, arrived)
        if statement is None:
            return {}
        rows = await self._log.query(
            place.principal.tenant, statement.sql, statement.params, settings=SETTINGS, seconds=600
        )
        found: dict[UUID, set[str]] = {}
        for person, own, names in rows.rows:
            said = arrived.people[own] if own in arrived.people else set(names)
            found.setdefault(person, set()).update(said)
            if own in arrived.people and own != person:
                found.setdefault(own, set()).add(ANYTHING)  # became another's, and is a member no more
        return found

    async def _looks(self, place: Workplace, scales: Scales, people: Sequence[UUID], now: datetime) -> dict[UUID, Look]:
        tenant, holding = place.principal.tenant, dict[UUID, frozenset[int]]()
        if scales.asked:
            statement = holders_of(scales.asked, now, place.zone, people)
            rows = await self._log.query(tenant, statement.sql, statement.params, settings=SETTINGS, seconds=600)
            holding = {person: frozenset(numbers) for person, numbers in rows.rows}
        statement = scales.facts.of(people, text_of(now), place.zone)
        rows = await self._log.query(tenant, statement.sql, statement.params, settings=SETTINGS, seconds=600)
        return looks(rows.rows, holding)

    async def write(
        self, tx: Tx, principal: Principal, asked: Sequence[Asked], known: Mapping[str, Standing],
        held: standing_store.Moves, looked: standing_store.Moves | None, now: datetime, seen: int,
    ) -> dict[str, tuple[int, int]]:  # fmt: skip
        """Writes who came and who went, with an event each; how many, by segment. `looked` are the pairs of segment and
        person that were looked at, None where it was everybody.

        A segment that somebody else computed, changed or removed since it stood as `known` is left as it is and out of
        the answer: what was found here may be older than what is written there.
        """
        workspace = principal.tenant.workspace
        rules = await standing_store.rules_now(tx, workspace, [one.segment.id for one in asked])
        there = await standing_store.standings(tx, workspace, list(rules))
        mine = {
            one.segment.id: one
            for one in asked
            if rules.get(one.segment.id) == one.segment.rule
            and _revision(there, one.segment.id) == _revision(known, one.segment.id)
        }
        if not mine:
            return {}
        pairs = [pair for pair in held if pair[0] in mine]
        entered: standing_store.Moves = []
        left: standing_store.Moves = []
        if looked is None or looked:
            at = None if looked is None else [pair for pair in looked if pair[0] in mine]
            entered, left = await standing_store.move(tx, workspace, list(mine), now, pairs, at)
        came, went = Tally(pair[0] for pair in entered), Tally(pair[0] for pair in left)
        moved = {one: (came[one], went[one]) for one in mine}
        whole = Tally(pair[0] for pair in pairs) if looked is None else None
        await standing_store.note_sizes(tx, workspace, list(mine), now, moved, whole)
        prints = {one.segment.id: one.fingerprint for one in mine.values()}
        await standing_store.stand(tx, workspace, prints, seen, now, whole=looked is None)
        await self._tell(tx, principal, mine, now, ((events.ENTERED, entered), (events.LEFT, left)))
        return moved

    async def _tell(
        self, tx: Tx, principal: Principal, asked: Mapping[str, Asked], now: datetime,
        moves: Sequence[tuple[str, standing_store.Moves]],
    ) -> None:  # fmt: skip
        for name, some in moves:
            for part in _parts(some, EVENTS_A_BATCH):
                told = [
                    one
                    for which, person in part
                    for one in events.moved(
                        principal, now, asked[which].segment, name, [person], asked[which].segment.size is None
                    )
                ]
                await append(tx, *told)


class _Affected:
    """Which segments an event of a name can change anything for."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        self._all = range(len(asked))
        self._always: set[int] = set()
        self._by_name: dict[str, set[int]] = {}
        for number, one in enumerate(asked):
            leaves = list(leaves_of(one.rule))
            names = {name for leaf in leaves for name in events_of(leaf)}
            names.update(name for leaf in leaves if isinstance(leaf, Listed) for name in LIST_EVENTS)
            accounts = any(isinstance(leaf, Trait) and leaf.of == "account" for leaf in leaves)
            if ANYTHING in names or accounts or True in could(one.rule, of_nobody):
                self._always.add(number)
            for name in names:
                self._by_name.setdefault(name, set()).add(number)
        self._known: dict[frozenset[str], Sequence[int]] = {}

    def by(self, names: set[str]) -> Sequence[int]:
        if ANYTHING in names:
            return self._all
        key = frozenset(names)
        if key not in self._known:
            self._known[key] = sorted(self._always.union(*(self._by_name.get(name, ()) for name in names)))
        return self._known[key]


def due(
    asked: Sequence[Asked], known: Mapping[str, Standing], now: datetime, *, every: timedelta, alone: timedelta,
    whole: timedelta,
) -> tuple[list[Asked], list[tuple[Asked, Standing]]]:  # fmt: skip
    """Those that are to be computed wholly, and those that only follow what happened, where their time has come."""
    wholly, moving = [], []
    for one in asked:
        standing = known.get(one.segment.id)
        if standing is None or standing.fingerprint != one.fingerprint or one.segment.computed_at is None:
            wholly.append(one)
        elif one.alone:
            if now - standing.at >= alone:
                wholly.append(one)
        elif now - standing.whole_at >= whole:
            wholly.append(one)
        elif now - standing.at >= every:
            moving.append((one, standing))
    return wholly, moving


def _revision(standings: Mapping[str, Standing], id: str) -> int:
    return standings[id].revision if id in standings else 0


def _parts(some: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for at in range(0, len(some), size):
        yield some[at : at + size]
