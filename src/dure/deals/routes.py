"""Deals over HTTP. Amounts are whole minor units; `version` guards against changing what somebody else changed."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import date
from typing import Any

from fastapi import APIRouter

from dure.deals.api import Deals, Lane, Stage, TeamMember
from dure.governance.http import Caller
from dure.web.body import body


@body
class NewAccount:
    name: str
    industry: str = ""
    country: str = ""
    size: int = 0
    domain: str = ""
    external: str = ""


@body
class NewContact:
    name: str
    email: str = ""
    title: str = ""


@body
class NewDeal:
    name: str
    account: str
    amount: int
    close_date: date
    currency: str = ""
    stage: str = ""
    owner: str = ""
    next_step: str = ""
    team: list[str] = field(default_factory=list)
    external: str = ""


@body
class DealChange:
    version: int | None = None
    name: str | None = None
    amount: int | None = None
    owner: str | None = None
    close_date: date | None = None
    next_step: str | None = None


@body
class Move:
    stage: str
    version: int | None = None
    lost_reason: str = ""


@body
class Member:
    user: str
    role: str = ""


@body
class Team:
    team: list[Member]


def router(api: Deals) -> APIRouter:
    """/api/v1/accounts and /api/v1/deals."""
    routes = APIRouter(prefix="/api/v1", tags=["deals"])

    @routes.get("/accounts")
    async def accounts(caller: Caller, search: str = "", limit: int = 200) -> dict[str, Any]:
        """Accounts, by a part of their name."""
        return {"accounts": [asdict(account) for account in await api.accounts(caller, search, limit)]}

    @routes.post("/accounts", status_code=201)
    async def create_account(caller: Caller, body: NewAccount) -> dict[str, Any]:
        """A new account."""
        return asdict(await api.create_account(caller, **vars(body)))

    @routes.get("/accounts/{account_id}")
    async def account(caller: Caller, account_id: str) -> dict[str, Any]:
        """An account with its contacts and deals."""
        found, contacts = await api.account(caller, account_id)
        board = await api.board(caller, account=found.id)
        return {
            **asdict(found),
            "contacts": [asdict(contact) for contact in contacts],
            "deals": [asdict(deal) for deal in board.deals],
        }

    @routes.post("/accounts/{account_id}/contacts", status_code=201)
    async def create_contact(caller: Caller, account_id: str, body: NewContact) -> dict[str, Any]:
        """A new contact at an account."""
        return asdict(await api.create_contact(caller, account_id, body.name, email=body.email, title=body.title))

    @routes.get("/deals")
    async def board(caller: Caller, account: str | None = None, closed_days: int = 90) -> dict[str, Any]:
        """The board: stages as lanes and the deals on them."""
        found = await api.board(caller, account=account, closed_days=closed_days)
        return {"lanes": [_lane(lane) for lane in found.lanes], "deals": [asdict(deal) for deal in found.deals]}

    @routes.post("/deals", status_code=201)
    async def create(caller: Caller, body: NewDeal) -> dict[str, Any]:
        """A new deal."""
        return asdict(await api.create(caller, **vars(body)))

    @routes.get("/deals/stages")
    async def stages(caller: Caller) -> dict[str, Any]:
        """The stages of the sales process, in order."""
        return {"stages": [_stage(stage) for stage in await api.stages(caller)]}

    @routes.get("/deals/{deal_id}")
    async def one(caller: Caller, deal_id: str) -> dict[str, Any]:
        """A deal with its account, team and history."""
        found = asdict(await api.one(caller, deal_id))
        return {**found.pop("deal"), **found, "members": found["team"]}

    @routes.patch("/deals/{deal_id}")
    async def update(caller: Caller, deal_id: str, body: DealChange) -> dict[str, Any]:
        """Changes a deal's fields."""
        return asdict(await api.update(caller, deal_id, **vars(body)))

    @routes.post("/deals/{deal_id}/stage")
    async def move(caller: Caller, deal_id: str, body: Move) -> dict[str, Any]:
        """Moves a deal to another stage."""
        return asdict(await api.move(caller, deal_id, body.stage, body.version, lost_reason=body.lost_reason))

    @routes.put("/deals/{deal_id}/team")
    async def set_team(caller: Caller, deal_id: str, body: Team) -> dict[str, Any]:
        """Says who works on a deal."""
        members = [TeamMember(member.user, member.role) for member in body.team]
        return asdict(await api.set_team(caller, deal_id, members))

    return routes


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": {"ko": stage.name_ko, "en": stage.name_en},
        "probability": stage.probability,
        "outcome": stage.outcome,
    }


def _lane(lane: Lane) -> dict[str, Any]:
    return {**_stage(lane.stage), "count": lane.count, "amounts": dict(lane.amounts)}
