"""Orders, creatives, trafficking and make-goods over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

import msgspec
from fastapi import Request

from dure.governance.http import Caller
from dure.pacing.api import Pacing
from dure.pacing.creatives.model import Delivery
from dure.pacing.orders.model import NewOrder
from dure.pacing.trafficking.api import QA_CHECKS
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class AskedOrder:
    """A new order."""

    name: str
    budget: int = 0
    currency: str = ""
    account: str = ""
    account_name: str = ""
    deal: str = ""
    advertiser: str = ""
    channel: str = ""
    manager: str = ""
    external: str = ""


@body
class ChangedOrder:
    name: str | None = None
    budget: int | None = None
    account: str | None = None
    account_name: str | None = None
    deal: str | None = None
    advertiser: str | None = None
    channel: str | None = None
    manager: str | None = None
    state: Literal["active", "closed", "cancelled"] | None = None


@body
class Handed:
    """What was handed in for a creative."""

    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    seconds: int | None = None
    file_type: str = ""
    url: str = ""
    ad_id: str = ""
    disclosure: str = ""


@body
class AskedCreative:
    """A creative that is awaited; with `given` it is here already."""

    name: str
    kind: str
    due: date | None = None
    given: Handed | None = None


@body
class Decided:
    status: Literal["missing", "checking", "approved", "rejected", "live"]
    reason: str = ""


@body
class Checks:
    checks: list[str] | None = None


@body
class Refusal:
    reason: str


@body
class AskedMakegood:
    """What is missing and the coming fortnight where nothing is said."""

    units: int | None = None
    start_day: date | None = None
    end_day: date | None = None
    reason: str = ""


@body
class YesOrNo:
    approved: bool


def router(api: Pacing) -> APIRouter:
    """The routes; the prefix is the caller's."""
    routes = APIRouter()

    @routes.get("/orders")
    async def orders(caller: Caller) -> dict[str, Any]:
        """Every order, the newest first."""
        return {"orders": [asdict(one) for one in await api.orders.list(caller)]}

    @routes.post("/orders", status_code=201)
    async def create_order(caller: Caller, body: AskedOrder) -> dict[str, Any]:
        """Makes an order."""
        return asdict(await api.orders.create(caller, NewOrder(**vars(body))))

    @routes.patch("/orders/{order_id}")
    async def change_order(caller: Caller, order_id: str, body: ChangedOrder, request: Request) -> dict[str, Any]:
        """Changes the named fields of an order."""
        given = {name: getattr(body, name) for name in await request.json() if getattr(body, name) is not None}
        return asdict(await api.orders.update(caller, order_id, given))

    @routes.get("/line-items/{item_id}/creatives")
    async def creatives(caller: Caller, item_id: str) -> dict[str, Any]:
        """The creatives of a line item, with why those held are held."""
        return {"creatives": [asdict(one) for one in await api.creatives.of(caller, item_id)]}

    @routes.post("/line-items/{item_id}/creatives", status_code=201)
    async def add_creative(caller: Caller, item_id: str, body: AskedCreative) -> dict[str, Any]:
        """Awaits a creative; with `given` it is received and checked at once."""
        given = Delivery(**vars(body.given)) if body.given else None
        return asdict(await api.creatives.add(caller, item_id, body.name, body.kind, due=body.due, given=given))

    @routes.post("/creatives/{creative}/receive")
    async def receive(caller: Caller, creative: str, body: Handed) -> dict[str, Any]:
        """What was handed in, checked against its kind's rules: accepted, or held with reasons."""
        return asdict(await api.creatives.receive(caller, creative, Delivery(**vars(body))))

    @routes.post("/creatives/{creative}/status")
    async def decide(caller: Caller, creative: str, body: Decided) -> dict[str, Any]:
        """Approves or rejects a creative, or sets it back."""
        return asdict(await api.creatives.decide(caller, creative, body.status, body.reason))

    @routes.get("/creative-rules")
    async def specs(caller: Caller) -> dict[str, Any]:
        """What each kind of creative has to be."""
        return {
            "kinds": {kind: msgspec.to_builtins(spec) for kind, spec in (await api.creatives.specs(caller)).items()}
        }

    @routes.put("/creative-rules/{kind}")
    async def set_spec(caller: Caller, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """Sets the workspace's own rules for a kind of creatives, new or known."""
        return {"kind": kind, **msgspec.to_builtins(await api.creatives.set_spec(caller, kind, body))}

    @routes.post("/line-items/{item_id}/trafficked")
    async def trafficked(caller: Caller, item_id: str) -> dict[str, Any]:
        """It is set up in the ad server; now a second person looks."""
        return asdict(await api.trafficking.done(caller, item_id))

    @routes.post("/line-items/{item_id}/qa/approve")
    async def approve(caller: Caller, item_id: str, body: Checks) -> dict[str, Any]:
        """The second person's yes; whoever set it up is refused."""
        return asdict(await api.trafficking.approve(caller, item_id, body.checks or QA_CHECKS))

    @routes.post("/line-items/{item_id}/qa/reject")
    async def reject(caller: Caller, item_id: str, body: Refusal) -> dict[str, Any]:
        """The second person's no, with what is wrong."""
        return asdict(await api.trafficking.reject(caller, item_id, body.reason))

    @routes.post("/line-items/{item_id}/live")
    async def live(caller: Caller, item_id: str) -> dict[str, Any]:
        """It is switched on in the ad server."""
        return asdict(await api.trafficking.go_live(caller, item_id))

    @routes.get("/line-items/{item_id}/makegoods")
    async def makegoods(caller: Caller, item_id: str) -> dict[str, Any]:
        """The make-goods proposed for a line item, newest first."""
        return {"makegoods": [asdict(one) for one in await api.makegoods.of(caller, item_id)]}

    @routes.post("/line-items/{item_id}/makegoods", status_code=201)
    async def propose(caller: Caller, item_id: str, body: AskedMakegood) -> dict[str, Any]:
        """Proposes to make good for what was or will not be delivered."""
        return asdict(await api.makegoods.propose(caller, item_id, **vars(body)))

    @routes.post("/makegoods/{makegood}/decide")
    async def decide_makegood(caller: Caller, makegood: str, body: YesOrNo) -> dict[str, Any]:
        """Approves a proposed make-good, or declines it."""
        return asdict(await api.makegoods.decide(caller, makegood, approved=body.approved))

    @routes.post("/makegoods/{makegood}/book", status_code=201)
    async def book(caller: Caller, makegood: str) -> dict[str, Any]:
        """Books an approved make-good as a line item of its own."""
        done, item = await api.makegoods.book(caller, makegood)
        return {**asdict(done), "booked_line_item": asdict(item)}

    return routes
