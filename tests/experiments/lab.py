"""A workspace with people, an experiment in it and a log to read it from."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.experiments.api import Experiment, Experiments
from dure.experiments.flags.api import Flags
from dure.feed.api import Event, Lane, append, tail
from dure.kernel.clock import StillClock
from dure.kernel.ids import person_id, uuid7
from dure.log.api import Log, LogWriter
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.people.model import Known
from dure.segments.api import Segments
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori

CONVERTED = {"role": "goal", "kind": "conversion", "event": "Subscribed", "window": "3d", "name": "구독"}
DESIGN: dict[str, Any] = {"name": {"ko": "새 첫 화면", "en": "New first screen"}, "metrics": [CONVERTED]}


@dataclass
class Lab:
    state: State
    log: Log
    clock: StillClock
    cast: Cast
    people: People
    segments: Segments
    metrics: Metrics
    experiments: Experiments
    flags: Flags

    def who(self, distinct_id: str) -> UUID:
        return person_id(self.cast.tenant.workspace, distinct_id)

    async def know(self, *distinct_ids: str, **traits: Any) -> None:
        then = self.clock.now() - timedelta(days=30)
        await self.people.bulk_people(self.cast.tenant, [Known(each, traits, then) for each in distinct_ids])

    async def happen(
        self, event: str, *distinct_ids: str, at: datetime | None = None, object: str = "", **properties: Any
    ) -> None:
        """The event happens to each, now or then."""
        await self.events_of([(event, each, at or self.clock.now(), object, properties) for each in distinct_ids])

    async def events_of(self, rows: list[tuple[str, str, datetime, str, dict[str, Any]]]) -> None:
        """Rows of (event, distinct id, time, object, properties) on the feed, in one transaction."""
        tenant = self.cast.tenant
        made = [
            Event(
                org=tenant.org, workspace=tenant.workspace, event=event, time=at, received_at=at,
                message_id=str(uuid7()), source="web", person=self.who(who), distinct_id=who,
                object_type="thing" if about else "", object=about, properties=properties,
            )
            for event, who, at, about, properties in rows
        ]  # fmt: skip
        async with self.state.begin(tenant) as tx:
            for start in range(0, len(made), 20_000):
                await append(tx, *made[start : start + 20_000])

    async def settle(self) -> None:
        """The log holds everything that the feed holds."""
        writer = LogWriter(self.state, self.log)
        while await writer.step():
            pass

    async def events(self, *names: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, lanes=tuple(Lane), limit=10_000)
        return [
            event
            for batch in batches if batch.workspace == self.cast.tenant.workspace
            for event in batch.events() if event.event in names
        ]  # fmt: skip

    async def running(self, **changes: Any) -> Experiment:
        made = await self.experiments.create(self.cast.joon, {**DESIGN, **changes})
        return await self.experiments.start(self.cast.joon, made.id)

    async def arms(self, experiment: Experiment, *distinct_ids: str) -> dict[str, str | None]:
        """Exposes these people now; their arms by distinct id."""
        by_person = {self.who(each): each for each in distinct_ids}
        told = await self.experiments.expose(self.cast.joon, experiment.id, list(by_person))
        return {by_person[one.person]: one.arm for one in told}


async def open_lab(state: State, log: Log) -> Lab:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    people = People(state, log, clock)
    metrics = Metrics(state, log, clock, cast.governance)
    segments = Segments(state, log, clock, cast.governance, people=people, metrics=metrics)
    experiments = Experiments(state, log, clock, cast.governance, segments, people=people, metrics=metrics)
    flags = Flags(state, clock, cast.governance, people, segments)
    return Lab(state, log, clock, cast, people, segments, metrics, experiments, flags)


@functools.cache
def names(prefix: str, count: int) -> tuple[str, ...]:
    return tuple(f"{prefix}{number}" for number in range(count))
