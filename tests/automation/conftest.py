"""The workshop: on a fresh database, or (`shop`) on one that a module's tests share and leave swept."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator

import pytest

from dure.automation.api import Automation
from dure.kernel.clock import StillClock
from dure.state import State
from tests.automation.workshop import BOOK, Service, Workshop, kinds, open_workshop
from tests.databases import copied
from tests.people_of import MONDAY_NOON, Cast, found_sori

_SWEEP = """truncate automation.automation, automation.version, automation.generation, automation.run, automation.step,
 automation.approval, automation.vote, automation.schedule, automation.pause, automation.hook, automation.crossing,
 automation.holiday, public.book, feed.batch; delete from feed.cursor"""


@pytest.fixture
async def workshop(state: State) -> Workshop:
    return await open_workshop(state)


@pytest.fixture(scope="module")
def shared_database(postgres_url: str, template: str) -> Iterator[str]:
    with copied(postgres_url, template) as url:
        yield url


@pytest.fixture(scope="module")
async def floor(shared_database: str, anyio_backend: str) -> AsyncIterator[tuple[State, Cast]]:
    state = State(shared_database, connections=8)
    await state.open()
    cast = await found_sori(state, StillClock(MONDAY_NOON))
    async with state.begin_system() as tx:
        await tx.run(BOOK)
    yield state, cast
    await state.close()


@pytest.fixture
async def shop(floor: tuple[State, Cast]) -> Workshop:
    """A workshop swept clean, in a company that the module's other tests know too."""
    state, cast = floor
    async with state.begin_system() as tx:
        await tx.run(_SWEEP)
    return workshop_on(state, cast)


def workshop_on(state: State, cast: Cast, **settings: object) -> Workshop:
    """Another engine on the same database: a second process."""
    clock, service, refusals = StillClock(MONDAY_NOON), Service(), list[Exception]()
    automation = Automation(
        state, clock, cast.governance, steps=kinds(service, refusals), rng=random.Random(7),
        signing_key=b"a key of the server's own", **settings,  # type: ignore[arg-type]
    )  # fmt: skip
    return Workshop(state, clock, cast, service, automation, refusals)
