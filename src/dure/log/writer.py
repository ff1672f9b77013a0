"""From the feed to the log: each claimed range becomes one insert, without the messages that are in the log already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from dure.feed.api import Batch, Bell, Claimed, Follower
from dure.kernel.clock import Clock, SystemClock
from dure.log.seen import Keys, SeenMessages
from dure.log.store import Log
from dure.state.database import State

NAME = "log"
_A_DAY = 86400

log = structlog.get_logger("log")


class LogWriter:
    """Follows the feed under the name `log`.

    A range is written under its own name, which ClickHouse takes once; and messages that came before are left out by
    their keys, also those that an insert cut off in the middle had brought in.
    """

    def __init__(self, state: State, log: Log, clock: Clock | None = None) -> None:
        self._follower = Follower(state, NAME, limit=400, events=100_000)
        self._log = log
        self._clock = clock or SystemClock()
        self._seen = SeenMessages()
        self._at: int | None = None  # where this process left the cursor; None where what is seen must be read anew
        self._one_at_a_time = asyncio.Lock()

    async def run(self, bell: Bell) -> None:
        await self._follower.run(bell, step=self.step, every=0.2)

    async def step(self) -> int:
        """One range; returns the number of batches written."""
        async with self._one_at_a_time:
            return await self._follower.step_outside(self.write)

    async def write(self, claimed: Claimed, batches: Sequence[Batch]) -> None:
        keyed = any(batch.keys for batch in batches)
        if keyed and (claimed.again or self._at != claimed.after):
            recent = await self._log.recent_keys(self._seen.days)
            await asyncio.to_thread(self._seen.replace, recent)
        self._at = None
        keys = np.frombuffer(b"".join(batch.keys for batch in batches), dtype="<u8")
        body, fresh = await asyncio.to_thread(self._without_copies, batches, keys)
        if body:
            await self._log.insert(claimed.token, body)
        # Long runs are merged now and then; the doors do not wait for that.
        await asyncio.to_thread(self._seen.add, int(self._clock.now().timestamp()) // _A_DAY, keys[fresh])
        self._at = claimed.until

    def _without_copies(self, batches: Sequence[Batch], keys: Keys) -> tuple[bytes, NDArray[np.bool_]]:
        fresh = self._seen.fresh(keys)
        if fresh.all():
            return b"\n".join(batch.body for batch in batches), fresh
        log.info("log.copies_left_out", events=int(len(keys) - fresh.sum()))
        return b"\n".join(_kept(batches, fresh)), fresh


def _kept(batches: Sequence[Batch], fresh: NDArray[np.bool_]) -> Iterator[bytes]:
    start = 0
    for batch in batches:
        end = start + len(batch.keys) // 8
        mask = fresh[start:end]
        if mask.all():
            yield batch.body
        else:
            yield from (line for line, keep in zip(batch.body.split(b"\n"), mask, strict=True) if keep)
        start = end
