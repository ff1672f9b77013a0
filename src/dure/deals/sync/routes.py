"""The sync with a Salesforce org, over Dure's own REST."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.deals.sync.api import Sync
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Kept:
    keep: str


@body
class Owner:
    object: str
    field: str
    owner: str


def router(sync: Sync) -> APIRouter:
    """/api/v1/deals/sync; it goes before the routes of deals, for which `sync` would be a deal's id."""
    routes = APIRouter(prefix="/api/v1/deals/sync", tags=["deals"])

    @routes.get("")
    async def state(caller: Caller) -> dict[str, Any]:
        """How the sync stands: the last run, the day's calls, conflicts, what was not taken, who wins which field."""
        return await sync.state(caller)

    @routes.post("/run")
    async def run(caller: Caller) -> dict[str, Any]:
        """Runs it now."""
        return asdict(await sync.run(caller))

    @routes.put("/fields", status_code=204)
    async def set_owner(caller: Caller, body: Owner) -> None:
        """Says which side wins a field: salesforce, dure, newest or ask."""
        await sync.set_owner(caller, body.object, body.field, body.owner)

    @routes.post("/conflicts/{conflict}", status_code=204)
    async def resolve(caller: Caller, conflict: str, body: Kept) -> None:
        """Settles a conflict: keep salesforce's value or dure's."""
        await sync.resolve(caller, conflict, body.keep)

    return routes
