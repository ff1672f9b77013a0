"""Retention: the published cases, each named for what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.metrics.journeys import Journeys

pytestmark = pytest.mark.anyio

D0 = date(2020, 6, 10)


def on(*days: int, hour: int = 5, event: str = "used") -> list[tuple[str, datetime]]:
    midnight = datetime(2020, 6, 10, hour, tzinfo=UTC)
    return [(event, midnight + timedelta(days=day)) for day in days]


def day(number: int) -> str:
    return (D0 + timedelta(days=number)).isoformat()


def retention(**more: Any) -> dict[str, Any]:
    return {"kind": "retention", "start": {"event": "*"}, "return": {"event": "*"}, **more}


def rows(answer: dict[str, Any]) -> list[list[int]]:
    return [cohort["counts"] for cohort in answer["cohorts"]]


D2 = {"p1": (0, 3, 4), "p2": (0, 1), "p3": (1, 2, 3), "p4": (3, 4), "p5": (4,)}


async def test_r1_days(journeys: Journeys) -> None:
    journeys.write({"person1": on(0, 1, 2, 5, 6), "person2": on(1, 2, 3, 6)})
    journeys.write({"alias1": on(5, hour=9)})
    journeys.merge("alias1", into="person1")
    answer = await journeys.ask(retention(intervals=11, **{"from": "2020-06-10", "to": "2020-06-20"}))
    assert rows(answer) == [
        [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0], [2, 2, 1, 0, 1, 2, 0, 0, 0, 0], [2, 1, 0, 1, 2, 0, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 0, 0], [0] * 7, [1, 1, 0, 0, 0, 0], [2, 0, 0, 0, 0], [0] * 4, [0] * 3, [0, 0], [0],
    ]  # fmt: skip
    assert answer["cohorts"][0]["start"] == "2020-06-10"


async def test_r3_months(journeys: Journeys) -> None:
    def months(*numbers: int) -> list[tuple[str, datetime]]:
        return [("used", datetime(2020, month, 10, 5, tzinfo=UTC)) for month in numbers]

    journeys.write({"person1": months(1, 2, 3, 5, 6, 9), "person2": months(1, 2, 3, 6, 7, 11)})
    answer = await journeys.ask(retention(interval="month", intervals=11, **{"from": "2020-01-01", "to": "2020-11-30"}))
    assert rows(answer) == [
        [2, 2, 2, 0, 1, 2, 1, 0, 1, 0, 1], [2, 2, 0, 1, 2, 1, 0, 1, 0, 1], [2, 0, 1, 2, 1, 0, 1, 0, 1], [0] * 8,
        [1, 1, 0, 0, 1, 0, 0], [2, 1, 0, 1, 0, 1], [1, 0, 0, 0, 1], [0] * 4, [1, 0, 0], [0, 0], [1],
    ]  # fmt: skip


async def test_r4_on_or_after(journeys: Journeys) -> None:
    journeys.write({name: on(*days) for name, days in D2.items()})
    answer = await journeys.ask(retention(measure="on_or_after", intervals=5, **{"from": day(1), "to": day(5)}))
    assert rows(answer) == [[2, 1, 1, 0, 0], [1, 1, 0, 0], [3, 2, 0], [3, 0], [0]]


async def test_r5_on_or_after_counts_a_person_once_a_column(journeys: Journeys) -> None:
    journeys.write({name: on(*days) for name, days in D2.items()})
    answer = await journeys.ask(retention(measure="on_or_after", intervals=6, **{"from": day(0), "to": day(5)}))
    assert rows(answer) == [[2, 2, 1, 1, 1, 0], [2, 1, 1, 0, 0], [1, 1, 0, 0], [3, 2, 0], [3, 0], [0]]


async def test_r7_first_time_is_the_first_such_event_of_all_time(journeys: Journeys) -> None:
    journeys.write({"p1": [*on(0, 1, 2, event="event1"), *on(2, 3, event="event2")]})
    for back in ("*", "event2"):
        answer = await journeys.ask(
            retention(
                start={"event": "event2", "first_time": True}, intervals=4, **{"return": {"event": back}},
                **{"from": day(-1), "to": day(2)},
            )
        )  # fmt: skip
        assert rows(answer) == [[0, 0, 0, 0], [0, 0, 0], [0, 0], [1]]


async def test_first_time_looks_before_the_range(journeys: Journeys) -> None:
    journeys.write({"old": on(-40, 0, 1), "fresh": on(0, 1)})
    question = retention(start={"event": "used", "first_time": True}, intervals=2, **{"from": day(0), "to": day(1)})
    assert rows(await journeys.ask(question)) == [[1, 1], [0]]


async def test_r8_a_merge_counts_at_once(journeys: Journeys) -> None:
    def months(*numbers: int) -> list[tuple[str, datetime]]:
        return [("used", datetime(2020, month, 10, 5, tzinfo=UTC)) for month in numbers]

    journeys.write({"person1": months(1, 3, 5, 7, 9, 11), "person2": months(2, 4, 6, 8, 10)})
    question = retention(interval="month", intervals=11, **{"from": "2020-01-01", "to": "2020-11-30"})
    assert rows(await journeys.ask(question))[0] == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    journeys.merge("person2", into="person1")
    assert rows(await journeys.ask(question)) == [[1] * length for length in range(11, 0, -1)]
    journeys.merge("person2", into="person2", version=2)
    assert rows(await journeys.ask(question))[0] == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("interval", "first", "then", "span"),
    [
        ("day", "2020-06-15 20:00", "2020-06-16 06:00", ("2020-06-15", "2020-06-16")),
        ("week", "2020-06-19 12:00", "2020-06-22 12:00", ("2020-06-15", "2020-06-28")),
        ("month", "2020-02-25 12:00", "2020-03-03 12:00", ("2020-02-01", "2020-03-31")),
    ],
)
async def test_r12_calendar_and_rolling_differ(
    journeys: Journeys, interval: str, first: str, then: str, span: tuple[str, str]
) -> None:
    journeys.write({"p": [("used", first), ("used", then)]})
    counted = {}
    for mode in ("calendar", "rolling"):
        answer = await journeys.ask(
            retention(interval=interval, mode=mode, intervals=2, **{"from": span[0], "to": span[1]})
        )
        counted[mode] = rows(answer)[0]
    assert counted == {"calendar": [1, 1], "rolling": [1, 0]}


async def test_r12_a_rolling_day_is_its_own_24_hours(journeys: Journeys) -> None:
    start = datetime(2020, 6, 10, 20, tzinfo=UTC)
    journeys.write(
        {f"p{hours}": [("in", start), ("back", start + timedelta(hours=hours))] for hours in (1, 23, 24, 47, 48, 72)}
    )
    answer = await journeys.ask(
        retention(start={"event": "in"}, mode="rolling", intervals=4, **{"return": {"event": "back"}},
                  **{"from": day(0), "to": day(9)})
    )  # fmt: skip
    assert rows(answer)[0] == [6, 2, 1, 1]


async def test_r14_pooled_leaves_out_incomplete_cells(journeys: Journeys) -> None:
    journeys.write({f"a{n}": on(0, 1) if n < 5 else on(0) for n in range(10)})
    journeys.write({f"b{n}": on(1, 2) if n < 4 else on(1) for n in range(5)})
    journeys.write({f"c{n}": on(2, 3) if n < 1 else on(2) for n in range(7)})
    now = datetime(2020, 6, 13, 12, tzinfo=UTC)
    answer = await journeys.ask(
        retention(start={"event": "used", "first_time": True}, intervals=2, **{"from": day(0), "to": day(3)}), now=now
    )
    assert [cohort["counts"] for cohort in answer["cohorts"]] == [[10, 5], [5, 4], [7, 1], [0]]
    assert [cohort["complete"] for cohort in answer["cohorts"]] == [[True, True], [True, True], [True, False], [False]]
    assert answer["pooled"] == [1.0, pytest.approx(9 / 15)]


async def test_r15_brackets(journeys: Journeys) -> None:
    journeys.write({"p": on(0, 2, 3, 9), "q": on(0, 7), "r": on(0, 20)})
    answer = await journeys.ask(
        retention(start={"event": "used", "first_time": True}, measure="bracket", brackets=[3, 7, 14, 30],
                  **{"from": day(0), "to": day(31)})
    )  # fmt: skip
    assert rows(answer)[0] == [3, 1, 1, 1, 1]


async def test_a_minimum_of_returns(journeys: Journeys) -> None:
    journeys.write({"once": on(0, 1, 2), "twice": [*on(0, 1), *on(1, hour=9)]})
    more = {"from": day(0), "to": day(3)}
    start = {"event": "used", "first_time": True}
    assert rows(await journeys.ask(retention(start=start, intervals=4, minimum=2, **more)))[0] == [2, 1, 0, 0]
    after = retention(start=start, intervals=4, minimum=2, measure="on_or_after", **more)
    assert rows(await journeys.ask(after))[0] == [2, 2, 0, 0]


async def test_days_are_those_of_the_zone(journeys: Journeys) -> None:
    journeys.write({"p": [("used", "2020-06-10 14:00"), ("used", "2020-06-10 16:00")]})
    more = {"from": "2020-06-10", "to": "2020-06-11"}
    assert rows(await journeys.ask(retention(intervals=2, timezone="UTC", **more))) == [[1, 0], [0]]
    assert rows(await journeys.ask(retention(intervals=2, timezone="Asia/Seoul", **more))) == [[1, 1], [1]]


async def test_retention_by_a_property_and_by_a_trait(journeys: Journeys) -> None:
    journeys.write(
        {
            "kim": [("Identified", "2020-06-01", {"country": "KR"}), ("in", "2020-06-10", {"platform": "ios"}),
                    ("in", "2020-06-11", {"platform": "web"})],
            "lee": [("in", "2020-06-10", {"platform": "web"})],
        }
    )  # fmt: skip
    for prop, wanted in (
        ("platform", {"ios": [1, 1], "web": [1, 0]}),
        ("person.country", {"KR": [1, 1], None: [1, 0]}),
    ):
        answer = await journeys.ask(
            retention(start={"event": "in"}, intervals=2, breakdown={"prop": prop}, **{"return": {"event": "in"}},
                      **{"from": day(0), "to": day(1)})
        )  # fmt: skip
        assert {group["value"]: group["cohorts"][0]["counts"] for group in answer["groups"]} == wanted
