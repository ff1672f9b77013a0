"""Ad operations at noon of a Monday in Seoul, with flights to look at and the events they wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from dure.feed.api import Event, tail
from dure.kernel.clock import StillClock
from dure.pacing.api import DayTotal, Figure, LineItem, NewLineItem, Pacing
from dure.state import State
from tests.databases import copied
from tests.people_of import MONDAY_NOON, Cast, found_sori

TODAY = date(2026, 11, 23)


@dataclass
class Desk:
    cast: Cast
    clock: StillClock
    state: State
    pacing: Pacing

    async def item(self, name: str = "한빛커피 오디오 스팟", *, goal: int = 20_000, start: int = -10, end: int = 9,
                   **more: object) -> LineItem:  # fmt: skip
        """A line item whose flight begins and ends so many days from today."""
        return await self.pacing.create(
            self.cast.mina,
            NewLineItem(name, goal, day(start), day(end), budget=4_000_000, channel="C0ROOM", **more),  # type: ignore[arg-type]
        )

    async def deliver(self, item: LineItem, *figures: int, last: int = -1) -> None:
        """Whole days, the last of them so many days from today."""
        first = last - len(figures) + 1
        await self.pacing.record(
            self.cast.mina,
            [Figure(item.id, day(first + n), seen, seen // 100, seen * 20) for n, seen in enumerate(figures)],
        )

    async def past(self, count: int = 6) -> None:
        """Finished even flights, from which the workspace learns and which keep its figures coming until yesterday."""
        await self.pacing.bulk_load(
            self.cast.mina,
            [
                NewLineItem(
                    f"past {n}", 20_000, day(-28), day(-1), external=f"past-{n}",
                    days=[DayTotal(day(d), 1000 + (d * 37 + n * 53) % 90, 10, 20_000) for d in range(-28, 0)],
                )
                for n in range(count)
            ],
        )  # fmt: skip

    async def events(self, *names: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            found = [event for batch in await tail(tx, 0, limit=10_000) for event in batch.events()]
        mine = [one for one in found if one.source == "pacing" and one.workspace == self.cast.tenant.workspace]
        return [event for event in mine if not names or event.event in names]


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


async def desk_in(state: State) -> Desk:
    """A company of its own; several may work in one database."""
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    return Desk(cast, clock, state, Pacing(state, clock, cast.governance, site="http://dure.example"))


@pytest.fixture
async def desk(state: State) -> Desk:
    return await desk_in(state)


@pytest.fixture(scope="module")
async def shared(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    """One database for all tests of a module, each with a company of its own in it."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=8)
        await state.open()
        yield state
        await state.close()
