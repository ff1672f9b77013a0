"""One problem, one card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dure.pacing.gate import Certainty, Move, certainty, decide
from dure.pacing.model import Alert
from tests.people_of import MONDAY_NOON as NOON

SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
OPEN = Alert(
    "a", "li", "at_risk", "open", 1, 1, 0.10, SUNDAY, NOON, NOON, NOON, None, "", {}, checks=(1,),
    told_severity="warning", told_share=0.10,
)  # fmt: skip
CLEARING = replace(OPEN, state="clearing", fine_since=NOON, data_day=MONDAY)
PENDING = replace(OPEN, state="pending", notices=0, raised_at=None, notified_at=None)
RESOLVED = replace(OPEN, state="resolved", closed_at=NOON, closed_because="recovered")


@pytest.mark.parametrize(
    ("chance", "short", "found"),
    [(0.95, 0.1, "sure"), (0.99, 0.04, "likely"), (0.75, 0.1, "likely"), (0.5, 0.02, "unclear"), (0.3, 0.0, "fine")],
)
def test_a_probability_is_read_with_room_between_entry_and_exit(chance: float, short: float, found: Certainty) -> None:
    assert certainty(chance, short) == found


@pytest.mark.parametrize(
    ("last", "found", "short", "day", "hours", "move"),
    [
        (None, "sure", 0.1, SUNDAY, 0, "raise"),
        (None, "likely", 0.1, SUNDAY, 0, "wait"),
        (None, "fine", 0.0, SUNDAY, 0, "hold"),
        (PENDING, "likely", 0.1, SUNDAY, 5, "hold"),  # the same figures again say nothing new
        (PENDING, "likely", 0.1, MONDAY, 24, "raise"),
        (PENDING, "sure", 0.1, SUNDAY, 5, "raise"),
        (PENDING, "unclear", 0.0, SUNDAY, 5, "forget"),
        (OPEN, "sure", 0.11, MONDAY, 30, "hold"),
        (OPEN, "unclear", 0.0, MONDAY, 30, "hold"),
        (OPEN, "sure", 0.16, MONDAY, 30, "again"),
        (OPEN, "sure", 0.16, SUNDAY, 5, "hold"),  # worse, but told a moment ago
        (OPEN, "fine", 0.0, MONDAY, 30, "clearing"),
        (CLEARING, "fine", 0.0, MONDAY, 2, "hold"),
        (CLEARING, "fine", 0.0, MONDAY, 6, "clear"),  # it stayed away for six hours
        (CLEARING, "fine", 0.0, TUESDAY, 2, "clear"),  # or for another day of figures
        (CLEARING, "unclear", 0.0, MONDAY, 6, "hold"),
        (CLEARING, "likely", 0.1, MONDAY, 2, "back"),
        (RESOLVED, "sure", 0.2, MONDAY, 5, "hold"),  # it rests for a day
        (RESOLVED, "sure", 0.2, MONDAY, 25, "raise"),
    ],
)
def test_what_becomes_of_a_finding(
    last: Alert | None, found: Certainty, short: float, day: date, hours: int, move: Move
) -> None:
    assert decide(last, found, short, day, NOON + timedelta(hours=hours)) == move
