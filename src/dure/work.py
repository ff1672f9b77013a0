"""The loops that run beside the doors: each by name, restarted with patience when it fails, ended together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

log = structlog.get_logger("work")

Loop = Callable[[], Awaitable[None]]


@asynccontextmanager
async def working(loops: Mapping[str, Loop]) -> AsyncIterator[None]:
    """Runs the loops while the body runs; at the end cancels them and waits until each has put its work down."""
    tasks = [asyncio.create_task(_keep(name, loop), name=name) for name, loop in loops.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task, result in zip(tasks, await asyncio.gather(*tasks, return_exceptions=True), strict=True):
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                log.error("work.ended_badly", loop=task.get_name(), error=repr(result))


def every(seconds: float, act: Callable[[], Awaitable[object]]) -> Loop:
    """A loop that acts, rests and acts again."""

    async def loop() -> None:
        while True:
            await act()
            await asyncio.sleep(seconds)

    return loop


async def _keep(name: str, loop: Loop) -> None:
    patience = 0.2
    while True:
        try:
            await loop()
            return
        except Exception:
            log.exception("work.failed", loop=name, again_in=patience)
        await asyncio.sleep(patience)
        patience = min(patience * 2, 30.0)
