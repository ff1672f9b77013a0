"""What the workspace's past flights teach: how days of the week differ, how flights begin, how the day goes.

Effects are logarithms. A line item's own weekdays are later drawn towards the workspace's by as much as its own days
are noisy beside the differences between line items (empirical Bayes): where line items differ a lot, each is mostly
believed about itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RAMP_DAYS = 2
_SHORTEST = 13  # every weekday at least once with three days on either side
_FEWEST = 3
_DEFAULT_SPREAD = 0.2
_DEFAULT_NOISE = 0.15


@dataclass(frozen=True)
class Flight:
    """A flight's complete days so far, from its first."""

    start: date
    impressions: Floats


@dataclass(frozen=True)
class Curve:
    """`weekday` effects (Monday first), their `spread` between line items, the `ramp` of the first days, the `noise`
    of a day, all in logarithms; `hours`: the share of a day in each of its hours; `flights` it was learned from."""

    weekday: Floats
    spread: Floats
    ramp: Floats
    noise: float
    hours: Floats
    flights: int

    def as_json(self) -> dict[str, object]:
        return {
            "weekday": self.weekday.tolist(),
            "spread": self.spread.tolist(),
            "ramp": self.ramp.tolist(),
            "noise": self.noise,
            "hours": self.hours.tolist(),
            "flights": self.flights,
        }

    @staticmethod
    def from_json(body: Mapping[str, object]) -> Curve:
        arrays = {name: np.asarray(body[name], dtype=np.float64) for name in ("weekday", "spread", "ramp", "hours")}
        return Curve(**arrays, noise=float(str(body["noise"])), flights=int(str(body["flights"])))


def nothing_learned() -> Curve:
    """What is assumed of a workspace without a past: even days, and little trust in that."""
    return Curve(np.zeros(7), np.full(7, _DEFAULT_SPREAD), np.zeros(RAMP_DAYS), _DEFAULT_NOISE, np.full(24, 1 / 24), 0)


def learn(flights: Sequence[Flight], hourly: Mapping[int, int] | None = None) -> Curve:
    """Learns from flights of at least thirteen delivering days; fewer than three teach nothing.

    `hourly`: impressions by hour of the day over everything that was reported by the hour.
    """
    base = nothing_learned()
    hours = _hours(hourly or {})
    effects, residuals, counts, beginnings = [], [], [], []
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
        counts.append(len(rest) / 7)
        plain = logs - own[days]
        beginnings.append(plain[:RAMP_DAYS] - np.median(plain[RAMP_DAYS : RAMP_DAYS + 7]))
    if len(effects) < _FEWEST:
        return Curve(base.weekday, base.spread, base.ramp, base.noise, hours, len(effects))
    table = np.array(effects)
    network = np.median(table, axis=0)
    network -= network.mean()
    freedom = sum(len(rest) for rest in residuals) / max(sum(len(rest) - 7 for rest in residuals), 1)
    noise = float(np.clip(1.4826 * np.median(np.abs(np.concatenate(residuals))) * np.sqrt(min(freedom, 4)), 0.02, 1.0))
    spread2 = ((table - network) ** 2).mean(axis=0) - noise**2 / float(np.mean(counts))
    ramp = np.clip(np.median(np.array(beginnings), axis=0), -3.0, 1.0)
    return Curve(network, np.sqrt(np.maximum(spread2, 0.02**2)), ramp, noise, hours, len(effects))


def logarithms(impressions: Floats) -> Floats:
    """Logarithms of days; a day of (almost) nothing counts as a fiftieth of the usual one."""
    usual = float(np.median(impressions[impressions > 0])) if (impressions > 0).any() else 1.0
    logs: Floats = np.log(np.maximum(impressions, usual / 50))
    return logs


def weekdays(start: date, count: int) -> npt.NDArray[np.int64]:
    """Weekday of each day from `start`, Monday 0."""
    days: npt.NDArray[np.int64] = (start.weekday() + np.arange(count)) % 7
    return days


def _hours(hourly: Mapping[int, int]) -> Floats:
    seen = np.array([float(hourly.get(hour, 0)) for hour in range(24)])
    total = seen.sum()
    if total <= 0 or np.count_nonzero(seen) < 24:
        return np.full(24, 1 / 24)
    shares: Floats = seen / total
    return shares
