"""A deal's timeline over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.deals.timeline.api import Timeline
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: Timeline) -> APIRouter:
    """/api/v1/deals/{id}/timeline."""
    routes = APIRouter(prefix="/api/v1", tags=["deals"])

    @routes.get("/deals/{deal_id}/timeline")
    async def timeline(
        caller: Caller, deal_id: str, before: str = "", kinds: str = "", limit: int = 50
    ) -> dict[str, Any]:
        """Everything that concerns a deal, newest first: changes, notes, tasks, meetings, messages of its channel,
        what the account's people did, deliveries and alerts of its line items, mentions."""
        line = await api.of(caller, deal_id, before=before, kinds=kinds, limit=limit)
        return {"entries": [asdict(entry) for entry in line.entries], "next": line.next}

    return routes
