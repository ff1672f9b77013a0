"""The loops beside the doors are kept going, and put down together."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from dure.logs import logging_to
from dure.settings import Settings
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


@pytest.fixture
def full_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Standard error lies on a disk that is full."""
    if not (full := Path("/dev/full")).exists():
        pytest.skip("there is no /dev/full here")
    stream = full.open("w", buffering=1)
    monkeypatch.setattr(sys, "stderr", stream)
    logging_to(Settings())
    yield
    structlog.reset_defaults()
    with contextlib.suppress(OSError):
        stream.close()


@pytest.mark.usefixtures("full_log")
async def test_a_loop_goes_on_where_its_complaint_cannot_be_written() -> None:
    tries, again = 0, asyncio.Event()

    async def failing() -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            again.set()
        raise OSError("no space")

    async with working({"failing": failing}):
        await asyncio.wait_for(again.wait(), 30)
    assert tries == 2


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
