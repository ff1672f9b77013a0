"""A workspace's rules over REST, as scripts keep them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.ingest import routes, rule_routes
from dure.web import front
from dure.web.routing import include
from tests.ingest.conftest import Door, track

pytestmark = pytest.mark.anyio

GIFT = {"type": "object", "properties": {"amount": {"type": "integer"}}, "required": ["amount"]}


class Client:
    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self._http.request(method, f"/api/v1{path}", json=body or None, headers=self._headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
async def api(door: Door) -> AsyncIterator[Client]:
    app = FastAPI()
    app.state.governance = door.cast.governance
    front.install(app)
    include(app, routes.router(door.ingest))
    include(app, rule_routes.router(door.ingest))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as http:
        yield Client(http, door.cast.token)


async def test_a_plan_goes_out_and_comes_in_as_the_same(door: Door, api: Client) -> None:
    await api.ask("PUT", "/tracking-plan/event", event="Gift/Sent ?", schema=GIFT, action="strip", description="선물")
    exported = await api.ask("GET", "/tracking-plan")
    [planned] = exported["events"]
    assert (planned["event"], planned["schema"], planned["action"]) == ("Gift/Sent ?", GIFT, "strip")
    done = await api.ask("PUT", "/tracking-plan", events=exported["events"], replace=True)
    assert done == {"added": 0, "changed": 0, "removed": 0, "unchanged": 1}
    [version] = (await api.ask("GET", "/tracking-plan/versions?event=Gift%2FSent%20%3F"))["versions"]
    assert (version["version"], version["changed_by"]) == (1, door.cast.mina.actor)
    await api.ask("DELETE", "/tracking-plan/event?event=Gift%2FSent%20%3F", 204)
    assert (await api.ask("GET", "/tracking-plan"))["events"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PUT", "/tracking-plan/event", {"event": " ", "schema": {}}, "event"),
        ("PUT", "/tracking-plan/event", {"event": "A", "schema": {"type": "x"}}, "schema"),
        ("PUT", "/tracking-plan/event", {"event": "A", "schema": {}, "action": "shout"}, "action"),
        ("PUT", "/tracking-plan", {"events": [{"event": "A"}]}, "events.0.schema"),
        ("PUT", "/event-names/mode", {"mode": "ajar"}, "mode"),
        ("PUT", "/event-names", {"name": "", "state": "approved"}, "name"),
        ("PUT", "/privacy", {"rules": [{"name": "a"}, {"name": "*"}]}, "rules.1.name"),
        ("GET", "/rejects?days=0", {}, "days"),
        ("GET", "/rejects?reason=whim", {}, "reason"),
        ("GET", "/event-names?state=odd", {}, "state"),
        ("GET", "/tracking-plan/violations?days=900", {}, "days"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_named(
    api: Client, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    assert (await api.ask(method, path, 422, **body))["error"]["field"] == field


async def test_a_member_reads_and_does_not_write(door: Door, api: Client) -> None:
    token = await door.cast.governance.create_token(door.cast.mina, "user", "joon@sorimaru.example", ["*"])
    joon = Client(api._http, token)
    assert (await joon.ask("GET", "/privacy"))["rules"] == []
    for path, body in (
        ("/tracking-plan/event", {"event": "A", "schema": {}}), ("/event-names/mode", {"mode": "open"}),
        ("/event-names", {"name": "A", "state": "refused"}), ("/privacy", {"keep_address": True}),
    ):  # fmt: skip
        assert (await joon.ask("PUT", path, 403, **body))["error"]["code"] == "not_allowed"


async def test_refusals_are_grouped_by_source_and_reason_with_a_count_a_day(door: Door, api: Client) -> None:
    app = await door.ingest.create_source(door.cast.mina, "app")
    await door.batch(track(user="null"), track(user="0"), track(" "))
    await door.http.post("/v1/track", json=track(user="null"), auth=(app.write_key, ""))
    answer = await api.ask("GET", "/rejects?days=3")
    assert (answer["total"], answer["days"]) == (4, 3)
    groups = {(group["source"], group["reason"]): group for group in answer["groups"]}
    assert groups["web", "junk_id"]["by_day"] == [0, 0, 2]
    assert groups["web", "junk_id"]["sentence"].startswith("The event's only id")
    assert next(iter(groups)) == ("web", "junk_id"), "the most frequent first"
    filtered = await api.ask("GET", "/rejects?source=app&reason=junk_id")
    assert [(group["source"], group["count"]) for group in filtered["groups"]] == [("app", 1)]


async def test_sources_say_what_came_and_files_are_named_beside_them(door: Door, api: Client) -> None:
    await door.batch(track("A"), track("B"), track(user="null"))
    await door.ingest.tally.write()
    [web] = (await api.ask("GET", "/sources"))["sources"]
    assert (web["taken"], web["refused"], web["held"], web["last_event"]) == (2, 1, 0, "B")
    assert web["by_minute"] == [0] * 59 + [2]
    assert web["last_at"].startswith("2026-11-23T03:00:00")


async def test_a_name_is_decided_over_rest(door: Door, api: Client) -> None:
    assert await api.ask("PUT", "/event-names/mode", mode="approve") == {"mode": "approve", "approved": 0}
    await door.batch(track("gift_sent"), track("debug"))
    waiting = await api.ask("GET", "/event-names?state=waiting")
    assert [name["name"] for name in waiting["names"]] == ["debug", "gift_sent"]
    decided = await api.ask("PUT", "/event-names", name="gift_sent", state="approved", becomes="Gift Sent")
    assert decided == {"released": 1, "dropped": 0}
    assert await api.ask("PUT", "/event-names", name="debug", state="refused") == {"released": 0, "dropped": 1}
    assert (await door.one()).event == "Gift Sent"


async def test_write_keys_are_shown_to_those_who_may_make_them(door: Door, api: Client) -> None:
    token = await door.cast.governance.create_token(door.cast.mina, "user", "joon@sorimaru.example", ["*"])
    theirs = Client(api._http, token)
    assert {source["write_key"] for source in (await theirs.ask("GET", "/sources"))["sources"]} == {None}
    [mine] = [one for one in (await api.ask("GET", "/sources"))["sources"] if one["name"] == "web"]
    assert mine["write_key"] == door.source.write_key
