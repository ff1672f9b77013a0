"""The book of refused events: what many requests note within a moment becomes one commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from dure.ingest import store
from dure.ingest.model import Refused, Reject
from dure.ingest.personal import PersonalData
from dure.ingest.tally import shown
from dure.kernel.tenant import Tenant
from dure.state import State

_Key = tuple[str, str, str, str]  # workspace, source, reason, day


@dataclass
class _Count:
    count: int
    at: datetime
    message: str
    example: str


@dataclass
class RejectBook:
    """`note` returns once the counts are on disk, as an acknowledgement promises."""

    state: State
    _counts: dict[_Key, _Count] = field(default_factory=dict)
    _done: list[asyncio.Future[None]] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(
        self, tenant: Tenant, source: str, refused: Sequence[Refused], at: datetime, personal: PersonalData
    ) -> None:
        for workspace, name, reason, day, count, last_at, message, example in counted(
            tenant.workspace, source, refused, at, personal
        ):
            key = (workspace, name, reason, day)
            known = self._counts.get(key)
            self._counts[key] = _Count((known.count if known else 0) + count, last_at, message, example)
        done = asyncio.get_running_loop().create_future()
        self._done.append(done)
        self._wake.set()
        await done

    async def run(self) -> None:
        """Commits until cancelled; what is waiting then is committed before it returns."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._commit()
        except asyncio.CancelledError:
            if self._done:
                await asyncio.shield(self._commit())
            raise

    async def _commit(self) -> None:
        counts, waiting = self._counts, self._done
        self._counts, self._done = {}, []
        error: Exception | None = None
        try:
            async with self.state.begin_system() as tx:
                await store.add_rejects(
                    tx, [(*key, c.count, c.at, c.message, c.example) for key, c in sorted(counts.items())]
                )
        except Exception as problem:
            error = problem
        for done in waiting:
            if done.done():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)


def counted(
    workspace: str, source: str, refused: Sequence[Refused], at: datetime, personal: PersonalData
) -> list[tuple[str, str, str, str, int, datetime, str, str]]:
    """Refusals as rows for the store, one a reason, in the order of their keys; examples without personal data."""
    by_reason: dict[str, list[Refused]] = {}
    for one in refused:
        by_reason.setdefault(one.reason.value, []).append(one)
    return [
        (workspace, source, reason, at.date().isoformat(), len(ones), at, ones[-1].message or ones[-1].reason.sentence,
         shown(ones[-1].raw, personal))
        for reason, ones in sorted(by_reason.items())
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RejectGroup:
    """Refusals of one source and reason: their count, a count a day (today last), and the newest of them."""

    count: int
    by_day: tuple[int, ...]
    newest: Reject


def grouped(rejects: Sequence[Reject], days: int, now: datetime) -> list[RejectGroup]:
    """Refusals by source and reason, the most frequent first."""
    today = now.date()
    groups: dict[tuple[str, str], list[Reject]] = {}
    for reject in rejects:
        groups.setdefault((reject.source, reject.reason.value), []).append(reject)
    made = []
    for ones in groups.values():
        by_day = [0] * days
        for one in ones:
            ago = (today - date.fromisoformat(one.day)).days
            if 0 <= ago < days:
                by_day[days - 1 - ago] += one.count
        made.append(RejectGroup(sum(one.count for one in ones), tuple(by_day), max(ones, key=lambda one: one.last_at)))
    return sorted(made, key=lambda group: -group.count)
