"""Listening's values: saved queries, what one would have caught, shares of voice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dure.social.model import Mention

Kind = Literal["query", "theme"]
Role = Literal["", "own", "rival"]
KINDS: tuple[Kind, ...] = ("query", "theme")
ROLES: tuple[Role, ...] = ("", "own", "rival")
Step = Literal["hour", "day", "week"]


@dataclass(frozen=True, slots=True)
class NewQuery:
    """What somebody saves. `leaves_out` is a query of what is not meant, `family` what a theme is shown under, `role`
    whose voice it is in shares. With `watch` spikes are told, `allowed` false alarms a week, and after one none for
    `cooldown` hours."""

    name: str
    text: str
    kind: Kind = "query"
    leaves_out: str = ""
    family: str = ""
    role: Role = ""
    watch: bool = False
    allowed: float = 0.1
    cooldown: int = 6


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A saved query. `history` says whether mentions from before have its label: `none` (only those that come), `clear`
    and `apply` (on the way), `done`, `stopped` (somebody stopped it on the way), `remove` (it is taken away, and its
    label is taken off). `labelled` says how many got it so far, `passed` of `total` how far the way is."""

    id: uuid.UUID
    name: str
    kind: Kind
    family: str
    role: Role
    text: str
    leaves_out: str
    watch: bool
    allowed: float
    cooldown: int
    version: int
    history: str
    reached: uuid.UUID | None
    labelled: int
    created_by: str
    created_at: datetime
    changed_at: datetime
    passed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query would have caught from `since` to `until`.

    `exact` or else estimated: `count` then lies between `low` and `high` nineteen times in twenty, and the parts are
    scaled from what the index alone finds. `series` counts by `step`, empty steps included. `unheard` are networks that
    the query names and nothing ever came from, with those that something did come from as `heard`.
    """

    since: datetime
    until: datetime
    step: Step
    count: int
    low: int
    high: int
    exact: bool
    series: Sequence[int]
    networks: Mapping[str, int]
    languages: Mapping[str, int]
    sentiments: Mapping[int, int]
    newest: Sequence[Mention]
    wants: Sequence[str]
    unheard: Sequence[str]
    heard: Sequence[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Voice:
    """A query's part in a comparison. `people` is estimated within about a hundredth. `share` is of mentions, people
    and reach, each with the interval that its weekly spread gives (None below three steps)."""

    id: str
    name: str
    role: Role
    mentions: int
    people: int
    reach: int
    negative: int
    positive: int
    share: Mapping[str, float]
    between: Mapping[str, tuple[float, float] | None]
    series: Sequence[int]
    before: int


@dataclass(frozen=True, slots=True)
class Comparison:
    since: datetime
    until: datetime
    step: Step
    voices: Sequence[Voice]


def as_json(value: Any) -> Any:
    """A dataclass of here as JSON's values; keys of maps become texts."""
    if isinstance(value, dict):
        return {str(name): as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value
