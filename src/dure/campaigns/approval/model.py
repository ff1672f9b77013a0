"""Approval's values: a request, its state, what was launched, and the list that is checked twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Decision = Literal["", "approved", "refused"]
Standing = Literal["not_needed", "missing", "asked", "approved", "refused", "lost"]
Level = Literal["ok", "note", "warn", "stop"]


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a word on a campaign as it is: `hash` is its content, audience, schedule and experiment."""

    id: UUID
    campaign: str
    hash: str
    reach: int
    asked_by: str
    asked_at: datetime
    note: str
    decision: Decision
    decided_by: str
    decided_at: datetime | None
    comment: str
    design: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Launched:
    """What was launched. `bound`: nothing leaves once the campaign is anything else."""

    campaign: str
    hash: str
    bound: bool
    reach: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """Where a campaign's approval stands. `lost`: what was approved is not what the campaign is now."""

    standing: Standing
    needed: bool
    hash: str
    reach: int
    may_decide: bool
    why_not: str
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """A request that concerns somebody, with the name of its campaign."""

    request: Request
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Concerns:
    """What waits for somebody's word, oldest first, and what was said to what they asked for, newest first."""

    waiting: tuple[Concern, ...]
    answered: tuple[Concern, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: `code` names it, `data` fills its sentence, `level` says how bad it is."""

    code: str
    level: Level
    data: Mapping[str, Any] = field(default_factory=dict)
