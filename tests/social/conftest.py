"""Sorimaru hears what is said: people, a clock that stands at Monday noon in Seoul, and Social."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from dure.kernel.clock import StillClock
from dure.social.api import NewMention, Social
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori

Post = Callable[..., NewMention]


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY_NOON)


@pytest.fixture
async def cast(state: State, clock: StillClock) -> Cast:
    return await found_sori(state, clock)


@pytest.fixture
def social(state: State, clock: StillClock) -> Social:
    return Social(state, clock)


@pytest.fixture
def post(clock: StillClock) -> Post:
    """A post of somebody new, `ago` minutes ago."""
    numbers = iter(range(10_000))

    def make(text: str, ago: float = 1, **fields: object) -> NewMention:
        number = next(numbers)
        given = {"network": "x", "id": f"p-{number}", "handle": f"h{number}", "author": f"이름{number}", **fields}
        return NewMention(text=text, posted_at=clock.now() - timedelta(minutes=ago), **given)  # type: ignore[arg-type]

    return make
