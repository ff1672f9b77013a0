"""Make-goods as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

MakegoodStatus = Literal["proposed", "approved", "declined", "booked"]


@dataclass(frozen=True, slots=True)
class Makegood:
    """`units` of the original's goal between two days; `booked` is the id of the line item that delivers them."""

    id: str
    line_item: str
    units: int
    start_day: date
    end_day: date
    reason: str
    status: MakegoodStatus
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    booked: str
