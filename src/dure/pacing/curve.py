"""What the workspace's past flights teach: how days of the week differ, how flights begin, how the hours go, what a
public holiday does.

Effects are logarithms. A line item's own weekdays are later drawn towards the workspace's by as much as its own days
are noisy beside the differences between line items (empirical Bayes): where line items differ a lot, each is mostly
believed about itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dure.pacing.odds import Odds
from dure.pacing.traffic import days_off

Floats = npt.NDArray[np.float64]

RAMP_DAYS = 2
_SHORTEST = 13  # every weekday at least once with three days on either side
_FEWEST = 3
_DEFAULT_SPREAD = 0.2
_DEFAULT_NOISE = 0.15
_HOLIDAYS_TRUSTED_FROM = 1.0


@dataclass(frozen=True)
class Flight:
    """A flight's complete days so far, from its first, and its goal where it has one."""

    start: date
    impressions: Floats
    goal: int = 0


@dataclass(frozen=True)
class Curve:
    """`weekday` effects (Monday first), their `spread` between line items, the `ramp` of the first days, the `noise`
    of a day, the effect of a public `holiday` of `country`, all in logarithms; `hours`: the share of a day in each of
    its hours, `week_hours` the same by weekday; `flights` it was learned from; `odds`: how far ends lay from
    forecasts."""

    weekday: Floats
    spread: Floats
    ramp: Floats
    noise: float
    hours: Floats
    flights: int
    holiday: float = 0.0
    country: str = ""
    week_hours: Floats | None = None
    odds: Odds | None = None
    cushion: float = 0.0  # where ad servers stop, as a multiple of the goal; 0 where none was seen to stop

    def hours_on(self, day: date) -> Floats:
        """The share of a day in each of its hours."""
        return self.hours if self.week_hours is None else self.week_hours[day.weekday()]

    def as_json(self) -> dict[str, object]:
        return {
            "weekday": self.weekday.tolist(),
            "spread": self.spread.tolist(),
            "ramp": self.ramp.tolist(),
            "noise": self.noise,
            "hours": self.hours.tolist(),
            "flights": self.flights,
            "holiday": self.holiday,
            "country": self.country,
            "week_hours": None if self.week_hours is None else self.week_hours.tolist(),
            "odds": None if self.odds is None else self.odds.as_json(),
            "cushion": self.cushion,
        }

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> Curve:
        """A kept curve; one that was kept before hours of the week and odds were learned has none."""
        arrays = {name: np.asarray(body[name], dtype=np.float64) for name in ("weekday", "spread", "ramp", "hours")}
        week_hours = body.get("week_hours")
        return Curve(
            **arrays, noise=float(body["noise"]), flights=int(body["flights"]),
            holiday=float(body.get("holiday", 0.0)), country=str(body.get("country", "")),
            week_hours=None if week_hours is None else np.asarray(week_hours, dtype=np.float64),
            odds=Odds.from_json(body.get("odds")),
            cushion=float(body.get("cushion", 0.0)),
        )  # fmt: skip


def nothing_learned() -> Curve:
    """What is assumed of a workspace without a past: even days, and little trust in that."""
    return Curve(np.zeros(7), np.full(7, _DEFAULT_SPREAD), np.zeros(RAMP_DAYS), _DEFAULT_NOISE, np.full(24, 1 / 24), 0)


def learn(flights: Sequence[Flight], by_weekday: Floats | None = None, *, country: str = "") -> Curve:
    """Learns from flights of at least thirteen delivering days; fewer than three teach nothing.

    `by_weekday`: impressions by weekday and hour over everything that was reported by the hour, 7 × 24. `country`:
    whose public holidays count.
    """
    base = nothing_learned()
    seen_hours = np.zeros((7, 24)) if by_weekday is None else by_weekday
    hours = _hours(seen_hours.sum(axis=0))
    week_hours = drawn_hours(seen_hours, hours) if seen_hours.any() else None
    effects, residuals, counts, beginnings, off = [], [], [], [], _Off(country)
    for flight in flights:
        seen = flight.impressions
        if len(seen) < _SHORTEST or np.count_nonzero(seen) < _SHORTEST:
            continue
        logs = logarithms(seen)
        days = weekdays(flight.start, len(seen))
        inner = slice(3, len(logs) - 3)
        # A week's mean holds every weekday once, so what remains of a day is its weekday's own.
        rest = logs[inner] - np.convolve(logs, np.full(7, 1 / 7), "valid")
        own = np.array([rest[days[inner] == day].mean() if (days[inner] == day).any() else 0.0 for day in range(7)])
        own -= own.mean()
        effects.append(own)
        residuals.append(rest - own[days[inner]])
        off.see(flight.start, 3, residuals[-1])
        counts.append(len(rest) / 7)
        plain = logs - own[days]
        beginnings.append(plain[:RAMP_DAYS] - np.median(plain[RAMP_DAYS : RAMP_DAYS + 7]))
    if len(effects) < _FEWEST:
        return replace(base, hours=hours, flights=len(effects), country=country, week_hours=week_hours)
    table = np.array(effects)
    network = np.median(table, axis=0)
    network -= network.mean()
    freedom = sum(len(rest) for rest in residuals) / max(sum(len(rest) - 7 for rest in residuals), 1)
    noise = float(np.clip(1.4826 * np.median(np.abs(np.concatenate(residuals))) * np.sqrt(min(freedom, 4)), 0.02, 1.0))
    spread2 = ((table - network) ** 2).mean(axis=0) - noise**2 / float(np.mean(counts))
    ramp = np.clip(np.median(np.array(beginnings), axis=0), -3.0, 1.0)
    return Curve(
        network, np.sqrt(np.maximum(spread2, 0.02**2)), ramp, noise, hours, len(effects), off.effect(), country,
        week_hours,
    )  # fmt: skip


class _Off:
    """What public holidays did to the days of many flights."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._seen: dict[date, list[float]] = {}

    def see(self, start: date, skipped: int, residuals: Floats) -> None:
        if not self._country:
            return
        first = start + timedelta(days=skipped)
        known = days_off(self._country, range(first.year, (first + timedelta(days=len(residuals))).year + 1))
        for day in known:
            if 0 <= (day - first).days < len(residuals):
                self._seen.setdefault(day, []).append(float(residuals[(day - first).days]))

    def effect(self) -> float:
        """The mean over holidays, drawn towards none: a single odd day is no rule."""
        if not self._seen:
            return 0.0
        # All flights share a day, so a holiday counts once however many saw it. A day is a seventh of the mean that it
        # was compared with.
        means = [float(np.median(found)) * 7 / 6 for found in self._seen.values()]
        return float(np.clip(sum(means) / (len(means) + _HOLIDAYS_TRUSTED_FROM), -1.5, 1.5))


def drawn_hours(by_weekday: Floats, hours: Floats) -> Floats:
    """Shares of a day by weekday and hour, each weekday drawn towards the whole week's by how little it has shown."""
    totals = by_weekday.sum(axis=1, keepdims=True)
    trust = totals / (totals + max(float(totals.mean()), 1.0) * 0.25)
    shares: Floats = trust * by_weekday / np.maximum(totals, 1.0) + (1 - trust) * hours
    whole: Floats = shares / shares.sum(axis=1, keepdims=True)
    return whole


def logarithms(impressions: Floats) -> Floats:
    """Logarithms of days; a day of (almost) nothing counts as a fiftieth of the usual one."""
    usual = float(np.median(impressions[impressions > 0])) if (impressions > 0).any() else 1.0
    logs: Floats = np.log(np.maximum(impressions, usual / 50))
    return logs


def weekdays(start: date, count: int) -> npt.NDArray[np.int64]:
    """Weekday of each day from `start`, Monday 0."""
    days: npt.NDArray[np.int64] = (start.weekday() + np.arange(count)) % 7
    return days


def holidays(start: date, count: int, curve: Curve) -> Floats:
    """1.0 for each day from `start` that is a public holiday."""
    found: Floats = off_on(start.toordinal() + np.arange(count), curve.country)
    return found


def off_on(ordinals: npt.NDArray[np.int64], country: str) -> Floats:
    """1.0 where a day (its ordinal) is a public holiday of the country."""
    if not country:
        return np.zeros(1)
    first, last = int(ordinals.min()), int(ordinals.max())
    table = _days_off(country, date.fromordinal(first).year, date.fromordinal(last).year)
    begin = date(date.fromordinal(first).year, 1, 1).toordinal()
    off: Floats = table[ordinals - begin]
    return off


@lru_cache(64)
def _days_off(country: str, first: int, last: int) -> Floats:
    begin = date(first, 1, 1)
    count = (date(last, 12, 31) - begin).days + 1
    known = days_off(country, range(first, last + 1))
    return np.array([1.0 if begin + timedelta(days=n) in known else 0.0 for n in range(count)])


def _hours(seen: Floats) -> Floats:
    total = seen.sum()
    if total <= 0 or np.count_nonzero(seen) < 24:
        return np.full(24, 1 / 24)
    shares: Floats = seen / total
    return shares
