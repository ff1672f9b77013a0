"""A change of one field of one record as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """`actor` is a user, a bot or an app; `run` is the automation run that changed it, "" where a person did.
    `version` is the record's after the change."""

    object: str
    record: str
    field: str
    before: Any
    after: Any
    at: datetime
    actor: str
    run: str
    version: int
    number: int = 0
