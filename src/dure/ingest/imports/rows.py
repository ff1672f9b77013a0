"""Rows as they come out of any kind of file, and those that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dure.ingest.imports.columns import Columns

# What `chunk.Row` holds, in its order: line, event, user, time, properties and, where asked, the rest.
Cells = tuple[Any, ...]

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d+)?([eE][+-]?\d{1,2})?")
_BEGINS = frozenset("-0123456789tTfF")
_WORDS = {"true": True, "false": False}
# Of more bad rows than these only the number is kept in memory; a file that is asked for gets all.
_KEPT = 10_000


class BadValue(Exception):
    """A row that cannot be read; its text says why."""


@dataclass(frozen=True, slots=True)
class BadRow:
    file: str
    line: int
    message: str


@dataclass
class BadRows:
    """The rows left out. `of_file`, where it is a list, gets all those of the file that is being read."""

    count: int = 0
    kept: list[BadRow] = field(default_factory=list)
    of_file: list[BadRow] | None = None
    _files: list[str] = field(default_factory=list)

    def begin(self, file: str) -> None:
        """From here on the rows are those of this file."""
        self._files.append(file)

    def note(self, line: int, message: str) -> None:
        self.count += 1
        if len(self.kept) >= _KEPT and self.of_file is None:
            return
        bad = BadRow(self._files[-1] if self._files else "", line, message)
        if len(self.kept) < _KEPT:
            self.kept.append(bad)
        if self.of_file is not None:
            self.of_file.append(bad)

    def in_order(self) -> list[BadRow]:
        """Those kept (the first ten thousand), by file and line."""
        return sorted(self.kept, key=lambda bad: (self._files.index(bad.file) if bad.file else -1, bad.line))


class RowMaker:
    """Makes a row of named fields; what no column took becomes a property."""

    def __init__(self, columns: Columns, read_time: Callable[[Any], Any] | None) -> None:
        self._columns = columns
        self._read_time = read_time
        self._taken = frozenset(columns.taken)
        self._more = bool(columns.anonymous or columns.account or columns.message_id)

    def row(self, line: int, fields: dict[str, Any], typed: Callable[[str], Any] | None = None) -> Cells:
        """Raises BadValue. `typed` reads the properties of a file that holds nothing but texts."""
        columns = self._columns
        found, inner = fields, {}
        if columns.properties:
            inner = _object(fields.get(columns.properties), columns.properties)
            found = {**inner, **fields}
        properties = {}
        for name, value in found.items():
            if name in self._taken or value is None or value == "":
                continue
            properties[name] = typed(value) if typed and name in fields else value
        time = self.value(columns.time, found)
        if self._read_time is not None and time != "":
            time = self._read_time(time)
        event, user = _text(self.value(columns.event, found)), _text(self.value(columns.user, found, optional=True))
        plain = time if isinstance(time, int | float | str) else _text(time)
        if not self._more:
            return (line, event, user, plain, properties)
        rest = (columns.anonymous, columns.account, columns.message_id)
        return (line, event, user, plain, properties,
                *(_text(self.value(name, found, optional=True)) if name else "" for name in rest))  # fmt: skip

    def value(self, name: str, fields: dict[str, Any], *, optional: bool = False) -> Any:
        """A cell by its column, or the constant; "" for an empty one."""
        if name.startswith("="):
            return name[1:]
        if name not in fields and not optional:
            raise BadValue(f"The row has no `{name}`.")
        value = fields.get(name)
        return "" if value is None else value


def typed(text: str) -> Any:
    """A field of a text file: a number where it is written as one (`007` is a text), true and false, else the text."""
    if text[0] not in _BEGINS:
        return text
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text or "e" in text or "E" in text else int(text)
    return _WORDS.get(text.lower(), text)


def _object(value: Any, column: str) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadValue(f"`{column}` is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadValue(f"`{column}` is not a JSON object.")
    return value


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value)
