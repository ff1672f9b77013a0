"""What many ask for at the same moment, done at once: while one group is under way, the next gathers.

Nobody waits for company: the first to ask begins alone, and a group grows with the load by itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import psycopg

from dure.kernel.origin import apart

A = TypeVar("A")
B = TypeVar("B")


class Together(Generic[A, B]):
    """`do` gets what was asked, in the order of asking, and gives an answer or an error for each.

    Where `do` itself fails, each of the group is done alone, so that nobody suffers for another; but not where it is
    unknown whether the group was done.
    """

    def __init__(self, do: Callable[[Sequence[A]], Awaitable[Sequence[B | Exception]]], *, limit: int = 200) -> None:
        self._do = do
        self._limit = limit
        self._waiting: deque[tuple[A, asyncio.Future[B]]] = deque()
        self._work: asyncio.Task[None] | None = None

    async def ask(self, asked: A) -> B:
        """The answer; raises the error that was given instead."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[B] = loop.create_future()
        self._waiting.append((asked, done))
        if self._work is None or self._work.done():
            # It works for many: what it does is not the first one's who asked.
            self._work = loop.create_task(self._run(), context=apart())
        return await done

    async def _run(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(self._limit, len(self._waiting)))]
            # Whoever hung up before it began is not done for.
            group = [(asked, done) for asked, done in group if not done.done()]
            if group:
                await self._answer(group)

    async def _answer(self, group: Sequence[tuple[A, asyncio.Future[B]]]) -> None:
        try:
            answers = await self._do([asked for asked, _ in group])
        except Exception as error:
            if len(group) > 1 and _undone(error):
                for one in group:
                    await self._answer([one])
                return
            answers = [error] * len(group)
        for (_, done), answer in zip(group, answers, strict=True):
            if done.done():
                continue
            if isinstance(answer, Exception):
                done.set_exception(answer)
            else:
                done.set_result(answer)


def _undone(error: Exception) -> bool:
    """Whether a transaction that met this error certainly did not happen: all but a connection lost in its midst."""
    lost = isinstance(error, psycopg.OperationalError) and not isinstance(error, psycopg.errors.TransactionRollback)
    return not lost
