"""The fixtures of this room: an empty set of journeys, and one log for all tests of a module."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.log.api import Log
from tests.metrics.journeys import Journeys

_numbers = itertools.count(1)


@pytest.fixture
def journeys(log: Log) -> Journeys:
    return Journeys(log)


@pytest.fixture(scope="module")
def shared_log(run_folder: Path) -> Iterator[Log]:
    """For tests that each take a workspace of their own in it (`worlds.fresh`): a log takes a second to make."""
    log = Log(f"chdb://{run_folder}/ch", database=f"shared_{next(_numbers)}")
    log.open()
    yield log
    log.drop()
    log.close()
