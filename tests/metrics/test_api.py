"""The catalogue, the boards, and the doors over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.feed.api import tail
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, NotAllowed
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.metrics.routes import router
from dure.state import State
from dure.web import problems
from dure.web.routing import include
from tests.metrics.journeys import Journeys, every
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio

LISTENS = {"kind": "trend", "series": [{"event": "listen", "math": "people"}], "from": "2026-11-16", "to": "2026-11-22"}


@dataclass
class Room:
    cast: Cast
    metrics: Metrics
    journeys: Journeys
    client: httpx.AsyncClient


@pytest.fixture
async def room(state: State, log: Log) -> AsyncIterator[Room]:
    cast = await found_sori(state)
    metrics = Metrics(state, log, StillClock(MONDAY_NOON), cast.governance)
    app = FastAPI()
    app.state.governance = cast.governance
    problems.install(app)
    include(app, router(metrics))
    headers = {"authorization": f"Bearer {cast.token}"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dure", headers=headers) as client:
        yield Room(cast, metrics, Journeys(log, cast.tenant), client)


def named(**more: Any) -> dict[str, Any]:
    return {"name_ko": "청취자", "name_en": "Listeners", "question": LISTENS, **more}


async def test_a_question_over_http_in_the_workspaces_zone(room: Room) -> None:
    room.journeys.write({"p": [("listen", "2026-11-15 16:00"), ("listen", "2026-11-16 14:00")]})
    answer = (await room.client.post("/api/v1/query", json=LISTENS)).json()
    assert answer["question"]["timezone"] == "Asia/Seoul"
    assert answer["series"][0]["values"] == [1, 0, 0, 0, 0, 0, 0]


async def test_a_senseless_question_is_422_and_names_the_field(room: Room) -> None:
    answer = await room.client.post("/api/v1/query", json={"kind": "funnel", "steps": [{"event": "a"}], "window": "x"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "window")


async def test_nobody_without_a_token_and_no_guest_asks(room: Room) -> None:
    answer = await room.client.post("/api/v1/query", json=LISTENS, headers={"authorization": "Bearer xoxp-no"})
    assert answer.status_code == 401
    with pytest.raises(NotAllowed):
        await room.metrics.ask(room.cast.gil, LISTENS)


async def test_one_workspace_never_counts_another(room: Room) -> None:
    room.journeys.write({"p": [("listen", "2026-11-20")]})
    answer = await room.metrics.ask(room.cast.rina, LISTENS)
    assert answer["series"][0]["total"] == 0


async def test_a_metric_is_asked_by_its_id(room: Room) -> None:
    room.journeys.write(
        {name: [("listen", "2026-11-20", {"genre": genre})] for name, genre in (("a", "talk"), ("b", "news"))}
    )
    created = await room.client.post("/api/v1/metrics", json=named())
    assert (created.status_code, created.json()["id"]) == (201, "listeners")
    asked = {"kind": "metric", "metric": "listeners", "breakdown": {"prop": "genre"}}
    answer = (await room.client.post("/api/v1/query", json=asked)).json()
    assert {line["value"] for line in answer["series"]} == {"talk", "news"}
    answer = (
        await room.client.post("/api/v1/query", json={"kind": "metric", "metric": "listeners", "from": "2026-11-21"})
    ).json()
    assert (answer["metric"]["value"], answer["question"]["from"]) == (0, "2026-11-21")


async def test_a_change_keeps_what_it_was_and_takes_verification_back(room: Room, state: State) -> None:
    mina = room.cast.mina
    await room.metrics.create_metric(mina, named())
    assert (await room.metrics.verify_metric(mina, "listeners")).verified
    await room.client.put("/api/v1/metrics/listeners", json=named(target=5))
    metric = (await room.client.get("/api/v1/metrics/listeners")).json()
    assert (metric["target"], metric["verified"], metric["version"]) == (5, False, 3)
    assert [(one["version"], one["body"]["target"]) for one in metric["history"]] == [(3, 5), (2, None), (1, None)]
    async with state.begin_system() as tx:
        told = [event.event for batch in await tail(tx, 0) for event in batch.events() if event.source == "metrics"]
    assert told == ["Metric Created", "Metric Verified", "Metric Changed"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": {"kind": "paths"}}, "question.kind"),
        ({"reading": {"series": 3}}, "reading.series"),
        ({"name_ko": ""}, "name_ko"), ({"unit": "pounds"}, "unit"), ({"colour": 1}, "colour"),
        ({"id": "a/b"}, "id"), ({"id": "../x"}, "id"),
    ],
)  # fmt: skip
async def test_a_metric_without_a_number_is_refused(room: Room, change: dict[str, Any], field: str | None) -> None:
    answer = await room.client.post("/api/v1/metrics", json=named(**change))
    assert (answer.status_code, answer.json()["error"].get("field")) == (422, field)


async def test_the_same_id_twice_is_a_conflict(room: Room) -> None:
    await room.metrics.create_metric(room.cast.mina, named())
    with pytest.raises(Conflict):
        await room.metrics.create_metric(room.cast.joon, named())


async def test_a_value_stands_beside_the_range_before(room: Room) -> None:
    room.journeys.write({f"a{n}": [("listen", "2026-11-18")] for n in range(3)})
    room.journeys.write({f"b{n}": [("listen", "2026-11-11")] for n in range(2)})
    await room.metrics.create_metric(room.cast.mina, named(target=4))
    value = (await room.client.get("/api/v1/metrics/listeners/value")).json()
    assert (value["value"], value["previous"], value["change"]) == (3, 2, 0.5)
    assert (value["good"], value["target_met"]) == (True, False)
    assert value["line"] == [0, 0, 3, 0, 0, 0, 0]


async def test_how_relationships_and_deals_do_is_in_the_catalogue(room: Room) -> None:
    accounts = (("a", 2.0, "poor"), ("b", 6.0, "fair"), ("c", 9.0, "good"))
    for day, shown in (("2026-11-21", accounts), ("2026-11-22", accounts[:2])):
        for event, times in (("Relationship Measured", 1), ("Deal Health Measured", 2)):
            room.journeys.write(
                {name: [(event, day, {"momentum": momentum * times, "band": band})] for name, momentum, band in shown}
            )
    await room.client.post("/api/v1/metrics/starters")
    lines = {}
    for metric in ("relationship-momentum", "relationships-poor", "deal-momentum", "deals-poor-share"):
        answer = (await room.client.get(f"/api/v1/metrics/{metric}/value")).json()
        lines[metric] = [answer["value"], *answer["line"][-2:]]
    assert lines == {
        "relationship-momentum": [4, 6, 4], "relationships-poor": [1, 1, 1], "deal-momentum": [8, 12, 8],
        "deals-poor-share": [0.5, pytest.approx(1 / 3), 0.5],
    }  # fmt: skip


async def test_the_board_of_the_five_teams(room: Room) -> None:
    room.journeys.write(
        {
            "p": [("Signed Up", "2026-11-01"), ("Listen Started", "2026-11-03"), ("Deal Won", "2026-11-20")],
            "q": [("Listen Started", "2026-11-17"), ("Listen Started", "2026-11-22 16:00")],
        }
    )
    await room.client.post("/api/v1/metrics/starters")
    assert (await room.client.post("/api/v1/metrics/starters")).status_code == 201
    board = (await room.client.get("/api/v1/boards/teams")).json()
    values = {tile["metric"]["id"]: tile["value"] for tile in board["tiles"]}
    assert {tile["metric"]["function"] for tile in board["tiles"]} == {
        "product",
        "marketing",
        "sales",
        "ad_ops",
        "social",
        "care",
    }
    assert (values["weekly-listeners"], values["deals-won"], values["day-7-return"]) == (1, 1, 1.0)
    assert values["response-seconds"] is None
    lines = {tile["metric"]["id"]: tile["line"] for tile in board["tiles"]}
    assert lines["weekly-listeners"][-3:] == [1, 0, 1]  # the week that has just begun is not shown


async def test_a_trends_number_opens_to_its_events(room: Room) -> None:
    room.journeys.write(
        {"p": [("listen", "2026-11-18", {"genre": "talk"}), ("listen", "2026-11-19")], "q": [("listen", "2026-11-18")]}
    )
    body = {"question": LISTENS, "cell": {"series": 0, "interval": 2}}
    found = (await room.client.post("/api/v1/query/events", json=body)).json()
    assert found["total"] == 2
    assert {(event["distinct_id"], event["event"]) for event in found["events"]} == {("p", "listen"), ("q", "listen")}
    assert {"genre": "talk"} in [event["properties"] for event in found["events"]]
    grouped = {**LISTENS, "breakdown": {"prop": "genre"}}
    for value, total in (("talk", 1), (None, 2)):
        cell = {"grouped": True, "value": value}
        found = (await room.client.post("/api/v1/query/events", json={"question": grouped, "cell": cell})).json()
        assert found["total"] == total


@pytest.mark.parametrize(
    ("question", "cell", "people"),
    [
        ({"kind": "funnel", "steps": [{"event": "A"}, {"event": "B"}]}, {"step": 1}, {"both"}),
        ({"kind": "funnel", "steps": [{"event": "A"}, {"event": "B"}]}, {"step": 1, "dropped": True}, {"one"}),
        ({"kind": "retention", "start": {"event": "A"}}, {"cohort": 0}, {"both", "one"}),
        ({"kind": "retention", "start": {"event": "A"}}, {"cohort": 0, "column": 1}, {"both"}),
        ({"kind": "lifecycle"}, {"interval": 1, "state": "returning"}, {"both"}),
        ({"kind": "lifecycle"}, {"interval": 1, "state": "dormant"}, {"one"}),
        ({"kind": "stickiness"}, {"intervals": 2}, {"both"}),
    ],
)
async def test_other_numbers_open_to_their_people(
    room: Room, question: dict[str, Any], cell: dict[str, Any], people: set[str]
) -> None:
    room.journeys.write({"both": every("A B", "2026-11-16 12:00", 86_400), "one": every("A", "2026-11-16 12:00")})
    asked = {**question, "from": "2026-11-16", "to": "2026-11-20"}
    found = (await room.client.post("/api/v1/query/events", json={"question": asked, "cell": cell})).json()
    assert {one for person in found["people"] for one in person["distinct_ids"]} == people
    assert found["total"] == len(people)
    assert {event["distinct_id"] for event in found["events"]} == people


async def test_names_for_typing(room: Room) -> None:
    room.journeys.write(
        {"p": [("listen", "2026-11-18", {"genre": "talk"}), ("Identified", "2026-11-18", {"country": "KR"})]}
    )
    names = (await room.client.get("/api/v1/events/names")).json()["events"]
    assert {one["name"] for one in names} == {"listen", "Identified"}
    properties = (await room.client.get("/api/v1/events/properties", params={"event": "listen"})).json()["properties"]
    assert [one["name"] for one in properties] == ["genre", "person.country"]
    values = (await room.client.get("/api/v1/events/values", params={"prop": "person.country"})).json()["values"]
    assert values == [{"value": "KR", "count": 1}]


async def test_a_question_that_cannot_be_read_is_told_what_is_wrong_with_it(room: Room) -> None:
    async def said(**request: Any) -> str:
        answer = await room.client.post("/api/v1/query", **request)
        assert answer.status_code in (400, 422), answer.text
        message: str = answer.json()["error"]["message"]
        return message

    text = '{"kind": "sql", "sql": "select 1"}'
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert "Content-Type: application/json" in await said(content=text, headers=form)
    assert "Content-Type: application/json" in await said(content=text)
    assert "not JSON" in await said(content=text[:-1], headers=form)
    assert "not JSON" in await said(content=text[:-1], headers={"content-type": "application/json"})
    assert "funnel, retention, trend" in await said(json={"kind": "funel"})
    broken = await said(json={"kind": "sql", "sql": "select nonsense from events"})
    assert "nonsense" in broken
    assert "Code:" not in broken
    assert "DB::Exception" not in broken
    unparsed = await said(json={"kind": "sql", "sql": "selec 1"})
    assert "DB::Exception" not in unparsed
