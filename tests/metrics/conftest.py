"""The fixture of this room: an empty set of journeys."""

import pytest

from dure.log.api import Log
from tests.metrics.journeys import Journeys


@pytest.fixture
def journeys(log: Log) -> Journeys:
    return Journeys(log)
