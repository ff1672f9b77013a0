"""Trends, lifecycle and stickiness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from tests.metrics.journeys import Journeys, every

pytestmark = pytest.mark.anyio

WEEK = {"from": "2020-06-10", "to": "2020-06-12"}


def trend(*series: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "trend", "series": list(series), **more}


async def test_every_math(journeys: Journeys) -> None:
    amounts = {"mina": [10, 20], "joon": [30, 100]}
    journeys.write(
        {
            name: [("Gift Sent", f"2020-06-1{n} 10:00", {"amount": amount}) for n, amount in enumerate(given)]
            for name, given in amounts.items()
        }
    )
    journeys.write({"mina": [("Gift Sent", "2020-06-10 11:00", {"amount": "not a number"})]})
    maths = ("count", "people", "sum", "average", "median", "p90", "min", "max", "per_person")
    series = [{"event": "Gift Sent", "math": math, "prop": "amount"} for math in maths]
    answer = await journeys.ask(trend(*series, **WEEK))
    assert answer["intervals"] == ["2020-06-10", "2020-06-11", "2020-06-12"]
    values = dict(zip(maths, ((line["values"], line["total"]) for line in answer["series"]), strict=True))
    assert values == {
        "count": ([3, 2, 0], 5), "people": ([2, 2, 0], 2), "sum": ([40, 120, 0], 160),
        "average": ([20, 60, None], 40), "median": ([20, 60, None], 25), "p90": ([28, 92, None], pytest.approx(79)),
        "min": ([10, 20, None], 10), "max": ([30, 100, None], 100), "per_person": ([1.5, 1, None], 2.5),
    }  # fmt: skip


async def test_a_formula_and_the_previous_range(journeys: Journeys) -> None:
    journeys.write({"p": every("A A B A B B", "2020-06-07", 86_400)})
    answer = await journeys.ask(
        trend({"event": "A"}, {"event": "B"}, formula="B/(A+B)*100", compare="previous", **WEEK)
    )
    assert [line["values"] for line in answer["series"]] == [[0, 100, 100]]
    assert answer["series"][0]["total"] == pytest.approx(200 / 3)
    assert answer["previous"]["intervals"] == ["2020-06-07", "2020-06-08", "2020-06-09"]
    assert answer["previous"]["series"][0]["values"] == [0, 0, 100]


@pytest.mark.parametrize("formula", ["A/C", "A**B", "__import__('os')", "A if B else A", "A/", "x"])
async def test_a_formula_is_arithmetic_only(journeys: Journeys, formula: str) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask(trend({"event": "A"}, {"event": "B"}, formula=formula, **WEEK))
    assert error.value.field == "formula"


async def test_groups_are_the_largest(journeys: Journeys) -> None:
    journeys.write(
        {"p": [("play", "2020-06-10", {"genre": genre}) for genre in ["talk"] * 3 + ["sleep"] * 2 + ["news"]]}
    )
    answer = await journeys.ask(trend({"event": "play"}, breakdown={"prop": "genre", "limit": 2}, **WEEK))
    assert [(line["value"], line["values"]) for line in answer["series"]] == [("talk", [3, 0, 0]), ("sleep", [2, 0, 0])]


async def test_a_day_of_23_hours_is_one_day(journeys: Journeys) -> None:
    start = datetime(2021, 3, 14, 5, tzinfo=UTC)  # midnight in New York, where clocks go forward that night
    journeys.write({"p": [("tick", start + timedelta(hours=hour)) for hour in range(-24, 47)]})
    days = {"from": "2021-03-13", "to": "2021-03-15", "timezone": "America/New_York"}
    answer = await journeys.ask(trend({"event": "tick"}, **days))
    assert answer["series"][0]["values"] == [24, 23, 24]
    hours = await journeys.ask(
        trend({"event": "tick"}, interval="hour", **{**days, "from": "2021-03-14", "to": "2021-03-14"})
    )
    assert hours["series"][0]["values"] == [1] * 23
    assert hours["intervals"][1:3] == ["2021-03-14T01:00-05:00", "2021-03-14T03:00-04:00"]


async def test_weeks_begin_where_asked(journeys: Journeys) -> None:
    journeys.write({"p": [("tick", "2020-06-14 12:00"), ("tick", "2020-06-15 12:00")]})  # a Sunday and a Monday
    for week_start, values, first in (("monday", [1, 1], "2020-06-08"), ("sunday", [0, 2], "2020-06-07")):
        answer = await journeys.ask(
            trend(
                {"event": "tick"}, interval="week", week_start=week_start, **{"from": "2020-06-08", "to": "2020-06-16"}
            )
        )
        assert (answer["series"][0]["values"], answer["intervals"][0]) == (values, first)


async def test_by_account_and_by_object(journeys: Journeys) -> None:
    journeys.write({"p": every("Deal Won", "2020-06-10")[:1]}, account="acme", object="d1")
    journeys.write({"q": every("Won Won", "2020-06-10")}, account="acme", object="d2")
    for by, people in (("person", 1), ("account", 1), ("object", 1)):
        answer = await journeys.ask(trend({"event": "Won", "math": "people"}, by=by, **WEEK))
        assert answer["series"][0]["total"] == people


async def test_account_traits(journeys: Journeys) -> None:
    journeys.write({"p": [("Account Identified", "2020-06-01", {"tier": "gold"}), ("use", "2020-06-10")]}, account="a")
    journeys.write({"q": [("use", "2020-06-10")]}, account="b")
    gold = [{"prop": "account.tier", "value": "gold"}]
    assert (await journeys.ask(trend({"event": "use"}, where=gold, **WEEK)))["series"][0]["total"] == 1
    answer = await journeys.ask(trend({"event": "use"}, breakdown={"prop": "account.tier"}, **WEEK))
    assert {line["value"]: line["total"] for line in answer["series"]} == {"gold": 1, None: 1}


FILTERS = [
    ("plan", "=", "pro", {"a"}), ("plan", "!=", "pro", {"b", "c"}), ("plan", "in", ["pro", "free"], {"a", "b"}),
    ("plan", "not_in", ["pro"], {"b", "c"}), ("plan", "set", None, {"a", "b"}), ("plan", "not_set", None, {"c"}),
    ("plan", "contains", "re", {"b"}), ("amount", ">", 9, {"a", "b"}), ("amount", ">=", "10", {"a", "b"}),
    ("amount", "<", 100, {"a"}), ("amount", "=", "10", {"a"}), ("amount", "=", 10.0, {"a"}),
    ("vip", "=", True, {"a"}), ("vip", "!=", True, {"b", "c"}), ("tags", "contains", "x", {"a"}),
    ("person.country", "=", "KR", {"a"}), ("person.country", "!=", "KR", {"b", "c"}),
    ("person.country", "not_set", None, {"c"}), ("person.country", "in", ["KR", "JP"], {"a", "b"}),
    ("deep.key", "=", "v", {"a"}),
]  # fmt: skip


@pytest.mark.parametrize("merged", [False, True])
async def test_filters_mean_what_the_kernel_says(journeys: Journeys, merged: bool) -> None:
    journeys.write(
        {
            "a": [("Identified", "2020-06-01", {"country": "US"}), ("Identified", "2020-06-02", {"country": "KR"}),
                  ("use", "2020-06-10", {"plan": "pro", "amount": 10, "vip": True, "tags": ["x", "yx"],
                                         "deep": {"key": "v"}})],
            "b": [("Identified", "2020-06-01", {"country": "JP"}),
                  ("use", "2020-06-10", {"plan": "free", "amount": 100, "vip": False, "tags": ["xx"]})],
            "c": [("use", "2020-06-10")],
        }
    )  # fmt: skip
    if merged:
        journeys.merge("someone", into="somebody")
    for prop, op, value, wanted in FILTERS:
        where = [{"prop": prop, "op": op, "value": value}]
        assert await journeys.at_step(["use"], 0, where=where, **WEEK) == wanted, (prop, op, value)


async def test_a_trait_of_whom_one_was_merged_into(journeys: Journeys) -> None:
    journeys.write({"anonymous": [("use", "2020-06-10")], "kim": [("Identified", "2020-06-11", {"country": "KR"})]})
    kr = [{"prop": "person.country", "value": "KR"}]
    assert await journeys.counts(["use"], where=kr, **WEEK) == [0]
    journeys.merge("anonymous", into="kim")
    assert await journeys.counts(["use"], where=kr, **WEEK) == [1]
    answer = await journeys.ask(trend({"event": "use"}, breakdown={"prop": "person.country"}, **WEEK))
    assert [line["value"] for line in answer["series"]] == ["KR"]


async def test_a_segment_is_who_is_in_it_now(journeys: Journeys) -> None:
    journeys.write({name: [("use", "2020-06-10")] for name in ("in", "out", "never")})
    journeys.write({"in": [("Segment Entered", "2020-06-01")], "out": [("Segment Entered", "2020-06-01")]},
                   object_type="segment", object="s1")  # fmt: skip
    journeys.write({"out": [("Segment Left", "2020-06-02")]}, object_type="segment", object="s1")
    assert await journeys.at_step(["use"], 0, segment="s1", **WEEK) == {"in"}


async def test_l1_lifecycle(journeys: Journeys) -> None:
    days = (9, 11, 12, 13, 15, 17, 18, 19)
    journeys.write({"p": [("used", f"2020-01-{day:02} 12:00") for day in days]}, account="org:5")
    answer = await journeys.ask({"kind": "lifecycle", "by": "account", "from": "2020-01-09", "to": "2020-01-19"})
    assert answer["new"] == [1] + [0] * 10
    assert answer["returning"] == [0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1]
    assert answer["resurrecting"] == [0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0]
    assert answer["dormant"] == [0, -1, 0, 0, 0, -1, 0, -1, 0, 0, 0]


async def test_someone_first_seen_before_the_range_is_not_new(journeys: Journeys) -> None:
    journeys.write({"p": [("used", "2019-06-01"), ("used", "2020-01-10")], "q": [("used", "2020-01-08")]})
    answer = await journeys.ask({"kind": "lifecycle", "from": "2020-01-09", "to": "2020-01-10"})
    assert (answer["new"], answer["resurrecting"], answer["dormant"]) == ([0, 0], [0, 1], [-1, 0])


async def test_k1_stickiness(journeys: Journeys) -> None:
    journeys.write({"p1": [("used", f"2020-01-{day} 12:00", {"browser": "Chrome"}) for day in range(11, 20)]})
    journeys.write({"p2": [("used", f"2020-01-{day} 12:00", {"browser": "Safari"}) for day in range(11, 20, 2)]})
    question = {"kind": "stickiness", "from": "2020-01-11", "to": "2020-01-20"}

    async def bars(**more: Any) -> dict[int, int]:
        answer = await journeys.ask({**question, **more})
        return {bar["intervals"]: bar["people"] for bar in answer["bars"] if bar["people"]}

    assert await bars() == {5: 1, 9: 1}
    assert await bars(interval="week", week_start="sunday") == {3: 2}
    assert await bars(interval="month") == {1: 2}
    assert await bars(where=[{"prop": "browser", "value": "Chrome"}]) == {9: 1}


BAD = [
    ({}, "kind"),
    ({"kind": "nothing"}, "kind"),
    ({"kind": "funnel"}, "steps"),
    ({"kind": "funnel", "steps": []}, "steps"),
    ({"kind": "funnel", "steps": [{"event": "a", "wher": []}]}, "steps[0].wher"),
    ({"kind": "funnel", "steps": [{"event": 5}]}, "steps[0].event"),
    ({"kind": "funnel", "steps": [{"event": "a"}], "window": "7 days"}, "window"),
    ({"kind": "funnel", "steps": [{"event": "a"}], "colour": 1}, "colour"),
    ({"kind": "trend", "series": [{"event": "a", "math": "sum"}]}, "series[0].prop"),
    ({"kind": "trend", "series": [{"event": "a"}], "timezone": "Mars/Base"}, "timezone"),
    ({"kind": "trend", "series": [{"event": "a"}], "from": "yesterday"}, "from"),
    ({"kind": "trend", "series": [{"event": "a"}], "where": [{"prop": "a`b"}]}, "where[0].prop"),
    ({"kind": "trend", "series": [{"event": "a"}], "interval": "hour", "from": "2001-01-01"}, "interval"),
    ({"kind": "retention", "start": {"event": "a"}, "intervals": 0}, "intervals"),
]


@pytest.mark.parametrize(("question", "field"), BAD)
async def test_what_makes_no_sense_names_the_field(journeys: Journeys, question: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask(question)
    assert error.value.field == field, error.value.message


async def test_answers_repeat_the_question_and_say_how_they_counted(journeys: Journeys) -> None:
    answer = await journeys.ask({"kind": "funnel", "steps": [{"event": "a"}]}, timezone="Asia/Seoul")
    asked = answer["question"]
    assert (asked["window"], asked["order"], asked["reentry"], asked["by"]) == ("7d", "ordered", "any", "person")
    assert (asked["timezone"], asked["from"][:10], asked["to"][:10]) == ("Asia/Seoul", "2026-10-25", "2026-11-23")
    assert set(answer["meta"]) == {"definitions", "elapsed_ms", "rows_read", "warnings"}
    assert answer["meta"]["definitions"]
