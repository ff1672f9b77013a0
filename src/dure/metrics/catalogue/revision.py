"""What changed between two versions of a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# What the version itself says, or what follows from it.
_ASIDE = {"id", "version", "created_by", "created_at", "updated_at", "verified_by", "verified_at"}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`{field, before, after}` for each value that differs, by its place: `question.series[0].event`."""
    old, new = (dict(_leaves(body)) for body in (before, after))
    return [
        {"field": field, "before": old.get(field), "after": new.get(field)}
        for field in dict.fromkeys((*old, *new))
        if old.get(field) != new.get(field)
    ]


def with_differences(history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A history, newest first, each version with what it `changed` of the one before."""
    older = [*history[1:], {"body": {}}]
    return [
        {**version, "changed": differences(before["body"], version["body"]) if before["body"] else []}
        for version, before in zip(history, older, strict=True)
    ]


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            if place or name not in _ASIDE:
                yield from _leaves(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list | tuple) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{index}]")
    else:
        yield place, value if value not in ((), [], {}) else None
