"""A house whose ways out lead to stand-ins in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dure.state import State
from tests.campaigns.carriers.world import World, open_world
from tests.channels.shared_state import shared_database, state  # noqa: F401


@pytest.fixture(scope="module")
async def world(state: State, anyio_backend: str) -> AsyncIterator[World]:  # noqa: F811
    async with open_world(state) as made:
        yield made
