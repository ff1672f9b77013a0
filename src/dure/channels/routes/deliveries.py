"""What apps were told, over HTTP: for administrators."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query

from dure.channels.delivery.api import Deliveries
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(deliveries: Deliveries) -> APIRouter:
    """/api/v1/apps/{app}/deliveries."""
    routes = APIRouter(prefix="/api/v1", tags=["apps"])

    @routes.get("/apps/{app}/deliveries")
    async def shown(caller: Caller, app: str, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> dict[str, Any]:
        """What an app was told, the newest first, and how many sockets it has open."""
        found, connections = await deliveries.shown(caller, app, limit)
        return {"deliveries": [asdict(one) for one in found], "connections": connections}

    @routes.post("/apps/{app}/deliveries/{delivery}/retry")
    async def retry(caller: Caller, app: str, delivery: int) -> dict[str, Any]:
        """Sends an event that failed or was dropped anew."""
        await deliveries.retry(caller, app, delivery)
        return {}

    return routes
