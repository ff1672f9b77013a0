"""Recommendations over HTTP, in messages, and how kinds are measured by what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.campaigns.demand_house import app_of, assets, demand_of
from tests.campaigns.recommending.company import happened, heard, item, read
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


@pytest.fixture
async def http(studio: Studio) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app_of(studio, demand_of(studio), assets()))
    token = {"authorization": f"Bearer {studio.cast.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://dure/api/v1", headers=token) as client:
        yield client


async def test_the_catalogue_is_filled_searched_and_kept_out(studio: Studio, http: httpx.AsyncClient) -> None:
    items = [
        {"id": "b-1", "title": {"ko": "밤의 낭독", "en": "Night"}, "genre": "story", "creator": "c-1",
         "live_from": "2026-11-23T00:00:00Z", "attributes": {"mood": "calm"}, "url": "https://s.example/1"},
        {"id": "b/2", "title": "Morning", "kind": "broadcast", "creator": "c-2"},
        {"id": "c-1", "title": "미나", "kind": "creator"},
    ]  # fmt: skip
    assert (await http.post("/items", json={"items": items})).json() == {"items": 3}
    page = (await http.get("/items", params={"q": "낭독"})).json()
    assert (page["count"], page["items"][0]["attributes"]) == (1, {"mood": "calm"})
    assert (await http.get("/items", params={"only": "live"})).json()["count"] == 1
    assert (await http.get("/items", params={"kind": "creator"})).json()["items"][0]["title"]["ko"] == "미나"
    who = studio.who("mina")
    await happened(studio, [heard("u-1", "b-1"), heard("u-1", "b/2")])
    await read(studio)
    found = (await http.get(f"/people/{who}/recommendations", params={"kind": "popular", "count": 9})).json()
    assert {each["item"]["id"] for each in found["recommendations"]} == {"b-1", "b/2", "c-1"}
    assert (await http.put("/items/b%2F2/blocked", json={"blocked": True})).json() == {"blocked": True}
    assert (await http.put("/recommendations/creators/c-1/blocked", json={"blocked": True})).status_code == 200
    found = (await http.get(f"/people/{who}/recommendations", params={"kind": "popular", "count": 9})).json()
    assert found["recommendations"] == []
    assert list((await http.get("/recommendations")).json()["blocked_creators"]) == ["c-1"]
    blocks = {"what": "item", "id": "b-1"}
    assert (await http.post(f"/people/{who}/blocks", json=blocks)).json() == {"blocked": True}
    for path, body, field in (
        ("/items", {"items": [{"id": "x", "title": "y", "colour": 1}]}, "items[0].colour"),
        ("/items", {"items": [{"id": "x", "title": "y", "kind": "song"}]}, "items[0].kind"),
        ("/items", {"items": [{"id": "x", "title": "y", "url": "ftp://x"}]}, "items[0].url"),
        ("/items", {"items": [{"id": "x", "title": "y", "live_from": "2026-11-23T00:00:00"}]}, "items[0].live_from"),
        ("/items", {"items": [{"id": "x", "title": "y", "live_from": "2026-11-23T01:00:00Z",
                               "live_to": "2026-11-23T00:00:00Z"}]}, "items[0].live_to"),
        (f"/people/{who}/blocks", {"what": "song", "id": "1"}, "what"),
    ):  # fmt: skip
        answer = await http.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    answer = await http.get(f"/people/{who}/recommendations", params={"count": 51})
    assert answer.json()["error"]["field"] == "count"
    assert (await http.put("/items/none/blocked", json={"blocked": True})).status_code == 404


async def test_each_kind_is_measured_by_what_became_of_what_it_showed(studio: Studio, http: httpx.AsyncClient) -> None:
    await studio.campaigns.recommending.load_items(studio.cast.joon, [item("b-1"), item("b-2")])
    await studio.know("u-1", "u-2", "u-3", "u-4")
    await happened(studio, [*(heard(f"u-{n}", "b-0", ago=2) for n in range(1, 5)), heard("w-1", "b-1", ago=2),
                            heard("w-1", "b-2", ago=3)])  # fmt: skip
    await read(studio)
    node = {
        "id": "m", "kind": "message", "channel": "email", "items": {"kind": "popular", "count": 2},
        "texts": {"ko": {"subject": "{{ items[0].title }}", "body": "{{ items[1].url }}"}},
    }  # fmt: skip
    design = {
        "name": {"ko": "추천", "en": "Picks"}, "kind": "once", "entry": {"audience": {"kind": "did",
        "event": "Listen Started", "where": [{"prop": "genre", "op": "=", "value": "talk"}], "within": "7d"}},
        "start": "m", "nodes": [node], "holdout": 0.0,
    }  # fmt: skip
    campaign = await studio.campaigns.create(studio.cast.joon, design)
    await studio.campaigns.launch(studio.cast.joon, campaign.id)
    await studio.settle()
    sent = {event.distinct_id: event for event in await studio.events("Message Sent")}
    assert set(sent) == {"u-1", "u-2", "u-3", "u-4"}
    assert {kind for event in sent.values() for kind in event.properties["item_kinds"]} <= {"genre", "popular"}
    message = str(sent["u-1"].properties["message"])
    await happened(studio, [
        ("u-1", "Message Clicked", campaign.id, {"message": message}, -0.01),
        heard("u-2", str(sent["u-2"].properties["items"][0]), ago=-0.02),
        heard("u-3", str(sent["u-3"].properties["items"][1]), ago=-3),  # too late to count
        ("u-5", "Recommendation Shown", "b-1", {"kind": "together"}, 0),
        ("u-5", "Recommendation Clicked", "b-1", {}, -0.01),
        ("u-6", "Recommendation Shown", "b-2", {"kind": "together"}, 0),
    ])  # fmt: skip
    await studio.later(days=4)
    await studio.campaigns.recommending.count(studio.cast.tenant)
    stands = (await http.get("/recommendations")).json()
    told = {each["kind"]: each for each in stands["measured"]}
    assert (told["popular"]["shown"], told["popular"]["clicked"], told["popular"]["consumed"]) == (8, 2, 1)
    assert (told["together"]["shown"], told["together"]["clicked"], told["together"]["won"]) == (2, 1, 1)
    assert told["together"]["click_interval"]["low"] < 0.5 < told["together"]["click_interval"]["high"]
    assert told["live"]["click_rate"] is None
    assert abs(sum(each["chance"] for each in told.values()) - 1) < 1e-6
    assert stands["read_to"] is not None
    assert stands["version"] == 1
    assert (await http.post("/recommendations/model")).json()["wanted"] is True
    assert (await http.delete("/recommendations/model")).json()["wanted"] is False
