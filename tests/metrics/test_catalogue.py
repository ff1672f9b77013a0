"""The catalogue: what a metric can be, formulas, where it is used, and what a change would do."""

from __future__ import annotations

from typing import Any

import pytest

from dure.feed.api import tail
from dure.metrics.catalogue import figure
from dure.metrics.model import Metric, Reading
from dure.metrics.starters import METRICS, TREES
from tests.metrics.catalogue_room import WEEK, Room, own_database, own_log, room

__all__ = ["own_database", "own_log", "room"]
pytestmark = pytest.mark.anyio

LISTENS = {"kind": "trend", "series": [{"event": "Listen Started"}]}
LISTENERS = {"kind": "trend", "series": [{"event": "Listen Started", "math": "people"}]}
STATES = {"kind": "lifecycle", "event": "Listen Started", "interval": "week"}
GIVEN = {"kind": "lifetime_value", "purchase": {"event": "Gift Sent"}, "prop": "amount"}
RANGE = "time >= {from} and time < {to}"
GIFTS = {"kind": "trend", "series": [{"event": "Gift Sent", "math": "sum", "prop": "amount"}]}


def ratio(first: str, second: str, **more: Any) -> dict[str, Any]:
    return {"kind": "formula", "formula": "A/B", "metrics": {"A": first, "B": second}, **more}


@pytest.mark.parametrize(
    ("id", "question", "reading", "value"),
    [
        ("k-trend", LISTENS, {}, 28),
        ("k-funnel", {"kind": "funnel", "steps": [{"event": "Signed Up"}, {"event": "Listen Started"}]}, {}, 1.0),
        (
            "k-seconds",
            {"kind": "funnel", "steps": [{"event": "Signed Up"}, {"event": "Listen Started"}]},
            {"field": "seconds"}, 3600,
        ),
        ("k-new", STATES, {"at": "last", "field": "new"}, 4),
        ("k-gone", STATES, {"at": "last", "field": "dormant"}, -2),
        ("k-session", {"kind": "sessions", "event": "Listen Started"}, {"field": "events_per_session"}, 1.0),
        ("k-value", {**GIVEN, "interval": "week"}, {"field": "value", "column": 0}, 8000),
        ("k-buyers", GIVEN, {"field": "buyers"}, 7),
        ("k-days", {"kind": "stickiness", "event": "Listen Started"}, {}, 28 / 12),
        ("k-often", {"kind": "stickiness", "event": "Listen Started"}, {"column": 3}, 8 / 12),
        ("k-sql", {"kind": "sql", "sql": f"select uniqExact(person) from events where {RANGE}"}, {}, 13),
    ],
)  # fmt: skip
async def test_every_kind_of_question_gives_its_number(
    room: Room, id: str, question: dict[str, Any], reading: dict[str, Any], value: float
) -> None:
    assert (await room.define(id, question, reading=reading))["id"] == id
    assert await room.value(id) == pytest.approx(value)


def answered(kind: str, **body: Any) -> dict[str, Any]:
    return {"question": {"kind": kind}, **body}


@pytest.mark.parametrize(
    ("reading", "answer", "number", "values"),
    [
        (
            Reading(field="median_seconds"),
            answered("sessions", median_seconds=[60, 80], total={"median_seconds": 70}), 70, (60, 80),
        ),
        (
            Reading(field="value", column=1),
            answered("lifetime_value", pooled=[10.0, 15.0], cohorts=[
                {"value": [10.0, 16.0], "complete": [True, True]}, {"value": [9.0, 11.0], "complete": [True, False]}]),
            15.0, (16.0, None),
        ),
        (Reading(field="repurchase"), answered("lifetime_value", repurchase={"rate": 0.25}), 0.25, ()),
        (Reading(field="buyers"), answered("lifetime_value", total={"buyers": 7}), 7, ()),
        (
            Reading(),
            answered("funnel", steps=[{"from_start": 1.0}, {"from_start": 0.4}],
                     trend={"rate": [0.3, 0.5], "complete": [True, False]}),
            0.4, (0.3, None),
        ),
        (
            Reading(column=1),
            answered("retention", pooled=[1.0, 0.5], cohorts=[{"size": 4, "counts": [4, 2], "complete": [True, True]}]),
            0.5, (0.5,),
        ),
    ],
)  # fmt: skip
def test_a_number_and_its_line_are_read_of_an_answer(
    reading: Reading, answer: dict[str, Any], number: float, values: tuple[float | None, ...]
) -> None:
    metric = Metric(id="m", name_ko="m", name_en="m", question=answer["question"], reading=reading)
    assert figure.whole(metric, answer) == figure.Figure(number, values)


async def test_a_formula_counts_by_interval_in_total_and_by_group(room: Room) -> None:
    await room.define("f-listens", LISTENS)
    await room.define("f-listeners", LISTENERS)
    await room.define("f-each", ratio("f-listens", "f-listeners"), unit="number")
    await room.define("f-double", {"kind": "formula", "formula": "A*2", "metrics": {"A": "f-each"}})
    answer = await room.ask("POST", "/query", {"kind": "metric", "metric": "f-each", **WEEK})
    assert (answer["question"]["kind"], answer["metric"]["value"]) == ("formula", pytest.approx(28 / 12))
    assert answer["series"][0]["values"] == [None, 1, 1, 1, None, None, None]
    assert await room.value("f-double") == pytest.approx(28 / 6)
    asked = {"kind": "metric", "metric": "f-each", "breakdown": {"prop": "country"}, **WEEK}
    answer = await room.ask("POST", "/query", asked)
    assert {line["value"]: line["total"] for line in answer["series"]} == {"KR": 14 / 6, "US": 14 / 6}
    answer = await room.ask("POST", "/query", {"kind": "metric", "metric": "f-each", "compare": "previous", **WEEK})
    assert answer["previous"]["series"][0]["total"] == 2
    assert any("f-listens" in sentence for sentence in answer["meta"]["definitions"])


async def test_a_metric_of_the_last_interval_is_not_read_at_the_one_that_is_running(room: Room) -> None:
    weekly = {**LISTENERS, "interval": "week"}
    await room.define("l-weekly", weekly, reading={"at": "last"})
    await room.define("l-listens", LISTENS)
    await room.define("l-each", ratio("l-listens", "l-weekly", interval="week"), reading={"at": "last"})
    for metric, value in (("l-weekly", 12), ("l-each", 28 / 12)):
        asked = {"kind": "metric", "metric": metric, "from": "2026-11-09", "to": "2026-11-23"}
        assert (await room.ask("POST", "/query", asked))["metric"]["value"] == value
        standing = await room.ask("GET", f"/metrics/{metric}/value", **{"from": "2026-11-09", "to": "2026-11-23"})
        assert (standing["value"], standing["complete"], len(standing["values"])) == (value, 2, 3)


async def test_a_formula_with_a_part_that_has_no_groups_is_not_broken_down(room: Room) -> None:
    await room.define("g-listens", LISTENS)
    await room.define("g-sql", {"kind": "sql", "sql": "select 2"})
    await room.define("g-half", ratio("g-listens", "g-sql"))
    assert await room.value("g-half") == 14
    asked = {"kind": "metric", "metric": "g-half", "breakdown": {"prop": "country"}}
    status, error = await room.ask("POST", "/query", asked)
    assert (status, error["field"]) == (422, "breakdown")


async def test_a_formula_that_comes_back_to_itself_is_refused(room: Room) -> None:
    await room.define("c-a", LISTENS)
    await room.define("c-b", ratio("c-a", "c-a"))
    await room.define("c-c", ratio("c-b", "c-a"))
    changed = {"name_ko": "a", "name_en": "a", "question": ratio("c-c", "c-b")}
    for method, path in (("PUT", "/metrics/c-a"), ("POST", "/metrics/c-a/impact")):
        status, error = await room.ask(method, path, changed)
        assert (status, error["field"]) == (422, "question.metrics")
        assert "c-a → c-c" in error["message"]


@pytest.mark.parametrize(
    ("question", "more", "field"),
    [
        (ratio("nobody", "k-trend"), {}, "question.metrics"),
        ({"kind": "formula", "formula": "A/C", "metrics": {"A": "x"}}, {}, "question.formula"),
        ({"kind": "formula", "formula": "A", "metrics": {"B": "x"}}, {}, "question.metrics"),
        ({"kind": "formula", "formula": "A"}, {}, "question.metrics"),
        ({"kind": "paths"}, {}, "question.kind"),
        ({"kind": "lifecycle"}, {"reading": {"field": "gone"}}, "reading.field"),
        ({"kind": "sessions"}, {"reading": {}}, "reading.field"),
        (LISTENS, {"owner": "nobody"}, "owner"),
        (LISTENS, {"tags": ["a", " "]}, "tags[1]"),
    ],
)
async def test_what_is_no_definition_names_its_field(
    room: Room, question: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    status, error = await room.define("n-o", question, **more)
    assert (status, error["field"]) == (422, field)


async def test_a_change_shows_who_is_affected_before_it_is_saved(room: Room) -> None:
    joon, mina = room.cast.joon.user, room.cast.mina.user
    await room.define("i-listens", LISTENS, function="product", owner=joon)
    await room.define("i-listeners", LISTENERS)
    await room.define("i-each", ratio("i-listens", "i-listeners"), function="marketing")
    await room.ask("POST", "/boards", {"id": "i-board", "name_ko": "보드", "name_en": "Board",
                                       "tiles": [{"metric": "i-each"}]})  # fmt: skip
    await room.ask("POST", "/metrics/i-listens/verify")
    korea = {"kind": "trend", "series": [{"event": "Listen Started", "where": [{"prop": "country", "value": "KR"}]}]}
    changed = {"name_ko": "청취", "name_en": "Listens", "function": "product", "owner": joon, "question": korea}
    told = await room.ask("POST", "/metrics/i-listens/impact", {**changed, **WEEK})
    assert (told["before"]["value"], told["after"]["value"]) == (28, 14)
    assert (told["version"], told["verification_lost"], told["teams"]) == (2, True, ["product", "marketing"])
    assert [(use["kind"], use["id"], use["through"]) for use in told["uses"]] == [
        ("formula", "i-each", ""),
        ("board", "i-board", "i-each"),
    ]
    because = {person["id"]: {reason["why"] for reason in person["because"]} for person in told["people"]}
    assert because == {joon: {"owns_metric"}, mina: {"verified_metric", "owns_formula", "owns_board"}}
    assert {"field": "name_en", "before": "i-listens", "after": "Listens"} in told["changed"]
    assert (await room.ask("GET", "/metrics/i-listens"))["version"] == 2, "nothing was saved"


async def test_a_stage_and_an_alert_are_places_too(room: Room) -> None:
    await room.define("p-m", LISTENS)
    rule = {"event": "Listen Started"}
    stage = {"name_ko": "첫 청취", "name_en": "First listen", "function": "product", "metric": "p-m", "rule": rule}
    later = {"name_ko": "선물", "name_en": "Gift", "rule": {"event": "Gift Sent"}}
    made = await room.ask("POST", "/journeys", {"name_ko": "여정", "name_en": "Journey", "stages": [stage, later]})
    alert = await room.ask("POST", "/metric-alerts", {"metric": "p-m", "kind": "above", "every": "day", "threshold": 5})
    uses = (await room.ask("GET", "/metrics/p-m"))["uses"]
    assert [(use["kind"], use["id"], use["function"], use["subscribed"]) for use in uses] == [
        ("journey", made["id"], "product", False),
        ("alert", alert["id"], "", True),
    ]


async def test_an_impact_says_what_a_broken_definition_would_answer(room: Room) -> None:
    await room.define("j-sql", {"kind": "sql", "sql": "select 1"})
    changed = {"name_ko": "j", "name_en": "j", "question": {"kind": "sql", "sql": "select nonsense from events"}}
    told = await room.ask("POST", "/metrics/j-sql/impact", changed)
    assert told["before"]["value"] == 1
    assert "nonsense" in told["after"]["error"]


async def test_a_change_of_words_keeps_the_mark_and_a_change_of_meaning_takes_it(room: Room) -> None:
    await room.define("v-m", LISTENS)
    verified = await room.ask("POST", "/metrics/v-m/verify")
    assert (verified["verified_by"], verified["verified_at"][:10]) == (room.cast.mina.user, "2026-11-23")
    body = {"name_ko": "말", "name_en": "Words", "question": LISTENS, "tags": ["x"]}
    assert (await room.ask("PUT", "/metrics/v-m", body))["verified"]
    changed = await room.ask("PUT", "/metrics/v-m", {**body, "question": LISTENERS})
    assert (changed["verified"], changed["verified_by"], changed["version"]) == (False, "", 4)
    history = (await room.ask("GET", "/metrics/v-m"))["history"]
    assert [one["field"] for one in history[0]["changed"]] == ["verified", "question.series[0].math"]
    assert history[-1]["changed"] == []


async def test_a_change_of_an_older_version_is_a_conflict(room: Room) -> None:
    await room.define("w-m", LISTENS)
    body = {"name_ko": "w", "name_en": "w", "question": LISTENERS, "version": 1}
    assert (await room.ask("PUT", "/metrics/w-m", body))["version"] == 2
    status, error = await room.ask("PUT", "/metrics/w-m", body)
    assert (status, error["field"], error["data"]) == (409, "version", {"version": 2})


async def test_the_catalogue_is_searched_and_says_how_often_each_is_used(room: Room) -> None:
    await room.define("s-one", GIFTS, name_ko="선물 금액", tags=["money"], function="sales")
    await room.define("s-two", ratio("s-one", "s-one"), function="marketing")

    async def found(**query: Any) -> list[str]:
        return [one["id"] for one in (await room.ask("GET", "/metrics", **query))["metrics"] if one["id"][:2] == "s-"]

    assert await found(q="선물") == await found(q="gift SENT") == await found(tag="money") == ["s-one"]
    assert await found(function="marketing") == ["s-two"]
    assert await found(verified=True) == []
    used = {one["id"]: one["used"] for one in (await room.ask("GET", "/metrics"))["metrics"]}
    assert (used["s-one"], used["s-two"]) == (1, 0)


async def test_a_metric_that_others_count_with_is_not_removed(room: Room) -> None:
    await room.define("r-one", GIFTS)
    await room.define("r-two", ratio("r-one", "r-one"))
    status, error = await room.ask("DELETE", "/metrics/r-one")
    assert (status, [use["id"] for use in error["data"]["uses"]]) == (409, ["r-two"])
    await room.ask("DELETE", "/metrics/r-two")
    assert await room.ask("DELETE", "/metrics/r-one") is None


async def test_one_workspace_neither_sees_nor_uses_anothers_metrics(room: Room) -> None:
    await room.define("t-mine", LISTENS)
    body = {"id": "t-theirs", "name_ko": "t", "name_en": "t", "question": ratio("t-mine", "t-mine")}
    headers = {"authorization": f"Bearer {room.cast.rival_token}"}
    answer = await room.client.post("/api/v1/metrics", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "question.metrics")
    assert (await room.client.post("/api/v1/metrics/t-mine/impact", json=body, headers=headers)).status_code == 404
    assert (await room.client.get("/api/v1/metrics", headers=headers)).json()["metrics"] == []


async def test_the_starters_are_a_catalogue_with_trees_that_can_be_read(room: Room) -> None:
    await room.ask("POST", "/metrics/starters")
    assert (await room.ask("POST", "/metrics/starters"))["id"] == "teams"
    known = {one["id"] for one in (await room.ask("GET", "/metrics"))["metrics"]}
    assert {metric.id for metric in METRICS} <= known
    assert {one["id"] for one in (await room.ask("GET", "/trees"))["trees"]} >= {tree.id for tree in TREES}
    async with room.state.begin_system() as tx:
        told = [event.event for batch in await tail(tx, 0) for event in batch.events() if event.source == "metrics"]
    assert told.count("Metric Tree Created") == len(TREES)
