"""Questions to people, outcomes that nobody knows, versions, pausing, worked days and addresses, over HTTP."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import date
from typing import Any

from pydantic import Field

from dure.automation.api import Automation
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Decision:
    decision: str
    note: str = ""


@body
class Filled:
    """What was filled into a form, by the names of its fields."""

    values: dict[str, Any] = field(default_factory=dict)


@body
class Outcome:
    """`done`, `again` or `leave`; `outputs` is what the call answered, where that is known."""

    answer: str
    outputs: dict[str, Any] | None = None


@body
class Move:
    """Which version's open runs go to which; `mapping` says where those go whose node is no more."""

    source: int = Field(alias="from")
    to: int = Field()
    mapping: dict[str, str] = field(default_factory=dict)


@body
class Pause:
    reason: str = ""


@body
class Day:
    """`working` true or false; left out, what was said of the day is taken back."""

    name: str = ""
    working: bool | None = None


def add(routes: APIRouter, automation: Automation) -> None:
    """Adds these routes; they come before those with an id in their first part."""

    @routes.get("/questions")
    async def questions(caller: Caller) -> dict[str, Any]:
        """Approvals and forms that wait for somebody; `mine` says whether the caller may answer."""
        return {"questions": await automation.questions(caller)}

    @routes.post("/runs/{run}/decide", status_code=204)
    async def decide(run: str, body: Decision, caller: Caller) -> None:
        """Answers an approval: `yes` or `no`."""
        await automation.decide(caller, run, body.decision, body.note)

    @routes.post("/runs/{run}/answer", status_code=204)
    async def answer(run: str, body: Filled, caller: Caller) -> None:
        """Fills in the form at which a run waits."""
        await automation.answer(caller, run, body.values)

    @routes.get("/unknown")
    async def unknown(caller: Caller) -> dict[str, Any]:
        """Calls of which nobody knows what came of them."""
        return {"unknown": await automation.unknown(caller)}

    @routes.post("/runs/{run}/outcome", status_code=204)
    async def outcome(run: str, body: Outcome, caller: Caller) -> None:
        """Says what came of such a call: it was done, it is to be done again, or it is left."""
        await automation.settle_outcome(caller, run, body.answer, body.outputs)

    @routes.post("/{id}/move-runs")
    async def move_runs(id: str, body: Move, caller: Caller) -> dict[str, Any]:
        """Moves the open runs of one version to another."""
        return asdict(await automation.move_runs(caller, id, body.source, body.to, body.mapping))

    @routes.get("/paused")
    async def paused(caller: Caller) -> dict[str, Any]:
        """Whether all automations stand still, since when, by whom and why."""
        return {"paused": await automation.paused(caller)}

    @routes.post("/pause")
    async def pause(body: Pause, caller: Caller) -> dict[str, Any]:
        """Lets all automations of the workspace stand still."""
        await automation.pause_all(caller, body.reason)
        return {"paused": await automation.paused(caller)}

    @routes.post("/resume")
    async def resume(caller: Caller) -> dict[str, Any]:
        """Lets all automations go on."""
        await automation.resume_all(caller)
        return {"paused": await automation.paused(caller)}

    @routes.get("/days")
    async def days(year: int, caller: Caller) -> dict[str, Any]:
        """A year's days off and worked days that differ from the week."""
        return {"days": await automation.days_off(caller, year)}

    @routes.put("/days/{day}", status_code=204)
    async def set_day(day: date, body: Day, caller: Caller) -> None:
        """Says that a day is off or worked, or takes that back."""
        await automation.set_day(caller, day, body.name, working=body.working)

    @routes.get("/{id}/hook")
    async def hook(id: str, caller: Caller) -> dict[str, Any]:
        """The address to which webhooks of this automation are sent. It is a secret."""
        return dict(await automation.hook_address(caller, id))

    @routes.post("/{id}/hook/renew")
    async def renew(id: str, caller: Caller) -> dict[str, Any]:
        """Another address; the one before is no longer answered."""
        return dict(await automation.hook_address(caller, id, anew=True))
