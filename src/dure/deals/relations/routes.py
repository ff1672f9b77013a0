"""Relationships over HTTP."""

from __future__ import annotations

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

    @routes.get("/{account}")
    async def relation(caller: Caller, account: str) -> dict[str, Any]:
        """One relationship with all its parts and its momentum at the end of each of 13 weeks, oldest first."""
        return {"relation": await api.one(caller, account)}

    return routes
