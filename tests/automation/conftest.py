"""The workshop on a fresh database."""

from __future__ import annotations

import pytest

from dure.state import State
from tests.automation.workshop import Workshop, open_workshop


@pytest.fixture
async def workshop(state: State) -> Workshop:
    return await open_workshop(state)
