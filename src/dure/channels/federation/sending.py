"""Brings what waits in the outboxes to the partners: in order, in batches, again until they say that they have it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg
import structlog

from dure.channels.federation.calling import Caller, Refused
from dure.channels.federation.keys import Keys
from dure.channels.federation.model import BATCH, BATCH_BYTES, Partner
from dure.channels.federation.problems import problem_of
from dure.channels.federation.store import outbox, partners
from dure.kernel.clock import Clock
from dure.state import State, Tx

log = structlog.get_logger("dure.channels.federation")

_LONGEST = 300.0


class Sending:
    def __init__(self, state: State, clock: Clock, caller: Caller, keys: Keys) -> None:
        self._state, self._clock, self._caller, self._keys = state, clock, caller, keys
        self._lines: dict[str, asyncio.Task[None]] = {}
        self._called: set[str] = set()  # for whom something came while their line was at work
        # What their channels of this server hold, told from the beginning.
        self.retell: Callable[[Tx, Partner], Awaitable[list[dict[str, Any]]]] = _nothing
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
                partner.tenant, partner.address, "/deliver",
                {"entries": entries, "behind": left, "oldest": entries[0]["n"]}, key, partner.pairing,
            )  # fmt: skip
            received = answer.get("received")
            if not isinstance(received, int) or isinstance(received, bool):
                raise Refused(200, "bad_answer", "The answer does not say how far they are.")
        except Refused as refused:
            await self._failed(partner, problem_of(refused), refused.message, ended=refused.code == "partnership_ended")
            return False
        except (TimeoutError, OSError, KeyError) as error:
            await self._failed(partner, problem_of(error), str(error) or type(error).__name__)
            return False
        self.passing("after send")
        if received > entries[-1]["n"] and await self._given_out_before(partner, received):
            return True
        if answer.get("lost"):
            await self._they_lost(partner)
        return await self._had(partner, entries, received, left)

    async def _given_out_before(self, partner: Partner, received: int) -> bool:
        """They have more than was ever sent from here, as this side knows: it stands on an older backup.

        What waits has numbers that they know something else by, and would be passed over.
        """
        async with self._state.begin_system() as tx:
            now = await partners.find(tx, partner.id, lock=True)
            if now is None or received <= now.sent:
                return False
            log.error("federation.restored", partner=partner.id, received=received, sent=now.sent)
            await outbox.renumber(tx, partner.id, received)
            await partners.restored(tx, partner.id, "we", self._clock.now())
            return True

    async def _they_lost(self, partner: Partner) -> None:
        """They stand on an older backup: they are told once more what the channels of this server hold."""
        async with self._state.begin_system() as tx:
            await partners.restored(tx, partner.id, "they", self._clock.now())
            await outbox.add(tx, partner.id, await self.retell(tx, partner), self._clock.now())

    async def _had(self, partner: Partner, entries: list[dict[str, Any]], received: int, left: int) -> bool:
        first = entries[0]["n"]
        if received < first - 1:
            why = f"They have {received}, and what follows is not here any more from {first} on."
            await self._failed(partner, "gap", why)
            return False
        async with self._state.begin_system() as tx:
            await outbox.acknowledge(tx, partner.id, min(received, entries[-1]["n"]))
            await partners.answered(tx, partner.id, self._clock.now())
            for entry in entries:
                if entry["kind"] == "key" and entry["n"] <= received:
                    await partners.set_our_key(tx, partner.id, entry["id"])
        return left > 0 or received < entries[-1]["n"]

    async def _failed(self, partner: Partner, problem: str, why: str, *, ended: bool = False) -> None:
        """Again after a while that doubles up to five minutes, shortened by chance so that not all come at once."""
        wait = min(_LONGEST, 0.5 * 2 ** min(partner.tries, 12)) * random.uniform(0.5, 1)
        async with self._state.begin_system() as tx:
            await partners.failed(tx, partner.id, self._clock.now() + timedelta(seconds=wait), f"{problem}: {why}")
            if ended:
                await outbox.drop(tx, partner.id)
        log.info("federation.not_delivered", partner=partner.id, problem=problem, why=why, again_in=round(wait, 1))


async def _nothing(tx: Tx, partner: Partner) -> list[dict[str, Any]]:  # noqa: ARG001
    return []
