"""Sorimaru listens at noon of a Monday in Seoul: one database for a file of tests, a company for each of them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.social import sources
from dure.feed.api import Event, tail
from dure.kernel.clock import StillClock
from dure.social.api import Look, Mention, Social
from dure.social.plugs import Source
from dure.social.sources.api import Health, Sources
from dure.state import State
from tests.databases import copied
from tests.people_of import MONDAY_NOON, Cast, found_sori

_numbers = itertools.count(1)
KEY = b"a key of this installation alone"


@dataclass
class Desk:
    """A company that listens, and what it heard."""

    cast: Cast
    clock: StillClock
    state: State
    social: Social
    sources: Sources
    ids: list[UUID] = field(default_factory=list)

    async def connect(
        self, connector: str, settings: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Health:  # fmt: skip
        made = await self.sources.connect(
            self.cast.mina, connector, f"{connector} {next(_numbers)}", settings or {}, secrets or {}, **more
        )
        self.ids.append(made.source.id)
        return made

    async def ask(self, turns: int = 1) -> None:
        """Has what is due asked, so many turns, each at its time."""
        for turn in range(turns):
            if turn:
                self.clock.advance(timedelta(hours=1))
            while await self.sources.pulling.step():
                pass

    async def health(self, source: Health, kind: str = "pull") -> Any:
        found = await self.sources.one(self.cast.mina, source.source.id)
        return next(way for way in found.ways if way.kind == kind)

    async def mentions(self) -> list[Mention]:
        """What stands there, the oldest first."""
        return list(reversed(await self.social.mentions(self.cast.mina, Look(limit=500))))

    async def texts(self) -> list[str]:
        return [one.text for one in await self.mentions()]

    async def events(self, *names: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            found = [event for batch in await tail(tx, 0, limit=10_000) for event in batch.events()]
        mine = [one for one in found if one.source == "social" and one.workspace == self.cast.tenant.workspace]
        return [event for event in mine if not names or event.event in names]


@pytest.fixture(scope="module")
async def shared_state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=12)
        await state.open()
        yield state
        await state.close()


@pytest.fixture
async def desk(shared_state: State) -> AsyncIterator[Desk]:
    clock = StillClock(MONDAY_NOON)
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    desk = await desk_in(shared_state, clock, sources(outgoing))
    yield desk
    await outgoing.close()
    async with shared_state.begin_system() as tx:  # the next test's turn is not this one's
        await tx.run("delete from social.source")


async def desk_in(state: State, clock: StillClock, connectors: list[Source]) -> Desk:
    cast = await found_sori(state, clock)
    social = Social(state, clock)
    return Desk(cast, clock, state, social, Sources(state, clock, cast.governance, social, connectors, KEY))
