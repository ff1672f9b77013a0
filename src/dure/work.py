"""The loops that run beside the doors: each by name, restarted with patience when it fails, ended together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import structlog

log = structlog.get_logger("work")

# How long a loop may take to put its work down before it is asked again.
_PATIENCE = 3.0

Loop = Callable[[], Awaitable[None]]


@asynccontextmanager
async def working(loops: Mapping[str, Loop]) -> AsyncIterator[None]:
    """Runs the loops while the body runs; at the end cancels them and waits until each has put its work down."""
    tasks = [asyncio.create_task(_keep(name, loop), name=name) for name, loop in loops.items()]
    try:
        yield
    finally:
        await _end(tasks)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    pending = set(tasks)
    while pending:
        # Asked again and again: a library that is handed its answer at the moment it is cancelled may go on with it.
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_PATIENCE)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work.ended_badly", loop=task.get_name(), error=repr(error))


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
