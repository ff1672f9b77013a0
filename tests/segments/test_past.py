"""Segments as of a past moment, estimates, files of people and moves, at the doors."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dure.kernel.lots import lot
from dure.segments import asking
from dure.segments.asking import bounds
from tests.metrics.room import Room, open_room

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Room]:
    async with open_room(postgres_url, template, run_folder) as room:
        yield room


async def post(room: Room, path: str, body: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    answer = await room.client.post("/api/v1" + path, json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def get(room: Room, path: str, **query: Any) -> dict[str, Any]:
    answer = await room.client.get("/api/v1" + path, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_who_was_in_it_then_by_the_rule_as_it_was_then(room: Room) -> None:
    now = room.clock.now()
    room.journeys.write({
        "a": [("p x", now - 5 * DAY)], "b": [("p x", now - DAY / 2)], "c": [("p y", now - DAY / 2)],
    })  # fmt: skip
    rule = {"kind": "did", "event": "p x", "within": "3d"}
    preview = await post(room, "/segments/preview", {"rule": rule, "at": (now - 4 * DAY).isoformat()})
    assert (preview["size"], preview["people"]) == (1, [str(room.journeys.id("a"))])
    made = await post(room, "/segments", {"name": "x", "rule": rule}, 201)
    room.clock.advance(2 * DAY)
    then = room.clock.now() - DAY
    answer = await room.client.patch(
        f"/api/v1/segments/{made['id']}", json={"rule": {"kind": "did", "event": "p y", "within": "3d"}}
    )
    assert answer.status_code == 200
    path = f"/segments/{made['id']}"
    past = await get(room, path + "/people", at=then.isoformat())
    assert [one["person"] for one in past["people"]] == [str(room.journeys.id("b"))]
    assert (await get(room, path + "/size", at=then.isoformat()))["size"] == 1
    await post(room, path + "/compute")
    assert [one["person"] for one in (await get(room, path + "/people"))["people"]] == [str(room.journeys.id("c"))]
    told = (await get(room, path + "/rules"))["rules"]
    assert [one["words"]["en"] for one in told] == [
        "did “p y” at least 1 time in the last 3 days", "did “p x” at least 1 time in the last 3 days",
    ]  # fmt: skip
    moves = await get(room, path + "/moves")
    assert moves["next"] is None
    missing = await room.client.get(f"/api/v1{path}/people", params={"at": (now - DAY).isoformat()})
    assert (missing.status_code, missing.json()["error"]["field"]) == (404, "at")
    future = await room.client.get(f"/api/v1{path}/people", params={"at": (room.clock.now() + DAY).isoformat()})
    assert (future.status_code, future.json()["error"]["field"]) == (422, "at")


async def test_the_course_of_a_rule_over_past_days(room: Room) -> None:
    now = room.clock.now()
    room.journeys.write({f"o-{n}": [("o", now - n * DAY - DAY / 2)] for n in range(6)})
    rule = {"kind": "did", "event": "o", "within": "2d"}
    course = await post(room, "/segments/course", {"rule": rule, "days": 6, "points": 4})
    assert [one["size"] for one in course["course"]] == [0, 2, 2, 2]
    refused = await post(room, "/segments/course", {"rule": rule, "points": 1}, 422)
    assert refused["error"]["field"] == "days"


async def test_a_large_log_is_sampled_first(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    now = room.clock.now()
    room.journeys.write({f"s-{n}": [("s", now)] for n in range(800)})
    monkeypatch.setattr(asking, "LARGE", 100)
    rule = {"kind": "did", "event": "s"}
    first = await post(room, "/segments/preview", {"rule": rule, "sample": True, "query": "q"})
    lots = "select countIf(sipHash64(person) % 16 = 0) from events where event = 's' and workspace = {workspace:String}"
    drawn = (await room.log.query(room.cast.tenant, lots, {})).rows[0][0]
    low, high = bounds(drawn)
    assert (first["size"], first["exact"]) == (16 * drawn, False)
    assert (first["low"], first["high"]) == (math.floor(16 * low), math.ceil(16 * high))
    whole = await post(room, "/segments/preview", {"rule": rule, "query": "q"})
    assert (whole["size"], whole["exact"], whole["low"], whole["high"]) == (800, True, 800, 800)


@pytest.mark.parametrize("people", [100, 800, 40_000])
def test_the_bounds_of_a_sample_hold_in_19_of_20(people: int) -> None:
    drawn = np.random.default_rng(11).binomial(people, 1 / asking.SAMPLE, 4_000)
    within = [low <= people / asking.SAMPLE <= high for low, high in map(bounds, drawn.tolist())]
    assert 0.94 < np.mean(within) < 0.98  # counts are whole, so a few more than 19
    low, high = bounds(0)
    assert low == 0
    assert 3 < high < 5


async def test_a_share_is_the_same_people_as_the_lot_says(room: Room) -> None:
    now = room.clock.now()
    room.journeys.write({f"l-{n}": [("l", now)] for n in range(200)})
    rule = {"kind": "all", "of": [{"kind": "did", "event": "l"}, {"kind": "share", "share": 0.25, "seed": "spring"}]}
    found = await room.segments.among(room.cast.mina, rule, [room.journeys.id(f"l-{n}") for n in range(200)])
    assert found == {one for n in range(200) if lot("segment:spring:", str(one := room.journeys.id(f"l-{n}"))) < 0.25}


async def test_a_file_is_looked_at_first_and_then_put_in_taken_out_or_put_instead(room: Room) -> None:
    now = room.clock.now()
    room.journeys.write({f"f-{n}": [("f", now)] for n in range(4)})
    made = await post(room, "/segments", {"name": "list", "rule": {"kind": "listed"}}, 201)
    path = f"/segments/{made['id']}/csv"
    looked = await post(room, path, {"csv": "f-0\nf-1\nf-0\nstranger\n", "dry": True})
    assert (looked["entered"], looked["duplicate"]["first"]) == (2, [[3, "f-0 (= 1)"]])
    assert looked["unknown"] == {"count": 1, "first": [[4, "stranger"]]}
    assert (await get(room, f"/segments/{made['id']}"))["size"] == 0
    done = await post(room, path, {"csv": "f-0\nf-1\nf-0\nstranger\n"})
    assert (done["entered"], done["there"]) == (2, 0)
    instead = await post(room, path, {"csv": "f-1\nf-2", "instead": True})
    assert (instead["entered"], instead["left"], instead["there"]) == (1, 1, 1)
    out = await post(room, path, {"csv": "f-2\nf-3", "out": True})
    assert (out["entered"], out["left"]) == (0, 1)
    assert (await get(room, f"/segments/{made['id']}"))["size"] == 1
    ruled = await post(room, "/segments", {"name": "r", "rule": {"kind": "did", "event": "f"}}, 201)
    await post(room, f"/segments/{ruled['id']}/csv", {"csv": "f-1"}, 409)


async def test_a_metric_of_the_catalogue_is_a_condition_on_each_person(room: Room) -> None:
    now = room.clock.now()
    room.journeys.write({"g-1": [("g", now, {"coins": 40}), ("g", now, {"coins": 20})], "g-2": [("g", now)]})
    metric = await room.metrics.create_metric(room.cast.mina, {
        "name_ko": "선물", "name_en": "G sent", "question": {"kind": "trend", "series": [{"event": "g"}]},
    })  # fmt: skip
    rule = {"kind": "metric", "metric": metric.id, "value": 2}
    seen = await post(room, "/segments/preview", {"rule": rule})
    assert (seen["people"], seen["words"]["en"]) == (
        [str(room.journeys.id("g-1"))], "metric “G sent” ≥ 2 in the last 28 days",
    )  # fmt: skip
    unknown = await post(room, "/segments/preview", {"rule": {**rule, "metric": "nothing"}}, 422)
    assert unknown["error"]["field"] == "rule.metric"


async def test_a_check_tells_that_all_is_right(room: Room) -> None:
    room.journeys.write({"k-1": [("k", room.clock.now())]})
    made = await post(room, "/segments", {"name": "k", "rule": {"kind": "did", "event": "k"}}, 201)
    assert await post(room, f"/segments/{made['id']}/compute?full=true") == {"size": 1, "missing": 0, "extra": 0}
