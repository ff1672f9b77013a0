"""One house for each file of tests: every recipe has runs of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dure.state import State
from tests.databases import copied
from tests.recipes.house import House, open_house


@pytest.fixture(scope="module")
async def house(postgres_url: str, template: str) -> AsyncIterator[House]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=6)
        await state.open()
        yield await open_house(state)
        await state.close()
