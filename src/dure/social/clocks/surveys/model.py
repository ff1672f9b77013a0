"""A survey, and what its page shows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SurveyState = Literal["due", "asking", "sending", "sent", "refused", "unknown", "skipped"]
OPEN_FOR = timedelta(days=30)
SATISFIED = 4
"""From this score on somebody is satisfied."""


@dataclass(frozen=True, slots=True)
class Survey:
    """`due` goes out by itself, `asking` waits for a colleague to send it. `run` counts how often its conversation was
    opened: each time is asked about once."""

    id: uuid.UUID
    conversation: uuid.UUID
    run: int
    team: str
    network: str
    agent: str
    language: str
    state: SurveyState
    how: str
    detail: str
    score: int | None
    comment: str
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that a colleague may send, with exactly what would be said, where, and by which ways it can go."""

    survey: Survey
    author: str
    text: str
    direct: bool
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the customer sees."""

    house: str
    language: str
    score: int | None
    comment: str
