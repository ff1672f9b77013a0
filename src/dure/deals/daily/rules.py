"""What a look at a deal finds, without any I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["stale", "single_threaded", "overdue"]

# A quiet deal is told of at these many days, so that automations may wait for the one they care for.
QUIET_DAYS = (7, 14, 21, 30, 45, 60, 90)


@dataclass(frozen=True, slots=True)
class Look:
    """An open deal as it is looked at. `first` says that it stands where its pipeline begins; `contacts` are people of
    the customer who take part."""

    deal: str
    acted_at: datetime
    close_date: date
    contacts: int
    first: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """`level` grows with how bad it is: what was told at a level is told again only at a higher one."""

    kind: Kind
    level: int
    facts: Mapping[str, Any]


def notices(look: Look, now: datetime, today: date) -> list[Notice]:
    """Everything that holds of a deal today."""
    found: list[Notice] = []
    quiet = (now - look.acted_at).days
    level = max((days for days in QUIET_DAYS if days <= quiet), default=0)
    if level:
        found.append(Notice("stale", level, {"days_quiet": quiet, "threshold": level}))
    if look.contacts <= 1 and not look.first:
        found.append(Notice("single_threaded", 1, {"contacts": look.contacts}))
    over = (today - look.close_date).days
    if over > 0:
        found.append(Notice("overdue", 1, {"days_over": over}))
    return found
