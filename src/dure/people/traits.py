"""What is known of somebody, and how news changes it: pure rules, so that plain news may arrive in any order.

- Of each trait the latest value stands; of two said at the same moment the one that arrived later.
- null takes a trait away; at most 500 are kept.
- Operations (`add`, `append`, …) work on what is known when they arrive, in the order of arrival.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dure.kernel.errors import Invalid

MOST = 500
_LONGEST_LIST = 1000

_NAME, _LONGEST_VALUE = re.compile(r"[^\x00-\x1f`\\]{1,100}"), 8000

Values = dict[str, Any]
Times = dict[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What news did: the traits after it, when each was said, `changes` trait → [before, after], and what was late."""

    values: Values
    times: Times
    changes: dict[str, list[Any]] = field(default_factory=dict)
    late: Values = field(default_factory=dict)


def checked(given: Mapping[str, Any]) -> Values:
    """Traits that a person or an automation states; Invalid names the one that makes no sense."""
    if not given:
        raise Invalid("Give at least one trait.", field="traits")
    for name, value in given.items():
        if not _NAME.fullmatch(name) or name.startswith("$"):
            raise Invalid(f"{name!r} is not the name of a trait.", field="traits")
        if not isinstance(value, str | int | float | bool | list | dict | None):
            raise Invalid(f"{name} is not a value of JSON.", field=f"traits.{name}")
        if len(json.dumps(value, ensure_ascii=False)) > _LONGEST_VALUE:
            raise Invalid(f"{name} has at most {_LONGEST_VALUE:,} characters.", field=f"traits.{name}")
    return dict(given)


def tell(
    known: Mapping[str, Any], times: Mapping[str, str], news: Mapping[str, Any], at: str, most: int = MOST
) -> Told:
    """Traits after news of a moment. Times are ISO texts in UTC of one width, so that they compare as texts."""
    return combine(known, times, news, dict.fromkeys(news, at), most)


def combine(
    known: Mapping[str, Any], times: Mapping[str, str], news: Mapping[str, Any], said: Mapping[str, str],
    most: int = MOST,
) -> Told:  # fmt: skip
    """Two sides' traits as one; `said` is when each of `news` was said."""
    told = Told(dict(known), dict(times))
    for name, at in said.items():
        value, before = news.get(name), told.values.get(name)
        if name not in told.times and len(told.times) >= most:
            continue
        if told.times.get(name, "") > at:
            if value != before:
                told.late[name] = value
            continue
        told.times[name] = at
        if value is None:
            told.values.pop(name, None)
        else:
            told.values[name] = value
        if value != before:
            told.changes[name] = [before, value]
    return told


def operate(known: Mapping[str, Any], operations: Mapping[str, Any]) -> Values:
    """The values that trait operations end in; null for what they take away. What makes no sense changes nothing.

    `operations` is an object of operation → object of traits, or list of names for `unset` and `clear`. `clear` and
    `delete` take everything away and come first, as their senders mean them.
    """
    ends: Values = {}

    def now(name: str) -> Any:
        return ends[name] if name in ends else known.get(name)

    for operation in ("clear", "delete"):
        if operation in operations:
            named = operations[operation]
            ends |= dict.fromkeys(named if isinstance(named, list) and named else known)
    for operation, asked in operations.items():
        if operation == "unset":
            ends |= {str(name): None for name in (asked if isinstance(asked, list | dict) else ())}
        elif operation in _OPERATIONS and isinstance(asked, dict):
            for name, value in asked.items():
                after = _OPERATIONS[operation](now(name), value)
                if after is not _NOTHING:
                    ends[name] = after
    return {name: value for name, value in ends.items() if value != known.get(name)}


_NOTHING: Any = object()


def _set_once(before: Any, value: Any) -> Any:
    return value if before is None else _NOTHING


def _add(before: Any, value: Any) -> Any:
    if not _is_number(value) or not (before is None or _is_number(before)):
        return _NOTHING
    return (before or 0) + value


def _append(before: Any, value: Any) -> Any:
    return _bounded([*_as_list(before), *_as_list(value)])


def _prepend(before: Any, value: Any) -> Any:
    return _bounded([*_as_list(value), *_as_list(before)])


def _union(before: Any, value: Any) -> Any:
    """Adds what is not in the list yet (Mixpanel's `union`, Amplitude's `postInsert`)."""
    kept = _as_list(before)
    for item in _as_list(value):
        if item not in kept:
            kept.append(item)
    return _bounded(kept)


def _pre_insert(before: Any, value: Any) -> Any:
    kept = _as_list(before)
    fresh: list[Any] = []
    for item in _as_list(value):
        if item not in kept and item not in fresh:
            fresh.append(item)
    return _bounded([*fresh, *kept])


def _remove(before: Any, value: Any) -> Any:
    if before is None:
        return _NOTHING
    gone = _as_list(value)
    if isinstance(before, list):
        return [item for item in before if item not in gone]
    return None if before in gone else _NOTHING


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "set_once": _set_once,
    "add": _add,
    "append": _append,
    "prepend": _prepend,
    "union": _union,
    "post_insert": _union,
    "pre_insert": _pre_insert,
    "remove": _remove,
}


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _bounded(items: list[Any]) -> Any:
    # Appending on every event would make a trait grow for ever: beyond a thousand nothing is added.
    return items if len(items) <= _LONGEST_LIST else _NOTHING


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
