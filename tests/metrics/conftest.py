"""The fixtures of this room: an empty set of journeys, alone in its log or in one that a module's tests share."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from tests.metrics.journeys import Journeys

_workspaces = itertools.count(1)


@pytest.fixture
def journeys(log: Log) -> Journeys:
    return Journeys(log)


@pytest.fixture(scope="module")
def kept_log(run_folder: Path) -> Iterator[Log]:
    """A log for all tests of a module: making its tables takes longer than most of these tests."""
    log = Log(f"chdb://{run_folder}/ch", database=f"kept_{next(_workspaces)}")
    log.open()
    yield log
    log.drop()
    log.close()


@pytest.fixture
def apart(kept_log: Log) -> Journeys:
    """An empty set of journeys in a workspace of its own."""
    return Journeys(kept_log, Tenant("E0APART0000", f"T0APART{next(_workspaces)}"))
