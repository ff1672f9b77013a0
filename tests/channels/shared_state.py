"""One database for all tests of a file: each founds an organisation of its own in it, which is done sooner.

A file takes it by importing both fixtures. The rows of a table counted whole are everybody's there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from dure.state import State
from tests.databases import copied


@pytest.fixture(scope="module")
def shared_database(postgres_url: str, template: str) -> Iterator[str]:
    with copied(postgres_url, template) as url:
        yield url


@pytest.fixture(scope="module")
async def state(shared_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(shared_database, connections=12)
    await state.open()
    yield state
    await state.close()
