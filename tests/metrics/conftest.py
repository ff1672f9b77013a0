"""The fixtures of this room: an empty set of journeys; and a state and a log that a module's tests share."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from dure.log.api import Log
from dure.state import State
from tests.conftest import database_url
from tests.metrics.journeys import Journeys

_numbers = itertools.count(1)


@pytest.fixture
def journeys(log: Log) -> Journeys:
    return Journeys(log)


@pytest.fixture(scope="module")
def shared_database(postgres_url: str, template: str) -> Iterator[str]:
    """A database for a whole module; each of its tests founds a house of its own in it."""
    name = f"dure_metrics_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"create database {name} template {template}")
    yield database_url(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
async def shared_state(shared_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(shared_database, connections=8)
    await state.open()
    yield state
    await state.close()


@pytest.fixture(scope="module")
def shared_log(run_folder: Path) -> Iterator[Log]:
    """For tests that each take a workspace of their own in it (`worlds.fresh`): a log takes a second to make."""
    log = Log(f"chdb://{run_folder}/ch", database=f"shared_{next(_numbers)}")
    log.open()
    yield log
    log.drop()
    log.close()
