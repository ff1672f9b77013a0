"""The continuous part: each target follows the feed on its own, and writes what it read as whole objects.

A range of the feed is claimed before anything is written, and named for its first and last position; so after a crash
the same range is written again under the same names, and what lies there is replaced by the same.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from dure.exports import store
from dure.exports.model import FOLLOWERS, Kind, Target, Written
from dure.exports.objects import objects_of
from dure.exports.plugs import Storage
from dure.exports.seal import Seal
from dure.feed.api import Batch, Claimed, Follower, forget_followers, waiting
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.state import State

log = structlog.get_logger("exports")

_LOOK_EVERY = 2.0
# Batches of other workspaces are passed by in steps of so many.
_OTHERS = 500
_LONGEST_PATIENCE = 300.0


@dataclass
class _Trouble:
    """A target that could not be written: when it is tried again."""

    again_at: float
    patience: float


class TargetFollower:
    """Follows for every target that is switched on. Any number of processes may run one: a range is the same to all."""

    def __init__(self, state: State, clock: Clock, storages: Mapping[Kind, Storage], seal: Seal) -> None:
        self._state = state
        self._clock = clock
        self._storages = storages
        self._seal = seal
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._trouble: dict[str, _Trouble] = {}

    async def run(self) -> None:
        """Until cancelled. A target that cannot be written is tried again with growing patience, and holds up none."""
        try:
            while True:
                for target in await self._targets():
                    if target.id not in self._at_work and self._may_try(target):
                        task = asyncio.create_task(self._advance_or_note(target), name=f"exports.{target.id}")
                        self._at_work[target.id] = task
                        task.add_done_callback(functools.partial(self._rests, target.id))
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            for task in list(self._at_work.values()):
                task.cancel()
            await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    async def advance(self, target: Target, *, now: bool = False) -> int:
        """Writes every range that is due (with `now` all there is); returns how many ranges were passed."""
        ranges = 0
        while True:
            async with self._state.begin_system() as tx:
                left = await waiting(tx, target.follower, target.tenant.workspace, target.max_events)
            others_only = left.events == 0 and left.batches >= (1 if now else _OTHERS)
            due = left.claimed or left.events >= target.max_events or (
                left.events > 0 and (now or left.seconds >= target.max_seconds)
            )  # fmt: skip
            if not (due or others_only):
                return ranges
            follower = Follower(self._state, target.follower, limit=left.fit, events=target.max_events, begun=True)
            if not await follower.step_outside(functools.partial(self._write, target)):
                return ranges  # not final yet, or another process has it
            ranges += 1

    async def _write(self, target: Target, claimed: Claimed, batches: Sequence[Batch]) -> None:
        name = f"{claimed.after:020}-{claimed.until:020}"
        secret = self._seal.open(target.sealed)
        objects = await asyncio.to_thread(lambda: list(objects_of(name, batches, target.tenant.workspace)))
        written = []
        for one in objects:
            await self._storages[target.place.kind].put(target.tenant, target.place, secret, one.name, one.content)
            written.append(Written(one.name, one.events, len(one.content), one.sha256, self._clock.now()))
        async with self._state.begin_system() as tx:
            await store.note_objects(tx, target.id, written)
            await store.note_error(tx, target.id, "", None)

    async def _advance_or_note(self, target: Target) -> None:
        try:
            await self.advance(target)
            self._trouble.pop(target.id, None)
        except Exception as error:
            said = error.message if isinstance(error, DureError) else str(error) or type(error).__name__
            before = self._trouble.get(target.id)
            patience = min(before.patience * 2, _LONGEST_PATIENCE) if before else 2.0
            self._trouble[target.id] = _Trouble(time.monotonic() + patience, patience)
            if isinstance(error, DureError | OSError):
                log.warning("exports.target_failed", target=target.id, error=said, again_in=patience)
            else:  # ours to mend, and it must be seen all the same
                log.exception("exports.target_failed", target=target.id, again_in=patience)
            async with self._state.begin_system() as tx:
                await store.note_error(tx, target.id, said[:500], self._clock.now())

    def _rests(self, target: str, task: asyncio.Task[None]) -> None:
        self._at_work.pop(target, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("exports.follower_failed", target=target, error=repr(error))

    def _may_try(self, target: Target) -> bool:
        trouble = self._trouble.get(target.id)
        return trouble is None or time.monotonic() >= trouble.again_at

    async def _targets(self) -> list[Target]:
        async with self._state.begin_system() as tx:
            await store.hold(tx)
            found = await store.enabled_targets(tx)
            # A target that was paused or removed while its range was under way may have left its cursor behind.
            await forget_followers(tx, FOLLOWERS, [target.follower for target in found])
        return found
