"""Events about people, put on the feed as the doors would, and followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dure.feed.api import append_lines
from dure.governance.api import Principal
from dure.ingest import pipeline
from dure.ingest.model import Incoming
from dure.kernel.clock import StillClock
from dure.kernel.ids import person_id
from dure.log.api import Log, LogWriter
from dure.people.api import People, PeopleFollower
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori


@dataclass
class Crowd:
    cast: Cast
    people: People
    follower: PeopleFollower
    state: State
    log: Log
    sent: int = 0

    @property
    def mina(self) -> Principal:
        return self.cast.mina

    async def send(
        self, event: str = "Listened", user: str = "", device: str = "", *, minutes: int | None = None,
        previous: str = "", account: str = "", source: str = "web", **properties: Any,
    ) -> None:  # fmt: skip
        """One event; `minutes` after noon, by default one minute after the one before."""
        self.sent += 1
        at = MONDAY_NOON + timedelta(minutes=self.sent if minutes is None else minutes)
        if previous:
            properties["previous_id"] = previous
        incoming = Incoming(
            event=event, user=user, anonymous=device, message_id=f"m-{self.sent}", properties=properties, received=at,
            account=account, previous=previous,
        )  # fmt: skip
        passed = pipeline.run([incoming], self.cast.tenant, source)
        assert not passed.refused
        async with self.state.begin(self.cast.tenant) as tx:
            await append_lines(tx, self.cast.tenant, 1, passed.body, passed.keys.tobytes())

    async def identify(self, user: str, device: str = "", minutes: int | None = None, **traits: Any) -> None:
        await self.send("Identified", user, device, minutes=minutes, **traits)

    async def settle(self) -> None:
        """Everything sent so far is learned and in the log."""
        while await self.follower.step():
            pass
        while await LogWriter(self.state, self.log).step():
            pass

    async def who(self, distinct_id: str) -> UUID:
        return (await self.people.person(self.mina, distinct_id)).id

    def of(self, distinct_id: str) -> UUID:
        """The person an id is alone."""
        return person_id(self.cast.tenant.workspace, distinct_id)

    async def counts(self) -> dict[UUID, int]:
        """Events by who somebody is now, as questions count them."""
        rows = await self.log.query(
            self.cast.tenant,
            "with moved as (select from_person, argMax(to_person, version) as to_person from person_override"
            " where workspace = {workspace:String} group by from_person)"
            " select if(notEmpty(moved.to_person), moved.to_person, person) as who, count() from events"
            " left join moved on from_person = person where workspace = {workspace:String} and distinct_id != ''"
            " and source != 'people' group by who",
        )
        return dict(rows.rows)


@pytest.fixture
async def crowd(state: State, log: Log) -> Crowd:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    return Crowd(cast, People(state, log, clock), PeopleFollower(state, clock), state, log)
