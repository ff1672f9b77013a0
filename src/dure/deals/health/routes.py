"""Deal health over HTTP."""

from __future__ import annotations

from typing import Any

from dure.deals.health.api import DealHealth
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: DealHealth) -> APIRouter:
    """/api/v1/deals/health. Goes before the routes of one deal, whose address would fit too."""
    routes = APIRouter(prefix="/api/v1/deals/health", tags=["deals"])

    @routes.get("")
    async def health(caller: Caller, deal: str = "") -> dict[str, Any]:
        """How open deals are doing: a score from 0 to 100 and the three parts that count most; with `deal` that one's
        and all its parts."""
        return {"health": await api.of(caller, [deal] if deal else None)}

    return routes
