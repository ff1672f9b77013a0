"""Retention: the published cases, each named for what it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dure.log.api import Log
from dure.metrics import asking, behind
from dure.metrics.asking import Reading
from dure.metrics.behind import Cell
from dure.metrics.question import parse
from tests.metrics.journeys import NOW, Journeys
from tests.metrics.worlds import fresh

pytestmark = pytest.mark.anyio


@pytest.fixture
def journeys(shared_log: Log) -> Journeys:
    return fresh(shared_log)


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


@pytest.mark.parametrize(("interval", "length"), [("week", 7), ("month", 30)])
async def test_r12_rolling_weeks_have_7_days_and_months_30(journeys: Journeys, interval: str, length: int) -> None:
    born, micro = datetime(2020, 6, 3, 20, tzinfo=UTC), timedelta(microseconds=1)
    until = timedelta(days=length)
    backs = {"before": until - micro, "first": until, "last": 2 * until - micro, "after": 2 * until}
    journeys.write({name: [("in", born), ("back", born + later)] for name, later in backs.items()})
    answer = await journeys.ask(
        retention(start={"event": "in"}, mode="rolling", interval=interval, intervals=3,
                  **{"return": {"event": "back"}, "from": "2020-06-01", "to": "2020-08-31"})
    )  # fmt: skip
    assert rows(answer)[0] == [4, 2, 1]


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
    assert any(said.startswith("Pooled rates are") for said in answer["meta"]["definitions"])


async def test_r15_brackets(journeys: Journeys) -> None:
    journeys.write({"p": on(0, 2, 3, 9), "q": on(0, 7), "r": on(0, 20)})
    answer = await journeys.ask(
        retention(start={"event": "used", "first_time": True}, measure="bracket", brackets=[3, 7, 14, 30],
                  **{"from": day(0), "to": day(31)})
    )  # fmt: skip
    assert rows(answer)[0] == [3, 1, 1, 1, 1]


async def test_a_cohort_s_brackets_end_at_the_range_s_end(journeys: Journeys) -> None:
    """A bracket that begins in the range is there, and complete once its last day is over."""
    journeys.write({"p": on(0, 1, 4), "q": on(0, 3)})
    start = {"event": "used", "first_time": True}
    answer = await journeys.ask(
        retention(start=start, measure="bracket", brackets=[1, 3, 7], **{"from": day(0), "to": day(4)})
    )
    assert rows(answer) == [[2, 1, 1, 1], [0, 0, 0], [0, 0, 0], [0, 0], [0]]
    assert [cohort["complete"] for cohort in answer["cohorts"][:2]] == [[True, True, True, False], [True, True, True]]


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


async def test_the_whole_stands_beside_its_groups(journeys: Journeys) -> None:
    """A group is by the start that put somebody in the cohort, so that the groups of a cohort add up to it."""

    def came(name: str, day: int, platform: str) -> tuple[str, str, dict[str, str]]:
        return (name, f"2020-06-{day}", {"platform": platform})

    journeys.write({
        "mina": [came("in", 10, "ios"), came("in", 11, "web"), came("in", 12, "web")],
        "joon": [came("in", 10, "web"), came("in", 11, "web")], "sora": [came("in", 11, "tv")],
    })  # fmt: skip
    question = retention(start={"event": "in"}, intervals=2, breakdown={"prop": "platform", "limit": 2},
                         **{"from": day(0), "to": day(2)})  # fmt: skip
    answer = await journeys.ask(question)
    assert rows(answer) == [[2, 2], [3, 1], [1]]
    groups = {group["value"]: rows(group) for group in answer["groups"]}
    assert groups == {"web": [[1, 1], [2, 1], [1]], "ios": [[1, 1], [0, 0], [0]]}
    assert answer["pooled"] == [1.0, pytest.approx(3 / 5)]
    assert answer["meta"]["warnings"] == ["3 groups; the 2 largest are shown."]
    assert await behind_cell(journeys, question, Cell(cohort=1)) == {"mina", "joon", "sora"}
    assert await behind_cell(journeys, question, Cell(cohort=1, grouped=True, value="web")) == {"mina", "joon"}
    assert await behind_cell(journeys, question, Cell(cohort=1, column=1, grouped=True, value="web")) == {"mina"}


async def behind_cell(journeys: Journeys, question: dict[str, Any], cell: Cell) -> set[str]:
    reading = Reading(journeys.log, journeys.tenant)
    ask, ruler = await asking.prepare(reading, parse(question), NOW, "UTC")
    found = await behind.rows(reading, ask, ruler, cell)
    return {one for person in found["people"] for one in person["distinct_ids"]}


async def test_retention_of_accounts_and_of_objects(journeys: Journeys) -> None:
    for name, days, account, thing in (("p", (0,), "acme", "d1"), ("q", (1,), "acme", "d2"), ("r", (1, 2), "", "d1")):
        journeys.write({name: on(*days)}, account=account, object=thing)
    wanted = {"person": [[1, 0, 0], [2, 1], [1]], "account": [[1, 1, 0], [1, 0], [0]],
              "object": [[1, 1, 1], [2, 1], [1]]}  # fmt: skip
    for by, triangle in wanted.items():
        answer = await journeys.ask(retention(by=by, intervals=3, **{"from": day(0), "to": day(2)}))
        assert rows(answer) == triangle, by


async def test_a_day_of_23_hours_is_a_day_to_come_back_in(journeys: Journeys) -> None:
    """In New York the night to 14 March 2021 has no two o'clock; a rolling day is still 24 hours."""
    born = datetime(2021, 3, 13, 6, tzinfo=UTC)  # one at night
    journeys.write({"p": [("in", born), ("back", born + timedelta(hours=23))],
                    "q": [("in", born), ("back", born + timedelta(hours=47))]})  # fmt: skip
    question = retention(start={"event": "in"}, intervals=3, timezone="America/New_York",
                         **{"return": {"event": "back"}, "from": "2021-03-13", "to": "2021-03-15"})  # fmt: skip
    assert rows(await journeys.ask(question))[0] == [2, 1, 1]
    assert rows(await journeys.ask({**question, "mode": "rolling"}))[0] == [2, 1, 0]
