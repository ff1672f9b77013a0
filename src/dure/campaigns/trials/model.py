"""A trial: one message sent to try it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal["test", "seed"]
State = Literal["planned", "claimed", "sent", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Trial:
    """Written as `person`'s, sent to `address`. `planned` waits for a hand; `claimed` is with the carrier."""

    id: UUID
    campaign: str
    node: str
    channel: str
    kind: Kind
    address: str
    person: UUID | None
    by: str
    at: datetime
    state: State
    language: str = ""
    detail: str = ""
    subject: str = ""
