"""Counted, not timed: how many statements it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dure.automation.plugs import Entry
from dure.state import State, Tx
from tests.automation.workshop import open_workshop

pytestmark = pytest.mark.anyio


class CountedTx(Tx):
    """Counts its round trips."""

    def __init__(self, tx: Tx, meter: Counter[str]) -> None:
        super().__init__(tx.connection, tx.tenant)
        self.meter = meter

    async def rows(self, sql: str, params: Any = None, *, binary: bool = False) -> list[dict[str, Any]]:
        self.meter["trips"] += 1
        return await super().rows(sql, params, binary=binary)

    async def row(self, sql: str, params: Any = None) -> dict[str, Any] | None:
        self.meter["trips"] += 1
        return await super().row(sql, params)

    async def run(self, sql: str, params: Any = None) -> int:
        self.meter["trips"] += 1
        return await super().run(sql, params)

    async def many(self, sql: str, params: Any) -> None:
        self.meter["trips"] += 1
        await super().many(sql, params)


class CountedState(State):
    """A database whose system transactions are counted."""

    def __init__(self, url: str) -> None:
        super().__init__(url, connections=8)
        self.meter: Counter[str] = Counter()

    @asynccontextmanager
    async def begin_system(self) -> AsyncIterator[Tx]:
        async with super().begin_system() as tx:
            yield CountedTx(tx, self.meter)

    @asynccontextmanager
    async def pipelined(self) -> AsyncIterator[Tx]:
        self.meter["trips"] += 1
        async with super().pipelined() as tx:
            yield tx


@pytest.fixture
async def counted(fresh_database: str, anyio_backend: str) -> AsyncIterator[CountedState]:
    state = CountedState(fresh_database)
    await state.open()
    yield state
    await state.close()


async def test_an_idle_engine_asks_one_question(counted: CountedState) -> None:
    workshop = await open_workshop(counted)
    await workshop.make([{"id": "wait", "kind": "wait", "with": {"for": "9d"}}])
    await workshop.happen()
    await workshop.settle()
    counted.meter.clear()
    assert await workshop.automation.engine.due(0) == 9 * 24 * 3600
    assert counted.meter["trips"] == 1


async def test_twenty_thousand_runs_move_in_sets(counted: CountedState) -> None:
    workshop = await open_workshop(counted)
    automation = await workshop.make(
        [
            {"id": "split", "kind": "split", "with": {"parts": {"a": 50, "b": 50}}, "next": {"a": "mark", "b": "wait"}},
            {"id": "mark", "kind": "book.write_all", "with": {"text": "marked"}, "next": "wait"},
            {"id": "wait", "kind": "wait", "with": {"for": "1d"}, "next": "end"},
            {"id": "end", "kind": "end"},
        ],
        trigger={}, lane="bulk",
    )  # fmt: skip
    subjects = [Entry(f"u-{number}", f"seg:1:u-{number}") for number in range(20_000)]
    tenant, mina = workshop.cast.tenant, workshop.cast.mina
    async with workshop.state.begin(tenant) as tx:
        assert await workshop.automation.enrol_in(tx, mina, automation, subjects) == 20_000
    async with workshop.state.begin(tenant) as tx:
        assert await workshop.automation.enrol_in(tx, mina, automation, subjects) == 0
    counted.meter.clear()
    await workshop.settle()
    await workshop.later(days=1)
    assert counted.meter["trips"] < 500, "a few round trips for each batch of fifteen hundred"
    async with workshop.state.begin_system() as tx:
        counts = await tx.rows("select status, count(*) as n from automation.run group by status")
        marked = await tx.value("select count(*) from public.book")
    assert Counter({row["status"]: row["n"] for row in counts}) == {"done": 20_000}
    assert 9_700 < marked < 10_300
