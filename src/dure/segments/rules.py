"""Decisions about rules: durations, replacing what stands for something else, which could hold for whom."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.kernel.ids import person_id
from dure.segments.model import (
    All,
    Amount,
    Counted,
    Did,
    Either,
    History,
    In,
    Leaf,
    Listed,
    Metric,
    Not,
    Rule,
    Share,
    Trait,
)

_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,4})([mhdw])")
CAMPAIGN_EVENTS = {
    "entered": "Campaign Entered", "got": "Message Sent", "opened": "Message Opened", "clicked": "Message Clicked",
    "held": "Message Held Back", "skipped": "Message Skipped",
}  # fmt: skip


def duration(text: str, field: str = "within") -> timedelta:
    """`90m`, `12h`, `7d`, `4w`."""
    match = _DURATION.fullmatch(text)
    if not match or match[1].strip("0") == "":
        raise Invalid(f"{text!r} is not a duration such as 12h, 7d or 4w.", field=field)
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def who(workspace: str, id: str, field: str = "people") -> UUID:
    """Somebody by a person id, or by the distinct id that programs call them by."""
    if not id.strip():
        raise Invalid("An id of somebody is missing.", field=field)
    try:
        return UUID(id)
    except ValueError:
        return person_id(workspace, id)


def leaves_of(rule: Rule) -> Iterator[Leaf]:
    """The conditions at the ends of the tree, in reading order."""
    if isinstance(rule, All | Either):
        for part in rule.of:
            yield from leaves_of(part)
    elif isinstance(rule, Not):
        yield from leaves_of(rule.of)
    else:
        yield rule


def unfold(
    rule: Rule, rule_of: Callable[[str], Rule | None], metric_of: Callable[[str], Mapping[str, Any] | None],
    seen: tuple[str, ...] = (),
) -> Rule:  # fmt: skip
    """The rule in conditions that the log answers by itself: other segments by their rules, metrics (`metric_of` gives
    a metric's question and reading) and campaign history by the events they are made of.

    Invalid for an unknown segment or metric, a circle, and a metric that is no number of one person.
    """

    def within(part: Rule) -> Rule:
        return unfold(part, rule_of, metric_of, seen)

    if isinstance(rule, All | Either):
        return type(rule)(tuple(within(part) for part in rule.of))
    if isinstance(rule, Not):
        return Not(within(rule.of))
    if isinstance(rule, In):
        if rule.segment in seen:
            raise Invalid("A segment cannot be part of itself.", field="rule")
        inner = rule_of(rule.segment)
        if inner is None:
            raise Invalid(f"There is no segment {rule.segment!r}.", field="rule")
        if isinstance(inner, Listed):
            return Listed(rule.segment)
        return unfold(inner, rule_of, metric_of, (*seen, rule.segment))
    if isinstance(rule, Metric):
        return within(_measured(rule, metric_of(rule.metric)))
    if isinstance(rule, History):
        where = (Filter("campaign", "=", rule.campaign),) if rule.campaign else ()
        name = CAMPAIGN_EVENTS[rule.what]
        return Did(name, where, rule.within, rule.before, "times", rule.at_least, rule.at_most)
    if isinstance(rule, Counted) and rule.question.get("segment"):
        # Its question keeps to the segment's members; here only a circle is looked for.
        within(In(str(rule.question["segment"])))
    return rule


def holds(rule: Rule, leaf: Callable[[Leaf], bool]) -> bool:
    """Whether the tree holds when `leaf` says so of each end."""
    return True in could(rule, lambda end: {leaf(end)})


def could(rule: Rule, leaf: Callable[[Leaf], set[bool]]) -> set[bool]:
    """What the tree may come to when `leaf` says what each end may."""
    if isinstance(rule, Not):
        return {not one for one in could(rule.of, leaf)}
    if isinstance(rule, All | Either):
        whole, found = isinstance(rule, All), [could(part, leaf) for part in rule.of]
        same = all(whole in one for one in found)
        other = any((not whole) in one for one in found)
        return ({whole} if same else set()) | ({not whole} if other else set())
    return leaf(rule)


def of_nobody(leaf: Leaf) -> set[bool]:
    """What a condition may say of somebody who did none of the events it names."""
    if isinstance(leaf, Did):
        return {leaf.at_least == 0}
    if isinstance(leaf, Amount):
        return {leaf.measure == "sum" and compared(0, leaf.op, leaf.value)}
    if isinstance(leaf, Trait):
        return {leaf.op in ("!=", "not_in", "not_set")}
    # Who was counted, put in or drawn may have done none of the events that the other conditions name.
    return {True, False} if isinstance(leaf, Counted | Listed | Share) else {_frequency_of_none(leaf)}


def as_json(rule: Rule) -> dict[str, Any]:
    """The rule as the JSON it was read from."""
    built: dict[str, Any] = msgspec.to_builtins(rule)
    return built


# A first version by rule, and named as one. A model that learns who leaves takes its place later.
ABOUT_TO_CHURN: Mapping[str, Any] = {
    "kind": "all",
    "of": [
        {"kind": "did", "event": "*", "measure": "days", "at_least": 3, "within": "28d", "before": "7d"},
        {"kind": "not", "of": {"kind": "did", "event": "*", "within": "7d"}},
    ],
}


def _frequency_of_none(leaf: Leaf) -> bool:
    return getattr(leaf, "at_least", 1) <= 0


def compared(left: float, op: str, right: float) -> bool:
    return {
        "=": left == right, "!=": left != right, ">": left > right, ">=": left >= right, "<": left < right,
        "<=": left <= right,
    }[op]  # fmt: skip


def _measured(rule: Metric, known: Mapping[str, Any] | None) -> Rule:
    """A metric's number for one person, as the condition on events that it is."""
    if known is None:
        raise Invalid(f"There is no metric {rule.metric!r}.", field="rule.metric")
    question = known["question"]
    series = question.get("series") or []
    number = int((known.get("reading") or {}).get("series", 0))
    if question.get("kind") != "trend" or number >= len(series) or question.get("by", "person") != "person":
        raise Invalid("This metric is not a number of each person's own events.", field="rule.metric")
    one = series[number]
    where = tuple(msgspec.convert([*one.get("where", ()), *question.get("where", ())], list[Filter]))
    if any(each.prop.startswith(("person.", "account.")) for each in where):
        raise Invalid("This metric asks for traits; say them as conditions of their own.", field="rule.metric")
    taken = one.get("math", "count")
    made: Rule
    if taken in ("sum", "average", "min", "max"):
        made = Amount(one["event"], one["prop"], rule.value, where, taken, rule.op, rule.within, rule.before)
    elif taken in ("count", "per_person"):
        least, most = _times(rule.op, rule.value)
        made = Did(one["event"], where, rule.within, rule.before, "times", least, most)
    else:
        raise Invalid(f"A metric that takes the {taken} is no number of one person.", field="rule.metric")
    return All((made, In(question["segment"]))) if question.get("segment") else made


def _times(op: str, value: float) -> tuple[int, int | None]:
    """A comparison of a count as its smallest and largest."""
    if op in (">=", ">"):
        return max(0, math.ceil(value) if op == ">=" else math.floor(value) + 1), None
    most = math.floor(value) if op in ("<=", "=") else math.ceil(value) - 1
    if most < 0 or (op == "=" and most != value):
        raise Invalid("No count is like that.", field="rule.value")
    return (most if op == "=" else 0), most
