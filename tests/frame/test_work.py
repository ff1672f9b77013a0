"""The loops beside the doors are kept going, and put down together."""

from __future__ import annotations

import asyncio

import pytest

from dure.work import working

pytestmark = pytest.mark.anyio


async def test_a_loop_that_fails_is_started_again_and_the_others_go_on() -> None:
    begun: list[str] = []
    again = asyncio.Event()

    async def failing() -> None:
        begun.append("failing")
        if len(begun) >= 2:
            again.set()
            await asyncio.Event().wait()
        raise RuntimeError("broken")

    async def steady() -> None:
        await asyncio.Event().wait()

    async with working({"failing": failing, "steady": steady}):
        await asyncio.wait_for(again.wait(), 30)
    assert begun == ["failing", "failing"]


async def test_a_loop_puts_its_work_down_before_the_house_closes() -> None:
    put_down = []

    async def careful() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            put_down.append("done")
            raise

    async with working({"careful": careful}):
        await asyncio.sleep(0)
    assert put_down == ["done"]
