"""What came in, counted: by source and minute for the screens, by outcome for /metrics, violations of the plan.

Counting must not hold an event up: it is done in memory and written down every second, so that a crash loses a second
of counts and never an event.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from dure.ingest import rules_store
from dure.ingest.model import Refused
from dure.ingest.personal import PersonalData
from dure.ingest.plan import Violation
from dure.kernel.tenant import Tenant
from dure.state import State

log = structlog.get_logger("ingest")

_EVERY = 1.0
_FORGET_EVERY = 3600.0
# Upper ends of the door's latency classes, in seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_EXAMPLE = 2000


@dataclass(slots=True)
class _Minute:
    last_at: datetime
    taken: int = 0
    refused: int = 0
    held: int = 0
    last_event: str = ""


@dataclass(slots=True)
class _Violations:
    last_at: datetime
    message: str
    raw: bytes
    personal: PersonalData
    count: int = 0


@dataclass
class Tally:
    """`outcomes` counts events by (outcome, reason) since the process began."""

    state: State
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    latency: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    latency_sum: float = 0.0
    _minutes: dict[tuple[str, str, datetime], _Minute] = field(default_factory=dict)
    _violations: dict[tuple[str, str, str, str, str], _Violations] = field(default_factory=dict)

    def came(
        self, tenant: Tenant, source: str, at: datetime, taken: int, refused: Sequence[Refused], held: int,
        last_event: str,
    ) -> None:  # fmt: skip
        """Counts what became of a request's events; `last_event` is the name of the last one taken."""
        key = (tenant.workspace, source, at.replace(second=0, microsecond=0))
        minute = self._minutes.get(key)
        if minute is None:
            minute = self._minutes[key] = _Minute(at)
        minute.last_at = at
        if taken:
            minute.taken += taken
            minute.last_event = last_event
            self.outcomes["taken", ""] += taken
        if refused:
            minute.refused += len(refused)
            for one in refused:
                self.outcomes["refused", one.reason.value] += 1
        if held:
            minute.held += held
            self.outcomes["held", ""] += held

    def violated(
        self, tenant: Tenant, source: str, at: datetime, violations: Sequence[tuple[str, Violation, bytes]],
        personal: PersonalData,
    ) -> None:  # fmt: skip
        """Counts violations of the plan, of each keeping the newest as its example."""
        day = at.date().isoformat()
        for event, violation, raw in violations:
            key = (tenant.workspace, event, violation.what, source, day)
            known = self._violations.get(key)
            count = known.count if known else 0
            self._violations[key] = _Violations(at, violation.message, raw, personal, count + 1)

    def took(self, seconds: float) -> None:
        """Notes how long a door took to answer."""
        self.latency[bisect_left(BUCKETS, seconds)] += 1
        self.latency_sum += seconds

    async def run(self) -> None:
        """Writes down until cancelled, and once more then."""
        forget_in = 0.0
        try:
            while True:
                await asyncio.sleep(_EVERY)
                forget_in -= _EVERY
                if await self._try_to_write(forget=forget_in <= 0) and forget_in <= 0:
                    forget_in = _FORGET_EVERY
        except asyncio.CancelledError:
            await asyncio.shield(self._try_to_write())
            raise

    async def write(self) -> None:
        """Writes down what was counted since the last time; what fails is counted again with the next."""
        minutes, violations = self._minutes, self._violations
        if not minutes and not violations:
            return
        self._minutes, self._violations = {}, {}
        try:
            async with self.state.begin_system() as tx:
                if minutes:
                    await rules_store.add_arrivals(
                        tx,
                        [
                            (*key, m.taken, m.refused, m.held, m.last_event, m.last_at)
                            for key, m in sorted(minutes.items())
                        ],
                    )
                if violations:
                    await rules_store.add_violations(
                        tx,
                        [
                            (*key, v.count, v.last_at, v.message, shown(v.raw, v.personal))
                            for key, v in sorted(violations.items(), key=lambda pair: pair[0])
                        ],
                    )
        except BaseException:
            self._put_back(minutes, violations)
            raise

    async def _try_to_write(self, *, forget: bool = False) -> bool:
        try:
            await self.write()
            if forget:
                async with self.state.begin_system() as tx:
                    await rules_store.forget_counts(tx)
        except Exception as error:
            # The database is away: the door says so to senders, and the counts wait here.
            log.warning("ingest.counts_not_written", error=str(error).strip())
            return False
        return True

    def _put_back(
        self, minutes: dict[tuple[str, str, datetime], _Minute],
        violations: dict[tuple[str, str, str, str, str], _Violations],
    ) -> None:  # fmt: skip
        for key, old in minutes.items():
            if (new := self._minutes.get(key)) is None:
                self._minutes[key] = old
            else:
                new.taken, new.refused, new.held = new.taken + old.taken, new.refused + old.refused, new.held + old.held
        for place, before in violations.items():
            if (after := self._violations.get(place)) is None:
                self._violations[place] = before
            else:
                after.count += before.count


def shown(raw: bytes, personal: PersonalData) -> str:
    """The beginning of what came, without personal data, as text that PostgreSQL can keep."""
    return personal.shown(raw)[:_EXAMPLE].decode("utf-8", "replace").replace("\0", "\\0")
