"""A dry run over the past month: what an automation would have done, told while it is found out.

The events of the month are gone through page by page in the order in which they happened; each run that would have
started is lived through by the clock of its event, a few in a transaction that is rolled back, so that nobody's writes
wait for a rehearsal. What is too much is left out and said: `looked_at` of `events`, `lived` of `started`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dure.automation import past, schedule
from dure.automation.advance import Advance
from dure.automation.dry_run import Would, key_in, live, meant_of, rehearsal
from dure.automation.plan import Plan
from dure.automation.plugs import Lookup, StepKind
from dure.automation.timing import zone
from dure.automation.workdays import workdays_of
from dure.log.api import Log
from dure.state import State

_PAGE = 1_000
_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is looked at: days back, events, runs lived through, seconds."""

    days: int = 30
    events: int = 50_000
    runs: int = 200
    seconds: float = 60.0


@dataclass
class Tally:
    """What was found so far. `events` is how many there are in all; `days` go by the automation's own zone.
    `stopped` says why not all of them were looked at: `events` or `seconds`."""

    since: datetime
    until: datetime
    events: int = 0
    looked_at: int = 0
    met: int = 0
    started: int = 0
    lived: int = 0
    stopped: str = ""
    days: dict[str, dict[str, int]] = field(default_factory=dict)
    nodes: dict[str, dict[str, int]] = field(default_factory=dict)
    endings: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def day(self, name: str) -> dict[str, int]:
        return self.days.setdefault(name, {"events": 0, "met": 0, "started": 0})

    def told(self, run: Would) -> None:
        self.lived += 1
        self.endings[run.status] = self.endings.get(run.status, 0) + 1
        for step in run.steps:
            seen = self.nodes.setdefault(step["node"], {"steps": 0, "dead": 0})
            seen["steps"] += 1
            seen["dead"] += step["status"] == "dead"


@dataclass(frozen=True)
class Month:
    """The rehearsal of one plan."""

    state: State
    log: Log
    plan: Plan
    now: datetime
    bounds: Bounds
    kinds: Mapping[str, StepKind]
    lookups: Mapping[str, Lookup]
    advance: Advance

    @classmethod
    def of(
        cls, state: State, log: Log, plan: Plan, now: datetime, bounds: Bounds, *, kinds: Mapping[str, StepKind],
        lookups: Mapping[str, Lookup], system: Any,
    ) -> Month:  # fmt: skip
        return cls(state, log, plan, now, bounds, kinds, lookups, rehearsal(kinds, lookups, system))

    async def rehearse(self) -> AsyncIterator[Would | Tally]:
        """Each run as it is found, and the tally after every page; the last thing is the whole tally."""
        tally = Tally(self.now - timedelta(days=self.bounds.days), self.now)
        told = self._of_events(tally) if self.plan.definition.trigger.event else self._of_schedule(tally)
        async for one in told:
            yield one
        yield tally

    async def _of_events(self, tally: Tally) -> AsyncIterator[Would | Tally]:
        ends, name = time.monotonic() + self.bounds.seconds, str(self.plan.definition.trigger.event)
        tenant, where = self.plan.tenant, zone(self.plan.zone, "zone")
        by_day = await past.by_day(self.log, tenant, name, tally.since, tally.until, self.plan.zone)
        tally.events = sum(by_day.values())
        for day, events in by_day.items():
            tally.day(day)["events"] = events
        yield tally
        after, seen = (past.micros(self._begin(tally, by_day)), ""), set[str]()
        while tally.looked_at < self.bounds.events:
            page = await past.onward(
                self.log, tenant, name, after, tally.until, min(_PAGE, self.bounds.events - tally.looked_at)
            )
            if not page:
                break
            after = page[-1][0]
            starts = await self._starting(tally, [event for _, event in page], seen)
            for _, at in starts:
                tally.day(at.astimezone(where).date().isoformat())["started"] += 1
            async for run in self._lived(tally, starts):
                yield run
            yield tally
            if time.monotonic() > ends:
                tally.stopped = "seconds" if tally.looked_at < tally.events else ""
                return
        if tally.looked_at < tally.events:
            tally.stopped = "events"

    def _begin(self, tally: Tally, by_day: Mapping[str, int]) -> datetime:
        """Where to begin so that the newest days are looked at whole, where all are too many."""
        left, first = self.bounds.events, None
        for day in sorted(by_day, reverse=True):
            left -= by_day[day]
            if left < 0 and first is not None:
                break
            first = day
        if first is None or sum(by_day.values()) <= self.bounds.events:
            return tally.since
        return max(tally.since, datetime.fromisoformat(first).replace(tzinfo=zone(self.plan.zone, "zone")))

    async def _starting(
        self, tally: Tally, events: Sequence[Mapping[str, Any]], seen: set[str]
    ) -> list[tuple[Mapping[str, Any] | None, datetime]]:
        """The events of a page that would start a run, with their moments."""
        where = zone(self.plan.zone, "zone")
        async with self.state.begin_system() as tx:
            meant, refused = await meant_of(tx, self.plan, events, self.lookups, self.now)
        tally.looked_at += len(events)
        tally.met += len(meant)
        for why in refused:
            if why in tally.refused or len(tally.refused) < 20:
                tally.refused[why] = tally.refused.get(why, 0) + 1
        starts: list[tuple[Mapping[str, Any] | None, datetime]] = []
        for event in meant:
            assert event is not None  # noqa: S101
            at = datetime.fromisoformat(event["time"])
            tally.day(at.astimezone(where).date().isoformat())["met"] += 1
            key = key_in(self.plan, event)
            if key not in seen:
                seen.add(key)
                starts.append((event, at))
        tally.started += len(starts)
        return starts

    async def _of_schedule(self, tally: Tally) -> AsyncIterator[Would | Tally]:
        """The moments at which a schedule would have been due; started by hand it is once, now."""
        ends, where = time.monotonic() + self.bounds.seconds, zone(self.plan.zone, "zone")
        starts: list[tuple[Mapping[str, Any] | None, datetime]] = []
        trigger = self.plan.definition.trigger
        async with self.state.begin_system() as tx:
            workdays = await workdays_of(tx, self.plan.tenant.workspace, self.plan.zone)
        at = schedule.next_time(trigger, tally.since, workdays)
        while at is not None and at < tally.until and len(starts) < self.bounds.events:
            starts.append((None, at))
            day = tally.day(at.astimezone(where).date().isoformat())
            for name in day:
                day[name] += 1
            at = schedule.next_time(trigger, at, workdays)
        if at is None:
            starts = [(None, tally.until)]
        elif at < tally.until:
            tally.stopped = "events"
        tally.events = tally.looked_at = tally.met = tally.started = len(starts)
        yield tally
        async for run in self._lived(tally, starts, ends):
            yield run

    async def _lived(
        self, tally: Tally, starts: Sequence[tuple[Mapping[str, Any] | None, datetime]], ends: float = float("inf")
    ) -> AsyncIterator[Would]:
        left = starts[: max(self.bounds.runs - tally.lived, 0)]
        for index in range(0, len(left), _TOGETHER):
            if time.monotonic() > ends:
                return
            for run in await live(self.state, self.plan, self.advance, left[index : index + _TOGETHER]):
                tally.told(run)
                yield run
