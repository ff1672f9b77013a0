"""Listening beside Social: what arrives is on the shelf after a step."""

from __future__ import annotations

import pytest

from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.social.listening.api import Listening
from dure.social.listening.shelf import Shelf
from dure.state import State


@pytest.fixture
def listening(state: State, log: Log, clock: StillClock) -> Listening:
    return Listening(state, log, clock)


@pytest.fixture
def shelf(state: State, log: Log) -> Shelf:
    return Shelf(state, log)
