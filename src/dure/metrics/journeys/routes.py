"""Journey maps over HTTP: `/api/v1/journeys`. Their numbers are asked at `/api/v1/query` with `kind: journey`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Body

from dure.governance.http import Caller
from dure.metrics.journeys.api import Journeys
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]


def add(routes: APIRouter, journeys: Journeys) -> None:
    """Adds the routes of one `Journeys` to those of metrics."""

    @routes.get("/journeys")
    async def all_journeys(caller: Caller) -> dict[str, Any]:
        """Every journey map with its stages."""
        return {"journeys": msgspec.to_builtins(await journeys.all(caller))}

    @routes.post("/journeys", status_code=201)
    async def create_journey(caller: Caller, body: Json) -> dict[str, Any]:
        """A new journey map."""
        return _shown(await journeys.create(caller, body))

    @routes.get("/journeys/{journey}")
    async def journey(caller: Caller, journey: str) -> dict[str, Any]:
        """A journey map with its stages."""
        return _shown(await journeys.get(caller, journey))

    @routes.put("/journeys/{journey}")
    async def change_journey(caller: Caller, journey: str, body: Json) -> dict[str, Any]:
        """Changes a journey map; with `version` only if nobody changed it meanwhile."""
        return _shown(await journeys.change(caller, journey, body))

    @routes.delete("/journeys/{journey}", status_code=204)
    async def remove_journey(caller: Caller, journey: str) -> None:
        """Removes a journey map."""
        await journeys.remove(caller, journey)

    @routes.get("/journeys/{journey}/history")
    async def history(caller: Caller, journey: str) -> dict[str, Any]:
        """Every version of a journey map with who made it, newest first."""
        return {"history": await journeys.history(caller, journey)}


def _shown(value: Any) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(value)
    return shown
