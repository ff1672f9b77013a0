"""Statements while they run: ended inside ClickHouse, watched, and stopped at their limits."""

from __future__ import annotations

import asyncio

import pytest

from dure.kernel.errors import Cancelled, DureError, TooLarge, Unavailable
from dure.log.api import Log, kill, progress
from tests.conftest import SORI

pytestmark = pytest.mark.anyio

# Would take minutes.
LONG = "select count() from numbers(100000000000) where cityHash64(number) % 7 = 3"


async def begun(log: Log, mark: str) -> None:
    while (found := await progress(log, mark)) is None or not found.rows_read:
        pass


async def test_a_cancelled_caller_ends_the_statement_inside_clickhouse(log: Log) -> None:
    asked = asyncio.create_task(log.query(SORI, LONG, mark="mina/1"))
    await begun(log, "mina/1")
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await progress(log, "mina/1") is None


async def test_a_statement_that_has_not_begun_is_cancelled_too(log: Log) -> None:
    asked = asyncio.create_task(log.query(SORI, LONG, mark="mina/2"))
    await asyncio.wait({asked}, timeout=0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await progress(log, "mina/2") is None


async def test_one_that_is_killed_from_elsewhere_says_so_and_leaves_its_neighbour(log: Log) -> None:
    asked = asyncio.create_task(log.query(SORI, LONG, mark="mina/3"))
    beside = asyncio.create_task(log.query(SORI, LONG, mark="joon/3"))
    await begun(log, "mina/3")
    await begun(log, "joon/3")
    assert await kill(log, "mina/3")
    with pytest.raises(Cancelled):
        await asked
    assert await progress(log, "joon/3") is not None
    beside.cancel()
    await asyncio.wait({beside})
    assert not await kill(log, "joon/3")


async def test_progress_counts_rows_towards_a_total(log: Log) -> None:
    asked = asyncio.create_task(log.query(SORI, LONG, mark="mina/4"))
    await begun(log, "mina/4")
    found = await progress(log, "mina/4")
    assert found is not None
    assert 0 < found.rows_read < found.rows_total == 100_000_000_000
    asked.cancel()
    await asyncio.wait({asked})


@pytest.mark.parametrize(
    ("settings", "kind", "limit"),
    [
        ({"max_execution_time": 0.05}, Unavailable, "time"),
        ({"max_rows_to_read": 1000}, TooLarge, "rows"),
        ({"max_result_rows": 10, "result_overflow_mode": "throw"}, TooLarge, "result_rows"),
        ({"max_memory_usage": 1 << 20}, Unavailable, "memory"),
    ],
)
async def test_a_limit_is_named_with_what_to_do(
    log: Log, settings: dict[str, object], kind: type[DureError], limit: str
) -> None:
    sql = "select number, groupArray(number) from numbers(500000) group by number"
    with pytest.raises(kind, match="shorter range") as caught:
        await log.query(SORI, LONG if limit == "time" else sql, settings=settings)
    assert caught.value.data["limit"] == limit
    assert caught.value.data["most"] in settings.values()
