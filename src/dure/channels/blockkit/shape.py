"""What a value must look like, as small checks that are put together into tables of types.

A check is given the value, its place and the list of findings; it says nothing where all is well. Places are chains of
(outer place, step), so that nothing is written out while nothing is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Place = tuple[Any, ...]
Findings = list[str]
Check = Callable[[Any, Place, Findings], None]
# Looks at an object as a whole, after its fields.
Rule = Callable[[Mapping[str, Any], Place, Findings], None]

_URL = re.compile(r"(?:https?|mailto|tel|slack)://?[^\s]|mailto:[^\s]|tel:[^\s]|/(?!/)", re.I)


def pointer(place: Place) -> str:
    steps: list[str] = []
    while place:
        place, step = place if len(place) == 2 else ((), place[0])
        steps.append(str(step).replace("~", "~0").replace("/", "~1") if place else str(step))
    return "/".join(reversed(steps))


def fail(found: Findings, message: str, place: Place) -> None:
    found.append(f"{message} [json-pointer:{pointer(place)}]")


def text(largest: int, smallest: int = 1) -> Check:
    def check(value: Any, place: Place, found: Findings) -> None:
        if not isinstance(value, str):
            fail(found, "must provide a string", place)
        elif len(value) < smallest:
            fail(found, f"must be more than {smallest - 1} characters", place)
        elif len(value) > largest:
            fail(found, f"must be less than {largest + 1} characters", place)

    return check


def pattern(form: str, what: str) -> Check:
    fits = re.compile(form, re.ASCII).fullmatch

    def check(value: Any, place: Place, found: Findings) -> None:
        if not isinstance(value, str):
            fail(found, "must provide a string", place)
        elif not fits(value):
            fail(found, f"must be {what}", place)

    return check


def url(value: Any, place: Place, found: Findings) -> None:
    """An address of the web, of mail or of this server's own pages; nothing that a browser would run."""
    _address(value, place, found)
    if isinstance(value, str) and value and not _URL.match(value):
        fail(found, "must be a valid URL", place)


_address = text(3000)


def flag(value: Any, place: Place, found: Findings) -> None:
    if not isinstance(value, bool):
        fail(found, "must provide a boolean", place)


def whole(smallest: int, largest: int) -> Check:
    def check(value: Any, place: Place, found: Findings) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            fail(found, "must provide an integer", place)
        elif value < smallest:
            fail(found, f"must be greater than {smallest - 1}", place)
        elif value > largest:
            fail(found, f"must be less than {largest + 1}", place)

    return check


def one_of(*values: str) -> Check:
    allowed = frozenset(values)

    def check(value: Any, place: Place, found: Findings) -> None:
        if not isinstance(value, str):
            fail(found, "must provide a string", place)
        elif value not in allowed:
            fail(found, "must be a valid enum value", place)

    return check


def many(item: Check, largest: int, smallest: int = 1) -> Check:
    def check(value: Any, place: Place, found: Findings) -> None:
        if not isinstance(value, list):
            fail(found, "must provide an array", place)
        elif len(value) > largest:
            fail(found, f"no more than {largest} items allowed", place)
        elif len(value) < smallest:
            fail(found, f"no less than {smallest} items allowed", place)
        else:
            for number, one in enumerate(value):
                item(one, (place, number), found)

    return check


def shape(needed: Mapping[str, Check], may: Mapping[str, Check] | None = None, *rules: Rule) -> Check:
    """An object with exactly these fields."""
    fields = {**needed, **(may or {})}
    required = frozenset(needed)

    def check(value: Any, place: Place, found: Findings) -> None:
        if not isinstance(value, dict):
            fail(found, "must provide an object", place)
            return
        if not required <= value.keys():
            for name in needed:
                if name not in value:
                    fail(found, f"missing required field: {name}", place)
        for name, inner in value.items():
            known = fields.get(name)
            if known is None:
                fail(found, f"invalid additional property: {name}", place)
            else:
                known(inner, (place, name), found)
        for rule in rules:
            rule(value, place, found)

    return check


def anything(value: Any, place: Place, found: Findings) -> None:
    """What only its owner understands."""


def by_type(types: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of the shapes it has."""

    def check(value: Any, place: Place, found: Findings) -> None:
        if not isinstance(value, dict):
            fail(found, "must provide an object", place)
        elif "type" not in value:
            fail(found, "missing required field: type", place)
        else:
            kind = value["type"]
            known = types.get(kind) if isinstance(kind, str) else None
            if known is None:
                fail(found, f"unsupported type: {str(kind)[:80]}", (place, "type"))
            else:
                known(value, place, found)

    return check


def either(*names: str) -> Rule:
    """At least one of the fields must be there."""
    told = " or ".join(f"`{name}`" for name in names)

    def rule(value: Mapping[str, Any], place: Place, found: Findings) -> None:
        if not any(name in value for name in names):
            fail(found, f"must define either {told}", (place, "type"))

    return rule


def not_both(first: str, second: str) -> Rule:
    def rule(value: Mapping[str, Any], place: Place, found: Findings) -> None:
        if first in value and second in value:
            fail(found, f"cannot define both `{first}` and `{second}`", (place, "type"))

    return rule
