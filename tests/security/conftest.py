"""One filled house of two organisations for each file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from dure.kernel import origin
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.main import compose
from dure.settings import Settings
from dure.state import State
from tests.channels.shared_state import shared_database, state  # noqa: F401
from tests.people_of import MONDAY_NOON, found_sori
from tests.security.description import Description
from tests.security.house import Two


@pytest.fixture(scope="module")
async def two(state: State, run_folder: Path, engine: None, anyio_backend: str) -> AsyncIterator[Two]:  # noqa: F811
    origin._current.set(None)  # what an earlier file asked on this loop is nobody's request here
    cast, log = await found_sori(state), Log(f"chdb://{run_folder}/ch", database="two")
    log.open()
    house = compose(Settings(data=run_folder / "two"), StillClock(MONDAY_NOON), state, log)
    door = httpx.ASGITransport(house.front_door, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door, base_url="http://dure") as http:
        two = Two(house, http, cast, Description(house.app), cast.rival_token)
        await two.fill()
        yield two
    log.close()
