"""An experiment's audience where a flag must answer at once: rules over traits and segments, without asking the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dure.kernel.filters import holds
from dure.segments.api import Rule
from dure.segments.model import All, Either, In, Not, Trait


def asks_the_log(rule: Rule) -> bool:
    """Whether anything in the rule is not known at once."""
    return any(not isinstance(leaf, In | Trait) for leaf in _leaves(rule))


def names_segments(rule: Rule) -> bool:
    return any(isinstance(leaf, In) for leaf in _leaves(rule))


def meant(rule: Rule, traits: Mapping[str, Any], segments: Collection[str]) -> bool:
    """Whether somebody with these traits, in these segments, is meant."""
    if isinstance(rule, All):
        return all(meant(part, traits, segments) for part in rule.of)
    if isinstance(rule, Either):
        return any(meant(part, traits, segments) for part in rule.of)
    if isinstance(rule, Not):
        return not meant(rule.of, traits, segments)
    if isinstance(rule, In):
        return rule.segment in segments
    if isinstance(rule, Trait):
        return holds(rule.filter, traits.get(rule.prop))
    return False


def _leaves(rule: Rule) -> Iterator[object]:
    if isinstance(rule, All | Either):
        for part in rule.of:
            yield from _leaves(part)
    elif isinstance(rule, Not):
        yield from _leaves(rule.of)
    else:
        yield rule
