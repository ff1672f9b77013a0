"""What modules of this folder share: a database, where each test founds a workspace of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from dure.state import State
from tests.conftest import database_url

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def own_database(postgres_url: str, template: str) -> Iterator[str]:
    """A database for a whole module; each of its tests founds a workspace of its own in it."""
    name = f"dure_apps_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"create database {name} template {template}")
    yield database_url(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
async def own_state(own_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(own_database, connections=16)
    await state.open()
    yield state
    await state.close()
