"""Sending over HTTP: what a workspace demands, and the kill switch."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import Body

from dure.campaigns.gate.api import Gate
from dure.campaigns.gate.caps import Cap
from dure.campaigns.gate.halting import Stopped
from dure.campaigns.gate.model import Policy
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]


@body
class Reason:
    reason: str = ""


def router(gate: Gate) -> APIRouter:
    """/api/v1/sending."""
    routes = APIRouter(prefix="/api/v1/sending", tags=["sending"])

    @routes.get("")
    async def stopped(caller: Caller) -> dict[str, Any]:
        """Whether all sending is stopped, and every stop of the past."""
        return _stopped(await gate.halting.stopped(caller))

    @routes.post("/stop")
    async def stop(caller: Caller, body: Reason) -> dict[str, Any]:
        """Stops all that this workspace sends, at once."""
        return _stopped(await gate.halting.stop_all(caller, body.reason))

    @routes.post("/resume")
    async def resume(caller: Caller, body: Reason) -> dict[str, Any]:
        """Lets sending go on; a person says why."""
        return _stopped(await gate.halting.resume_all(caller, body.reason))

    @routes.get("/rules")
    async def rules(caller: Caller) -> dict[str, Any]:
        """What the workspace demands of all that leaves: consent, caps, quiet hours, approval, limits, alarms."""
        return _policy(await gate.policy(caller))

    @routes.put("/rules")
    async def set_rules(caller: Caller, body: Json) -> dict[str, Any]:
        """Puts other rules in their place; what is not named gets its default. An administrator's to do."""
        return _policy(await gate.set_policy(caller, body))

    return routes


def _policy(policy: Policy) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(policy)
    return {"rules": told, "caps": [{"name": cap.name} | msgspec.to_builtins(cap) for cap in policy.caps],
            "defaults": msgspec.to_builtins(Policy(caps=(Cap(1, "rolling", 24),)))}  # fmt: skip


def _stopped(found: Stopped) -> dict[str, Any]:
    return {"stopped": asdict(found.now) if found.now else None, "past": list(found.past)}
