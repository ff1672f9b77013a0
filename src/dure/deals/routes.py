"""Deals over HTTP. Amounts are whole minor units; `version` guards against changing what somebody else changed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from dure.deals import set_up_routes
from dure.deals.accounts.model import Account
from dure.deals.api import Deals, Lane, TeamMember
from dure.deals.contacts.roles import NewRole
from dure.deals.imports import doors as import_doors
from dure.deals.merge import doors as merge_doors
from dure.deals.products.model import NewLine
from dure.deals.records import doors
from dure.deals.records.listing import Asked
from dure.deals.set_up_routes import stage_json
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.kernel.filters import Filter
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Move:
    stage: str
    version: int | None = None
    lost_reason: str = ""


@body
class Member:
    user: str
    role: str = ""
    access: str = "edit"


@body
class Team:
    team: list[Member]


@body
class Line:
    product: str
    quantity: float = 1.0
    unit_price: int | None = None
    description: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    id: str = ""


@body
class LineList:
    lines: list[Line]
    version: int | None = None


@body
class Role:
    contact: str
    role: str = ""
    is_primary: bool = False


@body
class RoleList:
    roles: list[Role]


@body
class Conversion:
    account: str = ""
    contact: str = ""
    deal: bool = True
    deal_name: str = ""
    amount: int = 0
    currency: str = ""
    close_date: date | None = None
    stage: str = ""
    owner: str = ""


def router(api: Deals) -> APIRouter:
    """/api/v1/deals, and the kinds of records around them."""
    routes = APIRouter(prefix="/api/v1", tags=["deals"])

    @routes.get("/deals")
    async def board(
        caller: Caller, account: str | None = None, closed_days: int = 90, pipeline: str | None = None
    ) -> dict[str, Any]:
        """The board: stages as lanes and the deals on them."""
        found = await api.board(caller, account=account, closed_days=closed_days, pipeline=pipeline)
        return {"lanes": [_lane(lane) for lane in found.lanes], "deals": [asdict(deal) for deal in found.deals]}

    @routes.get("/deals/list")
    async def page(
        caller: Caller, filters: str = "", search: str = "", sort: str = "close_date",
        limit: Annotated[int, Query(ge=1, le=1000)] = 50, after: str = "", deleted: bool = False, totals: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """A page of deals by filters over any field; with `totals` their count and sums too."""
        found = await api.deals.page(caller, doors.asked_of(filters, search, sort, limit, after, deleted, totals))
        told = doors.page_json("deals", found)
        if found.amounts is not None:
            told["together"] = asdict(await api.rates.sum(caller, found.amounts))
        return told

    @routes.post("/deals", status_code=201)
    async def create(caller: Caller, body: doors.Given) -> dict[str, Any]:
        """A new deal."""
        return asdict(await api.deals.create(caller, **doors.named(body)))

    @routes.get("/deals/stages")
    async def stages(caller: Caller, retired: bool = False) -> dict[str, Any]:
        """The stages of every pipeline, in order."""
        return {"stages": [stage_json(stage) for stage in await api.stages(caller, retired=retired)]}

    @routes.get("/deals/{deal_id}")
    async def one(caller: Caller, deal_id: str) -> dict[str, Any]:
        """A deal with its account, team, contacts, lines and history."""
        detail = await api.one(caller, deal_id)
        found = asdict(detail)
        # The number of lines stands in the deal itself; here it gives way to the lines.
        return {**found.pop("deal"), **found, "members": found["team"], "account_id": detail.deal.account}

    @routes.patch("/deals/{deal_id}")
    async def update(caller: Caller, deal_id: str, body: doors.Given) -> dict[str, Any]:
        """Changes a deal's fields, those of the workspace's own too; null empties one."""
        given = doors.named(body)
        return asdict(await api.deals.update(caller, deal_id, doors.version(given), **given))

    @routes.delete("/deals/{deal_id}", status_code=204)
    async def delete(caller: Caller, deal_id: str) -> None:
        """Puts a deal away; it can be restored."""
        await api.deals.delete(caller, deal_id)

    @routes.post("/deals/{deal_id}/restore")
    async def restore(caller: Caller, deal_id: str) -> dict[str, Any]:
        """Brings a deleted deal back."""
        return asdict(await api.deals.restore(caller, deal_id))

    @routes.post("/deals/{deal_id}/stage")
    async def move(caller: Caller, deal_id: str, body: Move) -> dict[str, Any]:
        """Moves a deal to another stage."""
        return asdict(await api.move(caller, deal_id, body.stage, body.version, lost_reason=body.lost_reason))

    @routes.put("/deals/{deal_id}/team")
    async def set_team(caller: Caller, deal_id: str, body: Team) -> dict[str, Any]:
        """Says who works on a deal."""
        members = [TeamMember(member.user, member.role, member.access) for member in body.team]
        return asdict(await api.set_team(caller, deal_id, members))

    @routes.put("/deals/{deal_id}/lines")
    async def set_lines(caller: Caller, deal_id: str, body: LineList) -> dict[str, Any]:
        """Says what a deal is about; its amount becomes the sum of its lines."""
        deal = await api.lines.set(caller, deal_id, [NewLine(**vars(one)) for one in body.lines], body.version)
        return {"deal": asdict(deal), "lines": [asdict(one) for one in await api.lines.of(caller, deal.id)]}

    @routes.put("/deals/{deal_id}/contacts")
    async def set_roles(caller: Caller, deal_id: str, body: RoleList) -> dict[str, Any]:
        """Says who of the customer takes part in a deal, and as what."""
        roles = await api.roles.set(caller, deal_id, [NewRole(**vars(one)) for one in body.roles])
        return {"roles": [asdict(one) for one in roles]}

    async def account_detail(caller: Principal, account: Account) -> dict[str, Any]:
        contacts = await api.contacts.page(caller, Asked([Filter("account", "=", account.id)], limit=1000))
        board = await api.board(caller, account=account.id)
        return {
            "contacts": [asdict(contact) for contact in contacts.records],
            "deals": [asdict(deal) for deal in board.deals],
        }

    async def similar(caller: Principal, record: Any) -> dict[str, Any]:
        found = await api.duplicates.similar_to(caller, record)
        return {"similar": [asdict(one) for one in found]}

    doors.noun(routes, "accounts", api.accounts, sort="name", similar=similar, detail=account_detail)
    doors.noun(routes, "contacts", api.contacts, sort="name", similar=similar)
    doors.noun(routes, "leads", api.leads, sort="-created_at", similar=similar)
    doors.noun(routes, "products", api.products, sort="name")
    doors.noun(routes, "tasks", api.tasks, sort="due")
    doors.noun(routes, "meetings", api.meetings, sort="-starts_at")
    doors.noun(routes, "notes", api.notes, sort="-created_at")
    doors.noun(routes, "attachments", api.attachments, sort="-created_at")

    @routes.post("/accounts/{account_id}/contacts", status_code=201)
    async def create_contact(caller: Caller, account_id: str, body: doors.Given) -> dict[str, Any]:
        """A new contact at an account."""
        return asdict(await api.contacts.create(caller, **{**doors.named(body), "account": account_id}))

    @routes.post("/leads/{lead_id}/convert")
    async def convert(caller: Caller, lead_id: str, body: Conversion) -> dict[str, Any]:
        """Makes an account, a contact and a deal of a lead."""
        return asdict(await api.leads.convert(caller, lead_id, **vars(body)))

    @routes.get("/records/{record_id}/history")
    async def history(
        caller: Caller, record_id: str, field: str = "", before: int = 0, limit: int = 100
    ) -> dict[str, Any]:
        """Every change of a record's fields, newest first."""
        found = await api.history.of(caller, record_id, field=field, before=before, limit=limit)
        return {"changes": [asdict(one) for one in found], "next": found[-1].number if len(found) == limit else 0}

    import_doors.routes(routes, api.imports)
    merge_doors.routes(routes, api.duplicates, api.merges)
    routes.include_router(set_up_routes.router(api))
    return routes


def _lane(lane: Lane) -> dict[str, Any]:
    return {**stage_json(lane.stage), "count": lane.count, "amounts": dict(lane.amounts)}
