"""What is usual, and how seldom chance is taken for a spike."""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dure.social import expectation
from tests.real_data import real

sys.path[:0] = [str(Path(__file__).parents[2])]

from bench import spikes  # noqa: E402

STEPS = 12  # five-minute bins an hour
QUARTER = 13  # weeks


def simulated(rng: np.random.Generator, people: float, unrest: float, weeks: int) -> np.ndarray:
    """People in five-minute bins with a day's and a week's rhythm and hours that vary beyond chance."""
    hour = np.arange(weeks * 168 * STEPS) / STEPS
    rhythm = 1 + 0.8 * np.sin(2 * np.pi * (hour % 24 - 9) / 24) + 0.15 * np.sin(2 * np.pi * hour / 168)
    mood = np.repeat(rng.gamma(1 / unrest, unrest, weeks * 168) if unrest else np.ones(weeks * 168), STEPS)
    return rng.poisson(people * rhythm / rhythm.mean() * mood / STEPS)


def alarms(
    bins: np.ndarray, begin: int, steps: int = STEPS, every: int = 3, allowed: float = expectation.ALLOWED
) -> list[int]:
    """Where spikes begin when the last hour is judged every fifteen minutes from bin `begin` on."""
    sums = np.concatenate([[0], np.cumsum(bins)])
    hours = (sums[steps:] - sums[:-steps]).astype(float)
    on, found = False, []
    for end in range(begin, len(bins) + 1, every):
        seen = int(hours[end - steps])
        if seen < expectation.LEAST and not on:
            continue
        last = end - 2 * steps
        history = hours[last % steps : last + 1 : steps][-expectation.HISTORY :]
        verdict = expectation.judge(history, seen, allowed)
        if not on and verdict.spike:
            found.append(end)
        on = verdict.spike if not on else not verdict.calm
    return found


def test_false_alarms_stay_below_one_a_topic_and_quarter(record_property: Callable[[str, object], None]) -> None:
    rng = np.random.default_rng(11)
    rates = [
        len(alarms(simulated(rng, people, unrest, 6 + QUARTER), 6 * 168 * STEPS))
        for people in (0.1, 1.0, 4.0)
        for unrest in (0.0, 0.17, 0.4)
    ]
    record_property("false alarms a topic and quarter", sum(rates) / len(rates))
    assert sum(rates) / len(rates) < 1.0


@pytest.mark.parametrize(("people", "burst"), [(0.1, 8), (1.0, 14), (4.0, 45), (40.0, 200)])
def test_a_burst_is_one_spike_and_noticed_within_the_hour(people: float, burst: int) -> None:
    bins = simulated(np.random.default_rng(3), people, 0.17, 9)
    at = 8 * 168 * STEPS + 60
    bins[at : at + 2 * STEPS] += burst // STEPS + 1
    found = [where for where in alarms(bins, 8 * 168 * STEPS) if at < where <= at + 4 * STEPS]
    assert len(found) == 1
    assert found[0] <= at + STEPS


def test_an_hour_that_is_always_busy_is_no_spike() -> None:
    history = np.tile([0.0] * 20 + [30.0] * 4, 42)[:-4]
    assert not expectation.judge(history, 34).spike
    assert expectation.judge(history[:-10], 34).spike


def test_a_past_spike_hardly_raises_what_is_usual() -> None:
    rng = np.random.default_rng(1)
    quiet = rng.poisson(2.0, 168 * 6).astype(float)
    shaken = quiet.copy()
    shaken[-168:-165] = 400
    assert expectation.usual(shaken).mean < 2 * expectation.usual(quiet).mean


def test_nothing_is_judged_in_the_first_day() -> None:
    assert not expectation.judge(np.zeros(10), 500).spike


def test_the_chance_of_a_count_is_the_negative_binomials() -> None:
    usual = expectation.Usual(3.0, 2.0)  # geometric steps by hand: P(X>=1) = 1 - (2/5)^2
    assert usual.chance(0) == 1.0
    assert usual.chance(1) == pytest.approx(1 - 0.16)
    assert usual.chance(usual.upper(0.01)) < 0.01 <= usual.chance(usual.upper(0.01) - 1)


@pytest.mark.parametrize("allowed", [1.0, 0.2])
def test_alarms_stay_near_what_is_allowed(allowed: float, record_property: Callable[[str, object], None]) -> None:
    """Where nothing is held back by the least number of people or by how much more than usual they must be."""
    rng = np.random.default_rng(5)
    weeks = 8
    found = [
        len(alarms(simulated(rng, people, 0.17, 6 + weeks), 6 * 168 * STEPS, allowed=allowed)) for people in (3, 30)
    ]
    record_property("false alarms a week", sum(found) / len(found) / weeks)
    assert sum(found) / len(found) / weeks <= 1.25 * allowed


@pytest.mark.parametrize(("allowed", "most"), [(1.0, 25), (0.2, 10), (expectation.ALLOWED, 3)])
def test_a_city_s_taxis_raise_as_few_alarms_as_are_allowed(
    allowed: float, most: int, record_property: Callable[[str, object], None]
) -> None:
    """Real rhythm with real holidays: 24 weeks of New York's taxi rides by the half hour (Numenta's benchmark), in
    which five days are known to be unusual, three of them with more rides than usual at some hour."""
    given = real("hourly_traffic_nyc_taxi.csv.gz")
    with gzip.open(given, "rt") as lines:
        rides = np.array([float(row["value"]) for row in csv.DictReader(lines)]) / 200
    bins = np.random.default_rng(0).poisson(rides)
    found = alarms(bins, 6 * 168 * 2, steps=2, every=1, allowed=allowed)
    record_property("alarms a week", len(found) / (len(bins) / 336 - 6))
    assert len(found) <= most


def test_past_hours_are_judged_again_as_they_would_have_been() -> None:
    rng = np.random.default_rng(4)
    history = rng.poisson(4.0, 168 * 6).astype(float)
    history[-50:-48] = 60
    assert expectation.replayed(history, 0.02, 168 * 2) == [168 * 2 - 50]
    assert len(expectation.replayed(history, 10, 168 * 2)) >= len(expectation.replayed(history, 0.02, 168 * 2))


def test_in_the_research_s_simulation_no_more_is_told_than_is_allowed_and_a_burst_is_found() -> None:
    began = spikes.told(20, 1)
    weeks = spikes.WEEKS - spikes.LEARN
    assert all(one / weeks <= allowed for allowed, one in began.items())
    ours = spikes.tried(spikes.default(1.0), 20, 1)
    assert ours.false <= 1.0 / expectation.OVERLAP < spikes.tried(spikes.rolling, 20, 1).false
    assert ours.recall[5] == 1.0
