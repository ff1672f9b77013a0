"""A reminder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """`account` is reminded, once, at `due_at`; `told_at` is when that was done."""

    id: str
    workspace: str
    org: str
    creator: str
    account: str
    text: str
    due_at: datetime
    created_at: datetime
    told_at: datetime | None = None
    completed_at: datetime | None = None
