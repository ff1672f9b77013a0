"""What may stand in a field of a few words, found by where it stands in a value's type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec


def choices(kind: Any, place: str) -> list[str]:
    """The words of the Literal at a place as msgspec writes it, `.steps[0].where[1].op`; empty where there is none."""
    steps = re.findall(r"\.(\w+)|(\[[^\]]*\])", place)
    words = _found(kind, [name or item for name, item in steps])
    return [str(word) for word in dict.fromkeys(words)]


def _found(kind: Any, steps: Sequence[str]) -> Iterator[Any]:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        for one in get_args(kind):
            yield from _found(one, steps)
    elif not steps:
        if origin is Literal:
            yield from get_args(kind)
    elif steps[0].startswith("["):
        if origin in (tuple, list, dict):
            inner = [one for one in get_args(kind) if one is not Ellipsis]
            yield from _found(inner[-1], steps[1:])
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for field in msgspec.structs.fields(kind):
            if field.encode_name == steps[0]:
                yield from _found(field.type, steps[1:])
