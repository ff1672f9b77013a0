"""Deals with somebody to hold them, and the events they wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date

import pytest

from dure.deals.api import Account, Deal, Deals
from dure.feed.api import Event, tail
from dure.governance.api import User
from dure.kernel.clock import StillClock
from dure.state import State
from tests.databases import copied
from tests.people_of import MONDAY_NOON, Cast, found_sori


@dataclass
class Desk:
    """Sales at Sorimaru: `sumi` and `dan` are sellers, `hanbit` is a customer."""

    cast: Cast
    clock: StillClock
    state: State
    deals: Deals
    sumi: User
    dan: User
    hanbit: Account

    async def deal(self, name: str = "한빛커피 가을 캠페인", amount: int = 120_000_000, **more: object) -> Deal:
        return await self.deals.create(
            self.cast.mina, name, self.hanbit.id, amount, date(2026, 12, 20),
            **{"owner": self.sumi.id, "team": [self.dan.id], **more},  # type: ignore[arg-type]
        )  # fmt: skip

    async def events(self, *names: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            found = [event for batch in await tail(tx, 0, limit=100_000) for event in batch.events()]
        return [
            event for event in found
            if event.workspace == self.cast.tenant.workspace and event.source == "deals"
            and (not names or event.event in names)
        ]  # fmt: skip


NewDesk = Callable[[], Awaitable[Desk]]


@pytest.fixture(scope="module")
async def state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    """One database for a file; each test has a workspace of its own in it."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=12)
        await state.open()
        yield state
        await state.close()


@pytest.fixture
async def desk(state: State) -> Desk:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    deals = Deals(state, clock, cast.governance)
    sumi = await cast.governance.create_user(cast.mina, "sumi@sorimaru.example", "이수미", function="sales")
    dan = await cast.governance.create_user(cast.mina, "dan@sorimaru.example", "단 김", function="ad_ops")
    hanbit = await deals.create_account(cast.mina, "한빛커피", industry="food", country="KR", size=340)
    return Desk(cast, clock, state, deals, sumi, dan, hanbit)
