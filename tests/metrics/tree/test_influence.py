"""Influence: a planted relation is found with its lag, and what is unrelated is not called related."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from dure.metrics.tree.influence import influence

Series = npt.NDArray[np.float64]
DAYS = 84


def drifting(rng: np.random.Generator, days: int, inertia: float = 0.0) -> Series:
    """Changes from day to day that go on for a while."""
    made = rng.normal(size=days + 30)
    for day in range(1, len(made)):
        made[day] += inertia * made[day - 1]
    return made[30:] / np.std(made)


def planted(rng: np.random.Generator, r: float, lag: int, inertia: float = 0.0) -> tuple[list[float], list[float]]:
    """Two walks whose changes have the correlation `r`, the second `lag` days behind."""
    first, noise = drifting(rng, DAYS + lag, inertia), drifting(rng, DAYS, inertia)
    second = r * first[:DAYS] + np.sqrt(1 - r * r) * noise
    return list(np.cumsum(first[lag:])), list(np.cumsum(second))


@pytest.mark.parametrize("lag", [0, 3, 9])
def test_a_planted_lag_is_found(lag: int) -> None:
    rng = np.random.default_rng(lag)
    found = [influence(*planted(rng, 0.7, lag)) for _ in range(20)]
    assert sum(one.lag == lag and one.clear for one in found) >= 19
    assert {one.lags for one in found} == {15}


def test_the_interval_of_one_lag_holds_what_it_promises() -> None:
    rng = np.random.default_rng(11)
    for inertia in (0.0, 0.6):
        found = [influence(*planted(rng, 0.5, 0, inertia), most_lags=0) for _ in range(300)]
        held = np.mean([one.low <= 0.5 <= one.high for one in found])
        assert 0.91 <= held <= 0.985, inertia  # three standard errors about 95 %


def test_the_interval_of_the_best_lag_is_no_narrower_than_promised() -> None:
    rng = np.random.default_rng(12)
    found = [influence(*planted(rng, 0.7, 2)) for _ in range(100)]
    assert np.mean([one.low <= 0.7 <= one.high for one in found]) >= 0.95


UNRELATED: dict[str, Callable[[np.random.Generator], Series]] = {
    "noise": lambda rng: rng.normal(size=DAYS),
    "inertia": lambda rng: drifting(rng, DAYS, 0.7),
    "walks": lambda rng: np.cumsum(rng.normal(size=DAYS)),
    "rising lines": lambda rng: 3.0 * np.arange(DAYS) + rng.normal(size=DAYS),
    "the same week": lambda rng: np.resize([5.0, 5, 6, 7, 9, 30, 28], DAYS) + rng.normal(size=DAYS),
}


@pytest.mark.parametrize("name", list(UNRELATED))
def test_unrelated_series_are_rarely_called_related(name: str) -> None:
    rng = np.random.default_rng(13)
    make = UNRELATED[name]
    alarms = np.mean([influence(make(rng), make(rng)).clear for _ in range(150)])
    assert alarms <= 0.10, alarms  # promised are 5 % over all lags together


def test_gaps_are_left_out_and_few_points_say_nothing() -> None:
    rng = np.random.default_rng(14)
    first, second = planted(rng, 0.9, 1)
    holed: list[float | None] = [None if day % 9 == 4 else value for day, value in enumerate(first)]
    assert influence(holed, second).lag == 1
    assert influence(first[:15], second[:15]).reason == "too_few_points"
    assert influence(first, [7.0] * DAYS).reason == "does_not_vary"
    assert influence([None] * DAYS, second).reason == "too_few_points"


def test_the_same_series_is_as_related_as_can_be() -> None:
    first = list(np.random.default_rng(15).normal(size=DAYS))
    found = influence(first, first)
    assert found.lag == 0
    assert found.low is not None
    assert found.low > 0.99
