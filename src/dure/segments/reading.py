"""Reading a rule: what makes no sense is refused by the name of its place, such as `rule.of[1].within`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.segments.model import (
    All,
    Amount,
    Did,
    Either,
    FirstSeen,
    Frequency,
    History,
    In,
    LastSeen,
    Leaf,
    Metric,
    Not,
    Rule,
    Selector,
    Sequence,
    Share,
    Trait,
)
from dure.segments.rules import duration

MOST_LEAVES = 50
MOST_DEPTH = 12
MOST_STEPS = 6
MOST_PERIODS = 52


def read_rule(raw: object) -> Rule:
    """A rule out of decoded JSON; Invalid names the place in it."""
    _shallow(raw, "rule", 0)
    try:
        rule: Rule = msgspec.convert(raw, Rule)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field="rule" + path.rstrip("`")) from error
    leaves = list(_placed(rule, "rule"))
    if not leaves:
        raise Invalid("A rule has at least one condition.", field="rule")
    if len(leaves) > MOST_LEAVES:
        raise Invalid(f"A rule has at most {MOST_LEAVES} conditions.", field="rule")
    for leaf, place in leaves:
        _check(leaf, place)
    return rule


def check_prop(prop: str, field: str = "rule.prop") -> None:
    """A property's name as it may stand in a rule."""
    if not prop or len(prop) > 200 or re.search(r"[`\\\x00-\x1f]", prop) or "" in prop.split("."):
        raise Invalid(f"{prop!r} is not the name of a property.", field=field)


def _shallow(raw: Any, place: str, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise Invalid(f"Groups lie at most {MOST_DEPTH} deep in one another.", field="rule")
    if isinstance(raw, dict):
        inner = raw.get("of")
        for number, part in enumerate(inner if isinstance(inner, list) else [inner]):
            if isinstance(part, dict):
                _shallow(part, f"{place}.of[{number}]", depth + 1)


def _placed(rule: Rule, place: str) -> Iterator[tuple[Leaf, str]]:
    """The conditions with the place of each."""
    if isinstance(rule, All | Either):
        if not rule.of and place != "rule":
            raise Invalid("A group has at least one condition.", field=place)
        for number, part in enumerate(rule.of):
            yield from _placed(part, f"{place}.of[{number}]")
    elif isinstance(rule, Not):
        yield from _placed(rule.of, f"{place}.of")
    else:
        yield rule, place


def _check(leaf: Leaf, at: str) -> None:
    for name in ("within", "before", "over", "under", "span"):
        if getattr(leaf, name, None) is not None:
            duration(getattr(leaf, name), f"{at}.{name}")
    if isinstance(leaf, Did | LastSeen | FirstSeen | Frequency | Amount):
        check_selector(Selector(leaf.event, leaf.where), at)
    if isinstance(leaf, Did | History):
        _check_bounds(leaf.at_least, leaf.at_most, at)
    elif isinstance(leaf, LastSeen | FirstSeen):
        if leaf.over is None and leaf.under is None:
            raise Invalid("Say `over` or `under`: how long ago.", field=f"{at}.over")
        if leaf.over and leaf.under and duration(leaf.over) >= duration(leaf.under):
            raise Invalid("`over` is shorter than `under`.", field=f"{at}.over")
    elif isinstance(leaf, Frequency):
        _check_bounds(leaf.at_least, leaf.at_most, at)
        if not 1 <= leaf.periods <= MOST_PERIODS:
            raise Invalid(f"`periods` is 1 to {MOST_PERIODS}.", field=f"{at}.periods")
    elif isinstance(leaf, Amount):
        check_prop(leaf.prop, f"{at}.prop")
    elif isinstance(leaf, Sequence):
        if not 2 <= len(leaf.steps) <= MOST_STEPS:
            raise Invalid(f"A sequence has 2 to {MOST_STEPS} steps.", field=f"{at}.steps")
        for name, some in (("steps", leaf.steps), ("without", leaf.without)):
            for number, one in enumerate(some):
                check_selector(one, f"{at}.{name}[{number}]")
    elif isinstance(leaf, Trait):
        check_prop(leaf.prop, f"{at}.prop")
        try:
            _ = leaf.filter
        except ValueError as error:
            raise Invalid(str(error), field=f"{at}.value") from error
    elif isinstance(leaf, Share):
        if not 0 < leaf.share <= 1:
            raise Invalid("`share` is above 0 and at most 1.", field=f"{at}.share")
        if leaf.start < 0 or leaf.start + leaf.share > 1.0000001:
            raise Invalid("`start` and `share` together are at most 1.", field=f"{at}.start")
        if not leaf.seed.strip() or len(leaf.seed) > 100:
            raise Invalid("`seed` is a short text.", field=f"{at}.seed")
    elif isinstance(leaf, Metric | In):
        name = "metric" if isinstance(leaf, Metric) else "segment"
        if not getattr(leaf, name).strip():
            raise Invalid(f"Say which {name}.", field=f"{at}.{name}")


def _check_bounds(least: float, most: float | None, at: str) -> None:
    if least < 0:
        raise Invalid("`at_least` is 0 or more.", field=f"{at}.at_least")
    if most is not None and most < least:
        raise Invalid("`at_most` is not below `at_least`.", field=f"{at}.at_most")


def check_selector(one: Selector, at: str) -> None:
    """Invalid names the field below `at`."""
    if not one.event.strip() or len(one.event) > 255:
        raise Invalid("`event` is the name of an event, or * for anything.", field=f"{at}.event")
    for number, condition in enumerate(one.where):
        _check_condition(condition, f"{at}.where[{number}]")


def _check_condition(condition: Filter, at: str) -> None:
    check_prop(condition.prop, f"{at}.prop")
    if condition.op not in ("set", "not_set") and condition.value is None:
        raise Invalid("A value is missing.", field=f"{at}.value")
