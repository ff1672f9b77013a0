"""Alerts over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Body

from dure.governance.http import Caller
from dure.metrics.alerts.api import Alerts
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]


def router(alerts: Alerts) -> APIRouter:
    """Under `/api/v1/metric-alerts`: alerts about line items are the pacing room's."""
    routes = APIRouter(prefix="/api/v1/metric-alerts", tags=["alerts"])

    @routes.get("")
    async def every(caller: Caller, metric: str | None = None) -> dict[str, Any]:
        """All alerts, or those of a metric, each with where it stands."""
        return {"alerts": msgspec.to_builtins(await alerts.alerts(caller, metric))}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: Json) -> dict[str, Any]:
        """A new alert on a metric."""
        return _shown(await alerts.create(caller, body))

    @routes.post("/rehearsal")
    async def rehearse(caller: Caller, body: Json, last: int = 60) -> dict[str, Any]:
        """What an alert would have said of the last complete intervals; nothing is kept."""
        return _shown(await alerts.rehearse(caller, body, last))

    @routes.put("/{alert}")
    async def change(caller: Caller, alert: str, body: Json) -> dict[str, Any]:
        """Writes an alert anew; it begins quiet."""
        return _shown(await alerts.change(caller, alert, body))

    @routes.delete("/{alert}", status_code=204)
    async def remove(caller: Caller, alert: str) -> None:
        """Takes an alert away."""
        await alerts.remove(caller, alert)

    @routes.get("/{alert}/readings")
    async def readings(caller: Caller, alert: str, limit: int = 60) -> dict[str, Any]:
        """The intervals that an alert judged, newest first."""
        return {"readings": msgspec.to_builtins(await alerts.readings(caller, alert, limit))}

    return routes


def _shown(value: Any) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(value)
    return shown
