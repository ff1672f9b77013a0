"""Alerts about line items over HTTP: the board, what is said to them, the thresholds, digests and reports."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

import msgspec

from dure.governance.http import Caller
from dure.pacing.alerts.api import Risk
from dure.pacing.api import Pacing
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Acknowledgement:
    """Why nothing more need be told while it does not get worse."""

    alerts: list[str]
    reason: str
    note: str = ""


@body
class Snooze:
    """Until nine in the morning of a day, or of the next working day."""

    alerts: list[str]
    until: date | Literal["next_business_day"] = "next_business_day"


@body
class Named:
    alerts: list[str]


def router(api: Pacing) -> APIRouter:
    """/pacing/… of the API."""
    routes = APIRouter()

    @routes.get("/pacing/alerts")
    async def board(caller: Caller) -> dict[str, Any]:
        """What stands open, the worst first: by severity, probability and money at risk."""
        return {"alerts": [_risk(one) for one in await api.alerts.board(caller)]}

    @routes.post("/pacing/alerts/acknowledge")
    async def acknowledge(caller: Caller, body: Acknowledgement) -> dict[str, Any]:
        """Somebody knows: no more notices while it does not get worse."""
        done = await api.alerts.acknowledge(caller, body.alerts, body.reason, body.note)
        return {"alerts": [asdict(one) for one in done]}

    @routes.post("/pacing/alerts/snooze")
    async def snooze(caller: Caller, body: Snooze) -> dict[str, Any]:
        """Quiet until a day, or the next working day; a rise in severity ends it."""
        return {"alerts": [asdict(one) for one in await api.alerts.snooze(caller, body.alerts, until=body.until)]}

    @routes.post("/pacing/alerts/reopen")
    async def reopen(caller: Caller, body: Named) -> dict[str, Any]:
        """Takes back an acknowledgement or a snooze."""
        return {"alerts": [asdict(one) for one in await api.alerts.reopen(caller, body.alerts)]}

    @routes.get("/pacing/rules")
    async def rules(caller: Caller) -> dict[str, Any]:
        """The workspace's thresholds and quiet hours."""
        return dict(msgspec.to_builtins(await api.alerts.rules(caller)))

    @routes.patch("/pacing/rules")
    async def set_rules(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
        """Changes the named thresholds."""
        return dict(msgspec.to_builtins(await api.alerts.set_rules(caller, body)))

    @routes.get("/pacing/digest")
    async def digest(caller: Caller, channel: str = "", order: str = "") -> dict[str, Any]:
        """The day's lines of a channel or an order by severity, as text and blocks."""
        return await api.digest(caller, channel=channel, order=order)

    @routes.get("/pacing/report")
    async def report(caller: Caller, line_item: str = "", order: str = "") -> dict[str, Any]:
        """The numbers of a line item or an order, and the card that says them."""
        return await api.report(caller, line_item=line_item, order=order)

    return routes


def _risk(one: Risk) -> dict[str, Any]:
    shown = asdict(one.alert)
    if one.item is not None:
        item = one.item
        shown["item"] = {
            "id": item.id, "name": item.name, "account": item.account, "account_name": item.account_name,
            "order": item.order, "manager": item.manager, "channel": item.channel, "deal": item.deal,
            "goal": item.goal, "goal_unit": item.goal_unit, "budget": item.budget, "currency": item.currency,
            "start_day": item.start_day, "end_day": item.end_day, "state": item.state, "priority": item.priority,
        }  # fmt: skip
    if one.outlook is not None:
        shown["outlook"] = asdict(one.outlook)
    return shown
