"""When a finding becomes a card: one problem one card, no flapping, again only when it got worse.

A state machine for each line item and kind: nothing → pending → open → closed. Likely and small problems wait for a
second day of figures; sure ones open at once. To clear, a problem has to be plainly gone (the exit lies well below the
entry) on figures no older than those it was raised on. A closed one may open a new episode only after a rest.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from dure.pacing.model import Alert

Certainty = Literal["sure", "likely", "unclear", "fine"]
Move = Literal["hold", "wait", "raise", "again", "clear", "forget"]

_SURE, _LIKELY, _FINE = 0.9, 0.7, 0.4
_PLAINLY = 0.07  # of the goal
_REST = timedelta(hours=24)
_WORSE = 0.05  # of the goal


def certainty(probability: float, shortfall: float) -> Certainty:
    """How sure a probability to miss makes one; a small shortfall (a share of the goal) is likely at most.

    One more day of figures moves a forecast by a few hundredths: only what is plainly short need not wait for it.
    """
    if probability >= _SURE and shortfall >= _PLAINLY:
        return "sure"
    if probability >= _LIKELY:
        return "likely"
    return "fine" if probability <= _FINE else "unclear"


def decide(last: Alert | None, found: Certainty, shortfall: float, data_day: date, now: datetime) -> Move:
    """What to do about a finding. `last` is the newest alert of this kind; `shortfall` a share of the goal."""
    if last is None or last.state == "closed":
        if last is not None and last.closed_at is not None and now - last.closed_at < _REST:
            return "hold"
        return {"sure": "raise", "likely": "wait"}.get(found, "hold")  # type: ignore[return-value]
    if last.state == "pending":
        if found == "sure" or (found == "likely" and data_day > last.data_day):
            return "raise"
        return "hold" if found == "likely" else "forget"
    if found == "fine" and data_day >= last.data_day:
        return "clear"
    rested = last.notified_at is None or now - last.notified_at >= _REST
    return "again" if rested and shortfall >= last.worst + _WORSE else "hold"
