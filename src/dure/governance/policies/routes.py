"""Policies over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.governance.http import Caller
from dure.governance.policies.api import Policies
from dure.governance.policies.model import KINDS, Choice, Kept, Least, Policy
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewValue:
    value: str | int | None
    whole: bool = False


def router(policies: Policies) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/policies", tags=["governance"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """Every rule as it stands here: what the organisation says, what this workspace says, and what holds."""
        return {"policies": [_shown(one) for one in (await policies.listed(caller)).values()]}

    @routes.put("/{name}")
    async def change(caller: Caller, name: str, body: NewValue) -> dict[str, Any]:
        """Sets a rule for this workspace, or for the whole organisation; null takes it back."""
        return _shown(await policies.set(caller, name, body.value, whole=body.whole))

    return routes


def _shown(policy: Policy) -> dict[str, Any]:
    kind = KINDS[policy.name]
    if isinstance(kind, Choice):
        return {**asdict(policy), "values": kind.values, "default": kind.default}
    shown = {
        **asdict(policy), "least": kind.least, "most": kind.most, "unit": kind.unit, "default": kind.default,
        "stricter": "more" if isinstance(kind, Least) else "less",
    }  # fmt: skip
    return {**shown, "forever": True} if isinstance(kind, Kept) else shown
