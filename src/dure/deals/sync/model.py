"""What the sync knows, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A record here and what it is there. `seen` are the values that both had when they were last the same, by
    Salesforce's names of fields with ids as they are here; `stamp` is the newest change there that was read."""

    object: str
    record: str
    remote: str
    stamp: str
    seen: Mapping[str, Any]
    keyed: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed a field, or one changed what the other deleted (`field` is "" then). `kept` is which side's
    value holds: "" while somebody has to say."""

    id: str
    object: str
    record: str
    remote: str
    field: str
    here: Any
    there: Any
    kept: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the sync stands. `outcome` is ok, budget (the day's calls are used up) or failed."""

    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str = ""
    error: str = ""
    pulled: int = 0
    pushed: int = 0
    deleted: int = 0
    failed: int = 0
    used: int = 0
    total: int = 0
