"""Answers that are kept: served again while nothing that they read has changed, and computed once for all who ask.

What is kept lies in this process's memory and can be lost at any time. Whether it still holds is asked of the log every
time (`freshness`), so it holds for any number of processes, and no number is served that new events have changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from dure.kernel.clock import Clock
from dure.kernel.errors import Cancelled
from dure.kernel.tenant import Tenant
from dure.log.api import Log, to_the_end
from dure.metrics import asking
from dure.metrics.period import instant, micros
from dure.metrics.question import AnyQuestion, Sql
from dure.metrics.serving import freshness
from dure.metrics.serving.bounds import Bounds
from dure.metrics.serving.freshness import Version
from dure.metrics.serving.inquiry import Inquiry
from dure.metrics.serving.reading import Reading
from dure.metrics.serving.turns import Turns

KEPT_BYTES = 64 << 20
_OF_ONE = 8
"""An answer larger than this part of the memory is not kept: it would put out all others."""

Key = tuple[Tenant, bytes, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as JSON, and the version of what it read."""

    version: Version
    body: bytes


@dataclass(slots=True, eq=False)
class Flight:
    """A question while it is computed, for everybody who asks the same meanwhile. `first` began it."""

    first: Inquiry
    reading: Reading
    task: asyncio.Future[bytes] = field(init=False)
    waiting: int = 0


class Answers:
    """Asks the log's questions in turns, and keeps what it said. `memory` bounds what is kept, in bytes."""

    def __init__(self, log: Log, clock: Clock, bounds: Bounds, memory: int = KEPT_BYTES) -> None:
        self._log = log
        self._clock = clock
        self._bounds = bounds
        self._memory = memory
        # One client is left for the log's writer, and one turn for the other workspaces.
        slots = max(1, log.clients - 1)
        self._turns = Turns(slots, max(1, slots - 1))
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._flights: dict[tuple[Key, Version], Flight] = {}

    async def answer(self, inquiry: Inquiry, question: AnyQuestion, now: datetime, zone: str) -> dict[str, Any]:
        """The answer, with `as_of`, `cached` and `computed` in its `meta`. SQL is never kept: it may ask the time."""
        if isinstance(question, Sql):
            return _fresh(await self._compute(self._reading(inquiry), question, now, zone))
        while True:
            began = time.perf_counter()
            period = asking.ruler_for(question, now, zone).period
            reads = freshness.reads(question, period)
            version = await freshness.version(self._log, inquiry.tenant, reads)
            said = msgspec.json.encode(asking.filled(question, period), order="deterministic")
            key = (inquiry.tenant, said, freshness.tick_of(question, now))
            kept = self._kept.get(key)
            if version is None:
                return _fresh(await self._compute(self._reading(inquiry), question, now, zone))
            if kept is not None and kept.version == version:
                self._kept.move_to_end(key)
                return _again(kept.body, time.perf_counter() - began)
            flight = self._flights.get((key, version)) or self._begin(inquiry, key, version, question, now, zone)
            try:
                return _fresh(await self._join(flight, inquiry, (key, version)))
            except Cancelled:
                # Its first asker stopped it from another process; the others ask again.
                if flight.first is inquiry:
                    raise

    @contextlib.asynccontextmanager
    async def turn(self, inquiry: Inquiry) -> AsyncIterator[Reading]:
        """A reading of one's own that waits for its turn, for what is not kept."""
        reading = self._reading(inquiry)
        async with self._turns.turn(inquiry.tenant.workspace):
            yield reading

    def _begin(
        self, inquiry: Inquiry, key: Key, version: Version, question: AnyQuestion, now: datetime, zone: str
    ) -> Flight:
        flight = Flight(inquiry, self._reading(inquiry))

        async def fly() -> bytes:
            try:
                body = await self._compute(flight.reading, question, now, zone)
                self._keep(key, Kept(version, body))
                return body
            finally:
                self._land(flight, (key, version))

        flight.task = asyncio.ensure_future(fly())
        self._flights[key, version] = flight
        return flight

    async def _join(self, flight: Flight, inquiry: Inquiry, place: tuple[Key, Version]) -> bytes:
        flight.waiting += 1
        inquiry.reading = flight.reading
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            if flight.waiting == 1:  # nobody else wants it
                self._land(flight, place)
                flight.task.cancel()
                await to_the_end(_ended(flight.task))
            raise
        finally:
            flight.waiting -= 1

    def _land(self, flight: Flight, place: tuple[Key, Version]) -> None:
        if self._flights.get(place) is flight:
            del self._flights[place]

    async def _compute(self, reading: Reading, question: AnyQuestion, now: datetime, zone: str) -> bytes:
        async with self._turns.turn(reading.tenant.workspace):
            as_of = instant(micros(self._clock.now()))
            answer = await asking.ask(self._log, reading.tenant, question, now, zone, reading)
        return msgspec.json.encode({**answer, "meta": {**answer["meta"], "as_of": as_of}})

    def _reading(self, inquiry: Inquiry) -> Reading:
        reading = Reading(self._log, inquiry.tenant, bounds=self._bounds, mark=inquiry.mark)
        inquiry.reading = reading
        return reading

    def _keep(self, key: Key, kept: Kept) -> None:
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= _size(key, before)
        if _size(key, kept) * _OF_ONE > self._memory:
            return
        self._kept[key] = kept
        self._bytes += _size(key, kept)
        while self._bytes > self._memory:
            self._bytes -= _size(*self._kept.popitem(last=False))


def _size(key: Key, kept: Kept) -> int:
    return len(key[1]) + len(kept.body) + 500


async def _ended(task: asyncio.Future[Any]) -> None:
    await asyncio.wait({task})


def _fresh(body: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = msgspec.json.decode(body)
    meta = answer["meta"]
    meta |= {"cached": False, "computed": {"elapsed_ms": meta["elapsed_ms"], "rows_read": meta["rows_read"]}}
    return answer


def _again(body: bytes, seconds: float) -> dict[str, Any]:
    """A kept answer: what it cost now, and what computing it had cost."""
    answer = _fresh(body)
    answer["meta"] |= {"cached": True, "elapsed_ms": round(seconds * 1000, 1), "rows_read": 0}
    return answer
