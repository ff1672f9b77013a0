"""From the feed to the log: each claimed range becomes one insert whose token is the range's own name."""

from __future__ import annotations

from collections.abc import Sequence

from dure.feed.api import Batch, Bell, Follower
from dure.log.store import Log
from dure.state.database import State

NAME = "log"


class LogWriter:
    """Follows the feed under the name `log`. A range that was written and not confirmed is written again, and
    ClickHouse leaves it out by its token."""

    def __init__(self, state: State, log: Log) -> None:
        self._follower = Follower(state, NAME, limit=400)
        self._log = log

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, outside=self.write, linger=0.2)

    async def step(self) -> int:
        """One range; returns the number of batches written."""
        return await self._follower.step_outside(self.write)

    async def write(self, token: str, batches: Sequence[Batch]) -> None:
        await self._log.insert(token, b"\n".join(batch.body for batch in batches))
