"""Decisions about rules: reading and checking them, durations, replacing `in` by what it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.ids import person_id
from dure.segments.model import All, Counted, Did, Either, In, LastSeen, Leaf, Listed, Not, Rule, Trait

MOST_LEAVES = 50
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,4})([mhdw])")


def read_rule(raw: object) -> Rule:
    """A rule out of decoded JSON; Invalid names the place in it."""
    try:
        rule: Rule = msgspec.convert(raw, Rule)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field="rule" + path.rstrip("`")) from error
    leaves = list(leaves_of(rule))
    if not leaves:
        raise Invalid("A rule has at least one condition.", field="rule")
    if len(leaves) > MOST_LEAVES:
        raise Invalid(f"A rule has at most {MOST_LEAVES} conditions.", field="rule")
    for leaf in leaves:
        _check(leaf)
    return rule


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


def unfold(rule: Rule, rule_of: Callable[[str], Rule | None], seen: tuple[str, ...] = ()) -> Rule:
    """The rule with every `in` replaced by that segment's rule; Invalid for an unknown segment or a circle."""
    if isinstance(rule, All):
        return All(tuple(unfold(part, rule_of, seen) for part in rule.of))
    if isinstance(rule, Either):
        return Either(tuple(unfold(part, rule_of, seen) for part in rule.of))
    if isinstance(rule, Not):
        return Not(unfold(rule.of, rule_of, seen))
    if isinstance(rule, In):
        if rule.segment in seen:
            raise Invalid("A segment cannot be part of itself.", field="rule")
        inner = rule_of(rule.segment)
        if inner is None:
            raise Invalid(f"There is no segment {rule.segment!r}.", field="rule")
        if isinstance(inner, Listed):
            return Listed(rule.segment)
        return unfold(inner, rule_of, (*seen, rule.segment))
    if isinstance(rule, Counted) and rule.question.get("segment"):
        # Its question keeps to the segment's members; here only a circle is looked for.
        unfold(In(str(rule.question["segment"])), rule_of, seen)
    return rule


def holds(rule: Rule, leaf: Callable[[Leaf], bool]) -> bool:
    """Whether the tree holds when `leaf` says so of each end."""
    if isinstance(rule, All):
        return all(holds(part, leaf) for part in rule.of)
    if isinstance(rule, Either):
        return any(holds(part, leaf) for part in rule.of)
    if isinstance(rule, Not):
        return not holds(rule.of, leaf)
    return leaf(rule)


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


def _check(leaf: Leaf) -> None:
    if isinstance(leaf, Did):
        _check_event(leaf.event)
        for name in ("within", "before"):
            if getattr(leaf, name) is not None:
                duration(getattr(leaf, name), f"rule.{name}")
        if leaf.at_least < 0 or (leaf.at_most is not None and leaf.at_most < leaf.at_least):
            raise Invalid("`at_least` is 0 or more and not above `at_most`.", field="rule.at_least")
        for condition in leaf.where:
            check_prop(condition.prop)
    elif isinstance(leaf, LastSeen):
        _check_event(leaf.event)
        if leaf.over is None and leaf.under is None:
            raise Invalid("`last_seen` needs `over` or `under`.", field="rule.over")
        for name in ("over", "under"):
            if getattr(leaf, name) is not None:
                duration(getattr(leaf, name), f"rule.{name}")
    elif isinstance(leaf, Trait):
        check_prop(leaf.prop)
        try:
            _ = leaf.filter
        except ValueError as error:
            raise Invalid(str(error), field="rule.value") from error


def check_prop(prop: str) -> None:
    """A property's name as it may stand in a rule."""
    if not prop or len(prop) > 200 or re.search(r"[`\\\x00-\x1f]", prop) or "" in prop.split("."):
        raise Invalid(f"{prop!r} is not the name of a property.", field="rule.prop")


def _check_event(event: str) -> None:
    if not event.strip() or len(event) > 255:
        raise Invalid("`event` is the name of an event, or * for anything.", field="rule.event")
