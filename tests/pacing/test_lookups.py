"""What automations may say of line items and orders beside the event, and a run by hand on a line item."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from dure.automation import routes
from dure.automation.api import Automation
from dure.pacing import lookups
from dure.pacing.orders.model import NewOrder
from dure.pacing.steps import EVENTS
from dure.web import problems
from dure.web.routing import include
from tests.pacing.conftest import Desk
from tests.people_of import found_sori

pytestmark = pytest.mark.anyio


async def test_a_line_item_is_known_with_how_it_stands_and_only_where_it_is(desk: Desk) -> None:
    order = await desk.pacing.orders.create(desk.cast.mina, NewOrder("가을", 4_000_000))
    item, unseen = await desk.item(order=order.id), await desk.item("새 라인")
    await desk.deliver(item, *[1000] * 10)
    await desk.pacing.assess(desk.cast.tenant)
    later = await desk.item("아직 안 봄")
    elsewhere = await found_sori(desk.state, desk.clock)
    ids = [item.id, unseen.id, later.id, "none"]
    async with desk.state.begin(desk.cast.tenant) as tx:
        found = await lookups.line_items(tx, desk.cast.tenant, ids)
        orders = await lookups.orders(tx, desk.cast.tenant, [order.id, "none"])
        assert await lookups.line_items(tx, elsewhere.tenant, ids) == {}
        assert await lookups.orders(tx, elsewhere.tenant, [order.id]) == {}
    assert found.keys() == {item.id, unseen.id, later.id}
    shown = found[item.id]
    assert (shown["name"], shown["state"], shown["delivered"], shown["order"]) == (
        item.name, "active", 10_000, order.id,
    )  # fmt: skip
    assert [found[one]["status"] for one in ids[:3]] == ["healthy", "not_launched", ""]
    assert {one: facts["name"] for one, facts in orders.items()} == {order.id: "가을"}


async def test_a_run_is_started_on_a_line_item_through_the_door(desk: Desk) -> None:
    automation = Automation(
        desk.state, desk.clock, desk.cast.governance, kinds_of_events=EVENTS, lookups=lookups.LOOKUPS
    )
    app = FastAPI()
    app.state.governance = desk.cast.governance
    problems.install(app)
    include(app, routes.router(automation))
    item = await desk.item()
    nodes = [{"id": "said", "kind": "set", "with": {"values": {"text": "{{ line_item.state }} {{ run.subject }}"}}}]
    headers = {"authorization": f"Bearer {desk.cast.token}"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dure/api/v1", headers=headers) as client:
        definition = {"trigger": {"record": {"type": "line_item"}}, "nodes": nodes}
        made = await client.post("/automations", json={"name": "점검", "definition": definition})
        offered = (await client.get("/automations/for-record", params={"type": "line_item"})).json()["automations"]
        assert [one["id"] for one in offered] == [made.json()["id"]]
        runs = f"/automations/{made.json()['id']}/runs"
        begun = await client.post(runs, json={"record": item.id})
        await automation.settle()
        shown = (await client.get(f"/automations/runs/{begun.json()['run']}")).json()
        gone = await client.post(runs, json={"record": "none"})
    assert (shown["status"], shown["steps"][0]["outputs"]) == ("done", {"text": f"active {item.id}"})
    assert shown["event"]["properties"]["goal"] == item.goal
    assert (gone.status_code, gone.json()["error"]["field"]) == (404, "record")
