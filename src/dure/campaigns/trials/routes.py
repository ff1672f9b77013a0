"""Trials over HTTP."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from dure.campaigns.trials.api import Trials
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Testing:
    node: str
    to: list[str] = field(default_factory=list)
    person: str = ""
    seeds: bool = False
    language: str = ""


def router(trials: Trials) -> APIRouter:
    """A campaign's tests."""
    routes = APIRouter(prefix="/api/v1/campaigns/{campaign}/tests", tags=["campaigns"])

    @routes.get("")
    async def listed(caller: Caller, campaign: str) -> dict[str, Any]:
        """Tests and seeds, newest first, with what became of each."""
        return {"tests": [asdict(one) for one in await trials.listed(caller, campaign)]}

    @routes.post("", status_code=201)
    async def send(caller: Caller, campaign: str, body: Testing) -> dict[str, Any]:
        """Sends a message node to chosen addresses, or the seed list, as a chosen person's."""
        sent = await trials.send(
            caller, campaign, body.node, body.to, person=body.person, seeds=body.seeds, language=body.language
        )
        return {"tests": [asdict(one) for one in sent]}

    return routes
