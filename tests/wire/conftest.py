"""What modules of this folder share: a database, where each test founds a workspace of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dure.state import State
from tests.databases import copied


@pytest.fixture(scope="module")
async def own_state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    """A database for a whole module; each of its tests founds a workspace of its own in it."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=16)
        await state.open()
        yield state
        await state.close()
