"""A workspace's rules over Dure's own REST: its tracking plan, its names of events, what personal data it keeps."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any, Literal

import msgspec

from dure.governance.http import Caller
from dure.ingest.api import Ingest
from dure.ingest.names import HELD_A_NAME, HELD_IN_ALL, WAITING_NAMES
from dure.ingest.personal import PersonalRule
from dure.ingest.privacy import Kept
from dure.ingest.tracking import as_json
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class EventOfPlan:
    event: str
    schema: dict[str, Any]
    action: str = "warn"
    description: str = ""


@body
class WholePlan:
    events: list[dict[str, Any]]
    replace: bool = False


@body
class Mode:
    mode: str


@body
class Decision:
    name: str
    state: Literal["approved", "refused"]
    becomes: str = ""


@body
class OneRule:
    name: str
    do: Literal["drop", "hash"] = "drop"
    where: Literal["properties", "traits", "both"] = "both"


@body
class PrivacyRules:
    keep_address: bool = False
    read_context: bool = True
    rules: list[OneRule] = field(default_factory=list)


def router(ingest: Ingest) -> APIRouter:
    """`/api/v1/tracking-plan`, `/api/v1/event-names` and `/api/v1/privacy`."""
    routes = APIRouter(prefix="/api/v1", tags=["ingest"])

    @routes.get("/tracking-plan")
    async def tracking_plan(caller: Caller) -> dict[str, Any]:
        """The plan's events, each with its violations a day in the last two weeks; `PUT` takes the same list."""
        counts = await ingest.plan.violations_by_event(caller)
        planned = await ingest.plan.planned(caller)
        return {"events": [{**as_json(one), "violations": counts.get(one.event, [])} for one in planned]}

    @routes.put("/tracking-plan")
    async def take_over(caller: Caller, body: WholePlan) -> dict[str, Any]:
        """Puts events into the plan; with `replace`, those that are not listed leave it."""
        return asdict(await ingest.plan.take_over(caller, body.events, body.replace))

    @routes.put("/tracking-plan/event")
    async def plan_event(caller: Caller, body: EventOfPlan) -> dict[str, Any]:
        """Says what an event looks like and what becomes of one that differs: warn, block or strip."""
        return as_json(await ingest.plan.plan_event(caller, body.event, body.schema, body.action, body.description))

    @routes.delete("/tracking-plan/event", status_code=204)
    async def remove(caller: Caller, event: str) -> None:
        """Takes an event out of the plan."""
        await ingest.plan.remove(caller, event)

    @routes.get("/tracking-plan/versions")
    async def versions(caller: Caller, event: str) -> dict[str, Any]:
        """Who changed an event of the plan, when, and to what."""
        return {"versions": [as_json(one) for one in await ingest.plan.versions(caller, event)]}

    @routes.get("/tracking-plan/violations")
    async def violations(caller: Caller, event: str = "", days: int = 14) -> dict[str, Any]:
        """How events differ from the plan, with counts and the newest example."""
        return {"violations": await ingest.plan.violations(caller, event, days)}

    @routes.get("/event-names")
    async def names(caller: Caller, state: str = "") -> dict[str, Any]:
        """Names that wait for approval or were decided, and how new names are treated."""
        mode, found = await ingest.names.names(caller, state)
        bounds = {"held_a_name": HELD_A_NAME, "held_in_all": HELD_IN_ALL, "waiting_names": WAITING_NAMES}
        return {"mode": mode, "names": [asdict(name) for name in found], "bounds": bounds}

    @routes.put("/event-names")
    async def decide(caller: Caller, body: Decision) -> dict[str, Any]:
        """Approves a name, under another with `becomes`, and lets its held events go on; or refuses and drops them."""
        if body.state == "approved":
            return {"released": await ingest.names.approve(caller, body.name, body.becomes), "dropped": 0}
        return {"released": 0, "dropped": await ingest.names.refuse(caller, body.name)}

    @routes.put("/event-names/mode")
    async def set_mode(caller: Caller, body: Mode) -> dict[str, Any]:
        """How new names are treated: open, approve or closed. Says how many known names were approved at once."""
        return {"mode": body.mode, "approved": await ingest.names.set_mode(caller, body.mode)}

    @routes.get("/privacy")
    async def privacy(caller: Caller) -> dict[str, Any]:
        """What personal data is kept."""
        return _kept(await ingest.privacy.kept(caller))

    @routes.put("/privacy")
    async def keep(caller: Caller, body: PrivacyRules) -> dict[str, Any]:
        """Sets what personal data is kept, for events that come from now on."""
        rules = [PersonalRule(rule.name, rule.do, rule.where) for rule in body.rules]
        return _kept(await ingest.privacy.keep(caller, body.keep_address, body.read_context, rules))

    return routes


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "keep_address": kept.keep_address,
        "read_context": kept.read_context,
        "rules": [msgspec.structs.asdict(rule) for rule in kept.rules],
    }
