"""The pool after a database that died: one failure is enough, the next transaction gets a connection that lives."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from dure.state import State

pytestmark = pytest.mark.anyio


async def test_when_one_connection_has_failed_the_others_are_asked_before_they_are_used(fresh_database: str) -> None:
    state = State(fresh_database, connections=4)
    await state.open()
    try:
        at_the_same_time = asyncio.Barrier(3)

        async def hold() -> int:
            async with state.begin_system() as tx:
                await at_the_same_time.wait()
                return int(await tx.value("select pg_backend_pid()"))

        backends = await asyncio.gather(hold(), hold(), hold())
        with psycopg.connect(fresh_database, autocommit=True) as other:
            other.execute("select pg_terminate_backend(pid, 5000) from unnest(%s::int[]) as pid", [backends])
        with pytest.raises(psycopg.OperationalError):
            async with state.begin_system() as tx:
                await tx.value("select 1")
        assert [await _one(state) for _ in range(4)] == [1, 1, 1, 1]
    finally:
        await state.close()


async def _one(state: State) -> int:
    async with state.begin_system() as tx:
        return int(await tx.value("select 1"))
