"""Requests for apps and what became of them over HTTP, below /api/v1/app-approvals; for who looks after the whole."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal

from dure.channels.apps.api import Apps
from dure.channels.routes import app_shapes as shapes
from dure.governance.api import Governance, Principal, access, allowed
from dure.governance.http import Caller
from dure.kernel.errors import DureError, Invalid
from dure.web.body import body
from dure.web.routing import APIRouter

_MOST = 200


@body
class Place:
    """Where something was asked for or decided: `workspace` "" is the whole organisation."""

    app: str
    workspace: str = ""


@body
class Decision:
    """`requests` are answered by *approve*, *restrict* or *cancel*; what was decided of `apps` is changed by *approve*
    and *restrict*, and taken back by *clear*. `whole` decides for the organisation, not for one workspace."""

    act: Literal["approve", "restrict", "cancel", "clear"]
    requests: list[str] = field(default_factory=list)
    apps: list[Place] = field(default_factory=list)
    whole: bool = False


def router(apps: Apps, governance: Governance) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/app-approvals", tags=["apps"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """What waits in every workspace, what was decided, and whether apps are approved before they come."""
        found = await apps.waiting(caller)
        spaces = await governance.organisation.workspaces(caller)
        people = {one.id: one.name for one in await governance.organisation.people(caller)}
        return {
            "requests": [
                {"id": one.id, "app": shapes.asked_for(one.app), "workspace": one.workspace, "asked_by": one.asked_by,
                 "asked_by_name": people.get(one.asked_by, ""), "asked_at": one.asked_at, "message": one.message}
                for one in found.requests
            ],
            "decisions": [
                {"app": shapes.asked_for(one.app), "workspace": one.workspace, "decision": one.decision,
                 "decided_by": one.decided_by, "decided_by_name": people.get(one.decided_by, ""),
                 "decided_at": one.decided_at}
                for one in found.decisions
            ],
            "workspaces": {one.id: one.name for one in spaces}, "needed": found.needed,
            "may": allowed(caller, "org:write"),
        }  # fmt: skip

    @routes.post("")
    async def decide(caller: Caller, body: Decision) -> dict[str, Any]:
        """Decides on several at once, each by itself: what could not be decided is named with why."""
        access(caller, "org:write")
        if body.act == "cancel" and body.apps:
            raise Invalid("Only a request is cancelled.", field="apps")
        if body.act == "clear" and body.requests:
            raise Invalid("Only a decision is taken back.", field="requests")
        if not 1 <= len(body.requests) + len(body.apps) <= _MOST:
            raise Invalid(f"Name 1 to {_MOST} requests or apps.", field="requests")
        places = {one.id: one.workspace for one in (await apps.waiting(caller)).requests}
        done, failed = list[str](), list[dict[str, str]]()
        for request in body.requests:
            await tried(request, done, failed, _answer(caller, body, request, places.get(request, "")))
        for one in body.apps:
            await tried(one.app, done, failed, _change(caller, body, one))
        return {"done": done, "failed": failed}

    async def _answer(caller: Principal, body: Decision, request: str, workspace: str) -> None:
        there = await governance.seats.stepping_in(caller, workspace)
        if body.act == "cancel":
            await apps.cancel_request(there, request)
        else:
            await apps.decide(there, _DECISION[body.act], request=request, whole=body.whole)

    async def _change(caller: Principal, body: Decision, one: Place) -> None:
        there = await governance.seats.stepping_in(caller, one.workspace)
        if body.act == "clear":
            await apps.clear(there, one.app, whole=not one.workspace)
        else:
            await apps.decide(there, _DECISION[body.act], app_id=one.app, whole=not one.workspace)

    return routes


_DECISION: dict[str, Literal["approved", "restricted"]] = {"approve": "approved", "restrict": "restricted"}


async def tried(id: str, done: list[str], failed: list[dict[str, str]], act: Any) -> None:
    try:
        await act
        done.append(id)
    except DureError as error:
        failed.append({"id": id, "code": error.code, "message": error.message})
