"""The learned pace beside the straight line, on flights whose end is known."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from dure.pacing.calibration import calibrated
from dure.pacing.curve import Curve, Flight, learn, nothing_learned
from dure.pacing.forecast import Ask, pace, pace_many, straight
from dure.pacing.gate import certainty
from tests.pacing.flights import HABITS, Made, flights
from tests.real_data import real


@cache
def learned() -> Curve:
    """What a workspace's 120 finished flights teach."""
    finished = [Flight(one.start, one.whole) for one in flights(1, 120, broken=0.05)]
    return calibrated(learn(finished), finished)


@dataclass
class Score:
    caught: int = 0
    missed: int = 0
    false: int = 0
    quiet: int = 0

    def add(self, flagged: bool, truth: bool) -> None:
        name = {(True, True): "caught", (False, True): "missed", (True, False): "false", (False, False): "quiet"}
        setattr(self, name[flagged, truth], getattr(self, name[flagged, truth]) + 1)

    @property
    def recall(self) -> float:
        return self.caught / (self.caught + self.missed)

    @property
    def false_rate(self) -> float:
        return self.false / (self.false + self.quiet)


def line(one: Made) -> float:
    as_of = one.start + timedelta(days=one.seen - 1)
    return straight(int(one.whole[: one.seen].sum()), one.start, one.end, as_of) / one.goal


def test_learned_pace_finds_more_misses_with_fewer_false_alarms_than_the_straight_line() -> None:
    """At the rule by which cards are written; all three on the same flights."""
    curve = learned()
    ours, even, strict = Score(), Score(), Score()
    for one in flights(2, 600):
        found = pace(one.start, one.end, one.goal, one.whole[: one.seen], 0, 1.0, curve)
        ours.add(certainty(found.miss, 1 - found.middle[-1] / one.goal) == "sure", one.will_miss)
        even.add(line(one) < 0.95, one.will_miss)
        strict.add(line(one) < 0.8, one.will_miss)
    assert ours.recall > even.recall > strict.recall
    assert ours.false_rate < strict.false_rate < even.false_rate
    assert ours.recall > 0.85
    assert ours.false_rate < 0.03


def test_four_of_five_ends_lie_in_the_interval() -> None:
    curve = learned()
    inside = []
    for one in flights(3, 400, broken=0.0):
        found = pace(one.start, one.end, one.goal, one.whole[: one.seen], 0, 1.0, curve)
        inside.append(found.low[-1] <= one.whole.sum() <= found.high[-1])
    assert 0.75 < float(np.mean(inside)) < 0.92


def test_on_a_citys_real_traffic_the_calibrated_interval_holds_more_of_the_ends() -> None:
    """Taxi rides a day in New York: learned from July to September, asked about October to January."""
    path = real("hourly_traffic_nyc_taxi.csv.gz")
    rides: dict[date, float] = {}
    with gzip.open(path, "rt") as lines:
        for row in csv.DictReader(lines):
            rides[date.fromisoformat(row["timestamp"][:10])] = rides.get(
                date.fromisoformat(row["timestamp"][:10]), 0.0
            ) + float(row["value"])
    days, first = np.array([rides[day] for day in sorted(rides)]), min(rides)
    past = [Flight(first + timedelta(days=n), days[n : n + 28]) for n in range(0, 64, 4)]
    plain = learn(past)
    covered: dict[str, list[bool]] = {"plain": [], "calibrated": []}
    for name, curve in (("plain", plain), ("calibrated", calibrated(plain, past))):
        for n in range(92, len(days) - 28, 2):
            start, whole = first + timedelta(days=n), days[n : n + 28]
            found = pace(start, start + timedelta(days=27), 1, whole[:10], 0, 1.0, curve)
            covered[name].append(found.low[-1] <= whole.sum() <= found.high[-1])
    assert np.mean(covered["calibrated"]) > np.mean(covered["plain"]) + 0.1
    assert np.mean(covered["calibrated"]) > 0.6


def test_the_curve_finds_the_weekdays_the_slow_beginning_and_the_noise() -> None:
    rng = np.random.default_rng(4)
    week = np.log(np.array(HABITS[0]))
    days = []
    for n in range(20):
        start = date(2026, 9, 7) + timedelta(days=n)
        which = (start.weekday() + np.arange(28)) % 7
        begin = np.where(np.arange(28) == 0, np.log(0.6), np.where(np.arange(28) == 1, np.log(0.85), 0))
        days.append(Flight(start, np.exp(9 + week[which] + begin + rng.normal(0, 0.08, 28))))
    curve = learn(days)
    assert np.allclose(curve.weekday, week - week.mean(), atol=0.05)
    assert np.allclose(np.exp(curve.ramp), [0.6, 0.85], atol=0.06)
    assert curve.noise == pytest.approx(0.08, abs=0.02)
    assert (curve.spread < 0.08).all()


def test_a_workspace_without_a_past_still_gets_a_forecast() -> None:
    curve = learn([])
    assert curve.flights == 0
    days = np.full(6, 1000.0)
    found = pace(date(2026, 11, 2), date(2026, 11, 15), 14_000, days, 0, 1.0, nothing_learned())
    assert found.middle[-1] == pytest.approx(14_000, rel=0.1)
    assert found.low[-1] < 14_000 < found.high[-1]


def test_one_day_of_a_broken_counter_does_not_move_the_forecast() -> None:
    curve = learned()
    days = np.full(14, 1000.0)
    odd = days.copy()
    odd[10] = 5.0
    first, last = date(2026, 11, 2), date(2026, 11, 29)
    plain = pace(first, last, 28_000, days, 0, 1.0, curve).middle[-1] - days.sum()
    bent = pace(first, last, 28_000, odd, 0, 1.0, curve).middle[-1] - odd.sum()
    assert bent == pytest.approx(plain, rel=0.12)


def test_two_silent_days_mean_it_stopped_and_nothing_more_is_promised() -> None:
    days = np.array([1000.0] * 8 + [0, 0])
    found = pace(date(2026, 11, 2), date(2026, 11, 29), 28_000, days, 0, 1.0, learned())
    assert found.stopped
    assert (found.middle[-1], found.miss) == (8000, 1.0)


def test_what_came_today_counts_and_only_the_rest_of_today_is_expected() -> None:
    curve, days = learned(), np.full(14, 1000.0)
    first, last = date(2026, 11, 2), date(2026, 11, 16)  # today is the last day
    morning = pace(first, last, 15_000, days, 0, 1.0, curve)
    evening = pace(first, last, 15_000, days, 900, 0.1, curve)
    assert morning.days_left == evening.days_left == 1
    assert evening.middle[-1] == pytest.approx(15_000, rel=0.02)
    assert evening.high[-1] - evening.low[-1] < morning.high[-1] - morning.low[-1]


def test_the_same_figures_give_the_same_forecast() -> None:
    curve, days = learned(), np.full(9, 1234.0)
    asked = (date(2026, 11, 2), date(2026, 11, 20), 20_000, days, 0, 1.0, curve)
    assert np.array_equal(pace(*asked).high, pace(*asked).high)


def test_a_flight_is_forecast_alike_alone_and_among_others() -> None:
    curve = learned()
    asks = [Ask(one.start, one.end, one.goal, one.whole[: one.seen]) for one in flights(5, 40)]
    together = pace_many(asks, curve)
    for ask, among in zip(asks, together, strict=True):
        alone = pace_many([ask], curve)[0]
        assert (alone.miss, alone.days_left) == (pytest.approx(among.miss), among.days_left)
        assert np.allclose(alone.high, among.high)


LOOKED_AT = (0.3, 0.5, 0.7)


def stopped_at_the_goal(seed: int, count: int) -> list[Flight]:
    """Flights whose ad server stops five percent above the goal; some break, and some of those recover."""
    rng, made = np.random.default_rng(seed), []
    for one in flights(seed, count, broken=0.4):
        days = one.whole.copy()
        if rng.random() < 0.3:
            days[one.seen + 2 :] *= 1.8
        ends = np.minimum(np.cumsum(days), 1.05 * one.goal)
        made.append(Flight(one.start, np.diff(ends, prepend=0.0), one.goal))
    return made


def asked(some: list[Flight]) -> list[Ask]:
    """Each flight at one of three places, in turn."""
    asks = []
    for number, flight in enumerate(some):
        length = len(flight.impressions)
        seen = int(length * LOOKED_AT[number % 3])
        asks.append(
            Ask(flight.start, flight.start + timedelta(days=length - 1), flight.goal, flight.impressions[:seen])
        )
    return asks


def test_the_interval_is_right_for_short_flights_too_not_only_for_those_that_end_at_their_stop() -> None:
    past, now = stopped_at_the_goal(6, 400), stopped_at_the_goal(7, 600)
    plain = learn(past)
    curve = calibrated(plain, past)
    assert curve.cushion == pytest.approx(1.05, abs=0.002)
    held = {}
    for name, used in (("plain", plain), ("calibrated", curve)):
        inside = [
            found.low[-1] <= flight.impressions.sum() <= found.high[-1] * 1.001
            for flight, found in zip(now, pace_many(asked(now), used), strict=True)
            if found.middle[-1] < flight.goal
        ]
        held[name] = float(np.mean(inside))
    assert held["plain"] < 0.7 < held["calibrated"] < 0.92


def test_what_is_said_to_be_likely_happens_about_as_often() -> None:
    past, now = stopped_at_the_goal(6, 400), stopped_at_the_goal(9, 600)
    curve = calibrated(learn(past), past)
    said = np.array([found.miss for found in pace_many(asked(now), curve)])
    came = np.array([float(flight.impressions.sum()) < 0.99 * flight.goal for flight in now])
    likely = said > 0.5
    assert likely.sum() > 50
    assert float(said[likely].mean()) == pytest.approx(float(came[likely].mean()), abs=0.1)
    assert float(said[~likely].mean()) == pytest.approx(float(came[~likely].mean()), abs=0.1)
