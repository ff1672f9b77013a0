"""Forecasts over HTTP. Amounts are minor units of each currency; chances are of 1."""

from __future__ import annotations

from typing import Any, Literal

from dure.deals.winning.api import Winning
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: Winning) -> APIRouter:
    """/api/v1/deals/forecast. Goes before the routes of one deal, whose address would fit too."""
    routes = APIRouter(prefix="/api/v1/deals/forecast", tags=["deals"])

    @routes.get("")
    async def forecast(
        caller: Caller, period: Literal["month", "quarter"] = "month", pipeline: str = "", owner: str = ""
    ) -> dict[str, Any]:
        """What open deals will bring, by stage and by the win model, from this quarter on."""
        return await api.forecast(caller, period, pipeline=pipeline or None, owner=owner or None)

    @routes.get("/changes")
    async def changes(caller: Caller, days: int = 7, pipeline: str = "", owner: str = "") -> dict[str, Any]:
        """What moved the forecast in the last days, deal by deal."""
        return await api.changed(caller, days, pipeline=pipeline or None, owner=owner or None)

    @routes.get("/model")
    async def card(caller: Caller) -> dict[str, Any]:
        """The win model's card: what it learned from, how its test by time went, whether it is used."""
        return await api.card(caller)

    @routes.post("/model")
    async def learn(caller: Caller) -> dict[str, Any]:
        """Learns the win model anew at once; administrators only."""
        return await api.learn_now(caller)

    @routes.get("/chances")
    async def chances(caller: Caller, deal: str = "") -> dict[str, Any]:
        """Each open deal's chance of being won with its reasons; `deal` asks for one."""
        return {"chances": await api.chances(caller, [deal] if deal else None)}

    return routes
