"""Keeping every segment right with little work: only people of whom something arrived, who were merged, or over whose
events an edge of a window passed are looked at again, and for all segments of a workspace in one pass.

Looked at means asked of the log as a whole computation would ask, so for them the answer is the same; and of everybody
else nothing changed. A test holds that both agree at every tick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog

from dure.feed.api import append_set, keep_from, position_of
from dure.governance.api import Principal
from dure.log.api import LOG_FOLLOWER, Log
from dure.segments import events, standing_store, store
from dure.segments.arrivals import Wanted, arrivals, wanted
from dure.segments.conditions_sql import text_of
from dure.segments.crossing_sql import Arrived, touched_by
from dure.segments.ids import Ids, ids_from
from dure.segments.leaves_sql import LIST_EVENTS
from dure.segments.model import ANYTHING, Counted, Listed, Rule, Segment, Trait
from dure.segments.resting import due_between, names_of
from dure.segments.rules import could, leaves_of, of_nobody
from dure.segments.sql import events_of, holders_of
from dure.segments.standing import Standing
from dure.segments.weighing import Look, Scales, looks
from dure.segments.wholly import everybody
from dure.state import State, Tx

T = TypeVar("T")
log = structlog.get_logger("segments")

FOLLOWER = "segments"
EVENTS_A_BATCH = 5_000
"""Larger feed batches would make one follower's transaction long."""
PEOPLE_A_PASS = 10_000
"""What so many people did is in memory at a time."""
MEMBERS_A_WRITE = 100_000
"""About so many members are written in a transaction."""
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

    def __init__(self, state: State, log: Log, kept: timedelta) -> None:
        """For those that were computed within `kept`, the feed keeps what came since."""
        self._state = state
        self._log = log
        self._kept = kept

    async def position(self) -> int:
        """How far the log is: whatever lies before it in the feed is in the log."""
        async with self._state.begin_system() as tx:
            return await position_of(tx, LOG_FOLLOWER)

    async def follow(self, places: Sequence[Workplace], now: datetime) -> dict[str, Done]:
        """Brings the moving segments of these workspaces up to `now`; by workspace."""
        async with self._state.begin_system() as tx:
            until = await position_of(tx, LOG_FOLLOWER)
            oldest = await standing_store.oldest_seen(tx, now - self._kept)
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
        moves = _Looked()
        for part in _parts(sorted(touched, key=str), PEOPLE_A_PASS):
            looks_ = await self._looks(place, scales, part, now)
            for person in part:
                look, which = looks_.get(person), affected.by(touched[person])
                holds = {number for number in which if weighs[number](look)} if look is not None else set[int]()
                moves.people[person] = (affected.ids(which), {asked[number].segment.id for number in holds})
        async with self._state.begin(place.principal.tenant) as tx:
            moved = await self.write(tx, place.principal, asked, known, now, seen, looked=moves)
        done.segments = len(moved)
        done.entered, done.left = (sum(pair[n] for pair in moved.values()) for n in (0, 1))
        return done

    async def whole(
        self, principal: Principal, zone: str, asked: Sequence[Asked], now: datetime
    ) -> dict[str, tuple[int, int, int]]:  # fmt: skip
        """Looks at everybody for many segments at once; size, came and went of each that was written. One that another
        process computes at this moment is left to it."""
        workspace, tenant = principal.tenant.workspace, principal.tenant
        async with self._state.begin(tenant) as tx:
            known = await standing_store.standings(tx, workspace, [one.segment.id for one in asked])
        seen = await self.position()
        found = await everybody(self._log, tenant, [one.rule for one in asked], now, zone, SETTINGS)
        done: dict[str, tuple[int, int, int]] = {}
        sizes = {one.segment.id: found.size(number) for number, one in enumerate(asked)}
        for numbers in _filled([sizes[one.segment.id] for one in asked], MEMBERS_A_WRITE):
            mine = sorted((asked[number].segment.id, number) for number in numbers)
            async with self._state.begin(tenant) as tx:
                free = [number for which, number in mine if await store.lock(tx, workspace, which)]
                held = {asked[number].segment.id: found.people(number) for number in free}
                moved = await self.write(
                    tx, principal, [asked[number] for number in free], known, now, seen, held=held
                )  # fmt: skip
            done |= {which: (sizes[which], *pair) for which, pair in moved.items()}
        return done

    async def rested(self, principal: Principal, asked: Asked, now: datetime, whole: timedelta) -> bool:
        """Brings a counted segment up to `now` where nothing can have changed; False where it must be asked."""
        workspace, names = principal.tenant.workspace, names_of(asked.rule)
        async with self._state.begin(principal.tenant) as tx:
            known = await standing_store.standings(tx, workspace, [asked.segment.id])
        standing = known.get(asked.segment.id)
        if (
            names is None or standing is None or standing.fingerprint != asked.fingerprint
            or asked.segment.computed_at is None or now - standing.at >= self._kept or now - standing.whole_at >= whole
        ):  # fmt: skip
            return False
        until = await self.position()
        which = Wanted(names=names, anything=ANYTHING in names)
        arrived, seen = await arrivals(self._state, standing.seen, until, {workspace: which})
        if seen < until or arrived[workspace].people or arrived[workspace].linked:
            return False
        statement = due_between(names, standing.at, now)
        if (await self._log.query(principal.tenant, statement.sql, statement.params)).rows:
            return False
        async with self._state.begin(principal.tenant) as tx:
            return bool(await self.write(tx, principal, [asked], known, now, until))

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
        self, tx: Tx, principal: Principal, asked: Sequence[Asked], known: Mapping[str, Standing], now: datetime,
        seen: int, *, held: standing_store.Moved | None = None, looked: _Looked | None = None,
    ) -> dict[str, tuple[int, int]]:  # fmt: skip
        """Writes who came and who went, with an event each; how many, by segment. `held` are all who are in the
        segments; where not everybody was looked at, `looked` says at whom and what was found.

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
        entered: standing_store.Moved = {}
        left: standing_store.Moved = {}
        if held is not None:
            entered, left = await standing_store.move_all(tx, workspace, {one: held[one] for one in mine}, now)
        elif looked is not None and looked.people:
            before = await standing_store.segments_of(tx, workspace, list(mine), list(looked.people))
            entered, left = looked.moves(mine, before)
            await standing_store.write(tx, workspace, entered, left, now)
        moved = {one: (len(entered.get(one, ())), len(left.get(one, ()))) for one in mine}
        whole = {one: len(held[one]) for one in mine} if held is not None else None
        await standing_store.note_sizes(tx, workspace, list(mine), now, moved, whole)
        prints = {one.segment.id: one.fingerprint for one in mine.values()}
        await standing_store.stand(tx, workspace, prints, seen, now, whole=held is not None)
        lines = [
            line
            for name, some in ((events.ENTERED, entered), (events.LEFT, left))
            for which, people in some.items()
            if len(people)
            for line in events.moved_lines(
                principal, now, mine[which].segment, name, people, mine[which].segment.size is None
            )
        ]
        for part in _parts(lines, EVENTS_A_BATCH):
            await append_set(tx, principal.tenant, len(part), b"\n".join(part))
        return moved


@dataclass
class _Looked:
    """People who were looked at: for which segments, and in which of these they are."""

    people: dict[UUID, tuple[Set[str], Set[str]]] = field(default_factory=dict)

    def moves(self, mine: Collection[str], before: Mapping[UUID, Set[str]]) -> tuple[dict[str, Ids], dict[str, Ids]]:
        """Who entered and who left, by segment."""
        came, went = defaultdict[str, list[UUID]](list), defaultdict[str, list[UUID]](list)
        for person, (asked, held) in self.people.items():
            there = before.get(person, frozenset())
            for segment in held - there:
                came[segment].append(person)
            for segment in (there & asked) - held:
                went[segment].append(person)
        return tuple({one: ids_from(some[one]) for one in sorted(some) if one in mine} for some in (came, went))  # type: ignore[return-value]


def _filled(sizes: Sequence[int], most: int) -> Iterator[list[int]]:
    """Their numbers in groups that together have about so many members."""
    group, full = list[int](), 0
    for number, size in enumerate(sizes):
        group.append(number)
        full += size + most // 200
        if full >= most:
            yield group
            group, full = [], 0
    if group:
        yield group


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
        self._names = [one.segment.id for one in asked]
        self._ids: dict[int, frozenset[str]] = {}

    def ids(self, which: Sequence[int]) -> frozenset[str]:
        """The segments of an answer of `by`."""
        if id(which) not in self._ids:
            self._ids[id(which)] = frozenset(self._names[number] for number in which)
        return self._ids[id(which)]

    def by(self, names: set[str]) -> Sequence[int]:
        if ANYTHING in names:
            return self._all
        key = frozenset(names)
        if key not in self._known:
            self._known[key] = sorted(self._always.union(*(self._by_name.get(name, ()) for name in names)))
        return self._known[key]


def due(
    asked: Sequence[Asked], known: Mapping[str, Standing], now: datetime, *, every: timedelta, alone: timedelta,
    whole: timedelta, kept: timedelta,
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
        elif now - standing.whole_at >= whole or now - standing.at >= kept:
            wholly.append(one)
        elif now - standing.at >= every:
            moving.append((one, standing))
    return wholly, moving


def _revision(standings: Mapping[str, Standing], id: str) -> int:
    return standings[id].revision if id in standings else 0


def _parts(some: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for at in range(0, len(some), size):
        yield some[at : at + size]
