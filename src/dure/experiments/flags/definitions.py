"""Flags as PostHog's own definitions, for its clients that evaluate by themselves.

What such a client cannot know (segments, an experiment's arms, exceptions for single people, conditions that it would
read otherwise) is marked so that it asks the server instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dure.experiments.flags.model import Condition, Flag, trait
from dure.kernel.filters import Filter

_OPERATORS = {"=": "exact", "!=": "is_not", "in": "exact", "not_in": "is_not", ">": "gt", ">=": "gte", "<": "lt",
              "<=": "lte"}  # fmt: skip


def definition(flag: Flag) -> dict[str, Any]:
    design = flag.design
    filters: dict[str, Any] = {
        "groups": [_group(condition) for condition in design.conditions if not condition.segment],
        "payloads": {name: msgspec.json.encode(value).decode() for name, value in design.payloads.items()},
    }
    if design.variants:
        filters["multivariate"] = {
            "variants": [
                {"key": one.name, "name": one.name, "rollout_percentage": one.share * 100} for one in design.variants
            ]
        }
    return {
        "id": flag.number, "key": flag.key, "name": design.name.get("en", ""), "active": design.active,
        "deleted": False, "version": flag.version, "filters": filters,
        "ensure_experience_continuity": design.active and not _known_there(flag),
        "has_experiment": design.experiment is not None,
    }  # fmt: skip


def _known_there(flag: Flag) -> bool:
    return (
        flag.design.experiment is None
        and not flag.overrides
        and not any(condition.segment for condition in flag.design.conditions)
        and all(_alike(each) for condition in flag.design.conditions for each in condition.where)
    )


def _alike(where: Filter) -> bool:
    """Whether PostHog's operator says the same. Theirs look past upper and lower case, and for numbers at texts."""
    return where.op in _OPERATORS and not isinstance(where.value, bool) and _plain(where)


def _plain(where: Filter) -> bool:
    values = where.value if isinstance(where.value, list | tuple) else [where.value]
    if where.op in (">", ">=", "<", "<="):
        return all(isinstance(value, int | float) for value in values)
    # A text without letters of two cases means the same on both sides.
    return all(
        isinstance(value, int) or (isinstance(value, str) and value.lower() == value.upper()) for value in values
    )


def _group(condition: Condition) -> Mapping[str, Any]:
    return {
        "properties": [
            {"key": trait(each.prop), "type": "person", "operator": _OPERATORS.get(each.op, "exact"),
             "value": list(each.value) if isinstance(each.value, list | tuple) else each.value}
            for each in condition.where
        ],
        "rollout_percentage": condition.rollout * 100, "variant": condition.variant or None,
    }  # fmt: skip
