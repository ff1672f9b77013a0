"""What holds for all automations of a workspace: whether they stand still, and which days are worked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dure.automation import events, pausing, schedule, workdays
from dure.automation.plans import Plans
from dure.automation.tick import Engine
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.state import State

READ, WRITE = "automation:read", "automation:write"


class Standstill:
    """The part of automation's entrance that is about a whole workspace."""

    _state: State
    _clock: Clock
    _governance: Governance
    _plans: Plans
    engine: Engine

    async def pause_all(self, principal: Principal, reason: str = "") -> None:
        """Nothing starts, moves or calls out any more until resumed; waits go on. Done again it changes nothing."""
        access(principal, WRITE)
        now, reason = self._clock.now(), reason.strip()[:500]
        async with self._state.begin(principal.tenant) as tx:
            if await pausing.pause(tx, principal.tenant.workspace, principal.actor, reason, now):
                await append(tx, events.by(principal, now, events.ALL_PAUSED, "", {"reason": reason}))

    async def resume_all(self, principal: Principal) -> None:
        """Everything goes on from where it stood; what would have started meanwhile begins now."""
        access(principal, WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if await pausing.resume(tx, principal.tenant.workspace):
                await append(tx, events.by(principal, self._clock.now(), events.ALL_RESUMED, "", {}))
        self.engine.wake()

    async def paused(self, principal: Principal) -> Mapping[str, Any] | None:
        """`paused_at`, `paused_by`, `reason` and how many runs are `held`; None where all is as usual."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await pausing.state_of(tx, principal.tenant.workspace)

    async def days_off(self, principal: Principal, year: int) -> list[dict[str, Any]]:
        """A year's public holidays where the workspace is, and what it has said of single days."""
        access(principal, READ)
        if not 1970 <= year <= 2100:
            raise Invalid("`year` is between 1970 and 2100.", field="year")
        zone = (await self._governance.workspace(principal.tenant)).timezone
        async with self._state.begin(principal.tenant) as tx:
            own = await workdays.said_of_days(tx, principal.tenant.workspace)
        days = {
            day: {"day": day, "name": name, "working": False, "own": False}
            for day, name in workdays.public_holidays(workdays.country_of(zone), year).items()
        }
        days |= {row["day"]: {**row, "own": True} for row in own if row["day"].year == year}
        return [days[day] for day in sorted(days)]

    async def set_day(self, principal: Principal, day: date, name: str = "", *, working: bool | None) -> None:
        """Says that a day is off (`working` False) or worked, or takes that back (None). Schedules follow at once."""
        access(principal, WRITE)
        if len(name) > 100:
            raise Invalid("`name` has at most 100 characters.", field="name")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            await workdays.set_day(tx, workspace, day, name, working)
            await schedule.set_again(tx, workspace, self._plans, now)
            properties = {"day": day.isoformat(), "name": name, "working": working}
            await append(tx, events.by(principal, now, events.DAY_SET, "", properties))
        self.engine.wake()
