"""How a line item stands: its complete days, its outlook, and why it will miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dure.pacing.alerts.rules import DEFAULT, Rules
from dure.pacing.curve import Curve, Flight
from dure.pacing.forecast import FULL, Pace, pace, straight
from dure.pacing.gate import Certainty, certainty
from dure.pacing.model import AlertKind, LineItem, Outlook, Status

_FORGIVEN_LAG = timedelta(days=1)
_FEWEST_DAYS = 3
_SHORT_FLIGHT = 4
_OVER, _OVER_LOW = 1.15, 1.05
_LATE_FIGURES = timedelta(days=2)
_LATE_FIGURES_OF_SILENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Now:
    """The moment in the workspace's zone, and the last complete day that a source of figures reported.

    `hours_today` is how many hours of today it has reported by the hour.
    """

    today: date
    hour: int
    data_through: date | None
    stale_days: int = 2
    hours_today: int = 0

    @property
    def stale(self) -> bool:
        """Figures stopped coming: no reason to call anything good or bad."""
        if self.hours_today > 0:
            return False
        return self.data_through is None or self.today - timedelta(days=1) - self.data_through >= timedelta(
            days=self.stale_days
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """`days_silent`: how many of the last complete days delivered nothing."""

    outlook: Outlook
    pace: Pace | None
    findings: Mapping[AlertKind, Certainty]
    days_silent: int = 0


def complete_through(item: LineItem, totals: Mapping[date, int], now: Now) -> date | None:
    """The last day whose figures are taken as complete; days without a figure up to there delivered nothing.

    A line item may lag behind the others by a day before silence counts as zero.
    """
    if now.data_through is None:
        return None
    own = max((day for day in totals if day < now.today), default=None)
    through = now.data_through if own is None else max(own, now.data_through - _FORGIVEN_LAG)
    return through if through >= item.start_day else None


def flight_of(item: LineItem, totals: Mapping[date, int], through: date | None) -> Flight:
    """The item's complete days as an array, silence as zero."""
    last = min(through, item.end_day) if through else item.start_day - timedelta(days=1)
    count = max((last - item.start_day).days + 1, 0)
    days = (item.start_day + timedelta(days=n) for n in range(count))
    return Flight(item.start_day, np.array([float(totals.get(day, 0)) for day in days]))


def stand(item: LineItem, totals: Mapping[date, int], now: Now, curve: Curve, rules: Rules = DEFAULT) -> Standing:
    """Outlook, forecast and findings of one line item; `totals` are units of its goal by day, today's so far
    included."""
    total = sum(totals.values())
    through = complete_through(item, totals, now)
    flight = flight_of(item, totals, through)
    done = len(flight.impressions)
    # What a silent source has not told yet may still make it whole.
    late = _LATE_FIGURES_OF_SILENT if now.stale else _LATE_FIGURES
    ended = (through is not None and through >= item.end_day) or now.today > item.end_day + late
    if item.state == "cancelled":
        return _plain(item, "cancelled", through, total, now)
    if now.today < item.start_day and total == 0:
        return _plain(item, "upcoming", None, 0, now)
    if ended:
        return _plain(item, "delivered" if total >= item.goal * FULL else "missed", through, total, now)
    if item.state == "paused":
        return _plain(item, "paused", through, total, now)
    if total == 0:
        # Silence of the source is not silence of the line item.
        silent = done > 0 and not now.stale
        outlook = _plain(item, "not_launched" if silent else "waiting", through, 0, now).outlook
        return Standing(outlook, None, {"not_launched": "sure" if silent else "unclear", "at_risk": "unclear"})
    if done == 0:
        return _plain(item, "delivered" if total >= item.goal else "waiting", through, total, now)

    ahead = round(total - flight.impressions.sum())
    on_time = through == now.today - timedelta(days=1)
    rest_of_day = float(curve.hours[now.hour :].sum()) if on_time else 1.0
    found = pace(item.start_day, item.end_day, item.goal, flight.impressions, ahead, rest_of_day, curve)
    low, middle, high = (round(float(line[-1])) for line in (found.low, found.middle, found.high))
    short = 1 - middle / item.goal
    fewest = 1 if item.days <= _SHORT_FLIGHT else _FEWEST_DAYS
    sure: Certainty = certainty(found.miss, short, rules) if done >= fewest else "unclear"
    if total >= item.goal * FULL:
        sure = "fine"
    status = _status(item, total, low, middle, sure)
    assert through is not None  # noqa: S101
    outlook = Outlook(
        item.id, status, through, total, found.days_left, low, middle, high,
        straight(round(flight.impressions.sum()), item.start_day, item.end_day, through), found.miss,
        _per_day(item.goal - total, found.days_left), _per_day(middle - total, found.days_left),
        round(float(flight.impressions[-7:].mean())), _reason(found) if sure in ("sure", "likely") else "",
    )  # fmt: skip
    return Standing(outlook, found, {"at_risk": sure, "not_launched": "fine"}, _silent(flight, ahead))


def _silent(flight: Flight, today_so_far: int) -> int:
    if today_so_far > 0:
        return 0
    delivering = np.flatnonzero(flight.impressions)
    return len(flight.impressions) - 1 - int(delivering[-1]) if len(delivering) else len(flight.impressions)


def _status(item: LineItem, total: int, low: int, middle: int, sure: Certainty) -> Status:
    if middle >= item.goal * _OVER and low >= item.goal * _OVER_LOW:
        return "over"
    if total >= item.goal:
        return "delivered"
    return "at_risk" if sure == "sure" else "healthy"


def _reason(found: Pace) -> str:
    """The strongest of: it stopped, it slows down, the weekdays to come are its weak ones, it is simply behind."""
    if found.stopped:
        return "stopped"
    slower, weaker = 1 - found.drift, 1 - found.mix
    if max(slower, weaker) < 0.1:
        return "behind"
    return "slowing" if slower >= weaker else "weekdays"


def _plain(item: LineItem, status: Status, through: date | None, total: int, now: Now) -> Standing:
    left = max((item.end_day - max(now.today, item.start_day)).days + 1, 0)
    needed = _per_day(item.goal - total, left) if left else None
    return Standing(Outlook(item.id, status, through, total, left, needed_per_day=needed), None, {})


def _per_day(impressions: int, days: int) -> int | None:
    return max(round(impressions / days), 0) if days else None
