"""Keeping every segment right with little work: only people of whom something arrived, who were merged, or over whose
events an edge of a window passed are looked at again, and for all segments of a workspace in one pass.

Looked at means asked of the log as a whole computation would ask, so for them the answer is the same; and of everybody
else nothing changed. A test holds that both agree at every tick.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from dure.segments.crossing_sql import Arrived, touched_by
from dure.segments.model import Counted, Rule, Segment
from dure.segments.rules import leaves_of
from dure.segments.sql import holders_of
from dure.segments.standing import Standing
from dure.state import State, Tx

T = TypeVar("T")
log = structlog.get_logger("segments")

FOLLOWER = "segments"
EVENTS_A_BATCH = 5_000
"""Larger feed batches would make one follower's transaction long."""
RULES_A_PASS = 40
PEOPLE_A_PASS = 20_000
MOST_TOUCHED = 300_000
"""If more than these are touched at once, everybody is looked at: that is quicker than naming so many."""
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
    whole: bool = False


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
            place.principal.tenant.workspace: wanted(asked.rule for asked, _ in place.moving) for place in moving
        }
        arrived, seen = await arrivals(self._state, after, until, which)
        found = {}
        for place in moving:
            workspace = place.principal.tenant.workspace
            found[workspace] = await self.look(place, now, arrived[workspace], seen)
        return found

    async def look(self, place: Workplace, now: datetime, arrived: Arrived, seen: int) -> Done:
        """Looks again at those of whom something may have changed, for the moving segments of one workspace."""
        found: list[UUID] = []
        since = min(standing.at for _, standing in place.moving)
        statement = touched_by([asked.rule for asked, _ in place.moving], since, now, arrived)
        if statement is not None:
            rows = await self._log.query(
                place.principal.tenant, statement.sql, statement.params, settings=SETTINGS, seconds=600
            )
            found = [row[0] for row in rows.rows]
        done = Done(touched=len(found), whole=len(found) > MOST_TOUCHED)
        touched = None if done.whole else found
        for group in _parts(place.moving, RULES_A_PASS):
            asked, known = [one for one, _ in group], {one.segment.id: standing for one, standing in group}
            held = await self.held(place.principal, place.zone, asked, now, touched)
            await self._write(place.principal, asked, known, held, touched, now, seen, done)
        return done

    async def whole(
        self, principal: Principal, zone: str, asked: Sequence[Asked], now: datetime, known: Mapping[str, Standing]
    ) -> Done:
        """Asks of everybody, for several segments in one pass; none of them is computed `alone`."""
        done = Done(whole=True)
        for group in _parts(asked, RULES_A_PASS):
            seen = await self.position()
            held = await self.held(principal, zone, group, now, None)
            await self._write(principal, group, known, held, None, now, seen, done)
        return done

    async def held(
        self, principal: Principal, zone: str, asked: Sequence[Asked], now: datetime, among: Sequence[UUID] | None
    ) -> standing_store.Moves:
        """Who of these people (None: of everybody) is in which of the segments."""
        found: standing_store.Moves = []
        rules = [one.rule for one in asked]
        parts: Iterator[Sequence[UUID] | None] = iter([None]) if among is None else _parts(among, PEOPLE_A_PASS)
        for part in parts:
            statement = holders_of(rules, now, zone, part)
            rows = await self._log.query(
                principal.tenant, statement.sql, statement.params, settings=SETTINGS, seconds=600
            )
            found += [(asked[number].segment.id, person) for person, numbers in rows.rows for number in numbers]
        return found

    async def write(
        self, tx: Tx, principal: Principal, asked: Sequence[Asked], known: Mapping[str, Standing],
        held: standing_store.Moves, among: Collection[UUID] | None, now: datetime, seen: int,
    ) -> dict[str, tuple[int, int]]:  # fmt: skip
        """Writes who came and who went, with an event each; how many, by segment.

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
        if among is None or among:
            entered, left = await standing_store.move(tx, workspace, list(mine), now, pairs, among)
        came, went = Tally(pair[0] for pair in entered), Tally(pair[0] for pair in left)
        moved = {one: (came[one], went[one]) for one in mine}
        whole = Tally(pair[0] for pair in pairs) if among is None else None
        await standing_store.note_sizes(tx, workspace, list(mine), now, moved, whole)
        prints = {one.segment.id: one.fingerprint for one in mine.values()}
        await standing_store.stand(tx, workspace, prints, seen, now, whole=among is None)
        await self._tell(tx, principal, mine, now, ((events.ENTERED, entered), (events.LEFT, left)))
        return moved

    async def _write(
        self, principal: Principal, asked: Sequence[Asked], known: Mapping[str, Standing],
        held: standing_store.Moves, among: Collection[UUID] | None, now: datetime, seen: int, done: Done,
    ) -> None:  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            moved = await self.write(tx, principal, asked, known, held, among, now, seen)
        done.segments += len(moved)
        done.entered += sum(came for came, _ in moved.values())
        done.left += sum(went for _, went in moved.values())

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
