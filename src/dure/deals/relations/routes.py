"""Relationships over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.deals.relations.api import Relations
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: Relations) -> APIRouter:
    """/api/v1/relations."""
    routes = APIRouter(prefix="/api/v1/relations", tags=["deals"])

    @routes.get("")
    async def relations(caller: Caller) -> dict[str, Any]:
        """How the relationship with each account is: a score from 0 to 100, momentum, and the three parts that count
        most; without a score, `why` says what is missing. Not for guests."""
        return {"relations": await api.listed(caller)}

    @routes.get("/pick-up")
    async def pick_up(caller: Caller) -> dict[str, Any]:
        """How far channels that were linked to customers before relationships were measured are picked up."""
        return {"pick_up": asdict(await api.picking.standing(caller))}

    @routes.post("/pick-up", status_code=202)
    async def pick_up_again(caller: Caller) -> dict[str, Any]:
        """Looks for such channels once more; what is known already stays as it is."""
        return {"pick_up": asdict(await api.picking.start(caller))}

    @routes.delete("/pick-up")
    async def stop_picking_up(caller: Caller) -> dict[str, Any]:
        """Stops it; what was read stays."""
        return {"pick_up": asdict(await api.picking.cancel(caller))}

    @routes.get("/{account}")
    async def relation(caller: Caller, account: str) -> dict[str, Any]:
        """One relationship with all its parts and its momentum at the end of each of 13 weeks, oldest first."""
        return {"relation": await api.one(caller, account)}

    return routes
