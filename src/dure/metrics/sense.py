"""What every kind of question must hold to, whatever its own rules: names that can be names, filters that can be met.

Looked for in the question's whole tree, so that a new kind has it without saying so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter

_LONGEST = 200
_NO_NAME = re.compile(r"[\x00-\x1f`\\]")
_EVENTS, _PROPS = ("event", "events"), ("prop", "props")
_NOT_EMPTY = ("from", "to", "timezone", "segment", "metric", "journey")
_PLAIN = (str, int, float)


def check(question: msgspec.Struct) -> None:
    """Invalid that names the first place at which something cannot be meant."""
    for place, name, value in _leaves(question, ""):
        if isinstance(value, Filter):
            _check_filter(value, place)
        elif name in _EVENTS and (not value or len(value) > 255):
            raise Invalid("An event has a name of up to 255 characters; `*` is any event.", field=place)
        elif name in _PROPS:
            _check_prop(value, place)
        elif name in _NOT_EMPTY and not value:
            raise Invalid(f"`{name}` is left out rather than empty.", field=place)


def _leaves(value: object, place: str, name: str = "") -> Iterator[tuple[str, str, Filter | str]]:
    """Filters and texts with where they stand (`steps[1].where[0]`) and the field they stand in."""
    if isinstance(value, msgspec.Struct) and not isinstance(value, Filter):
        for field in msgspec.structs.fields(value):
            yield from _leaves(getattr(value, field.name), f"{place}.{field.encode_name}", field.encode_name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{place}[{index}]", name)
    elif isinstance(value, Filter | str):
        yield place.lstrip("."), name, value


def _check_prop(text: str, place: str) -> None:
    owner, dot, rest = text.partition(".")
    inner = rest if dot and owner in ("person", "account") else text
    if len(text) > _LONGEST or _NO_NAME.search(text) or not inner.strip("."):
        raise Invalid(f"{text[:_LONGEST]!r} cannot be the name of a property.", field=place)


def _check_filter(item: Filter, place: str) -> None:
    _check_prop(item.prop, f"{place}.prop")
    if item.op in ("set", "not_set"):
        return
    wanted = item.value if item.op in ("in", "not_in") else [item.value]
    if not all(isinstance(one, _PLAIN) for one in wanted):
        raise Invalid(f"`{item.op}` compares with a text, a number or true/false.", field=f"{place}.value")
