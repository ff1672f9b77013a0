"""Campaigns at the HTTP door, and the way out of the list."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from dure.campaigns import routes
from dure.campaigns.recommending import routes as recommending_routes
from dure.web import front
from dure.web.routing import include
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = studio.cast.governance
    front.install(app)
    include(app, routes.router(studio.campaigns))
    include(app, recommending_routes.router(studio.campaigns.recommending))
    include(app, routes.way_out(studio.campaigns))
    token = {"authorization": f"Bearer {studio.cast.token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://dure", headers=token
    ) as client:
        yield client


async def test_a_ready_campaign_is_made_tried_launched_and_read(studio: Studio, http: httpx.AsyncClient) -> None:
    items = [{"id": "b-1", "title": {"ko": "밤의 낭독", "en": "Night"}, "genre": "story", "url": "https://s.example/1"}]
    assert (await http.post("/api/v1/items", json={"items": items})).json() == {"items": 1}
    await studio.know("u-1", "u-2", "u-3", "u-4", "u-5", "u-6")
    for who in ("u-1", "u-2", "u-3", "u-4", "u-5", "u-6"):
        await studio.listen(who, "b-0")
        await studio.happen("Listen Ended", who, seconds=15)
    await studio.listen("u-80", "b-1")
    await studio.settle()
    made = (await http.post("/api/v1/campaigns", json={"ready": "tried-and-left"})).json()
    path = f"/api/v1/campaigns/{made['id']}"
    body = {"design": made["design"], "person": str(studio.who("u-1"))}
    letter = (await http.post("/api/v1/campaigns/preview", json=body)).json()
    assert "밤의 낭독" in letter["text"]
    assert "이름 u-1님이 좋아하실" in letter["subject"]
    await studio.later(hours=21)
    told = (await http.post(f"{path}/dry-run")).json()
    assert told["looked_at"] == 6
    assert told["outcomes"].get("send", 0) + told["outcomes"].get("hold", 0) == 6
    live = (await http.post(f"{path}/launch")).json()
    assert live["status"] == "live"
    assert "3" in live["audience_words"]["ko"]
    for who in ("u-1", "u-2", "u-3", "u-4", "u-5", "u-6"):
        await studio.happen("Listen Ended", who, seconds=15)
    await studio.settle()
    await studio.later(hours=21)
    told = (await http.get(path)).json()["counts"]
    assert told["entered"] == 6
    assert told["states"].get("sent", 0) + told["states"].get("held", 0) == 6
    result = (await http.get(f"{path}/result")).json()
    assert [one["pending"] for one in result["metrics"]] == [6, 6, 6, 6]
    assert result["verdict"] == "nothing"
    assert len((await http.get(f"{path}/result?retention=false")).json()["metrics"]) == 1
    assert (await http.post(f"{path}/stop")).json()["status"] == "stopped"
    recommended = (await http.get(f"/api/v1/people/{studio.who('u-1')}/recommendations")).json()
    assert recommended["recommendations"][0]["item"]["id"] == "b-1"


async def test_a_reader_leaves_the_list_with_one_click(studio: Studio, http: httpx.AsyncClient) -> None:
    await studio.know("u-1")
    await studio.with_items()
    await studio.launched(holdout=0.0)
    await studio.happen("Listen Ended", "u-1", seconds=20)
    await studio.settle()
    await studio.later(hours=21)
    (letter,) = studio.postbox.taken
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    out = re.fullmatch(r"<https://dure\.example(/u/\S+)>", letter.headers["List-Unsubscribe"])
    assert out is not None
    assert out[1] in letter.text
    nobody = httpx.AsyncClient(transport=http._transport, base_url="http://dure")
    page = await nobody.get(out[1])
    assert "<form" in page.text
    assert await studio.events("Unsubscribed") == []  # looking changes nothing
    for _ in range(2):
        left = await nobody.post(out[1], data={"List-Unsubscribe": "One-Click"})
        assert left.status_code == 200
        assert "u-1@listeners.example" in left.text
    (event,) = await studio.events("Unsubscribed")
    assert event.properties["by"] == "one_click"
    assert (await nobody.post("/u/made-up")).status_code == 404
    second = await studio.launched(holdout=0.0)
    await studio.later(days=2)
    await studio.happen("Listen Ended", "u-1", seconds=20)
    await studio.settle()
    await studio.later(hours=21)
    assert (await studio.messages(second))["u-1"].reason == "suppressed"
    assert len(studio.postbox.taken) == 1
