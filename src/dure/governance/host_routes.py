"""Which outside hosts automations may call, over HTTP."""

from __future__ import annotations

from typing import Any

from dure.governance.hosts import Hosts
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class HostList:
    hosts: list[str]


def router(hosts: Hosts) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", tags=["governance"])

    @routes.get("/allowed-hosts")
    async def listed(caller: Caller) -> dict[str, Any]:
        """The hosts that automations may call; an empty list allows every public one."""
        return {"hosts": await hosts.listed(caller)}

    @routes.put("/allowed-hosts")
    async def change(caller: Caller, body: HostList) -> dict[str, Any]:
        """Puts another list in its place; only an administrator may."""
        return {"hosts": await hosts.set(caller, body.hosts)}

    return routes
