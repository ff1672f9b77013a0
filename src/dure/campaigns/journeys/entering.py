"""Coming in: who may, once more or for the first time, and where they stand first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes, and when that was. `key` makes it the same coming, such as a trigger's message id."""

    person: UUID
    at: datetime | None
    key: str = ""


def arrival_of(subject: str, event: Mapping[str, Any] | None) -> Arrival:
    """An automation run's subject and trigger as an arrival."""
    at = datetime.fromisoformat(str(event["time"])) if event and event.get("time") else None
    return Arrival(UUID(subject), at, str(event.get("message_id") or "") if event else "")
