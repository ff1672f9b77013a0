"""Journey maps at their doors: drawn, changed, asked, opened down to people. One house serves all."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.feed.api import tail
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.log.api import Log
from dure.metrics.api import Metrics
from dure.metrics.journeys import course as journey_map
from dure.metrics.journeys.course import NewJourneyMap
from dure.metrics.question import parse
from dure.metrics.routes import router
from dure.state import State
from dure.web import problems
from dure.web.routing import include
from tests.databases import copied
from tests.metrics.journeys import Journeys
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio

VISITED = {"name_ko": "방문", "name_en": "Visited", "function": "marketing", "patience": "7d",
           "rule": {"event": "Page Viewed"}}  # fmt: skip
SIGNED = {"name_ko": "가입", "name_en": "Signed up", "function": "product", "rule": {"event": "Signed Up"}}
HABIT = {"name_ko": "습관", "name_en": "Habit", "function": "product", "holds": "while",
         "rule": {"event": "Listen Started", "at_least": 3, "within": "7d"}}  # fmt: skip
PAYING = {"name_ko": "결제", "name_en": "Paying", "function": "sales",
          "rule": {"any": [{"event": "Gift Sent", "where": [{"prop": "amount", "op": ">", "value": 1000}]},
                           {"trait": {"prop": "person.plan", "op": "=", "value": "plus"}}]}}  # fmt: skip
STAGES = [VISITED, SIGNED, HABIT, PAYING]
WEEKS = {"from": "2026-11-02", "to": "2026-11-22", "interval": "week"}


def drawn(**more: Any) -> dict[str, Any]:
    return {"name_ko": "여정", "name_en": "Listener", "stages": STAGES, **more}


def changed(number: int, **more: Any) -> dict[str, Any]:
    return drawn(stages=[{**stage, **more} if at == number else stage for at, stage in enumerate(STAGES)])


@dataclass
class Room:
    cast: Cast
    metrics: Metrics
    state: State
    journeys: Journeys
    client: httpx.AsyncClient

    async def ask(self, **more: Any) -> dict[str, Any]:
        answer = await self.client.post("/api/v1/query", json={"kind": "journey", **WEEKS, **more})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def behind(self, cell: dict[str, Any]) -> set[str]:
        body = {"question": {"kind": "journey", "journey": "listener", **WEEKS}, "cell": cell}
        found = (await self.client.post("/api/v1/query/events", json=body)).json()
        return {one for person in found["people"] for one in person["distinct_ids"]}


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[Room]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=4)
        log = Log(f"chdb://{run_folder}/ch", database="journeys")
        log.open()
        await state.open()
        cast = await found_sori(state)
        metrics = Metrics(state, log, StillClock(MONDAY_NOON), cast.governance)
        app = FastAPI()
        app.state.governance = cast.governance
        problems.install(app)
        include(app, router(metrics))
        headers = {"authorization": f"Bearer {cast.token}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://dure", headers=headers
        ) as client:
            room = Room(cast, metrics, state, Journeys(log, cast.tenant), client)
            walk(room)
            await metrics.journeys.create(cast.mina, drawn(id="listener"))
            yield room
        await state.close()
        log.drop()
        log.close()


def walk(room: Room) -> None:
    """Seoul's weeks from 2 November: six people, each with an end of their own."""
    room.journeys.write(
        {
            "gone": [("Page Viewed", "2026-11-03 01:00")],
            "fresh": [("Page Viewed", "2026-11-20 01:00"), ("Signed Up", "2026-11-20 03:00")],
            "fell": [("Signed Up", "2026-11-02 01:00"), ("Listen Started", "2026-11-03 01:00"),
                     ("Listen Started", "2026-11-04 01:00"), ("Listen Started", "2026-11-05 01:00")],
            "payer": [("Page Viewed", "2026-11-03 01:00"), ("Signed Up", "2026-11-03 05:00"),
                      ("Gift Sent", "2026-11-12 05:00", {"amount": 3000})],
            "trait": [("Identified", "2026-11-18 01:00", {"plan": "plus"})],
            "small": [("Gift Sent", "2026-11-18 01:00", {"amount": 500})],
        }
    )  # fmt: skip


async def test_a_map_says_where_everybody_stands_and_how_they_came_there(room: Room) -> None:
    answer = await room.ask(journey="listener")
    assert {stage["id"]: stage["people"] for stage in answer["stages"]} == {
        "visited": 1, "signed-up": 2, "habit": 0, "paying": 2,
    }  # fmt: skip
    visited, signed = answer["stages"][:2]
    assert (visited["dropped"], visited["waiting"], visited["median_wait_seconds"]) == (1, 0, None)
    assert (signed["waiting"], signed["dropped"]) == (2, 0)
    flows = {(flow["from"], flow["to"]): flow for flow in answer["flows"]}
    assert {move: flow["people"] for move, flow in flows.items()} == {
        (None, "visited"): 3, (None, "signed-up"): 1, (None, "paying"): 1, ("visited", "signed-up"): 2,
        ("signed-up", "habit"): 1, ("signed-up", "paying"): 1, ("habit", "signed-up"): 1,
    }  # fmt: skip
    assert flows["visited", "signed-up"]["median_seconds"] == 3 * 3600  # two hours and four
    assert answer["handovers"] == [
        {"from_function": "marketing", "to_function": "product", "from": "visited", "to": "signed-up", "people": 2,
         "median_seconds": 3 * 3600, "rate": 2 / 3},
        {"from_function": "product", "to_function": "sales", "from": "signed-up", "to": "paying", "people": 1,
         "median_seconds": 9 * 86_400, "rate": 1 / 3},
    ]  # fmt: skip
    assert answer["series"]["intervals"] == ["2026-11-02", "2026-11-09", "2026-11-16"]
    assert answer["series"]["stages"]["habit"] == [1, 0, 0]
    assert answer["series"]["stages"]["paying"] == [0, 1, 2]
    assert answer["question"] == {**answer["question"], "journey": "listener", "timezone": "Asia/Seoul", "map": None}
    assert "3. Habit (습관): at least 3 times 'Listen Started' within 7d" in " ".join(answer["meta"]["definitions"])


async def test_every_number_opens_to_its_people(room: Room) -> None:
    for cell, people in (
        ({"stage": "paying"}, {"payer", "trait"}),
        ({"stage": "visited", "standing": "dropped"}, {"gone"}),
        ({"stage": "signed-up", "standing": "waiting"}, {"fresh", "fell"}),
        ({"stage": "habit", "standing": "entered"}, {"fell"}),
        ({"stage": "habit", "standing": "left"}, {"fell"}),
        ({"stage": "habit", "interval": 0}, {"fell"}),
        ({"stage": "visited", "interval": 0}, {"gone"}),
        ({"stage": "visited", "to": "signed-up"}, {"fresh", "payer"}),
        ({"to": "visited"}, {"gone", "fresh", "payer"}),
    ):
        assert await room.behind(cell) == people, cell


async def test_a_map_is_tried_before_it_is_saved(room: Room) -> None:
    known = await room.metrics.journeys.all(room.cast.mina)
    answer = await room.ask(map={"stages": [VISITED, {**SIGNED, "rule": {"event": "Gift Sent"}}]})
    assert [stage["people"] for stage in answer["stages"]] == [2, 2]
    assert await room.metrics.journeys.all(room.cast.mina) == known


async def test_conditions_of_the_question_choose_whose_journey_it_is(room: Room) -> None:
    person = await room.ask(journey="listener", where=[{"prop": "person.plan", "op": "=", "value": "plus"}])
    assert person["people"] == 1
    large = await room.ask(journey="listener", where=[{"prop": "amount", "op": ">", "value": 2000}])
    assert {stage["id"]: stage["people"] for stage in large["stages"] if stage["people"]} == {"paying": 2}


async def test_a_stage_of_a_trait_alone_opens_to_its_people(room: Room) -> None:
    course = {"stages": [{**PAYING, "rule": {"trait": {"prop": "person.plan", "op": "set"}}}]}
    body = {"question": {"kind": "journey", "map": course, **WEEKS}, "cell": {"stage": "paying"}}
    found = (await room.client.post("/api/v1/query/events", json=body)).json()
    assert [(event["distinct_id"], event["event"]) for event in found["events"]] == [("trait", "Identified")]


async def test_activity_that_no_rule_names_keeps_people_from_dropping(room: Room) -> None:
    room.journeys.write({"reader": [("Article Read", "2026-11-03 01:00"), ("App Opened", "2026-11-21 01:00")]})
    course = {"stages": [{**VISITED, "rule": {"event": "Article Read"}}]}
    assert (await room.ask(map=course))["stages"][0]["dropped"] == 1
    assert (await room.ask(map={**course, "activity": [{"event": "App Opened"}]}))["stages"][0]["active"] == 1


async def test_nobody_falls_out_of_a_stage_before_its_time(room: Room) -> None:
    """Today is Monday the 23rd, noon in Seoul, and the range ends at midnight: the habit is lost at three."""
    room.journeys.write({"hummer": [("Song Hummed", f"2026-11-16 {hour}:00") for hour in ("06", "07", "08")]})
    habit = {**HABIT, "rule": {**HABIT["rule"], "event": "Song Hummed"}}
    course = {"stages": [{**SIGNED, "rule": {"event": "Song Sung"}}, habit]}
    answer = await room.ask(map=course, **{"from": "2026-11-16", "to": "2026-11-23", "interval": "day"})
    assert answer["stages"][1]["people"] == 1
    assert answer["flows"] == [{"from": None, "to": "habit", "people": 1, "median_seconds": None}]


async def test_a_stage_shows_its_metric_over_the_same_range(room: Room) -> None:
    question = {"kind": "trend", "series": [{"event": "Signed Up", "math": "people"}]}
    await room.metrics.create_metric(room.cast.mina, {"name_ko": "가입", "name_en": "Sign-ups", "question": question})
    await room.metrics.journeys.create(room.cast.mina, {**changed(1, metric="sign-ups"), "id": "measured"})
    stages = (await room.ask(journey="measured"))["stages"]
    assert (stages[1]["metric"]["id"], stages[1]["metric"]["value"]) == ("sign-ups", 3)
    assert "metric" not in stages[0]


async def test_a_change_is_a_version_and_an_event(room: Room) -> None:
    created = await room.client.post("/api/v1/journeys", json=drawn(name_en="In Versions"))
    assert (created.status_code, created.json()["id"], created.json()["version"]) == (201, "in-versions", 1)
    renamed = {**drawn(name_ko="새 여정"), "version": 1}
    assert (await room.client.put("/api/v1/journeys/in-versions", json=renamed)).json()["version"] == 2
    late = await room.client.put("/api/v1/journeys/in-versions", json=renamed)
    assert (late.status_code, late.json()["error"]["field"]) == (409, "version")
    history = (await room.client.get("/api/v1/journeys/in-versions/history")).json()["history"]
    assert [(one["version"], one["body"]["name_ko"]) for one in history] == [(2, "새 여정"), (1, "여정")]
    assert history[0]["actor"] == room.cast.mina.actor
    assert (await room.client.delete("/api/v1/journeys/in-versions")).status_code == 204
    assert (await room.client.get("/api/v1/journeys/in-versions")).status_code == 404
    async with room.state.begin_system() as tx:
        written = [event for batch in await tail(tx, 0) for event in batch.events()]
    told = [event.event for event in written if event.object == "in-versions"]
    assert told == ["Journey Created", "Journey Changed", "Journey Removed"]


async def test_another_workspace_neither_sees_nor_asks_it_and_a_guest_does_not_draw(room: Room) -> None:
    with pytest.raises(Conflict):
        await room.metrics.journeys.create(room.cast.joon, drawn(id="listener"))
    rina = room.cast.rina
    assert await room.metrics.journeys.all(rina) == []
    for refused in (
        room.metrics.journeys.get(rina, "listener"),
        room.metrics.journeys.history(rina, "listener"),
        room.metrics.journeys.change(rina, "listener", drawn()),
        room.metrics.journeys.remove(rina, "listener"),
        room.metrics.ask(rina, {"kind": "journey", "journey": "listener"}),
    ):
        with pytest.raises(NotFound):
            await refused
    asked = await room.metrics.ask(rina, {"kind": "journey", "map": {"stages": STAGES}})
    assert asked["people"] == 0
    with pytest.raises(NotAllowed):
        await room.metrics.journeys.create(room.cast.gil, drawn(id="guests"))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (drawn(name_ko=" "), "name_ko"),
        (drawn(id="Übung"), "id"),
        (drawn(stages=[]), "stages"),
        (drawn(stages=[VISITED] * 2), "stages[1].id"),
        (drawn(activity=[{"event": ""}]), "activity[0].event"),
        (drawn(colour=1), "colour"),
        (changed(0, name_en="가"), "stages[0].name_en"),
        (changed(0, function="kitchen"), "stages[0].function"),
        (changed(0, holds="ever"), "stages[0].holds"),
        (changed(0, patience="soon"), "stages[0].patience"),
        (changed(0, metric=""), "stages[0].metric"),
        (changed(1, rule={}), "stages[1].rule"),
        (changed(1, rule={"event": "A", "trait": {"prop": "person.x", "op": "set"}}), "stages[1].rule"),
        (changed(1, rule={"event": "A", "at_least": 0}), "stages[1].rule.at_least"),
        (changed(1, rule={"event": "A", "within": "0d"}), "stages[1].rule.within"),
        (changed(1, rule={"event": "A", "where": [{"prop": "p", "value": {}}]}), "stages[1].rule.where[0].value"),
        (changed(1, rule={"event": "A", "where": [{"prop": "a`b", "value": 1}]}), "stages[1].rule.where[0].prop"),
        (changed(1, rule={"trait": {"prop": "plan", "value": 1}}), "stages[1].rule.trait.prop"),
        (changed(1, rule={"trait": {"prop": "person.plan", "op": "!=", "value": 1}}), "stages[1].rule.trait.op"),
        (changed(1, rule={"any": [{"any": [{"event": "A"}]}]}), "stages[1].rule.any[0].any"),
        (changed(1, rule={"any": [{"event": "A"}], "at_least": 2}), "stages[1].rule"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused_by_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        journey_map.read(body, NewJourneyMap)
    assert refused.value.field == field


async def test_what_only_the_catalogue_knows_is_refused_by_field_too(room: Room) -> None:
    for body, field in ((changed(0, metric="nothing"), "stages[0].metric"), (drawn(version=1), "version")):
        answer = await room.client.post("/api/v1/journeys", json={**body, "id": "refused"})
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_a_question_that_makes_no_sense_is_refused_by_field(room: Room) -> None:
    for question, field in (
        ({}, "journey"),
        ({"journey": "listener", "map": {"stages": [VISITED]}}, "journey"),
        ({"map": {"stages": [VISITED]}, "by": "account"}, "by"),
        ({"map": {}}, "map.stages"),
        ({"map": {"stages": [{**VISITED, "patience": 3}]}}, "map.stages[0].patience"),
        ({"map": {"stages": [VISITED]}, "interval": "hour"}, "interval"),
    ):
        answer = await room.client.post("/api/v1/query", json={"kind": "journey", **WEEKS, **question})
        assert (answer.status_code, answer.json()["error"].get("field")) == (422, field), answer.text
    for cell in ({}, {"stage": "x"}, {"stage": "visited", "to": "x"}, {"stage": "visited", "interval": 9}):
        question = {"kind": "journey", "journey": "listener", **WEEKS}
        answer = await room.client.post("/api/v1/query/events", json={"question": question, "cell": cell})
        assert answer.json()["error"]["field"].startswith("cell."), cell


async def test_the_starters_draw_a_map_once(room: Room) -> None:
    rina = room.cast.rina
    for _ in range(2):
        await room.metrics.start(rina)
    (journey,) = await room.metrics.journeys.all(rina)
    assert (journey.id, journey.version, len(journey.stages)) == ("listener", 1, 7)
    assert (await room.metrics.ask(rina, {"kind": "journey", "journey": "listener"}))["people"] == 0


def test_the_guides_map_and_question_make_sense() -> None:
    page = Path(__file__).resolve().parents[2] / "docs/how-to/journey-map.md"
    drawn_map, asked = re.findall(r"^```json\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(journey_map.read(json.loads(drawn_map), NewJourneyMap).stages) == 2
    assert parse(json.loads(asked)).__struct_config__.tag == "journey"
