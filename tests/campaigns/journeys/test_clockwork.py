"""Times of clocks: across daylight saving, by a person's own zone, and when a recurring campaign comes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dure.campaigns.design import Again, Entry
from dure.campaigns.journeys.clockwork import instant, next_time, occurrences, own_times
from dure.campaigns.journeys.entering import may_again
from dure.campaigns.journeys.lots import lots
from dure.campaigns.journeys.telling import Telling
from dure.campaigns.model import Campaign
from dure.campaigns.ready import TRIED_AND_LEFT
from dure.campaigns.rules import read_design
from dure.experiments.api import held_back
from dure.feed.api import decode
from dure.governance.api import Principal, Role
from dure.kernel.lots import lot
from dure.kernel.tenant import Tenant

BERLIN, SEOUL, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_time_that_the_clock_skips_is_later_by_what_it_skips() -> None:
    # On 29 March 2026 Berlin's clocks go from 02:00 to 03:00.
    assert instant(datetime(2026, 3, 29, 2, 30), BERLIN) == at("2026-03-29T01:30")
    assert instant(datetime(2026, 3, 29, 2, 30), BERLIN).astimezone(BERLIN).hour == 3


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    assert instant(datetime(2026, 10, 25, 2, 30), BERLIN) == at("2026-10-25T00:30")


@pytest.mark.parametrize(
    ("after", "shown", "days", "zone", "found"),
    [
        ("2026-11-26T00:00", "09:00", None, SEOUL, "2026-11-26T00:00"),  # it is nine at this very moment
        ("2026-11-26T00:01", "09:00", None, SEOUL, "2026-11-27T00:00"),
        ("2026-11-26T00:01", "09:00", ["mon"], SEOUL, "2026-11-30T00:00"),
        ("2026-03-28T20:00", "02:30", None, BERLIN, "2026-03-29T01:30"),
        ("2026-10-25T00:31", "02:30", None, BERLIN, "2026-10-26T01:30"),  # not once more an hour later
        ("2026-11-01T04:00", "09:00", ["sun"], NEW_YORK, "2026-11-01T14:00"),  # the day has 25 hours
    ],
)
def test_the_next_time_of_a_clock(
    after: str, shown: str, days: list[str] | None, zone: ZoneInfo, found: str
) -> None:  # fmt: skip
    assert next_time(at(after), shown, days, zone) == at(found)


def test_nine_in_the_morning_is_nine_everywhere() -> None:
    zones = ["Asia/Seoul", "America/New_York", None, "Nowhere/Land"]
    found = own_times("2026-12-01T09:00", zones, "Europe/Berlin")
    assert [one.strftime("%d %H:%M") for one in found] == ["01 00:00", "01 14:00", "01 08:00", "01 08:00"]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ({"every": {"days": ["mon", "thu"], "time": "09:00"}}, ["2026-11-26T09:00", "2026-11-30T09:00"]),
        ({"every": {"day": 1, "time": "09:00"}}, ["2026-12-01T09:00", "2027-01-01T09:00"]),
        ({"every": {"days": ["mon"], "time": "09:00", "until": "2026-11-30"}}, ["2026-11-30T09:00"]),
        ({"at": "2026-12-24T18:00"}, ["2026-12-24T18:00"]),
        ({}, ["launch"]),
        ({"trigger": {"event": "Signed Up"}}, []),
    ],
)
def test_when_a_campaign_comes(entry: dict[str, Any], found: list[str]) -> None:
    coming = occurrences(msgspec.convert(entry, Entry), at("2026-11-25T03:00"), SEOUL, 2)
    assert [key for key, _ in coming] == found


def test_a_campaign_by_everybodys_own_clock_opens_where_the_day_begins_first() -> None:
    entry = msgspec.convert({"at": "2026-12-01T09:00", "zone": "person"}, Entry)
    assert occurrences(entry, at("2026-11-25T03:00"), SEOUL) == [("2026-12-01T09:00", at("2026-11-30T19:00"))]


@pytest.mark.parametrize(
    ("again", "before", "may"),
    [
        (Again("7d"), {"entry": "2026-11-19T00:00", "open": False}, True),
        (Again("7d"), {"entry": "2026-11-19T00:01", "open": False}, False),
        (Again("7d"), {"entry": "2026-11-19T00:00", "open": True}, True),  # it counts from coming in, wherever they are
        (Again("7d", most=2), {"entry": "2026-01-01T00:00", "open": False, "times": 2}, False),
        (Again("1d", "send"), {"send": "2026-11-25T00:00", "open": True}, True),
        (Again("1d", "send"), {"send": None, "open": True}, False),
        (Again("1d", "send"), {"send": None, "open": False}, True),
        (Again("1d", "exit"), {"exit": "2026-11-25T00:00", "open": False}, True),
        (Again("1d", "exit"), {"exit": "2026-11-20T00:00", "open": True}, False),
    ],
)
def test_who_may_come_again(again: Again, before: dict[str, Any], may: bool) -> None:
    past = {"times": 1, "entry": at("2026-01-01T00:00"), "exit": None, "send": None} | {
        name: at(value) if isinstance(value, str) else value for name, value in before.items()
    }
    assert may_again(again, past, at("2026-11-26T00:00")) is may


def test_lots_of_many_are_the_lots_of_each() -> None:
    people = [uuid4() for _ in range(500)]
    drawn = lots("campaign:c-1:", people).tolist()
    assert drawn == [lot("campaign:c-1:", str(person)) for person in people]
    assert [one < 0.3 for one in drawn] == [held_back("campaign:c-1:", str(person), 0.3) for person in people]


def test_what_is_told_in_sets_reads_as_what_is_told_one_by_one() -> None:
    now, person = at("2026-11-26T00:00"), uuid4()
    principal = Principal(Tenant("E0", "T0"), "", Role.ADMIN, frozenset({"*"}), "system", "campaigns")
    campaign = Campaign("c-1", read_design(TRIED_AND_LEFT), "live", 1, "", now, now)
    telling = Telling(now)
    telling.tell(principal, "Message Skipped", campaign, person, 'u "1"', {"reason": "no_address", "node": "a"})
    (line,) = telling._lines[principal.tenant]
    event = decode(line)
    assert (event.event, event.person, event.distinct_id, event.time) == ("Message Skipped", person, 'u "1"', now)
    assert (event.org, event.workspace, event.source, event.actor) == ("E0", "T0", "campaigns", principal.actor)
    assert (event.object_type, event.object) == ("campaign", "c-1")
    assert event.properties == {
        "campaign": "c-1", "name": "들어 보고 떠난 분께", "reason": "no_address", "node": "a"
    }  # fmt: skip
