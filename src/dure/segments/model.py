"""Segments as values: the rule tree and what is kept about a segment.

A rule is JSON with a `kind`: `{"kind": "all", "of": [...]}`, `any`, `{"kind": "not", "of": rule}`, `did`, `last_seen`,
`trait`, `in`, `counted`, `listed`. Durations are `30m`, `12h`, `7d`, `4w`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from dure.kernel.filters import Filter, Op

ANYTHING = "*"
"""Stands for whatever a person did; what Dure itself wrote about them does not count."""


class All(msgspec.Struct, frozen=True, tag_field="kind", tag="all", forbid_unknown_fields=True):
    """Every rule holds."""

    of: tuple[Rule, ...]


class Either(msgspec.Struct, frozen=True, tag_field="kind", tag="any", forbid_unknown_fields=True):
    """At least one rule holds."""

    of: tuple[Rule, ...]


class Not(msgspec.Struct, frozen=True, tag_field="kind", tag="not", forbid_unknown_fields=True):
    """The rule does not hold. Among everybody the workspace has ever seen."""

    of: Rule


class Did(
    msgspec.Struct, frozen=True, tag_field="kind", tag="did", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """Did an event between `at_least` and `at_most` times (or on that many days of the workspace's zone).

    The window is `within` long and ends `before` ago: its start is left out and its end included. No `within` means
    ever since.
    """

    event: str
    where: tuple[Filter, ...] = ()
    within: str | None = None
    before: str | None = None
    measure: Literal["times", "days"] = "times"
    at_least: int = 1
    at_most: int | None = None


class LastSeen(
    msgspec.Struct, frozen=True, tag_field="kind", tag="last_seen", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """Did the event at some time, and the last time was more than `over` ago and not more than `under` ago."""

    event: str = ANYTHING
    over: str | None = None
    under: str | None = None


class Trait(msgspec.Struct, frozen=True, tag_field="kind", tag="trait", forbid_unknown_fields=True, omit_defaults=True):
    """The newest value of a trait meets a condition."""

    prop: str
    op: Op = "="
    value: Any = None

    @property
    def filter(self) -> Filter:
        return Filter(self.prop, self.op, self.value)


class In(msgspec.Struct, frozen=True, tag_field="kind", tag="in", forbid_unknown_fields=True):
    """Is in another segment, by that segment's own rule."""

    segment: str


class Counted(msgspec.Struct, frozen=True, tag_field="kind", tag="counted", forbid_unknown_fields=True):
    """Is counted by one cell of a question's answer (`metrics.behind.Cell`), such as those who left a funnel at a step.

    With a range that moves it is asked anew each time; with fixed dates only late events and merges change it.
    """

    question: dict[str, Any]
    cell: dict[str, Any] = {}


class Listed(
    msgspec.Struct, frozen=True, tag_field="kind", tag="listed", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """Was put in by hand, or by an automation, and not taken out. A segment of this rule alone is a hand-made list;
    where another rule names it, `segment` says which."""

    segment: str = ""


Rule = All | Either | Not | Did | LastSeen | Trait | In | Counted | Listed
Leaf = Did | LastSeen | Trait | In | Counted | Listed


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment. `size` is of the newest computation, None before the first; `built_in` names ours, "" for others'."""

    id: str
    name: Mapping[str, str]
    about: Mapping[str, str]
    rule: Rule
    built_in: str
    created_by: str
    created_at: datetime
    computed_at: datetime | None
    size: int | None

    @property
    def by_hand(self) -> bool:
        """Whether people are put in and taken out one by one."""
        return isinstance(self.rule, Listed)


@dataclass(frozen=True, slots=True)
class Size:
    """How many were in it after a computation, and how many came and went by it."""

    at: datetime
    size: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is in a segment, since when we know."""

    person: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """How many people a rule holds for now, and a few of them."""

    size: int
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """A segment given to another team as it was at a moment: two lists of people, one of them left alone."""

    id: str
    segment: str
    to: str
    channel: str
    purpose: str
    control_share: float
    size: int
    control: int
    treated: int
    expires_at: datetime | None
    by: str
    at: datetime
