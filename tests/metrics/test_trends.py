"""Trends beyond the first look: groups that belong together, moving means, the range before, clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from dure.log.api import Log
from tests.metrics.journeys import Journeys
from tests.metrics.worlds import NOBODY, fresh

pytestmark = pytest.mark.anyio


@pytest.fixture
def journeys(shared_log: Log) -> Journeys:
    return fresh(shared_log)


DAYS = {"from": "2020-06-10", "to": "2020-06-12"}
Json = dict[str, Any]


def trend(*series: Json, **more: Any) -> Json:
    return {"kind": "trend", "series": list(series), **DAYS, **more}


def played(*genres: str, event: str = "play", day: int = 10) -> list[Any]:
    return [(event, f"2020-06-{day:02} 0{n}:00", {"genre": genre}) for n, genre in enumerate(genres)]


def by_value(answer: Json, label: str) -> dict[str | None, Any]:
    return {line["value"]: line["values"] for line in answer["series"] if line["label"] == label}


async def test_a_formula_divides_group_by_group(journeys: Journeys) -> None:
    """The groups are those of A, also where another would be larger by B alone."""
    journeys.write({"p": [*played("talk", "talk", "sleep", "news"), *played("news", "news", "talk", event="gift")]})
    answer = await journeys.ask(
        trend({"event": "gift"}, {"event": "play"}, formula="A/B", breakdown={"prop": "genre", "limit": 2})
    )
    assert by_value(answer, "A/B") == {"news": [2, None, None], "talk": [0.5, None, None]}
    assert [line["total"] for line in answer["series"]] == [2, 0.5]
    assert answer["meta"]["warnings"] == ["3 groups; the 2 largest are shown."]


async def test_all_series_show_the_same_groups(journeys: Journeys) -> None:
    journeys.write({"p": [*played("talk", "talk", "sleep"), *played("sleep", "news", event="gift", day=11)]})
    answer = await journeys.ask(
        trend({"event": "play"}, {"event": "gift", "math": "people"}, breakdown={"prop": "genre", "limit": 2})
    )
    assert by_value(answer, "play") == {"talk": [2, 0, 0], "sleep": [1, 0, 0]}
    assert by_value(answer, "gift (people)") == {"talk": [0, 0, 0], "sleep": [0, 1, 0]}


async def test_the_range_before_shows_the_groups_of_the_range(journeys: Journeys) -> None:
    journeys.write({"p": [*played("talk", day=10), *played("sleep", "sleep", "talk", day=8)]})
    answer = await journeys.ask(
        trend({"event": "play"}, breakdown={"prop": "genre", "limit": 1}, compare="previous")
    )  # fmt: skip
    assert by_value(answer, "play") == {"talk": [1, 0, 0]}
    assert by_value(answer["previous"], "play") == {"talk": [0, 1, 0]}
    assert answer["previous"]["intervals"] == ["2020-06-07", "2020-06-08", "2020-06-09"]


async def test_a_moving_mean_begins_when_there_are_enough_intervals(journeys: Journeys) -> None:
    journeys.write({"p": [("tick", "2020-06-10", {"n": 4}), ("tick", "2020-06-10"), ("tick", "2020-06-12", {"n": 8})]})
    answer = await journeys.ask(
        trend({"event": "tick"}, {"event": "tick", "math": "average", "prop": "n"}, moving_average=2,
              compare="previous")
    )  # fmt: skip
    counted, averaged = answer["series"]
    assert (counted["values"], counted["moving"]) == ([2, 0, 1], [None, 1, 0.5])
    # A day without a value is left out of the mean, not taken for zero.
    assert (averaged["values"], averaged["moving"]) == ([4, None, 8], [None, 4, 8])
    assert [line["moving"] for line in answer["previous"]["series"]] == [[None, 0, 0], [None, None, None]]


async def test_a_moving_mean_of_a_formula(journeys: Journeys) -> None:
    journeys.write({"p": [("a", "2020-06-10"), ("b", "2020-06-10"), ("b", "2020-06-11"), ("b", "2020-06-12")]})
    answer = await journeys.ask(trend({"event": "a"}, {"event": "b"}, formula="A/B", moving_average=3))
    assert answer["series"][0]["moving"] == [None, None, pytest.approx(1 / 3)]


async def test_one_pass_counts_many_series_each_by_its_own_conditions(journeys: Journeys) -> None:
    journeys.write({"mina": played("talk", "sleep"), "joon": played("talk", event="gift")})
    journeys.write({"": [("play", "2020-06-10")]}, person=NOBODY)
    talk = [{"prop": "genre", "value": "talk"}]
    answer = await journeys.ask(
        trend(
            {"event": "play"}, {"event": "play", "math": "people"}, {"event": "*", "math": "people", "where": talk},
            {"event": "*", "math": "per_person"},
        )
    )  # fmt: skip
    # What is about nobody is an event, but nobody is no person.
    assert [line["total"] for line in answer["series"]] == [3, 1, 2, 1.5]


@pytest.mark.parametrize("math", ["people", "count"])
async def test_by_account_and_by_object(journeys: Journeys, math: str) -> None:
    for name, account, thing in (("p", "acme", "d1"), ("q", "acme", "d2"), ("r", "", "d3")):
        journeys.write({name: [("Won", "2020-06-10"), ("Won", "2020-06-11")]}, account=account, object=thing)
    totals = {
        by: (await journeys.ask(trend({"event": "Won", "math": math}, by=by)))["series"][0]["total"]
        for by in ("person", "account", "object")
    }
    assert totals == ({"person": 3, "account": 1, "object": 3} if math == "people" else dict.fromkeys(totals, 6))


async def test_a_day_of_25_hours(journeys: Journeys) -> None:
    start = datetime(2021, 11, 7, 4, tzinfo=UTC)  # midnight in New York, where clocks go back that night
    journeys.write({"p": [("tick", start + timedelta(minutes=30 * n)) for n in range(50)]})
    night = {"from": "2021-11-07", "to": "2021-11-07", "timezone": "America/New_York"}
    hours = await journeys.ask(trend({"event": "tick"}, interval="hour", **night))
    assert hours["series"][0]["values"] == [2] * 25
    assert hours["intervals"][:4] == [f"2021-11-07T0{hour}-0{off}:00" for hour, off in
                                      (("0:00", 4), ("1:00", 4), ("1:00", 5), ("2:00", 5))]  # fmt: skip
    days = await journeys.ask(trend({"event": "tick", "math": "people"}, **night))
    assert days["series"][0]["values"] == [1]


async def test_weeks_and_months_before_are_the_zone_s_own(journeys: Journeys) -> None:
    """A range of weeks from a Wednesday on: the one before begins on a Wednesday at midnight, before clocks changed."""
    journeys.write({"p": [("tick", "2021-02-24 05:00"), ("tick", "2021-02-24 04:59")]})  # midnight in New York
    new_york: Json = {"timezone": "America/New_York", "compare": "previous"}
    answer = await journeys.ask(
        trend({"event": "tick"}, interval="week", **{"from": "2021-03-10", "to": "2021-03-23"}, **new_york)
    )
    assert answer["previous"]["intervals"] == ["2021-02-22", "2021-03-01", "2021-03-08"]
    assert answer["previous"]["series"][0]["total"] == 1
    months = await journeys.ask(
        trend({"event": "tick"}, interval="month", **{"from": "2021-03-01", "to": "2021-04-30"}, **new_york)
    )
    assert (months["intervals"], months["previous"]["intervals"]) == (
        ["2021-03-01", "2021-04-01"], ["2021-01-01", "2021-02-01"],
    )  # fmt: skip
    assert months["previous"]["series"][0]["values"] == [0, 2]


async def test_a_cut_interval_is_told_when_it_is_compared_with_a_whole_one(journeys: Journeys) -> None:
    weeks = {"interval": "week", "from": "2020-06-08", "to": "2020-06-17", "compare": "previous"}
    answer = await journeys.ask(trend({"event": "tick"}, **weeks))
    assert answer["meta"]["warnings"] == ["The last interval is cut off by `to`; the one it is compared with is whole."]


async def test_numbers_come_as_they_were_sent(journeys: Journeys) -> None:
    """A whole number, a fraction, a number in a text; true, a list and a word are none."""
    sent: list[Any] = [1, 2.5, "3", "x", True, [4], None, 2**63 + 2048, -(2**62)]
    journeys.write({"p": [("pay", f"2020-06-10 0{n}:00", {"sum": amount}) for n, amount in enumerate(sent)]})
    answer = await journeys.ask(
        trend(*({"event": "pay", "math": math, "prop": "sum"} for math in ("min", "max", "median", "count")))
    )
    assert [line["total"] for line in answer["series"]] == [-(2**62), 2**63 + 2048, 2.5, 9]


@pytest.mark.parametrize(
    ("more", "field"),
    [({"moving_average": 1}, "moving_average"), ({"breakdown": {"prop": "a`b"}}, "breakdown.prop"),
     ({"formula": "A/B"}, "formula"), ({"series": []}, "series")],
)  # fmt: skip
async def test_what_makes_no_sense_names_the_field(journeys: Journeys, more: Json, field: str) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask({**trend({"event": "a"}), **more})
    assert error.value.field == field


@pytest.mark.parametrize(("week_start", "first", "now"), [
    ("monday", "2026-08-31", "2026-11-19"), ("sunday", "2026-09-06", "2026-11-22"),
    ("monday", "2026-09-07", "2026-11-23"),
])  # fmt: skip
async def test_weeks_without_a_range_are_whole_ones(journeys: Journeys, week_start: str, first: str, now: str) -> None:
    """A week that is cut at the range's beginning would look like a small one."""
    journeys.write({"u": [("listen", first)]})
    question = {"kind": "trend", "series": [{"event": "listen"}], "interval": "week", "week_start": week_start}
    answer = await journeys.ask(question, now=datetime.fromisoformat(now).replace(hour=12, tzinfo=UTC))
    assert (answer["intervals"][0], len(answer["intervals"]), answer["series"][0]["values"][0]) == (first, 12, 1)
    assert answer["question"]["from"].startswith(first)
