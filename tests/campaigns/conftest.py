"""The studio on fresh databases."""

from __future__ import annotations

import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.studio import Studio, open_studio


@pytest.fixture
async def studio(state: State, log: Log) -> Studio:
    return await open_studio(state, log)
