"""SCIM's filters (RFC 7644 §3.4.2.2): read into a tree, and asked of a resource.

Names and operators are the same in small and large letters; so are values, but for ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dure.governance.scim.errors import BadFilter

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))', re.S
)  # fmt: skip
_COMPARES = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
_EXACT = frozenset({"id", "externalid"})
_DEEPEST = 20
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Compare:
    path: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Filter


@dataclass(frozen=True, slots=True)
class Among:
    """Any value of a list for which the inner filter holds: `emails[type eq "work"]`."""

    path: str
    part: Filter


Filter = Compare | Both | Either | Not | Among


def read(text: str) -> Filter:
    """The filter that a text says. Raises BadFilter."""
    if len(text) > _LONGEST:
        raise BadFilter(f"`filter` has more than {_LONGEST:,} letters.", field="filter")
    reader = _Reader(text)
    found = reader.either(0)
    reader.end()
    return found


def holds(said: Filter, resource: Mapping[str, Any]) -> bool:
    match said:
        case Both(parts):
            return all(holds(part, resource) for part in parts)
        case Either(parts):
            return any(holds(part, resource) for part in parts)
        case Not(part):
            return not holds(part, resource)
        case Among(path, part):
            return any(isinstance(one, Mapping) and holds(part, one) for one in values_at(resource, path))
        case Compare(path, op, value):
            found = list(values_at(resource, path))
            if op == "pr":
                return any(one not in (None, "", [], {}) for one in found)
            if op == "ne":
                return not any(_fits("eq", one, value, path) for one in found)
            return any(_fits(op, one, value, path) for one in found)


def values_at(resource: Mapping[str, Any], path: str) -> Iterator[Any]:
    """All values that a path leads to; a list's are each one of them."""
    for one in _walk(resource, steps(path)):
        if isinstance(one, list):
            yield from one
        else:
            yield one


def steps(path: str) -> list[str]:
    """An attribute's path as names; an extension's URN, which has dots of its own, is one of them."""
    if not path.lower().startswith("urn:"):
        return path.split(".")
    urn, _, name = path.rpartition(":")
    if name.lower() in ("user", "group"):
        return [path]
    return [urn, *name.split(".")]


def key_of(resource: Mapping[str, Any], name: str) -> str | None:
    """What an attribute is called in this resource, whatever letters it was asked for in."""
    return next((key for key in resource if key.lower() == name.lower()), None)


def conjuncts(said: Filter) -> Iterator[Compare]:
    """Comparisons of which each must hold for the whole to hold."""
    if isinstance(said, Compare):
        yield said
    elif isinstance(said, Both):
        for part in said.parts:
            yield from conjuncts(part)


def _walk(value: Any, names: list[str]) -> Iterator[Any]:
    if not names:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, names)
    elif isinstance(value, Mapping) and (key := key_of(value, names[0])) is not None:
        yield from _walk(value[key], names[1:])


def _fits(op: str, found: Any, value: Any, path: str) -> bool:
    if isinstance(found, Mapping):  # `emails eq "…"` means the value of each
        found = found.get("value")
    if isinstance(found, str) and isinstance(value, str):
        if steps(path)[-1].lower() not in _EXACT:
            found, value = found.lower(), value.lower()
    elif (
        op in ("co", "sw", "ew")
        or isinstance(found, bool) is not isinstance(value, bool)
        or (op not in ("eq", "ne") and not (isinstance(found, int | float) and isinstance(value, int | float)))
    ):
        return False
    match op:
        case "eq":
            return bool(found == value)
        case "co":
            return value in found
        case "sw":
            return bool(found.startswith(value))
        case "ew":
            return bool(found.endswith(value))
        case "gt":
            return bool(found > value)
        case "ge":
            return bool(found >= value)
        case "lt":
            return bool(found < value)
        case _:
            return bool(found <= value)


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise BadFilter(f"`filter` cannot be read from {text[at:][:40]!r} on.", field="filter")
            kind = str(found.lastgroup)
            self._tokens.append((kind, found[kind]))
            at = found.end()
        self._at = 0

    def either(self, depth: int) -> Filter:
        if depth > _DEEPEST:
            raise BadFilter("`filter` is nested too deep.", field="filter")
        parts = [self._both(depth)]
        while self._word("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise BadFilter(f"`filter` goes on after its end: {self._tokens[self._at][1]!r}.", field="filter")

    def _both(self, depth: int) -> Filter:
        parts = [self._one(depth)]
        while self._word("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self, depth: int) -> Filter:
        if self._word("not"):
            self._mark("(")
            inner: Filter = Not(self.either(depth + 1))
            self._mark(")")
            return inner
        if self._next() == ("mark", "("):
            self._at += 1
            inner = self.either(depth + 1)
            self._mark(")")
            return inner
        kind, path = self._take()
        if kind != "word" or not re.fullmatch(r"[A-Za-z$][\w:.$-]*", path):
            raise BadFilter(f"`filter` names no attribute by {path!r}.", field="filter")
        if self._next() == ("mark", "["):
            self._at += 1
            inner = self.either(depth + 1)
            self._mark("]")
            return Among(path, inner)
        kind, op = self._take()
        if kind == "word" and op.lower() == "pr":
            return Compare(path, "pr")
        if kind != "word" or op.lower() not in _COMPARES:
            raise BadFilter(f"`filter` has no operator {op!r}.", field="filter")
        return Compare(path, op.lower(), self._value())

    def _value(self) -> Any:
        kind, text = self._take()
        if kind == "mark":
            raise BadFilter("`filter` compares with nothing.", field="filter")
        try:
            return json.loads(text.lower() if text.lower() in ("true", "false", "null") else text)
        except ValueError as error:
            raise BadFilter(f"`filter` compares with {text!r}, which is no value.", field="filter") from error

    def _word(self, word: str) -> bool:
        kind, text = self._next()
        if kind == "word" and text.lower() == word:
            self._at += 1
            return True
        return False

    def _mark(self, mark: str) -> None:
        if self._take() != ("mark", mark):
            raise BadFilter(f"`filter` misses a {mark!r}.", field="filter")

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise BadFilter("`filter` ends too early.", field="filter")
        self._at += 1
        return self._tokens[self._at - 1]
