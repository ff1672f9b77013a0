"""The rule language as values.

A rule is JSON with a `kind`: `{"kind": "all", "of": [...]}`, `any`, `{"kind": "not", "of": rule}`, and the conditions
below. Durations are `30m`, `12h`, `7d`, `4w`. A window is `within` long and ends `before` ago: its start is left out
and its end included. No `within` means ever since. Days are days of the workspace's zone.
"""

from __future__ import annotations

from typing import Any, Literal

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
    """Did an event between `at_least` and `at_most` times, or on that many days, within the window."""

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
    where: tuple[Filter, ...] = ()
    over: str | None = None
    under: str | None = None


class FirstSeen(
    msgspec.Struct, frozen=True, tag_field="kind", tag="first_seen", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """Did the event at some time, and the first time ever was more than `over` ago and not more than `under` ago."""

    event: str = ANYTHING
    where: tuple[Filter, ...] = ()
    over: str | None = None
    under: str | None = None


class Frequency(
    msgspec.Struct, frozen=True, tag_field="kind", tag="frequency", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """How often in a `per`, over the last `periods` of them (a month is 30 days): on average, or with `every` in each
    of them. Between `at_least` and `at_most` times."""

    event: str
    where: tuple[Filter, ...] = ()
    per: Literal["day", "week", "month"] = "week"
    periods: int = 4
    at_least: float = 1
    at_most: float | None = None
    every: bool = False


class Amount(
    msgspec.Struct, frozen=True, tag_field="kind", tag="amount", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """A property's numbers over the events of the window, taken together and compared, to six decimal places.

    The sum of none is 0; of no numbers there is no average, smallest or largest, and then nothing holds.
    """

    event: str
    prop: str
    value: float
    where: tuple[Filter, ...] = ()
    measure: Literal["sum", "average", "min", "max"] = "sum"
    op: Literal["=", "!=", ">", ">=", "<", "<="] = ">="
    within: str | None = None
    before: str | None = None


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which events: a name (`*` is anything) and conditions that all hold."""

    event: str
    where: tuple[Filter, ...] = ()


class Sequence(
    msgspec.Struct, frozen=True, tag_field="kind", tag="sequence", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """Did the steps one after the other, the last no more than `span` after the first, and nothing of `without`
    between the first and the last. All of it lies within the window. What happened in the same microsecond is in the
    order of its message ids."""

    steps: tuple[Selector, ...]
    without: tuple[Selector, ...] = ()
    span: str | None = None
    within: str | None = None


class Trait(msgspec.Struct, frozen=True, tag_field="kind", tag="trait", forbid_unknown_fields=True, omit_defaults=True):
    """The newest value of a trait meets a condition: a person's, or the one of the account they were last seen in."""

    prop: str
    op: Op = "="
    value: Any = None
    of: Literal["person", "account"] = "person"

    @property
    def filter(self) -> Filter:
        return Filter(self.prop, self.op, self.value)


class Metric(
    msgspec.Struct, frozen=True, tag_field="kind", tag="metric", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """A metric of the catalogue for each person alone, by its definition of the day, compared. Only of metrics that
    count events or take a property's sum, average, smallest or largest."""

    metric: str
    value: float
    op: Literal[">=", "<=", "=", ">", "<"] = ">="
    within: str | None = "28d"
    before: str | None = None


class History(
    msgspec.Struct, frozen=True, tag_field="kind", tag="campaign", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """What a campaign did with somebody, or they with it: entered, got, opened or clicked a message, was held back as
    its control, or was passed over. No `campaign` means any."""

    what: Literal["entered", "got", "opened", "clicked", "held", "skipped"] = "got"
    campaign: str = ""
    within: str | None = None
    before: str | None = None
    at_least: int = 1
    at_most: int | None = None


class Share(
    msgspec.Struct, frozen=True, tag_field="kind", tag="share", forbid_unknown_fields=True, omit_defaults=True
):  # fmt: skip
    """A part of everybody, drawn by lot (`kernel.lots`): whose lot under `seed` is from `start` up to `start + share`.
    The same people for ever; shares of one seed that do not overlap have nobody in common."""

    share: float
    seed: str = "share"
    start: float = 0.0


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


Rule = (
    All | Either | Not | Did | LastSeen | FirstSeen | Frequency | Amount | Sequence | Trait | Metric | History | Share
    | In | Counted | Listed
)  # fmt: skip
Leaf = (
    Did | LastSeen | FirstSeen | Frequency | Amount | Sequence | Trait | Metric | History | Share | In | Counted
    | Listed
)  # fmt: skip
