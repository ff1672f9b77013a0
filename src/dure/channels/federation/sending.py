"""Brings what waits in the outboxes to the partners: in order, in batches, again until they say that they have it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import structlog

from dure.channels.federation.calling import Caller, Refused
from dure.channels.federation.keys import Keys
from dure.channels.federation.model import BATCH, BATCH_BYTES, Partner
from dure.channels.federation.store import outbox, partners
from dure.kernel.clock import Clock
from dure.state import State

log = structlog.get_logger("dure.channels.federation")

_LONGEST = 300.0


class Sending:
    def __init__(self, state: State, clock: Clock, caller: Caller, keys: Keys) -> None:
        self._state, self._clock, self._caller, self._keys = state, clock, caller, keys
        self._lines: dict[str, asyncio.Task[None]] = {}
        self._called: set[str] = set()  # for whom something came while their line was at work
        # Called at each place at which a process may die, by the place's name.
        self.passing: Callable[[str], None] = lambda place: None  # noqa: ARG005

    async def run(self) -> None:
        """Sends whenever something is written, and looks every second for what is due again, until cancelled."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._hear())
                both.create_task(self._watch())
        finally:
            for line in self._lines.values():
                line.cancel()

    async def _hear(self) -> None:
        while True:
            try:
                async with self._state.listen(outbox.CHANNEL) as notes:
                    async for note in notes:
                        self.call(note.payload)
            except (OSError, psycopg.Error) as error:
                log.warning("federation.outbox_unheard", error=repr(error))
            await asyncio.sleep(0.5)

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except (OSError, psycopg.Error) as error:
                log.warning("federation.outbox_unseen", error=repr(error))
            await asyncio.sleep(1)

    async def look(self) -> None:
        """Begins to send to every partner for whom something waits that is due."""
        async with self._state.begin_system() as tx:
            due = await partners.due(tx, self._clock.now())
        for known in due:
            self.call(known)

    def call(self, id: str) -> None:
        """Sends to a partner what waits; a line that is at work already looks once more before it ends."""
        self._called.add(id)
        line = self._lines.get(id)
        if line is None or line.done():
            self._lines[id] = asyncio.create_task(self._drain(id))

    async def _drain(self, id: str) -> None:
        try:
            while id in self._called:
                self._called.discard(id)
                while await self.step(id):
                    pass
        except psycopg.Error as error:
            log.warning("federation.sending_failed", partner=id, error=repr(error))

    async def step(self, id: str) -> bool:
        """One batch; whether there is more to send now."""
        async with self._state.begin_system() as tx:
            partner = await partners.find(tx, id)
            due = partner is not None and partner.state in ("active", "ended") and partner.due_at <= self._clock.now()
            taken = await outbox.take(tx, id, BATCH, BATCH_BYTES) if due else None
        if partner is None or not taken or not taken[0]:
            return False
        entries, left = taken
        self.passing("before send")
        try:
            key = self._keys.by_id(partner.our_key)
            answer = await self._caller.post(
                partner.tenant, partner.address, "/deliver", {"entries": entries, "behind": left}, key, partner.pairing
            )
            received = answer.get("received")
            if not isinstance(received, int) or isinstance(received, bool):
                raise Refused(200, "bad_answer", "The answer does not say how far they are.")
        except Refused as refused:
            await self._failed(partner, f"{refused.code}: {refused.message}", ended=refused.code == "partnership_ended")
            return False
        except (TimeoutError, OSError, KeyError) as error:
            await self._failed(partner, str(error) or type(error).__name__)
            return False
        self.passing("after send")
        return await self._had(partner, entries, received, left)

    async def _had(self, partner: Partner, entries: list[dict[str, Any]], received: int, left: int) -> bool:
        first = entries[0]["n"]
        if received < first - 1:
            await self._failed(partner, f"They have {received}, and what follows is not here any more from {first} on.")
            return False
        async with self._state.begin_system() as tx:
            await outbox.acknowledge(tx, partner.id, min(received, entries[-1]["n"]))
            await partners.answered(tx, partner.id, self._clock.now())
            for entry in entries:
                if entry["kind"] == "key" and entry["n"] <= received:
                    await partners.set_our_key(tx, partner.id, entry["id"])
        return left > 0 or received < entries[-1]["n"]

    async def _failed(self, partner: Partner, why: str, *, ended: bool = False) -> None:
        """Again after a while that doubles up to five minutes, shortened by chance so that not all come at once."""
        wait = min(_LONGEST, 0.5 * 2 ** min(partner.tries, 12)) * random.uniform(0.5, 1)
        async with self._state.begin_system() as tx:
            await partners.failed(tx, partner.id, self._clock.now() + timedelta(seconds=wait), why)
            if ended:
                await outbox.drop(tx, partner.id)
        log.info("federation.not_delivered", partner=partner.id, why=why, again_in=round(wait, 1))
