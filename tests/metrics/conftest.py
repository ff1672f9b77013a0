"""The fixtures of this room: a state and a log that a module's tests share, and journeys in a workspace of theirs."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import State
from tests.databases import copied
from tests.metrics.journeys import Journeys

_numbers = itertools.count(1)


@pytest.fixture
def journeys(shared_log: Log) -> Journeys:
    """Nothing has happened yet in its workspace."""
    return Journeys(shared_log, Tenant("E0APART0000", f"T0APART{next(_numbers)}"))


@pytest.fixture(scope="module")
def shared_database(postgres_url: str, template: str) -> Iterator[str]:
    """A database for a whole module; each of its tests founds a house of its own in it."""
    with copied(postgres_url, template) as url:
        yield url


@pytest.fixture(scope="module")
async def shared_state(shared_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(shared_database, connections=8)
    await state.open()
    yield state
    await state.close()


@pytest.fixture(scope="module")
def shared_log(run_folder: Path) -> Iterator[Log]:
    """For tests that each take a workspace of their own in it: a log takes longer to make than most tests to run."""
    log = Log(f"chdb://{run_folder}/ch", database=f"shared_{next(_numbers)}")
    log.open()
    yield log
    log.drop()
    log.close()
