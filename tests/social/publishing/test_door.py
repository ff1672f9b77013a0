"""Publishing's HTTP door: what was met and what is wrong is named, by the shape that screens and scripts read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from dure.social.publishing.routes import router
from dure.web import front
from dure.web.routing import include
from tests.social.publishing.conftest import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def door(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    include(app, router(desk.publishing))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure/api/v1/publishing",
        headers={"authorization": f"Bearer {desk.cast.token}"},
    ) as client:  # fmt: skip
        yield client


async def test_a_post_is_written_asked_for_moved_copied_and_taken_away(desk: Desk, door: httpx.AsyncClient) -> None:
    wording = {"source": str(desk.places["red"])}
    made = await door.post("/posts", json={"content": {"title": "새 글", "text": "안녕", "wordings": [wording]}})
    assert (made.status_code, made.json()["rendered"][0]["count"]) == (201, 2)
    post = f"/posts/{made.json()['plan']['id']}"
    kept = await door.put(
        post, json={"version": 1, "content": {"title": "새 글", "text": "고침", "wordings": [wording]}}
    )
    assert kept.json()["plan"]["version"] == 2
    met = await door.put(post, json={"version": 1, "content": {"title": "새 글", "text": "내 글"}})
    error = met.json()["error"]
    assert (met.status_code, error["field"], error["data"]["content"]["text"]) == (409, "version", "고침")
    kept_aside = await door.post(f"{post}/versions", json={"content": {"title": "새 글", "text": "내 글"}})
    assert kept_aside.status_code == 201
    assert len((await door.get(f"{post}/versions")).json()["versions"]) == 3
    moved = await door.put(f"{post}/time", json={"due_at": desk.at(days=1).isoformat()})
    assert moved.json()["state"] == "draft"
    assert (await door.put(f"{post}/time", json={"due_at": "2001-01-01T00:00:00Z"})).json()["error"][
        "field"
    ] == "due_at"
    said = await door.post(f"{post}/comments", json={"text": "좋아요"})
    settled = await door.put(f"{post}/comments/{said.json()['id']}", json={})
    assert settled.json()["done"] is True
    await door.post(f"{post}/submit", json={"note": "부탁"})
    assert [one["review"]["note"] for one in (await door.get("/reviews")).json()["waiting"]] == ["부탁"]
    own = await door.post(f"{post}/decision", json={"approve": True, "hash": (await door.get(post)).json()["hash"]})
    assert (own.status_code, own.json()["error"]["data"]["why"]) == (403, "own")
    copied = await door.post(f"{post}/copy", json={})
    assert copied.json()["plan"]["original"] == made.json()["plan"]["id"]
    found = (await door.get("/posts", params={"since": desk.at().isoformat()})).json()
    assert (len(found["posts"]), len(found["undated"])) == (1, 1)
    assert (await door.delete(post)).status_code == 204
    assert (await door.get("/posts", params={"state": "nothing"})).json()["error"]["field"] == "state"


async def test_rules_the_pause_a_preview_and_a_series(desk: Desk, door: httpx.AsyncClient) -> None:
    rules = (await door.get("/rules")).json()
    assert (rules["approval"], rules["trackable"], rules["version"]) == (True, True, 0)
    given = {name: rules[name] for name in ("version", "own", "approvers", "utm", "tracked")}
    assert (await door.put("/rules", json={**given, "approval": False})).json()["back"] == 0
    content = {"title": "", "text": "https://a.example", "wordings": [{"source": str(desk.places["blue"])}]}
    shown = (await door.post("/preview", json=content)).json()["rendered"]
    assert (shown[0]["count"], "utm_source=blue" in shown[0]["links"][0]["target"]) == (23, True)
    made = await door.post("/posts", json={"content": {**content, "title": "바로"}})
    post = f"/posts/{made.json()['plan']['id']}"
    assert (await door.post(f"{post}/schedule", json={})).json()["state"] == "scheduled"
    assert (await door.post("/pause", json={"why": "사고"})).json()["paused_why"] == "사고"
    desk.clock.advance(timedelta(minutes=1))
    assert len((await door.post("/resume")).json()["held"]) == 1
    looked = (await door.post("/series", json={"body": "text,sources\n글,nowhere", "look": True})).json()
    assert [one["code"] for one in looked["findings"]] == ["source"]
    assert (await door.get("/times")).json()["enough"] is False
    assert (await door.get(f"{post}/figures")).json() == {"figures": []}
    assert (await door.post(f"{post}/retry")).status_code == 409
    assert {one["name"] for one in (await door.get("/places")).json()["places"]} == {"red", "blue"}
