"""Playgrounds over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from starlette.requests import Request

from dure.campaigns.playground.api import Playground
from dure.governance.api import Governance
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Making:
    name: str


def router(playground: Playground, governance: Governance) -> APIRouter:
    """/api/v1/playgrounds."""
    routes = APIRouter(prefix="/api/v1/playgrounds", tags=["playground"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """The playgrounds of this workspace, and whether it is one itself."""
        here = await governance.workspace(caller.tenant)
        found = await playground.listed(caller)
        return {"playground": bool(here.playground_of), "playgrounds": [asdict(one) for one in found]}

    @routes.post("", status_code=201)
    async def make(caller: Caller, body: Making) -> dict[str, Any]:
        """Makes one: structure copied, people invented, nothing leaves it."""
        made = await playground.make(caller, body.name)
        return {"workspace": asdict(made.workspace), "copied": made.copied.counts, "left_out": made.copied.left_out,
                "people": made.people, "events": made.events}  # fmt: skip

    @routes.get("/recorded")
    async def recorded(caller: Caller, before: datetime | None = None, limit: int = 100) -> dict[str, Any]:
        """What would have left this playground, newest first."""
        return {"recorded": await playground.recorded(caller, before, limit)}

    @routes.post("/{workspace}/enter", status_code=201)
    async def enter(caller: Caller, workspace: str, request: Request) -> dict[str, str]:
        """A link into one, good once and for ten minutes."""
        secret = await governance.playgrounds.way_into(caller, workspace)
        return {"url": f"{request.url.scheme}://{request.url.netloc}/sign-in/{secret}"}

    return routes
