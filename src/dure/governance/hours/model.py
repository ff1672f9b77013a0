"""A calendar of opening hours: frozen, and complete enough to count with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

DAY = 24 * 60
"""Minutes of a day on the wall."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, in minutes after the midnight that its day begins with; an end beyond 1440 is in the next
    day's morning and still belongs to the day on which it started."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Special:
    """One day that is not as its weekday is: a holiday (no spans), or a day with other hours."""

    name: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` has seven days, Monday first. A special day takes its weekday's place whole; what began the evening before
    goes on into it."""

    id: uuid.UUID | None
    name: str
    zone: str
    week: tuple[tuple[Span, ...], ...]
    days: Mapping[date, Special] = field(default_factory=dict)
    version: int = 1

    def on(self, day: date) -> tuple[Span, ...]:
        special = self.days.get(day)
        return self.week[day.weekday()] if special is None else special.spans


def always(zone: str) -> Hours:
    """Open day and night: what holds where nobody set any hours."""
    return Hours(None, "", zone, ((Span(0, DAY),),) * 7)
