"""Filters: the one language for conditions, in questions, segments, triggers and branches (CONTRACTS §3).

A filter is `{"prop": "plan", "op": "=", "value": "pro"}`. Here they are values and are evaluated in Python; the rooms
that ask databases compile the same values to SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid

Op = Literal["=", "!=", "in", "not_in", "contains", ">", ">=", "<", "<=", "set", "not_set"]


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition. `prop` names an event property, `person.x` a person trait, `account.x` an account trait."""

    prop: str
    op: Op = "="
    value: Any = None

    def __post_init__(self) -> None:
        if self.op in ("in", "not_in") and not isinstance(self.value, list | tuple):
            raise ValueError(f"`value` of {self.op} is a list")


def holds(condition: Filter, value: Any) -> bool:
    """Whether a value meets the condition. An absent value (None) meets only `!=`, `not_in` and `not_set`.

    Numbers compare as numbers, also when one side is their text; texts compare with case.
    """
    op, wanted = condition.op, condition.value
    if op == "set":
        return value is not None
    if op == "not_set":
        return value is None
    if op == "!=":
        return value is None or not _same(value, wanted)
    if op == "not_in":
        return value is None or not any(_same(value, item) for item in wanted)
    if value is None:
        return False
    if op == "=":
        return _same(value, wanted)
    if op == "in":
        return any(_same(value, item) for item in wanted)
    if op == "contains":
        if isinstance(value, list | tuple):
            return any(_same(item, wanted) for item in value)
        return str(wanted) in str(value)
    left, right = _comparable(value, wanted)
    return bool({">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[op])


def all_hold(conditions: Sequence[Filter], look: Callable[[str], Any]) -> bool:
    """Whether every condition holds; `look` gives the value of a `prop` or None."""
    return all(holds(condition, look(condition.prop)) for condition in conditions)


def read_filters(raw: object, field: str) -> tuple[Filter, ...]:
    """Filters out of decoded JSON; Invalid names the field."""
    try:
        return msgspec.convert(raw, tuple[Filter, ...])
    except msgspec.ValidationError as error:
        raise Invalid(str(error), field=field) from error


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return str(value).lower() == str(wanted).lower()
    left, right = _comparable(value, wanted)
    return bool(left == right)


def _comparable(value: Any, wanted: Any) -> tuple[Any, Any]:
    try:
        return float(value), float(wanted)
    except (TypeError, ValueError):
        return str(value), str(wanted)
