"""Approval over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.campaigns.approval.api import Approvals
from dure.campaigns.approval.listing import Listing
from dure.campaigns.approval.model import Approval, Concern
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Submitting:
    note: str = ""


@body
class Deciding:
    approve: bool
    hash: str
    comment: str = ""


def router(approvals: Approvals, listing: Listing) -> APIRouter:
    """/api/v1/approvals, and what a campaign's page needs of it."""
    routes = APIRouter(prefix="/api/v1", tags=["campaigns"])

    @routes.get("/approvals")
    async def waiting(caller: Caller) -> dict[str, Any]:
        """Requests that nobody has decided, oldest first."""
        return {"requests": [asdict(each) for each in await approvals.waiting(caller)]}

    @routes.get("/approvals/mine")
    async def mine(caller: Caller) -> dict[str, Any]:
        """Requests that wait for the caller's own word, and what was said lately to those that the caller made."""
        found = await approvals.concerning(caller)
        return {"waiting": [_named(one) for one in found.waiting], "answered": [_named(one) for one in found.answered]}

    @routes.post("/approvals/{request}")
    async def decide(caller: Caller, request: str, body: Deciding) -> dict[str, Any]:
        """Approves or refuses; `hash` is what the caller saw."""
        return _told(await approvals.decide(caller, request, body.hash, body.approve, body.comment))

    @routes.get("/campaigns/{campaign}/approval")
    async def approval(caller: Caller, campaign: str) -> dict[str, Any]:
        """Where a campaign's approval stands, what was asked and said, and whether the caller may decide."""
        return _told(await approvals.of(caller, campaign))

    @routes.post("/campaigns/{campaign}/approval", status_code=201)
    async def submit(caller: Caller, campaign: str, body: Submitting) -> dict[str, Any]:
        """Asks a second person for their word on the campaign as it is now."""
        return _told(await approvals.submit(caller, campaign, body.note))

    @routes.get("/campaigns/{campaign}/checks")
    async def checks(caller: Caller, campaign: str) -> dict[str, Any]:
        """The list to go through before launching, worst first."""
        return {"checks": [asdict(each) for each in await listing.of(caller, campaign)]}

    return routes


def _named(one: Concern) -> dict[str, Any]:
    told = asdict(one.request)
    del told["design"]
    return {**told, "name": one.name}


def _told(approval: Approval) -> dict[str, Any]:
    return asdict(approval)
