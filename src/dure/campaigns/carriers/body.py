"""What is sent to a provider of any kind: JSON whose texts have holes, filled leaf by leaf so that nobody's name can
become a part of its structure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dure.kernel.errors import Invalid

HOLES = ("to", "text", "key", "sender", "secret")
_HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_DEFAULT = {"to": "{{ to }}", "text": "{{ text }}", "key": "{{ key }}"}


def read_body(text: str, field: str) -> Any:
    """A body out of its setting; Invalid for what is not JSON or names a hole that there is not."""
    try:
        body = json.loads(text)
    except ValueError as error:
        raise Invalid(f"It is not JSON: {error}.", field=field) from error
    for name in _HOLE.findall(text):
        if name not in HOLES:
            raise Invalid(f"`{name}` is none of the holes {', '.join(HOLES)}.", field=field)
    return body


def read_headers(text: str, field: str) -> Mapping[str, str]:
    """Headers out of their setting."""
    headers = read_body(text, field)
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise Invalid("Headers are an object of texts.", field=field)
    return headers


def body_of(text: str, values: Mapping[str, str]) -> Any:
    """The body with its holes filled; the usual one where nothing is set."""
    return filled(read_body(text, "body") if text else _DEFAULT, values)


def headers_of(text: str, values: Mapping[str, str]) -> dict[str, str]:
    return dict(filled(read_headers(text, "headers"), values)) if text else {}


def filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _HOLE.sub(lambda found: values.get(found[1], ""), value)
    if isinstance(value, dict):
        return {key: filled(one, values) for key, one in value.items()}
    return [filled(one, values) for one in value] if isinstance(value, list) else value


def found(said: Any, path: str) -> str:
    """What an answer has at `data.id` or `messages.0.status`, "" where it has nothing there."""
    for part in path.split("."):
        if isinstance(said, dict):
            said = said.get(part)
        elif isinstance(said, list) and part.isdigit() and int(part) < len(said):
            said = said[int(part)]
        else:
            return ""
    return "" if said is None or isinstance(said, dict | list) else str(said)
