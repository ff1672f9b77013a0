"""Pacing over HTTP: line items and deliveries. Days are ISO dates in the workspace's zone; money is in minor units."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from fastapi import Request

from dure.governance.http import Caller
from dure.pacing import alert_routes, booking_routes
from dure.pacing.api import Figure, NewLineItem, Pacing
from dure.pacing.model import GoalUnit, PacingKind
from dure.web.body import body
from dure.web.routing import APIRouter


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
    order: str = ""
    goal_unit: GoalUnit = "impressions"
    pacing: PacingKind = "even"
    custom_curve: list[float] | None = None
    cap: int | None = None
    cap_daily: int | None = None
    dayparts: list[int] | None = None
    priority: int = 8
    targeting: str = ""
    original: str = ""
    creatives_wanted: int | None = None
    source: str = ""


@body
class Change:
    """What is given is changed; `cap` and `cap_daily` are taken off by null."""

    name: str | None = None
    goal: int | None = None
    budget: int | None = None
    start_day: date | None = None
    end_day: date | None = None
    channel: str | None = None
    state: Literal["active", "paused", "cancelled"] | None = None
    order: str | None = None
    deal: str | None = None
    campaign: str | None = None
    manager: str | None = None
    format: str | None = None
    pacing: PacingKind | None = None
    custom_curve: list[float] | None = None
    cap: int | None = None
    cap_daily: int | None = None
    dayparts: list[int] | None = None
    priority: int | None = None
    targeting: str | None = None
    creatives_wanted: int | None = None


@body
class Delivered:
    """What a line item (id or external id) delivered on a day, or in one hour of it; spend in minor units.

    `source` names who counted, `as_of` up to when; `party` is third for what somebody beside the ad server counted.
    """

    line_item: str
    day: date
    impressions: int
    clicks: int = 0
    spend: int = 0
    hour: int | None = None
    views: int = 0
    listens: int = 0
    source: str = ""
    as_of: datetime | None = None
    party: Literal["first", "third"] = "first"


@body
class Deliveries:
    deliveries: list[Delivered]


def router(api: Pacing) -> APIRouter:
    """/api/v1/line-items and /api/v1/deliveries, and the routes of pacing's other nouns."""
    routes = APIRouter(prefix="/api/v1", tags=["pacing"])

    @routes.get("/line-items")
    async def line_items(caller: Caller, order: str = "") -> dict[str, Any]:
        """Every line item with its outlook and open alerts; with `order` only those of that order."""
        return {
            "line_items": [
                {**asdict(row.item), **asdict(row.outlook), "recent": row.recent, "open_alerts": row.open_alerts}
                for row in await api.list(caller, order=order)
            ]
        }

    @routes.post("/line-items", status_code=201)
    async def create(caller: Caller, body: Asked) -> dict[str, Any]:
        """Books a line item."""
        asked = {**vars(body), "custom_curve": body.custom_curve or (), "dayparts": body.dayparts or ()}
        return asdict(await api.create(caller, NewLineItem(**asked)))

    @routes.get("/line-items/{item_id}")
    async def one(caller: Caller, item_id: str) -> dict[str, Any]:
        """A line item with its days so far, its plan, the days ahead, today's hours, its alerts and what would help."""
        found = asdict(await api.one(caller, item_id))
        item, outlook = found.pop("item"), found.pop("outlook")
        return {**item, **outlook, **found}

    @routes.patch("/line-items/{item_id}")
    async def update(caller: Caller, item_id: str, body: Change, request: Request) -> dict[str, Any]:
        """Changes a line item, or pauses or cancels it."""
        given = (await request.json()).keys()
        return asdict(await api.update(caller, item_id, **{name: getattr(body, name) for name in given}))

    @routes.post("/deliveries")
    async def record(caller: Caller, body: Deliveries) -> dict[str, Any]:
        """Records what line items delivered on days or hours; a figure sent again replaces the earlier one."""
        return asdict(await api.record(caller, [Figure(**vars(one)) for one in body.deliveries]))

    routes.include_router(booking_routes.router(api))
    routes.include_router(alert_routes.router(api))
    return routes
