"""Whose question runs next: so many at once, fewer of one workspace, and workspaces in turn.

A board asks a dozen questions at the same moment. They wait here and not for a client of the log, so that another
workspace's single question goes before the rest of them, and no thread stands still meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator


class Turns:
    """`slots` questions at once, `each` of one workspace."""

    def __init__(self, slots: int, each: int) -> None:
        self.slots = slots
        self.each = each
        self.running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @contextlib.asynccontextmanager
    async def turn(self, workspace: str) -> AsyncIterator[None]:
        """Waits until a question of the workspace may run."""
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(workspace, deque()).append(mine)
        self._call()
        try:
            await mine
            yield
        finally:
            if not mine.cancelled():
                self.running[workspace] -= 1
            self._call()

    def _call(self) -> None:
        """Lets those begin for whom there is room; a workspace that was let in goes to the end of the row."""
        while self.running.total() < self.slots:
            workspace = next((name for name in self._waiting if self.running[name] < self.each), None)
            if workspace is None:
                return
            row = self._waiting.pop(workspace)
            first = row.popleft()
            if row:
                self._waiting[workspace] = row
            if not first.cancelled():
                self.running[workspace] += 1
                first.set_result(None)
