"""The lab on fresh databases."""

from __future__ import annotations

import pytest

from dure.log.api import Log
from dure.state import State
from tests.experiments.lab import Lab, open_lab


@pytest.fixture
async def lab(state: State, log: Log) -> Lab:
    return await open_lab(state, log)
