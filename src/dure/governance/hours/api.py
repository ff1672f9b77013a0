"""Entrance of opening hours: calendars by name, which team goes by which, and the calendar to count with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.hours import rules
from dure.governance.hours import store as kept
from dure.governance.hours.model import Hours, always
from dure.governance.model import FUNCTIONS, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_MOST = 100


class OpeningHours:
    """Without any calendar everybody is open always, so that time in hours is time itself."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    # -- for whoever counts -----------------------------------------------------------------------------------------

    async def of_in(self, tx: Tx, tenant: Tenant, teams: Iterable[str]) -> dict[str, Hours]:
        """The calendar that each team goes by: its own, else that of everybody, else always open."""
        wanted = list(dict.fromkeys(teams))
        found = await kept.of_teams(tx, tenant.workspace, wanted)
        if len(found) < len(wanted):
            space = await store.workspace(tx, tenant.workspace)
            open_always = always(space.timezone if space else "UTC")
            found = {team: found.get(team, open_always) for team in wanted}
        return found

    async def of(self, tenant: Tenant, team: str) -> Hours:
        async with self._state.begin(tenant) as tx:
            return (await self.of_in(tx, tenant, [team]))[team]

    # -- looking and changing ---------------------------------------------------------------------------------------

    async def listed(self, principal: Principal) -> tuple[list[Hours], dict[str, uuid.UUID]]:
        """Every calendar, and whose is whose; '' is everybody without one of their own."""
        access(principal, "governance:read")
        async with self._state.begin(principal.tenant) as tx:
            workspace = principal.tenant.workspace
            return await kept.listed(tx, workspace), await kept.teams(tx, workspace)

    async def create(self, principal: Principal, told: Mapping[str, Any]) -> Hours:
        access(principal, "governance:write")
        made = replace(rules.calendar(told), id=uuid7())
        async with self._state.begin(principal.tenant) as tx:
            await self._free(tx, principal, made)
            if len(await kept.listed(tx, principal.tenant.workspace)) >= _MOST:
                raise Invalid(f"At most {_MOST} calendars can be kept.", field="name")
            await self._keep(tx, principal, made, None)
        return made

    async def change(self, principal: Principal, id: uuid.UUID, told: Mapping[str, Any], version: int) -> Hours:
        """Puts another calendar in its place. Clocks that run keep the times they were given."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            before = await self._one(tx, principal, id)
            if before.version != version:
                raise _conflict(
                    "그 사이 다른 사람이 이 달력을 바꾸었습니다.",
                    "Somebody changed this calendar meanwhile.",
                    "version",
                )
            made = rules.calendar(told, before)
            if made == before:
                return before
            made = replace(made, version=before.version + 1)
            await self._free(tx, principal, made)
            await self._keep(tx, principal, made, before)
        return made

    async def remove(self, principal: Principal, id: uuid.UUID) -> None:
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            before = await self._one(tx, principal, id)
            used = [team for team, one in (await kept.teams(tx, principal.tenant.workspace)).items() if one == id]
            if used:
                raise _conflict(
                    "이 달력을 쓰는 팀이 있습니다. 먼저 다른 달력을 정해 주세요.",
                    "Teams go by this calendar; give them another first.", teams=used,
                )  # fmt: skip
            await kept.remove(tx, principal.tenant.workspace, id)
            await self._tell(tx, principal, events.HOURS_REMOVED, str(id), {"name": before.name})

    async def set_team(self, principal: Principal, team: str, id: uuid.UUID | None) -> None:
        """Lets a team (a function; '' is everybody else) go by a calendar, or by none of its own."""
        access(principal, "governance:write")
        if team and team not in FUNCTIONS:
            raise Invalid(f"`team` is one of {', '.join(FUNCTIONS)}, or empty for everybody else.", field="team")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            chosen = await self._one(tx, principal, id) if id else None
            before = (await kept.teams(tx, workspace)).get(team)
            if before == id:
                return
            await kept.set_team(tx, workspace, team, id)
            told = {"team": team, "hours": str(id) if id else "", "name": chosen.name if chosen else "",
                    "before": str(before) if before else ""}  # fmt: skip
            await self._tell(tx, principal, events.TEAM_HOURS_SET, team or "everybody", told)

    # -- within -----------------------------------------------------------------------------------------------------

    async def _one(self, tx: Tx, principal: Principal, id: uuid.UUID) -> Hours:
        found = await kept.one(tx, principal.tenant.workspace, id, lock=True)
        if found is None:
            raise NotFound("There is no such calendar.", field="hours")
        return found

    async def _free(self, tx: Tx, principal: Principal, hours: Hours) -> None:
        other = await kept.named(tx, principal.tenant.workspace, hours.name)
        if other not in (None, hours.id):
            raise _conflict(
                f"이미 있는 달력 이름입니다: {hours.name}", f"There is a calendar named {hours.name} already.", "name"
            )

    async def _keep(self, tx: Tx, principal: Principal, hours: Hours, before: Hours | None) -> None:
        await kept.keep(tx, principal.tenant.workspace, hours, self._clock.now(), principal.actor)
        now, then = rules.told(hours), rules.told(before) if before else {}
        told = {name: now[name] for name in ("name", "zone", "week", "days")}
        if before:
            told["before"] = {name: then[name] for name in ("name", "zone", "week", "days") if then[name] != now[name]}
        await self._tell(tx, principal, events.HOURS_CHANGED if before else events.HOURS_CREATED, str(hours.id), told)

    async def _tell(self, tx: Tx, principal: Principal, name: str, object_id: str, told: dict[str, Any]) -> None:
        await append(tx, events.governance_event(principal, self._clock, name, "hours", object_id, told))


def _conflict(ko: str, en: str, field: str | None = None, **data: Any) -> Conflict:
    """Told in both languages; a screen takes the one of its reader."""
    return Conflict(en, field=field, data={**data, "ko": ko, "en": en})
