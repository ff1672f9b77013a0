"""Opening hours over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

from dure.governance.hours import rules
from dure.governance.hours.api import OpeningHours
from dure.governance.http import Caller
from dure.governance.model import FUNCTIONS
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Calendar:
    """`week` has seven days, Monday first, each a list of pairs such as `["09:00", "18:00"]`; an end that is no later
    than its start is tomorrow's. A day of `days` takes its weekday's place: `{date, name, spans}`."""

    name: str
    zone: str
    week: list[list[list[str]]]
    days: list[dict[str, Any]]
    version: int = 0


@body
class TeamCalendar:
    hours: uuid.UUID | None


@body
class Pasted:
    text: str


def router(hours: OpeningHours) -> APIRouter:
    """/api/v1/opening-hours."""
    routes = APIRouter(prefix="/api/v1/opening-hours", tags=["governance"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """Calendars, and which team goes by which; the empty team is everybody without one of their own."""
        calendars, teams = await hours.listed(caller)
        return {"calendars": [rules.told(one) for one in calendars], "teams": teams, "functions": FUNCTIONS}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: Calendar) -> dict[str, Any]:
        """A new calendar."""
        return rules.told(await hours.create(caller, _told(body)))

    @routes.post("/days")
    async def days(caller: Caller, body: Pasted) -> dict[str, Any]:  # noqa: ARG001  whoever is signed in
        """Reads holidays from a list or an iCalendar file; nothing is kept."""
        return {"days": rules.holidays(body.text)}

    @routes.put("/teams/{team}")
    async def set_team(caller: Caller, team: str, body: TeamCalendar) -> dict[str, Any]:
        """Lets a team go by a calendar; `everybody` are those without one of their own."""
        await hours.set_team(caller, "" if team == "everybody" else team, body.hours)
        return {"teams": (await hours.listed(caller))[1]}

    @routes.put("/{hours_id}")
    async def change(caller: Caller, hours_id: uuid.UUID, body: Calendar) -> dict[str, Any]:
        """Puts another calendar in its place; `version` is the one that was read."""
        return rules.told(await hours.change(caller, hours_id, _told(body), body.version))

    @routes.delete("/{hours_id}", status_code=204)
    async def remove(caller: Caller, hours_id: uuid.UUID) -> None:
        """Removes a calendar that no team goes by."""
        await hours.remove(caller, hours_id)

    return routes


def _told(body: Calendar) -> dict[str, Any]:
    return {"name": body.name, "zone": body.zone, "week": body.week, "days": body.days}
