"""Orders, creatives, trafficking and make-goods over HTTP, and what they offer automations."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.plugs import StepCall
from dure.kernel.errors import Invalid
from dure.pacing.creatives.check import check
from dure.pacing.creatives.model import SPECS, Delivery
from dure.pacing.orders.model import NewOrder
from dure.pacing.routes import router
from dure.pacing.steps import EVENTS, Digest, Makegood, Report, SetCreative, Update, steps
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.pacing.conftest import Desk, day, desk_in

pytestmark = pytest.mark.anyio

LINE = {"name": "오디오 스팟", "goal": 10_000, "start_day": "2026-11-20", "end_day": "2026-11-29"}


@pytest.fixture
async def desk(shared: State) -> Desk:
    return await desk_in(shared)


def door(desk: Desk, token: str = "") -> httpx.AsyncClient:
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    include(app, router(desk.pacing))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure.example/api/v1",
        headers={"authorization": f"Bearer {token or desk.cast.token}"},
    )  # fmt: skip


async def test_a_line_item_takes_from_its_order_what_it_does_not_say(desk: Desk) -> None:
    async with door(desk) as http:
        order = (await http.post("/orders", json={"name": "한빛커피 겨울", "budget": 9_000_000, "deal": "006X",
                                                  "channel": "C0WINTER", "external": "IO-1"})).json()  # fmt: skip
        line = (await http.post("/line-items", json={**LINE, "order": "IO-1"})).json()
        assert (line["order"], line["deal"], line["channel"]) == (order["id"], "006X", "C0WINTER")
        found = (await http.get("/line-items", params={"order": order["id"]})).json()["line_items"]
        assert [one["id"] for one in found] == [line["id"]]
        changed = await http.patch(f"/orders/{order['id']}", json={"budget": 12_000_000})
        assert changed.json()["budget"] == 12_000_000
        assert [row["name"] for row in (await http.get("/orders")).json()["orders"]] == ["한빛커피 겨울"]
        for path, body, field in (
            ("/line-items", {**LINE, "order": "IO-9"}, "order"),
            ("/orders", {"name": "again", "external": "IO-1"}, "external"),
            ("/orders", {"name": ""}, "name"),
            ("/line-items", {**LINE, "pacing": "custom"}, "custom_curve"),
            ("/line-items", {**LINE, "priority": 17}, "priority"),
            ("/line-items", {**LINE, "dayparts": [168]}, "dayparts"),
            ("/line-items", {**LINE, "cap": 0}, "cap"),
        ):
            refused = await http.post(path, json=body)
            assert refused.json()["error"]["field"] == field, (path, body)
    assert [event.event for event in await desk.events("Order Created", "Order Changed")] == [
        "Order Created", "Order Changed",
    ]  # fmt: skip


async def test_a_cap_is_set_and_taken_off(desk: Desk) -> None:
    async with door(desk) as http:
        line = (await http.post("/line-items", json={**LINE, "cap": 12_000})).json()
        renamed = (await http.patch(f"/line-items/{line['id']}", json={"name": "다른 이름"})).json()
        assert (renamed["name"], renamed["cap"]) == ("다른 이름", 12_000)
        assert (await http.patch(f"/line-items/{line['id']}", json={"cap": None})).json()["cap"] is None


@pytest.mark.parametrize(
    ("kind", "given", "reasons"),
    [
        ("audio", Delivery(bytes=400_000, seconds=20, file_type=".MP3", url="https://a.example/x"), []),
        ("audio", Delivery(bytes=400_000, seconds=40, file_type="mp3", url="https://a.example/x"), ["too_long"]),
        ("audio", Delivery(), ["file_type", "too_heavy", "too_long", "no_url"]),
        ("display", Delivery(300, 251, 90_000, None, "png", "http://a.example/"), ["size", "bad_url"]),
        ("host_read", Delivery(), ["no_disclosure"]),
    ],
)
def test_a_creative_is_accepted_or_held_with_reasons(kind: str, given: Delivery, reasons: list[str]) -> None:
    assert check(SPECS[kind], given) == reasons


async def test_a_creative_goes_from_awaited_to_approved_over_http(desk: Desk) -> None:
    async with door(desk) as http:
        line = (await http.post("/line-items", json=LINE)).json()
        made = (await http.post(f"/line-items/{line['id']}/creatives",
                                json={"name": "배너", "kind": "display", "due": "2026-11-25"})).json()  # fmt: skip
        early = await http.post(f"/creatives/{made['id']}/status", json={"status": "approved"})
        assert early.status_code == 409
        handed = {"width": 300, "height": 250, "bytes": 900_000, "file_type": "png", "url": "https://a.example/"}
        held = (await http.post(f"/creatives/{made['id']}/receive", json=handed)).json()
        assert (held["status"], held["reasons"]) == ("received", ["too_heavy"])
        refused = await http.post(f"/creatives/{made['id']}/status", json={"status": "approved"})
        assert refused.json()["error"]["data"] == {"reasons": ["too_heavy"]}
        await http.put("/creative-rules/display", json={"sizes": [[300, 250]], "max_bytes": 1_000_000})
        taken = (await http.post(f"/creatives/{made['id']}/receive", json=handed)).json()
        assert (taken["status"], taken["reasons"]) == ("checking", [])
        await http.post(f"/creatives/{made['id']}/status", json={"status": "approved"})
        [one] = (await http.get(f"/line-items/{line['id']}/creatives")).json()["creatives"]
        assert one["status"] == "approved"
    checked = [event.properties["ok"] for event in await desk.events("Creative Checked")]
    assert checked == [False, True]
    assert len(await desk.events("Creative Approved")) == 1


async def test_whoever_sets_a_line_item_up_does_not_approve_it(desk: Desk) -> None:
    item = await desk.item()
    async with door(desk) as http:
        assert (await http.post(f"/line-items/{item.id}/qa/approve", json={})).status_code == 409
        assert (await http.post(f"/line-items/{item.id}/trafficked")).json()["trafficking"] == "trafficked"
        own = await http.post(f"/line-items/{item.id}/qa/approve", json={})
        assert (own.status_code, own.json()["error"]["field"]) == (409, "approved_by")
    await desk.pacing.trafficking.reject(desk.cast.joon, item.id, "클릭 URL이 죽었음")
    await desk.pacing.trafficking.done(desk.cast.mina, item.id)
    with pytest.raises(Invalid):
        await desk.pacing.trafficking.approve(desk.cast.joon, item.id, ["smell"])
    await desk.pacing.trafficking.approve(desk.cast.joon, item.id)
    assert (await desk.pacing.trafficking.go_live(desk.cast.joon, item.id)).trafficking == "live"
    told = [e.event for e in await desk.events("Trafficking Done", "QA Approved", "QA Rejected", "Line Item Went Live")]
    assert told == ["Trafficking Done", "QA Rejected", "Trafficking Done", "QA Approved", "Line Item Went Live"]


async def step(desk: Desk, name: str, inputs: Any) -> Any:
    kind = next(one for one in steps(desk.pacing) if one.name == name)
    principal = desk.cast.governance.system(desk.cast.tenant, "automation", "run-1")
    call = StepCall(desk.cast.tenant, principal, "run-1", "a", "k", "", desk.clock.now())
    async with desk.state.begin(desk.cast.tenant) as tx:
        return await kind.run(tx, call, inputs)


async def test_the_steps_of_automations_do_what_the_api_does(desk: Desk) -> None:
    await desk.past()
    sick = await desk.item("*sick* <b>", goal=19_500)
    well = await desk.item("well", goal=19_500)
    await desk.deliver(sick, *[1400, 1350, 1300, 1250, 1150, 1000, 850, 700, 600, 500])
    await desk.deliver(well, *[1010] * 10)
    await desk.pacing.assess(desk.cast.tenant)
    digest = await step(desk, "pacing.digest", Digest(channel="C0ROOM"))
    assert (digest.troubled, digest.healthy, digest.critical) == (1, 1, 1)
    assert f"<http://dure.example/pacing/{sick.id}|∗sick∗ &lt;b&gt;>" in str(digest.blocks)
    assert "미달 위험 · At risk" in str(digest.blocks)
    report = await step(desk, "pacing.report", Report(line_item=sick.id))
    assert (report.delivered_percent, report.in_full) == (51.8, 0)
    assert "10,100 / 19,500" in str(report.blocks)
    updated = await step(desk, "pacing.update", Update(sick.id, extend_days=3, priority=4))
    assert (updated.end_day, updated.priority) == (str(day(12)), 4)
    booked = await step(desk, "pacing.makegood", Makegood(line_item=sick.id, units=5_000, reason="하락"))
    assert (booked.status, booked.units) == ("booked", 5000)
    assert (await desk.pacing.one(desk.cast.mina, booked.line_item)).item.original == sick.id
    creative = await desk.pacing.creatives.add(desk.cast.mina, sick.id, "20초", "host_read",
                                               given=Delivery(disclosure="광고"))  # fmt: skip
    assert (await step(desk, "pacing.creative", SetCreative(creative.id, "approved"))).status == "approved"
    assert (await step(desk, "pacing.digest", Digest())).healthy >= 1
    with pytest.raises(Invalid, match="not both"):
        await step(desk, "pacing.digest", Digest("C0ROOM", "O1"))


async def test_every_property_of_every_event_is_documented(desk: Desk) -> None:
    await desk.past()
    order = await desk.pacing.orders.create(desk.cast.mina, NewOrder("한빛커피 겨울", 9_000_000))
    item = await desk.item(start=1, order=order.id)
    creative = await desk.pacing.creatives.add(desk.cast.mina, item.id, "20초", "host_read", given=Delivery())
    await desk.pacing.creatives.decide(desk.cast.mina, creative.id, "rejected", "다름")
    await desk.pacing.assess(desk.cast.tenant)
    [first, *_] = await desk.pacing.alerts.board(desk.cast.mina)
    await desk.pacing.alerts.acknowledge(desk.cast.mina, [first.alert.id], "other")
    await desk.pacing.alerts.snooze(desk.cast.mina, [first.alert.id], until="next_business_day")
    await desk.pacing.alerts.set_rules(desk.cast.mina, {"enter": 0.75})
    makegood = await desk.pacing.makegoods.propose(desk.cast.mina, item.id, units=5)
    await desk.pacing.makegoods.decide(desk.cast.mina, makegood.id, approved=False)
    known = {kind.name: set(kind.properties) for kind in EVENTS}
    written = await desk.events()
    for event in written:
        assert set(event.properties) <= known[event.event], event.event
    assert len({event.event for event in written}) >= 12
