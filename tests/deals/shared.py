"""A desk that a whole file of tests shares: each test makes deals of its own."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import AsyncIterator, Iterator

import psycopg

from dure.deals.api import Deals
from dure.kernel.clock import StillClock
from dure.state import State
from tests.conftest import database_url
from tests.deals.conftest import Desk
from tests.people_of import MONDAY_NOON, found_sori

_numbers = itertools.count(1)


@contextlib.contextmanager
def fresh_url(postgres_url: str, template: str) -> Iterator[str]:
    """The URL of a migrated, empty database that is dropped at the end."""
    name = f"dure_desk_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy")
    yield database_url(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@contextlib.asynccontextmanager
async def open_desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    """Sales at Sorimaru in a database of their own, as the fixture `desk` makes them for one test."""
    with fresh_url(postgres_url, template) as url:
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
