"""A lead is found where there is one, and nothing is said where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from dure.social.effect.lag import correlate

DAYS = 140


def weekly(rng: np.random.Generator, days: int = DAYS) -> np.ndarray:
    """A busy series of its own: growth, weekdays, and days that lean on the day before."""
    inertia = np.zeros(days)
    for day in range(1, days):
        inertia[day] = 0.6 * inertia[day - 1] + rng.normal()
    return np.asarray(100 + 0.5 * np.arange(days) + 12 * np.sin(2 * np.pi * np.arange(days) / 7) + 4 * inertia)


@pytest.mark.parametrize(("lead", "verdict"), [(3, "first_leads"), (-2, "second_leads"), (0, "together")])
def test_a_lead_is_found_with_its_interval(lead: int, verdict: str) -> None:
    rng = np.random.default_rng(2)
    said = weekly(rng, DAYS + 10)
    shaken = said - np.convolve(said, np.ones(7) / 7, "same")
    begin = 5
    bought = weekly(rng)[:DAYS] + 1.5 * shaken[begin - lead : begin - lead + DAYS]
    found = correlate(list(said[begin : begin + DAYS]), list(bought), weekly=True)
    assert (found.verdict, found.lag) == (verdict, lead)
    assert 0 < found.low < found.correlation < found.high < 1
    assert found.p < 0.05
    assert abs(found.correlation) > found.beyond


def test_two_series_that_only_grow_and_have_weekends_say_nothing() -> None:
    told = [
        correlate(
            list(weekly(np.random.default_rng(seed))), list(weekly(np.random.default_rng(seed + 50))), weekly=True
        )
        for seed in range(20)
    ]
    assert sum(one.verdict != "nothing" for one in told) <= 2
    raw = np.corrcoef(weekly(np.random.default_rng(0)), weekly(np.random.default_rng(50)))[0, 1]
    assert raw > 0.8  # which a plain correlation would have called one


def test_what_is_too_short_or_never_moves_is_said_to_be() -> None:
    assert correlate([1.0] * 20, [2.0] * 20, weekly=True).verdict == "too_short"
    assert correlate([1.0] * 60, list(np.random.default_rng(0).normal(size=60)), weekly=True).verdict == "no_change"
    gaps = [None if n % 3 == 0 else float(n % 7) for n in range(60)]
    assert correlate(gaps, list(np.random.default_rng(0).normal(size=60)), weekly=False).points == 40
