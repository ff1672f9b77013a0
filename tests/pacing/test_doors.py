"""Pacing over HTTP, and what it offers automations."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.plugs import StepCall
from dure.automation.template import holes, render
from dure.pacing.recipes import RECIPES
from dure.pacing.routes import router
from dure.pacing.steps import EVENTS, SetChannel, steps
from dure.web import front
from dure.web.routing import include
from tests.pacing.conftest import Desk, day

pytestmark = pytest.mark.anyio


def door(desk: Desk) -> httpx.AsyncClient:
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    include(app, router(desk.pacing))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://dure.example/api/v1",
        headers={"authorization": f"Bearer {desk.cast.token}"},
    )


async def test_a_line_item_is_booked_delivered_and_read_over_http(desk: Desk) -> None:
    async with door(desk) as http:
        booked = await http.post(
            "/line-items",
            json={"name": "오디오 스팟", "goal": 10_000, "start_day": "2026-11-20", "end_day": "2026-11-29"},
        )
        assert booked.status_code == 201
        key = booked.json()["id"]
        done = await http.post(
            "/deliveries",
            json={"deliveries": [{"line_item": key, "day": f"2026-11-{d}", "impressions": 1000} for d in (20, 21, 22)]},
        )
        assert done.json() == {"rows": 3, "corrected": 0, "line_items": 1}
        await desk.pacing.tick()
        [row] = (await http.get("/line-items")).json()["line_items"]
        assert (row["status"], row["delivered"], row["recent"]) == ("healthy", 3000, [1000, 1000, 1000])
        page = (await http.get(f"/line-items/{key}")).json()
        assert len(page["ahead"]) == 7
        changed = await http.patch(f"/line-items/{key}", json={"channel": "C0NEW", "end_day": "2026-11-30"})
        assert (changed.json()["channel"], changed.json()["end_day"]) == ("C0NEW", "2026-11-30")
        for body, field in (
            ({"deliveries": [{"line_item": "none", "day": "2026-11-20", "impressions": 1}]}, "deliveries[0].line_item"),
            ({"deliveries": [{"line_item": key, "day": "2026-11-20", "impressions": -1}]}, "deliveries[0].impressions"),
            ({"deliveries": [{"line_item": key, "day": "yesterday", "impressions": 1}]}, "deliveries.0.day"),
        ):
            refused = await http.post("/deliveries", json=body)
            assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


async def test_an_automation_may_set_the_channel(desk: Desk) -> None:
    item = await desk.item()
    kind = next(one for one in steps(desk.pacing) if one.name == "pacing.set_channel")
    principal = desk.cast.governance.system(desk.cast.tenant, "automation", "run-1")
    call = StepCall(desk.cast.tenant, principal, "run-1", "a", "k", item.id, desk.clock.now())
    async with desk.state.begin(desk.cast.tenant) as tx:
        await kind.run(tx, call, SetChannel(item.id, "C0OTHER"))
    [event] = await desk.events("Line Item Changed")
    assert (event.properties["channel"], event.run) == ("C0OTHER", "run-1")


async def test_every_hole_of_the_cards_is_filled_and_every_property_documented(desk: Desk) -> None:
    await desk.past()
    await desk.item("late", start=-2)
    sick = await desk.item("sick", goal=19_500)
    await desk.deliver(sick, *[1400, 1350, 1300, 1250, 1150, 1000, 850, 700, 600, 500])
    short = await desk.item("short", goal=5_000, start=-5, end=-1)
    await desk.deliver(short, 900, 900, 900, 900, 900)
    await desk.pacing.update(desk.cast.mina, short.id, name="too short")
    await desk.pacing.assess(desk.cast.tenant)
    written = {event.event: event for event in await desk.events()}
    known = {kind.name: set(kind.properties) for kind in EVENTS}
    for event in await desk.events():
        assert set(event.properties) <= known[event.event], event.event
    for recipe in (one for one in RECIPES if one.id in ("pacing-alert", "launch-check")):
        event = written[recipe.doc["trigger"]["event"]]
        scope = {"event": {"properties": event.properties, "object": event.object}, "run": {"site": "http://dure"}}
        asked = recipe.doc["nodes"][0]["with"]
        assert list(holes(asked))
        filled = render(asked, scope)
        assert filled["channel"] == "C0ROOM"
        assert f"<http://dure/pacing/{event.object}|" in str(filled["blocks"])
    assert day(0).isoformat() not in str(filled)
