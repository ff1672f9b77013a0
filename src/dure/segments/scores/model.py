"""Scores as values: what is asked for, what the log gives, and what a trained version knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from dure.segments.model import ANYTHING, Selector

Kind = Literal["churn", "convert", "alike"]
WorkKind = Literal["train", "score"]
WorkState = Literal["waiting", "running", "done", "refused", "failed", "cancelled"]
DAY = 86_400.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a score foretells.

    `churn`: no `activity` in the `horizon_days` that begin `gap_days` after the moment. `convert`: the `goal` within
    them; with `first_only` only those are scored who never reached it. `alike`: how much somebody is like the members
    of `segment`. Only those are scored who were active within `eligible_days`. `amount` is a property of activity that
    holds a number, such as a price.
    """

    kind: Kind
    activity: Selector = Selector(ANYTHING)
    goal: Selector | None = None
    segment: str = ""
    amount: str = ""
    horizon_days: int = 28
    gap_days: int = 1
    eligible_days: int = 90
    history_days: int = 365
    first_only: bool = False
    retrain_days: int = 7


@dataclass(frozen=True, slots=True)
class History:
    """What people did, one entry an event, sorted by person and time.

    `person` numbers people from 0; `time` is in seconds since 1970 (UTC); `amount` 0 where there is none; `event` is a
    place in `events`, -1 for one of the rare ones; `goal` says which events are the goal, `active` which are activity.
    """

    people: int
    person: Ints
    time: Floats
    amount: Floats
    event: Ints
    goal: NDArray[np.bool_]
    active: NDArray[np.bool_]
    events: Sequence[str]


@dataclass(frozen=True, slots=True)
class Score:
    """A score. `model` is the version in use, "" before the first; `scored_at` when people got their values by it."""

    id: str
    name: Mapping[str, str]
    settings: Settings
    created_by: str
    created_at: datetime
    model: str
    scored_at: datetime | None


@dataclass(frozen=True, slots=True)
class Model:
    """A trained version: `coefficients` are all it needs to score, `card` says how good it is, `drift` how far people
    have moved since."""

    id: str
    trained_at: datetime
    coefficients: Mapping[str, Any]
    card: Mapping[str, Any]
    drift: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Scored:
    """Somebody's value: a probability between 0 and 1 (for look-alikes a rank between 0 and 1). In decile 1 are those
    with the highest; `reasons` are what moved it most, each with `feature`, `value` and `push` (in log-odds)."""

    person: UUID
    value: float
    decile: int
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Work:
    """The newest work on a score. `said` holds codes of what is missing or went wrong."""

    kind: WorkKind
    state: WorkState
    by: str
    asked_at: datetime
    ended_at: datetime | None
    done: int
    total: int
    said: Mapping[str, Any]
