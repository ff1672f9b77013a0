"""Ingest's entrance: sources with their write keys, the way of accepted events to disk, and the refused ones."""

from __future__ import annotations

import asyncio
import secrets
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from dure.feed.api import Collector, append, append_lines
from dure.governance.api import Principal, access
from dure.ingest import events, pipeline, rules_store, store
from dure.ingest.arrivals import NEVER, Arrivals, arrivals_of
from dure.ingest.imports import ROWS_A_CHUNK, Chunk, KnownChunk, incoming_of, line_of
from dure.ingest.model import Reason, Refused, Reject, Source
from dure.ingest.names import EventNames
from dure.ingest.pipeline import Passed
from dure.ingest.plugs import EventProtocol, FlagSource
from dure.ingest.privacy import Privacy
from dure.ingest.protocols.default import default as default_protocols
from dure.ingest.rejects import RejectBook, counted
from dure.ingest.rulebook import RuleBook
from dure.ingest.rules import Rules
from dure.ingest.tally import BUCKETS, Tally
from dure.ingest.tracking import TrackingPlan
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import State

__all__ = ["BUCKETS", "NEVER", "Arrivals", "Chunk", "ChunkDone", "Ingest", "Reason", "Reject", "Source"]

_LETTERS = string.ascii_letters + string.digits
# How long a revoked or a newly made key may go unnoticed by another process.
_KEY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ChunkDone:
    """What a chunk came to: events added, events known from before, (line, message) of the refused ones, and events
    that wait for their name's approval."""

    added: int
    known: int
    refused: tuple[tuple[int, str], ...]
    held: int = 0


class Ingest:
    """The doors' other side. `run` must be running for events to be stored.

    `plan`, `names` and `privacy` are the workspace's rules; `tally` counts what came.
    """

    def __init__(
        self, state: State, clock: Clock, protocols: Sequence[EventProtocol] | None = None, log: Log | None = None
    ) -> None:
        self.clock = clock
        self.protocols: Sequence[EventProtocol] = protocols if protocols is not None else default_protocols()
        self._state = state
        self._collector = Collector(state)
        self._rejects = RejectBook(state)
        self._rules = RuleBook(state)
        self.plan = TrackingPlan(self._rules, clock)
        self.names = EventNames(self._rules, clock, log)
        self.privacy = Privacy(self._rules, clock)
        self.tally = Tally(state)
        self.flags: FlagSource | None = None
        self._keys: dict[str, tuple[float, Source | None]] = {}

    def know_flags_by(self, source: FlagSource) -> None:
        """Who can say which flags hold for somebody; without anybody there are none."""
        self.flags = source

    async def run(self) -> None:
        """Stores what arrives until cancelled; what is waiting then is stored before it returns."""
        tasks = [
            asyncio.create_task(work, name=f"ingest.{name}")
            for name, work in (
                ("collect", self._collector.run()),
                ("rejects", self._rejects.run()),
                ("tally", self.tally.run()),
            )
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                if not task.cancelling():  # asked twice, it would leave behind what it is storing
                    task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # -- the way in ---------------------------------------------------------------------------------------------------

    async def source_of_key(self, write_key: str) -> Source | None:
        """The source of a write key, remembered for seconds so that a request costs no query."""
        if not write_key or len(write_key) > 200 or "\0" in write_key:
            return None
        now = time.monotonic()
        until, source = self._keys.get(write_key, (0.0, None))
        if now < until:
            return source
        async with self._state.begin_system() as tx:
            source = await store.source_of_key(tx, write_key)
        if len(self._keys) > 10_000:  # strangers' keys must not fill the memory
            self._keys.clear()
        self._keys[write_key] = (now + (_KEY_SECONDS if source else 1.0), source)
        return source

    async def rules_of(self, tenant: Tenant) -> Rules:
        """The workspace's rules, remembered for seconds so that a request costs no query."""
        return await self._rules.of(tenant)

    @property
    def backlog(self) -> int:
        """How many events of this process are being stored at the moment."""
        return self._collector.waiting_lines

    async def keep(self, source: Source, passed: Passed, received: datetime, rules: Rules) -> None:
        """Stores lines, held events and refusals; returns once all of it is on disk."""
        refused, held = list(passed.refused.values()), passed.noted.held
        if passed.lines:
            await self._collector.collect(source.tenant, len(passed.lines), passed.body, passed.keys.tobytes())
        if held:
            async with self._state.begin(source.tenant) as tx:
                over, _ = await self.names.hold(tx, source.tenant, source.name, held, received, rules.personal)
                refused += over
        if refused:
            await self._rejects.note(source.tenant, source.name, refused, received, rules.personal)
        self._count(source.tenant, source.name, passed, refused, received, rules)

    def _count(
        self, tenant: Tenant, source: str, passed: Passed, refused: Sequence[Refused], at: datetime, rules: Rules
    ) -> None:
        held = len(passed.noted.held) - (len(refused) - len(passed.refused))
        last = passed.lines[-1].event if passed.lines else ""
        self.tally.came(tenant, source, at, len(passed.lines), refused, held, last)
        if passed.noted.violations:
            self.tally.violated(tenant, source, at, passed.noted.violations, rules.personal)

    async def import_chunk(self, principal: Principal, chunk: Chunk) -> ChunkDone:
        """Adds a chunk of a file in one transaction with the note that it was added; a known one adds nothing."""
        access(principal, "ingest:write")
        digest = _digest(chunk.digest)
        if not 0 <= chunk.number < 2**31 or len(chunk.rows) > ROWS_A_CHUNK:
            raise Invalid(f"A chunk has a number and at most {ROWS_A_CHUNK} rows.", field="rows")
        now, tenant = self.clock.now(), principal.tenant
        rules = await self.rules_of(tenant)
        # Thousands of rows take longer than a request at a door may be held up.
        passed = await asyncio.to_thread(_through, chunk, tenant, now, rules)
        refused, held = list(passed.refused.values()), passed.noted.held
        taken, waiting = len(passed.lines) + len(held), 0
        async with self._state.begin(tenant) as tx:
            if not await store.claim_chunk(tx, tenant.workspace, digest, chunk.number, taken):
                known = await store.known_chunk(tx, tenant.workspace, digest, chunk.number)
                return ChunkDone(0, known.events, tuple(known.refused))
            if passed.lines:
                await append_lines(tx, tenant, len(passed.lines), passed.body, passed.keys.tobytes())
            if held:
                over, waiting = await self.names.hold(tx, tenant, chunk.source, held, now, rules.personal)
                refused += over
                taken -= len(over)
            said = [_line(one) for one in refused]
            if refused:
                await store.note_refused(tx, tenant.workspace, digest, chunk.number, taken, said)
                await store.add_rejects(tx, counted(tenant.workspace, chunk.source, refused, now, rules.personal))
        self._count(tenant, chunk.source, passed, refused, now, rules)
        return ChunkDone(taken - waiting, 0, tuple(said), waiting)

    async def known_chunks(self, principal: Principal, digest: str) -> list[KnownChunk]:
        """The chunks of a file that are in the feed already, so that they need not be sent again."""
        access(principal, "ingest:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.known_chunks(tx, principal.tenant.workspace, _digest(digest))

    # -- sources ------------------------------------------------------------------------------------------------------

    async def sources(self, principal: Principal) -> list[Source]:
        access(principal, "ingest:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.sources(tx, principal.tenant.workspace)

    async def create_source(self, principal: Principal, name: str, write_key: str = "") -> Source:
        """A source with a new write key, or with the one given (32 letters and digits). Names are taken once."""
        access(principal, "ingest:write")
        name = name.strip()
        if not name or len(name) > 60 or not name.isprintable():
            raise Invalid("`name` is a text of 1 to 60 characters.", field="name")
        source = Source(
            str(uuid7()), principal.tenant, name, write_key or "".join(secrets.choice(_LETTERS) for _ in range(32)),
            self.clock.now(),
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            if not await store.add_source(tx, source):
                raise Conflict(f"There is a source {name!r} already.", field="name")
            await append(
                tx, events.ingest_event(principal, self.clock, events.SOURCE_CREATED, source.id, {"name": name})
            )
        self._keys.pop(source.write_key, None)
        return source

    async def revoke_source(self, principal: Principal, id: str) -> None:
        """Its write key opens nothing any more, at the latest ten seconds from now; its events stay."""
        access(principal, "ingest:write")
        async with self._state.begin(principal.tenant) as tx:
            source = await store.revoke_source(tx, principal.tenant.workspace, id, self.clock.now())
            if source is None:
                raise NotFound("There is no such source, or it was revoked before.", field="id")
            await append(
                tx, events.ingest_event(principal, self.clock, events.SOURCE_REVOKED, id, {"name": source.name})
            )
        self._keys.pop(source.write_key, None)

    async def arrivals(self, principal: Principal) -> dict[str, Arrivals]:
        """What each source sent in the last hour, and its last event of the last ninety days, by the source's name."""
        access(principal, "ingest:read")
        now = self.clock.now()
        async with self._state.begin(principal.tenant) as tx:
            rows = await rules_store.arrivals(tx, principal.tenant.workspace)
        return arrivals_of(rows, now)

    # -- what was refused ---------------------------------------------------------------------------------------------

    async def rejects(self, principal: Principal, days: int = 7, source: str = "", reason: str = "") -> list[Reject]:
        """Refusals by source, reason and day (UTC), newest first: of the last `days` days, today included."""
        access(principal, "ingest:read")
        if not 1 <= days <= 90:
            raise Invalid("`days` is from 1 to 90.", field="days")
        if reason and reason not in {one.value for one in Reason}:
            raise Invalid(f"{reason!r} is no reason for refusing an event.", field="reason")
        since = (self.clock.now() - timedelta(days=days - 1)).date()
        async with self._state.begin(principal.tenant) as tx:
            return await store.rejects(tx, principal.tenant.workspace, since, source, reason)


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if not 1 <= len(digest) <= 64:
        raise Invalid("`digest` is a text of 2 to 128 hexadecimal digits.", field="digest")
    return digest


def _through(chunk: Chunk, tenant: Tenant, now: datetime, rules: Rules) -> Passed:
    try:
        incoming = [incoming_of(bytes(row), chunk.digest, now) for row in chunk.rows]
    except msgspec.ValidationError as error:
        raise Invalid(f"A row is not one: {error}", field="rows") from error
    return pipeline.run(incoming, tenant, chunk.source, rules)


def _line(refused: Refused) -> tuple[int, str]:
    return line_of(refused.raw), refused.message or refused.reason.sentence
