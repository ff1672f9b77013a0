"""Deals over HTTP, and what they offer automations."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.plugs import StepCall
from dure.automation.recipe import fill
from dure.deals.recipes import RECIPES
from dure.deals.routes import router
from dure.deals.steps import EVENTS, OfDeal, Team, Update, steps
from dure.kernel.filters import all_hold, read_filters
from dure.web import front
from dure.web.routing import include
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio


def door(desk: Desk, token: str = "") -> httpx.AsyncClient:
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    include(app, router(desk.deals))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://dure.example/api/v1",
        headers={"authorization": f"Bearer {token or desk.cast.token}"},
    )


async def test_a_deal_is_made_moved_and_read_over_http(desk: Desk) -> None:
    async with door(desk) as http:
        account = (await http.post("/accounts", json={"name": "바다소금", "industry": "food"})).json()
        made = await http.post(
            "/deals",
            json={"name": "바다소금 연말", "account": account["id"], "amount": 45_000_000, "close_date": "2026-12-24"},
        )
        assert made.status_code == 201
        deal = made.json()
        assert deal["owner"] == desk.cast.mina.user
        moved = await http.post(f"/deals/{deal['id']}/stage", json={"stage": "Qualified", "version": 1})
        assert moved.json()["probability"] == 25
        stale = await http.patch(f"/deals/{deal['id']}", json={"next_step": "전화", "version": 1})
        assert (stale.status_code, stale.json()["error"]["code"]) == (409, "conflict")
        await http.put(f"/deals/{deal['id']}/team", json={"team": [{"user": desk.sumi.id, "role": "planner"}]})
        read = (await http.get(f"/deals/{deal['id']}")).json()
        assert [(one["user"], one["role"], one["access"]) for one in read["team"]] == [
            (desk.sumi.id, "planner", "edit")
        ]
        assert [entry["stage"] for entry in read["history"]] == ["Qualified", "Prospecting"]
        board = (await http.get("/deals")).json()
        assert [(lane["key"], lane["count"]) for lane in board["lanes"]][:2] == [("Prospecting", 0), ("Qualified", 1)]
        assert board["lanes"][1]["amounts"] == {"KRW": 45_000_000}
        found = (await http.get(f"/accounts/{account['id']}")).json()
        assert [one["id"] for one in found["deals"]] == [deal["id"]]
        assert account["id"] in [one["id"] for one in (await http.get("/accounts")).json()["accounts"]]


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [("/deals", {"name": "x", "account": "001nothing", "amount": 1, "close_date": "2026-12-24"}, 404, "account"),
     ("/deals", {"name": "x", "account": "001", "amount": "much", "close_date": "2026-12-24"}, 422, "amount"),
     ("/deals", {"name": "x", "account": "001", "amount": 1, "close_date": "someday"}, 422, "close_date"),
     ("/deals/006nothing/stage", {"stage": "Qualified"}, 404, "deal"),
     ("/accounts", {"name": ""}, 422, "name")],
)  # fmt: skip
async def test_nonsense_is_refused_by_name(
    desk: Desk, path: str, body: dict[str, object], status: int, field: str
) -> None:
    async with door(desk) as http:
        answer = await http.post(path, json=body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)


async def test_an_automation_may_change_a_deal_and_ask_for_its_team(desk: Desk) -> None:
    deal = await desk.deal()
    kinds = {kind.name: kind for kind in steps(desk.deals)}
    principal = desk.cast.governance.system(desk.cast.tenant, "automation", "run-1")
    call = StepCall(desk.cast.tenant, principal, "run-1", "a-1", "run-1:n:1", deal.id, desk.clock.now())
    async with desk.state.begin(desk.cast.tenant) as tx:
        asked = await kinds["deals.team"].run(tx, call, OfDeal(deal.id))
        await kinds["deals.update"].run(tx, call, Update(deal.id, stage="Proposal", channel="C0ROOM"))
    assert asked == Team([desk.sumi.id, desk.dan.id], desk.sumi.id)
    detail = await desk.deals.one(desk.cast.mina, deal.id)
    assert (detail.deal.stage, detail.deal.channel) == ("Proposal", "C0ROOM")
    assert {event.run for event in await desk.events("Deal Changed", "Deal Stage Changed")} == {"run-1"}


async def test_the_deal_room_opens_when_a_deal_crosses_a_quarter_and_not_for_the_past(desk: Desk) -> None:
    where = read_filters(fill(RECIPES[0], {})[1]["trigger"]["where"], "where")
    deal = await desk.deal()
    for stage in ("Qualified", "Proposal", "Prospecting", "Closed Won"):
        desk.clock.advance(timedelta(hours=1))
        await desk.deals.move(desk.cast.mina, deal.id, stage)
    moves = await desk.events("Deal Stage Changed")
    opened = [event.properties["to"] for event in moves if all_hold(where, event.properties.get)]
    assert opened == ["Qualified"]
    past = {**moves[0].properties, "loaded": True}
    assert not all_hold(where, past.get)


async def test_every_property_an_event_has_is_documented(desk: Desk) -> None:
    deal = await desk.deal(stage="Qualified")
    await desk.deals.update(desk.cast.mina, deal.id, amount=1)
    await desk.deals.set_team(desk.cast.mina, deal.id, [])
    await desk.deals.move(desk.cast.mina, deal.id, "Closed Lost")
    await desk.deals.move(desk.cast.mina, deal.id, "Closed Won")
    known = {kind.name: set(kind.properties) for kind in EVENTS}
    for event in await desk.events():
        assert set(event.properties) <= known[event.event], event.event
