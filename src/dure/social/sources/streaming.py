"""Lines that are held open: each in one process's hands, what it tells committed with its cursor as it comes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta

from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.social.plugs import Pulled, Streams, Trouble
from dure.social.sources import store
from dure.social.sources.model import Turn
from dure.social.sources.pulling import LEASE, UNREADABLE, Pulling
from dure.state import State

_MOST = 20  # lines a process
_LOOK = 2.0
_AFTER_ITS_END = timedelta(seconds=2)


class Streaming:
    """The lines of this process."""

    def __init__(self, state: State, clock: Clock, pulling: Pulling) -> None:
        self._state = state
        self._clock = clock
        self._pulling = pulling

    async def work(self) -> None:
        """Takes up lines that nobody holds, for ever."""
        async with asyncio.TaskGroup() as tasks:
            held: set[asyncio.Task[None]] = set()
            while True:
                held = {task for task in held if not task.done()}
                turn = await self._pulling.claim(("stream",)) if len(held) < _MOST else None
                if turn is None:
                    await asyncio.sleep(_LOOK)
                else:
                    held.add(tasks.create_task(self.hold(turn)))

    async def step(self) -> bool:
        """Takes up one line until it ends; whether there was one."""
        turn = await self._pulling.claim(("stream",))
        if turn is not None:
            await self.hold(turn)
        return turn is not None

    async def hold(self, turn: Turn) -> None:
        """Hears a line to its end, or until somebody else has it."""
        try:
            source = self._pulling.connector(turn.source)
            if not isinstance(source, Streams):
                raise Trouble("settings", f"{turn.source.connector} tells nothing by itself.")
            given = self._pulling.given(turn, turn.source.quota)
            renewed = self._clock.now()
            async with aclosing(source.stream(given, turn.way.cursor)) as line:  # type: ignore[type-var]
                async for pulled in line:
                    if pulled.mentions or pulled.gone:
                        if not await self._pulling.commit(turn, pulled, last=False):
                            return
                        renewed = self._clock.now()
                    elif self._clock.now() - renewed > LEASE / 6:
                        if not await self._renew(turn, pulled):
                            return
                        renewed = self._clock.now()
        except (Trouble, OSError, DureError) as error:
            await self._pulling.failed(turn, error)
            return
        except UNREADABLE as error:
            await self._pulling.misread(turn, error)
            return
        except asyncio.CancelledError:
            # Put down at once, so that another process takes it up without waiting for the lease's end.
            await asyncio.shield(self._release(turn, timedelta(0)))
            raise
        await self._release(turn, _AFTER_ITS_END)

    async def _renew(self, turn: Turn, pulled: Pulled) -> bool:
        """Nothing is told, but the line lives: the lease and the cursor move on."""
        if pulled.cursor != turn.way.cursor:
            return await self._pulling.commit(turn, pulled, last=False)
        now = self._clock.now()
        async with self._state.begin(Tenant(turn.org, turn.workspace)) as tx:
            return await store.renew(tx, turn, now, now + LEASE)

    async def _release(self, turn: Turn, later: timedelta) -> None:
        async with self._state.begin(Tenant(turn.org, turn.workspace)) as tx:
            await store.release(tx, turn, self._clock.now() + later)
