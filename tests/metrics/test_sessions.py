"""Sessions: what belongs together, where it is counted, how long and how deep it was."""

from __future__ import annotations

from typing import Any

import pytest

from dure.kernel.errors import Invalid
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


DAYS = {"from": "2020-06-10", "to": "2020-06-12"}


def sessions(**more: Any) -> dict[str, Any]:
    return {"kind": "sessions", **DAYS, **more}


def seen(*times: str, **properties: Any) -> list[Any]:
    return [("view", f"2020-06-{time}", properties) for time in times]


async def test_a_pause_longer_than_the_gap_ends_a_session(journeys: Journeys) -> None:
    journeys.write({"mina": seen("10 10:00", "10 10:20", "10 10:50", "10 11:20:01"), "joon": seen("11 09:00")})
    answer = await journeys.ask(sessions())
    assert answer["intervals"] == ["2020-06-10", "2020-06-11", "2020-06-12"]
    assert (answer["sessions"], answer["people"]) == ([2, 1, 0], [1, 1, 0])
    assert answer["average_seconds"] == [1500, 0, None]
    assert answer["median_seconds"] == [1500, 0, None]
    assert answer["events_per_session"] == [2, 1, None]
    assert answer["single_event_rate"] == [0.5, 1, None]
    assert answer["total"] == {
        "sessions": 3, "people": 2, "average_seconds": 1000, "median_seconds": 0,
        "events_per_session": pytest.approx(5 / 3), "single_event_rate": pytest.approx(2 / 3),
    }  # fmt: skip
    assert [(bin_["from"], bin_["to"]) for bin_ in answer["durations"] if bin_["count"]] == [(0, 1), (1800, 3600)]


async def test_the_edges_of_the_range(journeys: Journeys) -> None:
    """One that began before is not counted, however long it goes on; one that goes on after counts what lies inside."""
    journeys.write(
        {
            "early": seen("09 23:40", "10 00:05", "10 00:30"),
            "back": seen("09 23:00", "10 00:05"),
            "late": seen("12 23:50", "13 00:10"),
        }
    )
    answer = await journeys.ask(sessions())
    assert (answer["sessions"], answer["people"], answer["average_seconds"]) == ([1, 0, 1], [1, 0, 1], [0, None, 0])
    # So days asked one by one and days asked together are the same sessions.
    days = [await journeys.ask(sessions(**{"from": day, "to": day})) for day in ("2020-06-09", "2020-06-10")]
    assert [day["total"]["sessions"] for day in days] == [2, 1]


async def test_groups_are_by_the_first_event_of_a_session(journeys: Journeys) -> None:
    journeys.write(
        {
            "p": [*seen("10 10:00", source="ad"), *seen("10 10:10", source="mail"), *seen("11 10:00", source="mail")],
            "q": [*seen("10 12:00", source="ad"), *seen("10 15:00")],
        }
    )
    answer = await journeys.ask(sessions(breakdown={"prop": "source", "limit": 2}))
    assert [(group["value"], group["sessions"]) for group in answer["groups"]] == [("ad", [2, 0, 0]), (None, [1, 0, 0])]
    ads = answer["groups"][0]
    assert (ads["total"]["people"], ads["average_seconds"][0], ads["durations"][0]["count"]) == (2, 300, 1)
    assert (answer["sessions"], answer["total"]["sessions"]) == ([3, 1, 0], 4)
    assert answer["meta"]["warnings"] == ["3 groups; the 2 largest are shown."]


async def test_sessions_of_accounts_and_of_merged_people(journeys: Journeys) -> None:
    journeys.write({"phone": seen("10 10:00"), "laptop": seen("10 10:20")}, account="acme")
    journeys.write({"other": seen("10 10:40")}, account="acme")
    assert (await journeys.ask(sessions()))["total"]["sessions"] == 3
    assert (await journeys.ask(sessions(by="account")))["events_per_session"][0] == 3
    journeys.merge("phone", into="laptop")
    merged = await journeys.ask(sessions())
    assert (merged["total"]["sessions"], merged["total"]["people"]) == (2, 2)


async def test_only_the_events_asked_for_make_a_session(journeys: Journeys) -> None:
    journeys.write({"p": [*seen("10 10:00", "10 10:40", page="/"), ("ping", "2020-06-10 10:20")]})
    assert (await journeys.ask(sessions()))["total"]["sessions"] == 1
    assert (await journeys.ask(sessions(event="view")))["total"]["sessions"] == 2
    assert (await journeys.ask(sessions(event="view", gap="40m")))["total"]["sessions"] == 1
    home = [{"prop": "page", "op": "set"}]
    assert (await journeys.ask(sessions(where=home)))["total"]["sessions"] == 2


async def test_who_began_a_session_is_behind_its_number(journeys: Journeys) -> None:
    journeys.write({"p": [*seen("10 10:00", source="ad"), *seen("11 10:00")], "q": seen("10 12:00", source="mail")})
    question = parse(sessions(breakdown={"prop": "source"}))
    reading = Reading(journeys.log, journeys.tenant)
    ask, ruler = await asking.prepare(reading, question, NOW, "UTC")

    async def people(cell: Cell) -> set[str]:
        found = await behind.rows(reading, ask, ruler, cell)
        return {one for person in found["people"] for one in person["distinct_ids"]}

    assert await people(Cell(interval=0)) == {"p", "q"}
    assert await people(Cell(interval=0, grouped=True, value="ad")) == {"p"}
    assert await people(Cell(grouped=True, value=None)) == {"p"}
    assert await people(Cell(interval=2)) == set()


async def test_a_gap_is_a_duration(journeys: Journeys) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask(sessions(gap="half an hour"))
    assert error.value.field == "gap"
