"""A batch of a partner's entries: done in order, with the cursor, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import DataError

from dure.channels.api import Channels
from dure.channels.federation import events, wire
from dure.channels.federation.asked import Asked
from dure.channels.federation.ending import ended
from dure.channels.federation.hearing import Apart
from dure.channels.federation.interpreter import Interpreter
from dure.channels.federation.model import BATCH, Partner
from dure.channels.federation.refusals import BadEntry
from dure.channels.federation.store import partners
from dure.channels.federation.told import Told
from dure.feed.api import append
from dure.governance.api import Governance
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.state import Tx

log = structlog.get_logger("dure.channels.federation")


@dataclass(frozen=True, slots=True)
class Received:
    """How far the entries are done; `gap`: there is nothing between that and the first that came. `lost` are those that
    were done here once and are known no more, because this side stands on an older backup."""

    n: int
    gap: bool
    lost: tuple[int, int] | None = None


class Inward:
    def __init__(self, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._clock = clock
        self._asked, self._told = Asked(clock, governance, channels), Told(clock, governance, channels)
        self._channels, self._governance = channels, governance
        # Called at each place at which a process may die, by the place's name.
        self.passing: Callable[[str], None] = lambda place: None  # noqa: ARG005

    async def take(
        self, tx: Tx, partner: Partner, entries: Sequence[Mapping[str, Any]], behind: int, oldest: int = 0
    ) -> Received:
        """`partner` is locked by the caller. Those that were done before are passed over; a gap ends the batch.

        `oldest` is the first that the other side still has: those before it were acknowledged by this side.
        """
        if len(entries) > BATCH or not all(isinstance(one.get("n"), int) for one in entries):
            raise BadEntry(f"A batch has at most {BATCH} entries, each with its number.", field="entries")
        n, gap, lost = partner.received, False, None
        if oldest > n + 1:
            n, lost = oldest - 1, (n + 1, oldest - 1)
            await self._lost(tx, partner, lost)
        new = [entry for entry in entries if entry["n"] > n]
        fit = [entry for place, entry in enumerate(new) if entry["n"] == n + 1 + place]
        gap, ear = len(fit) < len(new), Interpreter(tx, self._governance, partner)
        for _, run in groupby(fit, _alike):
            some = list(run)
            await self._do_all(tx, ear, some)
            n += len(some)
            self.passing("in the middle")
        await partners.received(tx, partner.id, n, max(0, behind) if not gap else partner.ahead, self._clock.now())
        return Received(n, gap, lost)

    async def _lost(self, tx: Tx, partner: Partner, lost: tuple[int, int]) -> None:
        """It goes on behind what cannot come again; the other side tells once more what its channels hold."""
        log.error("federation.restored", partner=partner.id, lost=lost)
        why = f"{lost[1] - lost[0] + 1} entries were done here once and are not in the backup that was restored."
        await partners.refuse(tx, partner.id, lost[0], "lost", why, self._clock.now())
        await partners.restored(tx, partner.id, "we", self._clock.now())

    async def _do_all(self, tx: Tx, ear: Interpreter, entries: Sequence[Mapping[str, Any]]) -> None:
        """Entries that are alike: at once where they are many and nothing in them is unusual, otherwise one by one."""
        if len(entries) > 1:
            together = self._asked.posts if entries[0]["kind"] == "ask" else self._told.all_said
            try:
                async with tx.connection.transaction():
                    await together(tx, ear, entries)
            except (Apart, DureError, DataError):
                ear.forget()
            else:
                return
        for entry in entries:
            await self._do(tx, ear, entry)

    async def _do(self, tx: Tx, ear: Interpreter, entry: Mapping[str, Any]) -> None:
        """What cannot be done whatever is tried is left out and shown; it does not keep what follows from coming."""
        partner = ear.partner
        try:
            async with tx.connection.transaction():
                if entry.get("kind") == "ask":
                    await self._asked.do(tx, ear, entry)
                elif entry.get("kind") == "key":
                    await self._key(tx, partner, entry)
                elif entry.get("kind") == "ended":
                    await ended(tx, self._clock, self._channels, self._governance, partner, "they")
                else:
                    await self._told.do(tx, ear, entry)
        except (DureError, DataError) as error:
            ear.forget()
            why = error.message if isinstance(error, DureError) else str(error)
            log.warning("federation.entry_refused", partner=partner.id, n=entry["n"], kind=entry.get("kind"), why=why)
            await partners.refuse(tx, partner.id, entry["n"], str(entry.get("kind"))[:40], why, self._clock.now())

    async def _key(self, tx: Tx, partner: Partner, entry: Mapping[str, Any]) -> None:
        """A new key, told under the old one, which signed it too."""
        new, proof = bytes.fromhex(wire.text(entry, "key", 64)), bytes.fromhex(wire.text(entry, "proof", 128))
        try:
            Ed25519PublicKey.from_public_bytes(partner.their_key).verify(
                proof, b"dure-key" + partner.pairing.encode() + new
            )
        except InvalidSignature as error:
            raise BadEntry("The new key is not signed by the old one.", field="proof") from error
        await partners.set_their_key(tx, partner.id, partner.their_key, new)
        told = {"by": "they"}
        await append(tx, events.partner_event(self._clock, partner, events.ROTATED, "", told))


def _alike(entry: Mapping[str, Any]) -> Any:
    """The same for entries that can be done at once: messages, or asking for them, in one conversation."""
    kind = entry.get("kind")
    if kind == "said" or (kind == "ask" and entry.get("what") == "post" and not entry.get("files")):
        return kind, str(entry.get("channel"))
    return entry["n"]
