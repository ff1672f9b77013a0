"""Records that may be the same, and what was made of those that were, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Reason = Literal["name", "similar_name", "domain", "email", "phone", "same_account", "same_amount"]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Two records that may be the same. `score` lies between 0 and 1; `reasons` say by what."""

    object: str
    one: str
    other: str
    one_name: str
    other_name: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that is there and may be the one somebody is about to make."""

    object: str
    id: str
    name: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Losers that became one with a winner. `choices` say by field whose value stayed."""

    id: str
    object: str
    winner: str
    losers: tuple[str, ...]
    choices: Mapping[str, str]
    at: datetime
    actor: str
    undone_at: datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """A row as it was before a merge and after it, whole; None where there was none."""

    relation: str
    key: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Clash:
    """What stands against putting a row back: fields that changed since, or a row that is gone."""

    relation: str
    key: Mapping[str, Any]
    fields: Sequence[str]
