"""How traffic flows over a flight: public holidays, the hours of each day, and what a plan expects by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib import resources

import holidays
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EVEN, FRONTLOADED, CUSTOM, ASAP = "even", "frontloaded", "custom", "asap"
_CUSHION = 0.05  # an ad server that serves evenly aims that far above the goal
_FRONT = 0.40  # at the beginning of a front-loaded flight; it falls to the cushion


@lru_cache(64)
def country_of(zone: str) -> str:
    """The country (ISO 3166) whose holidays people in a time zone keep, "" where none is known.

    From the table of zones that comes with the time zone database.
    """
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        parts = line.split("\t")
        if len(parts) >= 3 and parts[2] == zone and parts[0] in holidays.list_supported_countries():
            return parts[0]
    return ""


@lru_cache(256)
def _of_year(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def days_off(country: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a country in these years."""
    return frozenset().union(*(_of_year(country, year) for year in years)) if country else frozenset()


def plan(
    weights: Floats, goal: float, pacing: str = EVEN, custom: Sequence[tuple[float, float]] = (),
) -> Floats:  # fmt: skip
    """What should have come by the end of each part of a flight (hour or day), rising to `goal`.

    `weights` is the traffic of each part, zero where the item may not run. Even: as the traffic flows, a little ahead
    (the cushion), never above the goal. Front-loaded: up to forty percent ahead at first. Custom: `(share of the
    flight's traffic gone, share of the goal)` points, joined by lines. As soon as possible: nothing is expected before
    the end. Expected delivery after Google Ad Manager's description of its delivery rates.
    """
    total = float(weights.sum())
    if total <= 0:
        return np.zeros(len(weights))
    gone = np.cumsum(weights) / total
    if pacing == ASAP:
        return np.where(gone >= 1.0, goal, 0.0)
    if pacing == CUSTOM and custom:
        at, share = (np.array(column, dtype=np.float64) for column in zip(*sorted(custom), strict=True))
        planned: Floats = goal * np.interp(
            gone, np.concatenate([[0.0], at, [1.0]]), np.concatenate([[0.0], share, [1.0]])
        )
        return np.maximum.accumulate(planned)
    ahead = _CUSHION if pacing != FRONTLOADED else _FRONT - (_FRONT - _CUSHION) * gone
    even: Floats = goal * np.minimum(1.0, gone * (1.0 + ahead))
    return even


def hours_of(
    days: Floats, weekdays: npt.NDArray[np.int64], week_hours: Floats,
    dayparts: Mapping[int, Sequence[int]] | None = None,
) -> Floats:  # fmt: skip
    """Traffic by hour out of traffic by day: `days` × the shares of each weekday's hours, flat, 24 a day.

    `dayparts`: the hours in which an item may run, by weekday (Monday 0); None is always. What falls outside is lost,
    not moved.
    """
    hours = days[:, None] * week_hours[weekdays]
    if dayparts is not None:
        open_ = np.zeros((7, 24))
        for weekday, allowed in dayparts.items():
            open_[weekday, list(allowed)] = 1.0
        hours = hours * open_[weekdays]
    flat: Floats = hours.reshape(-1)
    return flat
