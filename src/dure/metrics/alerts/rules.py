"""When an alert tells, and when it is over: a run of intervals, a way back, and a rest between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dure.metrics.alerts.model import Alert, Reading


@dataclass(frozen=True, slots=True)
class Watch:
    """Where an alert stands between two intervals: how many in a row met it, and when it last told."""

    state: Literal["quiet", "alarming"] = "quiet"
    streak: int = 0
    fired_at: datetime | None = None


def met(alert: Alert, value: float | None) -> bool:
    """Whether a value is beyond the threshold; one that lies on it is not."""
    if value is None or alert.threshold is None:
        return False
    return value > alert.threshold if alert.kind == "above" else value < alert.threshold


def after(alert: Alert, watch: Watch, reading: Reading, end: datetime) -> tuple[Watch, bool]:
    """The watch after an interval that ended then, and whether the alert tells.

    It tells once an episode: not again before the metric was back at `back_at` (for the unusual: ordinary), nor within
    its rest. An interval without a value says nothing: neither that it goes on nor that it is over."""
    if reading.value is None or reading.verdict == "too_little_history":
        return watch, False
    if reading.verdict != "met":
        over = watch.state == "quiet" or _back(alert, reading.value)
        return Watch("quiet" if over else "alarming", 0, watch.fired_at), False
    streak = watch.streak + 1
    rested = watch.fired_at is None or end - watch.fired_at >= timedelta(seconds=alert.rest_seconds)
    if watch.state == "alarming" or streak < alert.intervals or not rested:
        return Watch(watch.state, streak, watch.fired_at), False
    return Watch("alarming", streak, end), True


def _back(alert: Alert, value: float) -> bool:
    if alert.kind == "unusual" or alert.threshold is None:
        return True
    back_at = alert.threshold if alert.back_at is None else alert.back_at
    return value <= back_at if alert.kind == "above" else value >= back_at
