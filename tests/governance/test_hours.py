"""Time counted in opening hours, beside somebody who looks at the wall every minute."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dure.governance.hours.counting import NeverOpen, after, is_open, seconds_between
from dure.governance.hours.model import Hours, Span, Special, always

MINUTE = timedelta(minutes=1)
NINE_TO_SIX = (Span(9 * 60, 18 * 60),)
SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
OFFICE = Hours(
    None, "office", "Asia/Seoul", (NINE_TO_SIX,) * 5 + ((), ()),
    {date(2026, 12, 25): Special("성탄절"), date(2026, 12, 26): Special("특근", (Span(600, 720),))},
)  # fmt: skip


def seoul(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SEOUL)


def test_a_ticket_of_a_closed_day_starts_at_the_next_opening_minute() -> None:
    saturday = seoul(5, 11)
    assert after(OFFICE, saturday, 0) == seoul(7, 9)
    assert after(OFFICE, saturday, 3600) == seoul(7, 10)
    assert seconds_between(OFFICE, saturday, seoul(7, 9, 30)) == 1800


def test_a_night_and_a_weekend_between_cost_nothing() -> None:
    friday = seoul(4, 17)
    assert seconds_between(OFFICE, friday, seoul(7, 10)) == 2 * 3600
    assert after(OFFICE, friday, 3600) == seoul(4, 18)  # by the evening, not by monday morning
    assert after(OFFICE, friday, 3601) == seoul(7, 9) + timedelta(seconds=1)


def test_a_holiday_is_closed_and_a_day_of_its_own_has_its_own_hours() -> None:
    assert after(OFFICE, seoul(24, 17), 2 * 3600) == seoul(26, 11)
    assert not is_open(OFFICE, seoul(25, 10))
    assert is_open(OFFICE, seoul(26, 10))
    assert not is_open(OFFICE, seoul(26, 12))


def test_a_night_shift_belongs_to_the_day_it_began() -> None:
    night = Hours(
        None, "", "Asia/Seoul", ((Span(22 * 60, 30 * 60),),) * 5 + ((), ()), {date(2026, 12, 25): Special("성탄절")}
    )
    assert is_open(night, seoul(25, 5))  # thursday's shift goes on into the holiday
    assert not is_open(night, seoul(25, 23))
    assert seconds_between(night, seoul(24, 22), seoul(26, 22)) == 8 * 3600


def test_spring_takes_an_hour_of_the_night_shift_and_autumn_gives_one() -> None:
    night = Hours(None, "", "Europe/Berlin", ((Span(22 * 60, 30 * 60),),) * 7)
    for evening, hours in ((date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 11, 7), 8)):
        began = datetime(evening.year, evening.month, evening.day, 20, tzinfo=BERLIN)
        ended = datetime(evening.year, evening.month, evening.day, 20, tzinfo=BERLIN) + timedelta(1)
        assert seconds_between(night, began.astimezone(UTC), ended.astimezone(UTC)) == hours * 3600


def test_hours_that_begin_within_springs_missing_hour_begin_with_what_follows_it() -> None:
    early = Hours(None, "", "Europe/Berlin", ((Span(150, 240),),) * 7)  # 02:30 to 04:00
    before = datetime(2026, 3, 29, 0, tzinfo=UTC)
    assert after(early, before, 0) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert seconds_between(early, before, before + timedelta(hours=6)) == 3600


def test_always_is_the_calendar_itself() -> None:
    began, ended = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 11, 3, 4, 5, tzinfo=UTC)
    assert seconds_between(always("Europe/Berlin"), began, ended) == (ended - began).total_seconds()
    assert after(always("Europe/Berlin"), began, 90) == began + timedelta(seconds=90)


def test_what_never_opens_is_said() -> None:
    with pytest.raises(NeverOpen):
        after(Hours(None, "shut", "UTC", ((),) * 7), seoul(1, 1), 1)


# -- beside a minute-by-minute count ----------------------------------------------------------------------------------


def by_the_minute(hours: Hours, start: datetime, minutes: int) -> list[bool]:
    """Whether each minute from `start` on is open, by nothing but what the wall shows then: a span is entered at the
    first minute that shows its start or later, and left at the first that shows its end or later."""
    zone = ZoneInfo(hours.zone)
    lead = 3 * 24 * 60
    walls = [(start + MINUTE * (i - lead)).astimezone(zone).replace(tzinfo=None) for i in range(lead + minutes)]
    latest = list(accumulate(walls, max))  # the first minute that shows a time or later, by halves
    opened = [False] * len(walls)
    first = walls[0].date() - timedelta(1)
    for ahead in range((walls[-1].date() - first).days + 1):
        day = first + timedelta(ahead)
        midnight = datetime(day.year, day.month, day.day)
        for span in hours.on(day):
            begins, ends = midnight + MINUTE * span.start, midnight + MINUTE * span.end
            entered, left = bisect_left(latest, begins), bisect_left(latest, ends)
            opened[entered:left] = [True] * max(left - entered, 0)
    return opened[lead:]


@some.composite
def spans(draw: some.DrawFn) -> tuple[Span, ...]:
    found, at = [], 0
    for _ in range(draw(some.integers(0, 2))):
        start = draw(some.integers(at, 1439))
        end = draw(some.integers(start + 1, start + 1439))
        found.append(Span(start, end))
        if end >= 1439:
            break
        at = end
    return tuple(found)


calendars = some.builds(
    lambda zone, week, days: Hours(
        None, "", zone, tuple(week), {date(2026, *day): Special("x", spans) for day, spans in days}
    ),
    some.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    some.lists(spans(), min_size=7, max_size=7),
    some.lists(some.tuples(some.sampled_from([(3, 8), (3, 29), (3, 30), (4, 5), (10, 4), (10, 25), (11, 1)]), spans())),
)
# Around the days on which those zones change their clocks, both ways, and a plain one.
starts = some.builds(
    lambda day, minutes: datetime(2026, *day, tzinfo=UTC) + MINUTE * minutes,
    some.sampled_from([(3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31), (6, 10)]), some.integers(0, 2 * 1440),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(calendars, starts, some.integers(0, 3 * 1440))
def test_seconds_are_those_of_the_minutes_that_are_open(hours: Hours, start: datetime, minutes: int) -> None:
    assert seconds_between(hours, start, start + MINUTE * minutes) == 60 * sum(by_the_minute(hours, start, minutes))


@settings(max_examples=25, deadline=None)
@given(calendars, starts, some.integers(0, 1440))
def test_after_is_the_first_moment_by_which_they_have_passed(hours: Hours, start: datetime, wanted: int) -> None:
    minutes = by_the_minute(hours, start, 4 * 1440)
    if sum(minutes) <= wanted:
        return
    counted = 0
    for at, opened in enumerate(minutes):
        if (wanted == 0 and opened) or (wanted and counted == wanted):
            assert after(hours, start, wanted * 60) == start + MINUTE * at
            break
        counted += opened


@settings(max_examples=100, deadline=None)
@given(calendars, starts, some.integers(1, 40 * 3600))
def test_counting_and_adding_undo_each_other_to_the_second(hours: Hours, start: datetime, seconds: int) -> None:
    if not any(hours.week):
        return
    due = after(hours, start, seconds)
    assert seconds_between(hours, start, due) == seconds
    assert seconds_between(hours, start, due - timedelta(seconds=1)) == seconds - 1
