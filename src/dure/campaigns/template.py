"""Texts with holes: `{{ person.name }}`, `{{ items[0].title }}`, `{{ person.name | default: "there" }}`. No logic.

A hole whose value is missing (or empty) without a default is an error: a message with a hole in it is not sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dure.kernel.errors import Invalid

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(
    r"\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d{1,2}\])*)\s*(?:\|\s*default:\s*(?:\"([^\"]*)\"|'([^']*)')\s*)?", re.ASCII
)
_REPLACE = re.compile(r"\|\s*replace:\s*'([^']*)',\s*'([^']*)'\s*")
_PART = re.compile(r"([A-Za-z_]\w*)|\[(\d{1,2})\]", re.ASCII)
ROOTS = frozenset({"person", "items", "campaign", "unsubscribe_url"})


class Missing(Invalid):
    """The text names a value that this person does not have."""

    code = "missing_value"


def render(text: str, scope: Mapping[str, Any]) -> str:
    """The text with every hole filled; Missing names the path."""

    def fill(match: re.Match[str]) -> str:
        path, default = _read(match[1])
        value = look(scope, path)
        if value is None or value == "":
            if default is None:
                raise Missing(f"There is no {path} for this person.", data={"path": path})
            return default
        if isinstance(value, Mapping | list | tuple):
            raise Missing(f"{path} is not a text.", data={"path": path})
        other = _REPLACE.search(match[1])
        return str(value).replace(other[1], other[2]) if other else str(value)

    return _HOLE.sub(fill, text)


def check(text: str, field: str) -> None:
    """Invalid for a text that no person could fill."""
    for path in paths(text, field):
        root = re.split(r"[.\[]", path)[0]
        if root not in ROOTS:
            raise Invalid(f"`{path}`: a hole begins with {', '.join(sorted(ROOTS))}.", field=field)
    rest = _HOLE.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise Invalid("A `{{` is not closed.", field=field)


def paths(text: str, field: str = "text") -> Iterator[str]:
    """Every path a text names."""
    for match in _HOLE.finditer(text):
        try:
            yield _read(match[1])[0]
        except Invalid as error:
            raise Invalid(error.message, field=field) from error


def look(scope: Mapping[str, Any], path: str) -> Any:
    """The value at `a.b[0].c`, None where there is none."""
    here: Any = scope
    for name, index in _PART.findall(path):
        if name:
            here = here.get(name) if isinstance(here, Mapping) else None
        elif isinstance(here, Sequence) and not isinstance(here, str) and int(index) < len(here):
            here = here[int(index)]
        else:
            return None
    return here


def _read(inside: str) -> tuple[str, str | None]:
    match = _INSIDE.fullmatch(_REPLACE.sub("", inside))
    if match is None:
        raise Invalid(f"`{inside.strip()}` is not a hole such as person.name or items[0].title.")
    return match[1], match[2] if match[2] is not None else match[3]
