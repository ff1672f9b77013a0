"""The rate limit that processes share: never above it in any second."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from dure.campaigns.gate import store
from dure.campaigns.gate.model import Rate
from dure.campaigns.gate.rates import GOOD_FOR, Rates
from dure.state import State
from tests.conftest import RIVAL, SORI

pytestmark = pytest.mark.anyio

LIMIT = 40


async def test_two_processes_together_stay_under_the_limit_in_any_second(state: State, fresh_database: str) -> None:
    other = State(fresh_database, connections=4)
    await other.open()
    sent: list[float] = []

    async def worker(rates: Rates) -> None:
        while len(sent) < 2 * LIMIT + LIMIT // 2:
            permit = await rates.take(SORI, "smtp", Rate(second=LIMIT), 7)
            for _ in range(permit.count):
                if not permit.good:
                    break
                sent.append(time.monotonic())
            await asyncio.sleep(permit.wait)

    try:
        await asyncio.gather(*(worker(Rates(one)) for one in (state, other) for _ in range(3)))
    finally:
        await other.close()
    sent.sort()
    # The fullest second is one that begins at a message.
    fullest = max(sum(at <= each < at + 1 for each in sent) for at in sent)
    assert fullest <= LIMIT


async def test_a_minute_is_kept_too_and_each_provider_has_its_own(state: State) -> None:
    rates, rate = Rates(state), Rate(second=30, minute=50)
    assert (await rates.take(SORI, "fcm", rate, 100)).count == 30
    refused = await rates.take(SORI, "fcm", rate, 100)
    assert (refused.count, refused.good) == (0, False)
    assert 0 < refused.wait <= 1 + GOOD_FOR.total_seconds()
    assert (await rates.take(SORI, "apns", rate, 10)).count == 10
    assert (await rates.take(RIVAL, "fcm", rate, 10)).count == 10
    assert (await rates.take(SORI, "smtp", Rate(), 9_999)).count == 9_999
    await age(state, seconds=2)
    assert (await rates.take(SORI, "fcm", rate, 100)).count == 20
    await age(state, seconds=2)
    refused = await rates.take(SORI, "fcm", rate, 100)
    assert refused.count == 0
    assert 50 < refused.wait < 61


async def test_a_token_that_was_not_used_in_time_is_dropped(state: State) -> None:
    permit = await Rates(state).take(SORI, "smtp", Rate(second=5), 5)
    assert permit.good
    assert permit.until - time.monotonic() <= GOOD_FOR.total_seconds()


async def age(state: State, seconds: int) -> None:
    """As if the tokens had been taken longer ago."""
    async with state.begin(SORI) as tx:
        await store.queue_at_bucket(tx, SORI.workspace, "fcm")
        await tx.run("update campaigns.permit set at = at - %s", (timedelta(seconds=seconds),))
