"""One database for all tests of a file: each founds an organisation of its own in it, which is done sooner.

A file takes it by importing both fixtures. The rows of a table counted whole are everybody's there.
"""

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
def shared_database(postgres_url: str, template: str) -> Iterator[str]:
    name = f"dure_shared_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy")
    yield database_url(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
async def state(shared_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(shared_database, connections=12)
    await state.open()
    yield state
    await state.close()
