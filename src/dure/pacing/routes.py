"""Pacing over HTTP. Days are ISO dates in the workspace's zone; money is in minor units."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter

from dure.governance.http import Caller
from dure.pacing.api import Figure, NewLineItem, Pacing
from dure.web.body import body


@body
class Asked:
    """A new line item."""

    name: str
    goal: int
    start_day: date
    end_day: date
    budget: int = 0
    currency: str = ""
    account: str = ""
    account_name: str = ""
    deal: str = ""
    campaign: str = ""
    channel: str = ""
    manager: str = ""
    format: str = ""
    external: str = ""


@body
class Change:
    name: str | None = None
    goal: int | None = None
    budget: int | None = None
    end_day: date | None = None
    channel: str | None = None
    state: Literal["active", "paused", "cancelled"] | None = None


@body
class Delivered:
    """What a line item (id or external id) delivered on a day, or in one hour of it; spend in minor units."""

    line_item: str
    day: date
    impressions: int
    clicks: int = 0
    spend: int = 0
    hour: int | None = None


@body
class Deliveries:
    deliveries: list[Delivered]


def router(api: Pacing) -> APIRouter:
    """/api/v1/line-items and /api/v1/deliveries."""
    routes = APIRouter(prefix="/api/v1", tags=["pacing"])

    @routes.get("/line-items")
    async def line_items(caller: Caller) -> dict[str, Any]:
        """Every line item with its outlook and open alerts."""
        return {
            "line_items": [
                {**asdict(row.item), **asdict(row.outlook), "recent": row.recent, "open_alerts": row.open_alerts}
                for row in await api.list(caller)
            ]
        }

    @routes.post("/line-items", status_code=201)
    async def create(caller: Caller, body: Asked) -> dict[str, Any]:
        """Books a line item."""
        return asdict(await api.create(caller, NewLineItem(**vars(body))))

    @routes.get("/line-items/{item_id}")
    async def one(caller: Caller, item_id: str) -> dict[str, Any]:
        """A line item with its days so far, the days ahead and its alerts."""
        found = await api.one(caller, item_id)
        return {
            **asdict(found.item),
            **asdict(found.outlook),
            "days": [asdict(day) for day in found.days],
            "ahead": [asdict(day) for day in found.ahead],
            "alerts": [asdict(alert) for alert in found.alerts],
        }

    @routes.patch("/line-items/{item_id}")
    async def update(caller: Caller, item_id: str, body: Change) -> dict[str, Any]:
        """Changes a line item, or pauses or cancels it."""
        return asdict(await api.update(caller, item_id, **vars(body)))

    @routes.post("/deliveries")
    async def record(caller: Caller, body: Deliveries) -> dict[str, Any]:
        """Records what line items delivered on days or hours; a figure sent again replaces the earlier one."""
        return asdict(await api.record(caller, [Figure(**vars(one)) for one in body.deliveries]))

    return routes
