"""One log for all of these tests, a workspace for each: what one writes no other sees."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from tests.metrics.journeys import Journeys

_workspaces = itertools.count(1)


@pytest.fixture(scope="package")
def flows_log(run_folder: Path) -> Iterator[Log]:
    log = Log(f"chdb://{run_folder}/ch", database="flows")
    log.open()
    yield log
    log.drop()
    log.close()


@pytest.fixture
def journeys(flows_log: Log) -> Journeys:
    return Journeys(flows_log, Tenant("E0FLOWS0000", f"T0FLOWS{next(_workspaces)}"))
