"""Statements while they run: how far they are, and ending them inside ClickHouse, by the mark they were asked with.

The mark travels as the setting `log_comment`, which chdb and a server both show in `system.processes`; chdb takes no
query id from its client. So any process of the same ClickHouse server finds a statement, whoever started it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from dure.kernel.errors import Unavailable

if TYPE_CHECKING:
    from dure.log.store import Log

T = TypeVar("T")

_FAR = """select sum(read_rows), sum(total_rows_approx), max(elapsed) from system.processes
where Settings['log_comment'] = {mark:String} having count() > 0"""
_KILL = "kill query where Settings['log_comment'] = {mark:String} async"
# A statement that is marked as killed a moment before it began runs on; so it is said again until it is gone.
_AGAIN = 0.05

log = structlog.get_logger("log")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the statements under a mark are; `rows_total` is ClickHouse's estimate."""

    rows_read: int
    rows_total: int
    elapsed: float


async def progress(log: Log, mark: str) -> Progress | None:
    """None where nothing runs under the mark."""

    def ask() -> Progress | None:
        with log._watcher() as client:
            rows = client.query(_FAR, parameters={"mark": mark}).result_rows
        return Progress(int(rows[0][0]), int(rows[0][1]), float(rows[0][2])) if rows else None

    return await _beside(ask)


async def kill(log: Log, mark: str) -> bool:
    """Ends what runs under the mark, whichever process started it; False where nothing did."""

    def run() -> bool:
        with log._watcher() as client:
            return bool(client.raw_query(_KILL, parameters={"mark": mark}, fmt="TabSeparated"))

    return await _beside(run)


async def end(log_: Log, mark: str, asked: asyncio.Future[Any]) -> None:
    """Ends a statement of this process and returns when its thread is free again."""
    while not asked.done():
        try:
            await kill(log_, mark)
        except Unavailable as error:
            log.warning("log.cannot_cancel", error=error.message)
        await asyncio.wait({asked}, timeout=_AGAIN)
    if not asked.cancelled():
        asked.exception()  # that it was cancelled is no news


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Finishes the work even where the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
    return task.result()


# All threads of the process may wait for a client; who ends a statement or looks how far it is must not.
_watching = ThreadPoolExecutor(1, thread_name_prefix="log-watching")


async def _beside(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_watching, work)
