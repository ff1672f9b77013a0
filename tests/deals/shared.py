"""A desk that a whole file of tests shares: each test makes deals of its own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from dure.deals.api import Deals
from dure.kernel.clock import StillClock
from dure.state import State
from tests.databases import copied
from tests.deals.conftest import Desk
from tests.people_of import MONDAY_NOON, found_sori


@contextlib.asynccontextmanager
async def open_desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    """Sales at Sorimaru in a database of their own, as the fixture `desk` makes them for one test."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=8)
        await state.open()
        clock = StillClock(MONDAY_NOON)
        cast = await found_sori(state, clock)
        deals = Deals(state, clock, cast.governance)
        sumi = await cast.governance.create_user(cast.mina, "sumi@sorimaru.example", "이수미", function="sales")
        dan = await cast.governance.create_user(cast.mina, "dan@sorimaru.example", "단 김", function="ad_ops")
        hanbit = await deals.create_account(cast.mina, "한빛커피", industry="food", country="KR", size=340)
        yield Desk(cast, clock, state, deals, sumi, dan, hanbit)
        await state.close()
