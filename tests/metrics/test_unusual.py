"""The rule for what is unusual: it states how often it is wrong, and is."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dure.metrics.alerts.unusual import Rule, Verdict, daily, hourly, judge
from tests.real_data import real

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
# What is known to have happened in New York, and the public holidays beside it: neither counts as a false alarm.
MARATHON, THANKSGIVING, CHRISTMAS, NEW_YEAR, BLIZZARD = (
    "2014-11-02", "2014-11-27", "2014-12-25", "2015-01-01", "2015-01-27",
)  # fmt: skip
HAPPENED = {
    MARATHON, THANKSGIVING, CHRISTMAS, NEW_YEAR, BLIZZARD, "2014-12-24", "2014-12-26", "2014-12-31", "2015-01-26",
    "2014-07-04", "2014-09-01", "2014-10-13", "2014-11-11", "2014-11-28", "2015-01-19",
}  # fmt: skip


def hours(count: int, start: datetime = MONDAY) -> list[datetime]:
    return [start + timedelta(hours=n) for n in range(count)]


def busy(starts: Sequence[datetime], mean: float, seed: int = 1) -> list[float]:
    """Counts with a shape of the day and of the week."""
    shape = [1 + 0.8 * np.sin((at.hour - 6) / 24 * 6.283) + (0.5 if at.weekday() > 4 else 0) for at in starts]
    return [float(n) for n in np.random.default_rng(seed).poisson(mean * np.array(shape))]


def rate_of(verdicts: Sequence[Verdict]) -> float:
    judged = [one for one in verdicts if one.enough]
    return sum(one.unusual for one in judged) / len(judged)


@pytest.mark.parametrize("mean", [0.05, 3, 1000])
def test_ordinary_weeks_alarm_about_as_often_as_stated(mean: float) -> None:
    starts = hours(168 * 18)
    verdicts = judge(busy(starts, mean), starts, hourly(0.01), last=168 * 6)
    assert all(one.enough for one in verdicts)
    assert rate_of(verdicts) < 0.018


def test_a_quiet_night_is_ordinary_and_a_quiet_noon_is_not() -> None:
    starts = hours(168 * 14 + 13)
    values = busy(starts, 300)
    assert starts[-1].hour == 12
    values[-1] = 60.0  # what the hours before dawn have every day
    (verdict,) = judge(values, starts, hourly())
    assert (verdict.unusual, verdict.direction) == (True, "below")
    assert verdict.low is not None
    assert verdict.expected is not None
    assert 60 < verdict.low < verdict.expected < 600


def test_a_lasting_shift_is_told_at_first_and_then_becomes_the_level() -> None:
    starts = hours(168 * 18)
    values = [value * (2 if at >= 168 * 15 else 1) for at, value in enumerate(busy(starts, 300))]
    verdicts = judge(values, starts, hourly(), last=168 * 3)
    assert sum(one.unusual for one in verdicts[:24]) >= 20
    assert rate_of(verdicts[168:]) < 0.03


def test_too_little_history_says_so_and_never_alarms() -> None:
    starts = hours(168 * 5)
    verdicts = judge([*busy(starts, 300)[:-1], 99_999.0], starts, hourly(), last=168)
    assert not any(one.unusual for one in verdicts)
    assert not verdicts[0].enough
    assert verdicts[0].low is None
    assert 0 <= verdicts[0].known < verdicts[0].needed == 99


def test_intervals_without_a_value_teach_nothing_and_are_no_alarm() -> None:
    starts = hours(168 * 14)
    values: list[float | None] = list(busy(starts, 300))
    values[-200:-150] = [None] * 50
    values[-1] = None
    (verdict,) = judge(values, starts, hourly())
    assert (verdict.value, verdict.unusual, verdict.enough) == (None, False, True)


def test_a_metric_that_never_moves_is_not_unusual_for_staying() -> None:
    starts = [MONDAY + timedelta(days=n) for n in range(200)]
    still = judge([5.0] * 199 + [5.0], starts, daily())[0]
    moved = judge([5.0] * 199 + [50.0], starts, daily())[0]
    assert (still.unusual, moved.unusual) == (False, True)


def taxi() -> list[tuple[datetime, float]]:
    """Taxi passengers of New York by the hour, 1 July 2014 to 31 January 2015."""
    sums: dict[datetime, float] = defaultdict(float)
    with gzip.open(real("hourly_traffic_nyc_taxi.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            sums[datetime.fromisoformat(row["timestamp"]).replace(minute=0)] += float(row["value"])
    return sorted(sums.items())


def judged_days(rule: Rule, series: Sequence[tuple[datetime, float]]) -> tuple[dict[str, int], float, int]:
    """Alarms by day, the rate on days on which nothing is known to have happened, and of how many intervals."""
    verdicts = judge([value for _, value in series], [at for at, _ in series], rule, last=len(series))
    alarms: dict[str, int] = defaultdict(int)
    quiet = []
    for (at, _), verdict in zip(series, verdicts, strict=True):
        day = at.date().isoformat()
        alarms[day] += verdict.unusual
        if verdict.enough and day not in HAPPENED:
            quiet.append(verdict.unusual)
    return alarms, sum(quiet) / len(quiet), len(quiet)


def test_on_five_months_of_new_york_the_stated_rate_is_the_real_one_and_what_happened_is_found() -> None:
    series = taxi()
    alarms, rate, count = judged_days(hourly(0.01), series)
    # Documented in docs/how-to/boards-and-alerts.md: 42 of 3,849 hours, 1.09 %.
    assert (round(rate * count), count) == (42, 3849)
    assert 0.005 < rate < 0.015
    # By chance a day has 0.26 alarms; four or more on one day happen by chance once in four thousand days.
    assert {day: alarms[day] for day in (MARATHON, THANKSGIVING, CHRISTMAS, NEW_YEAR, BLIZZARD)} == {
        MARATHON: 4, THANKSGIVING: 16, CHRISTMAS: 14, NEW_YEAR: 8, BLIZZARD: 16,
    }  # fmt: skip


def test_by_the_day_the_rate_holds_too_and_what_only_moved_hours_is_missed() -> None:
    sums: dict[datetime, float] = defaultdict(float)
    for at, value in taxi():
        sums[at.replace(hour=0)] += value
    alarms, rate, count = judged_days(daily(0.05), sorted(sums.items()))
    assert (round(rate * count), count) == (7, 144)
    found = [day for day in (MARATHON, THANKSGIVING, CHRISTMAS, NEW_YEAR, BLIZZARD) if alarms[day]]
    assert found == [THANKSGIVING, CHRISTMAS, BLIZZARD]
