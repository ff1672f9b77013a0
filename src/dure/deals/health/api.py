"""Deal health's entrance: what is kept, and the regular look that computes it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.deals.health import events, past, rules, store
from dure.deals.health.follow import guests_of
from dure.deals.health.model import Health, Norms
from dure.deals.opportunities.store import with_stages
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Workspace, access
from dure.kernel.clock import Clock
from dure.log.api import Log
from dure.state import State, Tx

__all__ = ["DealHealth"]

# As time passes a deal's health changes without anything being done.
_AGAIN_AFTER = timedelta(hours=1)
_NORMS_KEPT = timedelta(days=1)
_NORMS_FROM = timedelta(days=730)
_FEWEST_STAYS = 5
_A_LOOK = 2_000
# A customer's question may wait so long.
_STANDARD = timedelta(hours=24)


class DealHealth:
    """`log` is where the past of a room is read when it becomes a deal's."""

    def __init__(self, state: State, log: Log, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance

    async def of(self, principal: Principal, deals: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The health of these deals: score, band, parts, reasons, when it was computed; of all open ones, no parts."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.of_in(tx, principal, deals)

    async def of_in(self, tx: Tx, principal: Principal, deals: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """`of` within a transaction."""
        access(principal, "deals:read")
        return await store.of(tx, principal.tenant.workspace, deals)

    async def tick(self) -> int:
        """Reads the past of new rooms, then computes what changed, and everything once an hour; returns how many."""
        await self._catch_up()
        before = self._clock.now() - _AGAIN_AFTER
        async with self._state.begin_system() as tx:
            waiting = set(await store.waiting(tx, before))
        looked = 0
        for space in await self._governance.workspaces() if waiting else []:
            if space.id in waiting:
                looked += await self.assess(space)
        return looked

    async def assess(self, space: Workspace) -> int:
        """One workspace's due deals, in lots; a lot another process has in hand is left to it."""
        looked = 0
        while found := await self._assess(space):
            looked += found
        return looked

    async def _assess(self, space: Workspace) -> int:
        now = self._clock.now()
        day = now.astimezone(ZoneInfo(space.timezone)).date()
        async with self._state.begin(space.tenant) as tx:
            if not await store.lock(tx, space.id):
                return 0
            usual = await self._norms(tx, space.id)
            due = await store.due(tx, space.id, now - _AGAIN_AFTER, _A_LOOK)
            if not due:
                return 0
            signals = await store.signals(tx, space.id, due, now, day, _STANDARD)
            found = [(rules.health_of(one, usual), last) for one, last in signals]
            bands = await store.bands(tx, space.id, due)
            await store.keep(tx, space.id, found, now)
            await append(tx, *await self._told(tx, space, [one for one, _ in found if one.band], bands, day))
        return len(due)

    async def _norms(self, tx: Tx, workspace: str) -> Norms:
        now = self._clock.now()
        kept, at = await store.norms(tx, workspace)
        if at is not None and at > now - _NORMS_KEPT:
            return kept
        return await store.learn_norms(tx, workspace, now, now - _NORMS_FROM, _FEWEST_STAYS)

    async def _told(
        self, tx: Tx, space: Workspace, judged: Sequence[Health], bands: dict[str, str], day: date
    ) -> list[Event]:
        """*Deal Health Changed* for each deal that is in another band than before, *Deal Health Measured* for each once
        a day."""
        fresh = set(await store.measured_on(tx, space.id, [one.deal for one in judged], day))
        crossed = {one.deal for one in judged if bands.get(one.deal, one.band) != one.band}
        ids = sorted(fresh | crossed)
        if not ids:
            return []
        principal, now = self._governance.system(space.tenant, "deals"), self._clock.now()
        deals = await with_stages(tx, space.id, ids)
        written = []
        for one in judged:
            if one.deal in deals:
                deal, stage = deals[one.deal]
                if one.deal in crossed:
                    written.append(events.health_changed(principal, now, deal, stage, one, bands[one.deal]))
                if one.deal in fresh:
                    written.append(events.measured(principal, now, deal, stage, one))
        return written

    async def _catch_up(self) -> None:
        """What was said in a room before it was a deal's is read from the log."""
        async with self._state.begin_system() as tx:
            for room in await store.catching_up(tx):
                space = await self._governance.workspace_in(tx, room["workspace"])
                guests = await guests_of(self._governance, space.tenant)
                said = await past.said_in(self._log, space.tenant, room["channel"], guests)
                deal = room["opportunity"]
                await store.keep_signs(tx, space.id, [replace(sign, deal=deal) for sign in said])
                await store.touch(tx, space.id, [deal])
                await store.caught_up(tx, space.id, deal)
