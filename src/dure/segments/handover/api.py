"""Handovers' entrance: how one stands, what came of it, ending it, sending its list out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import structlog

from dure.automation.plugs import Outgoing
from dure.exports.api import Exports
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, DureError, NotFound
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.api import People
from dure.segments import events
from dure.segments import store as segment_store
from dure.segments.handover import store
from dure.segments.handover.exporting import Exporting, Wanted
from dure.segments.handover.model import Export
from dure.segments.handover.outcome_sql import reached
from dure.segments.model import Handover, Selector
from dure.segments.plugs import Comparing, Consents
from dure.segments.rules import duration
from dure.state import State

__all__ = ["Export", "Handovers", "Wanted"]

log = structlog.get_logger("handovers")


class Handovers:
    """Segments in other teams' hands. They are given by `Segments.hand_over`."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, people: People, outgoing: Outgoing,
        exports: Exports, *, consents: Consents | None, comparing: Comparing,
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._comparing = comparing
        self.exporting = Exporting(state, clock, people, outgoing, exports, consents)

    async def handover(self, principal: Principal, id: str) -> Handover:
        access(principal, "segments:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.handover(tx, principal.tenant.workspace, id)
        if found is None:
            raise NotFound("There is no such handover.", field="handover")
        return found

    async def outcome(self, principal: Principal, id: str) -> Mapping[str, Any] | None:
        """What came of it up to now: how many of each half reached the goal within the window, and what the difference
        is worth. Everybody on the lists counts, whether anything was done to them or not. None without a goal."""
        handover = await self.handover(principal, id)
        return await self._outcome(principal.tenant, handover)

    async def end(self, principal: Principal, id: str) -> Handover:
        """Closes the lists before their time; the outcome as it is now is told to the team that handed over."""
        access(principal, "segments:write")
        handover = await self.handover(principal, id)
        if not await self._end(principal, handover):
            raise Conflict("This handover has ended.")
        return await self.handover(principal, id)

    async def tick(self, now: datetime | None = None) -> int:
        """Ends every handover of every workspace whose time is over; how many. For the server's own loop."""
        async with self._state.begin_system() as tx:
            found = await store.over(tx, now or self._clock.now())
        done, failed = 0, []
        for org, workspace, handover in found:
            principal = self._governance.system(Tenant(org, workspace), "segments")
            try:
                done += await self._end(principal, await self.handover(principal, handover))
            except DureError as error:
                log.warning("handovers.not_ended", handover=handover, error=error.message)
                failed.append(error)
        if failed:
            raise failed[0]
        return done

    async def _end(self, principal: Principal, handover: Handover) -> bool:
        outcome = await self._outcome(principal.tenant, handover)
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            segment = await segment_store.segment(tx, workspace, handover.segment)
            if segment is None or not await store.end(tx, workspace, handover.id, now, outcome):
                return False
            await append(tx, events.handover_ended(principal, now, segment, handover, outcome))
        return True

    async def _outcome(self, tenant: Tenant, handover: Handover) -> Mapping[str, Any] | None:
        if handover.goal is None:
            return None
        until = min(handover.at + duration(handover.window, "window"), self._clock.now())
        statement = reached(msgspec.convert(handover.goal, Selector), handover.at, until)
        answer = await self._log.query(tenant, statement.sql, statement.params)
        async with self._state.begin(tenant) as tx:
            halves = await store.reached(tx, tenant.workspace, handover.id, (row[0] for row in answer.rows))
        return {
            "until": until.isoformat(),
            "control": {"people": halves[True][0], "reached": halves[True][1]},
            "treated": {"people": halves[False][0], "reached": halves[False][1]},
            **self._comparing(halves[True], halves[False], handover.control_share),
        }
