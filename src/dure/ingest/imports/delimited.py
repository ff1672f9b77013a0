"""CSV and its kin: one header, fields set apart by a mark or by blanks."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Generator, Iterator
from typing import IO, Any

from dure.ingest.imports.columns import Columns, Reading
from dure.ingest.imports.rows import BadRows, BadValue, Cells, RowMaker, typed
from dure.kernel.errors import Invalid

_MARKS = ("\t", ",", ";", "|")
_BLANK = " "
_LONE = re.compile("[\ud800-\udfff]")


def delimited_rows(
    file: IO[bytes], columns: Columns, reading: Reading, read_time: Callable[[Any], Any] | None, bad: BadRows
) -> Generator[Cells, None, None]:
    """The rows of a delimited file; a row's line is the one it begins in."""
    lines = _Lines(file, reading.encoding)
    try:
        yield from _rows(lines, columns, reading, read_time, bad)
    finally:
        lines.let_go()


def delimited_texts(file: IO[bytes], reading: Reading) -> Generator[tuple[int, str], None, None]:
    """Each row as it stands in the file, by the line it begins in; cut as `delimited_rows` cuts."""
    lines = _Lines(file, reading.encoding)
    lines.passed = []
    try:
        for line, _ in _split(lines, reading):
            text = "".join(lines.passed).strip("\r\n")  # empty lines before a row are not of it
            lines.passed.clear()
            yield line, _LONE.sub("\ufffd", text)
    finally:
        lines.let_go()


def _split(lines: _Lines, reading: Reading) -> Iterator[tuple[int, list[str] | str]]:
    first = next(lines, "")
    mark = reading.delimiter or next((mark for mark in _MARKS if mark in first), _BLANK)
    return _by_blanks(lines, first) if mark == _BLANK else _by_mark(lines, first, mark, reading.quote)


def _rows(
    lines: _Lines, columns: Columns, reading: Reading, read_time: Callable[[Any], Any] | None, bad: BadRows
) -> Iterator[Cells]:
    fields_of = _split(lines, reading)
    if reading.names:
        names = list(reading.names)
    else:
        _, header = next(fields_of, (1, []))
        names = [name.strip() for name in header] if isinstance(header, list) else []
        if lines.unreadable:
            raise Invalid(lines.said(), field="encoding")
    columns.require(names)
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"The file has two columns {twice!r}; name the columns with --columns.", field="file")
    make = _quick(columns, names, read_time) or _named(columns, names, read_time)
    for line, fields in fields_of:
        if isinstance(fields, str):
            bad.note(line, fields)
        elif len(fields) != len(names):
            what = f"The row has {len(fields)} fields, the header {len(names)}."
            if "\n" in fields[-1]:
                what += f" A quote is opened in line {line} and not closed before line {lines.number}."
            bad.note(line, what)
        elif lines.unreadable >= line:
            bad.note(line, lines.said())
        else:
            try:
                yield make(line, fields)
            except BadValue as error:
                bad.note(line, str(error))


class _Lines:
    """Lines as text, counted; `unreadable` is the last one that is not what the encoding says."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        try:
            name = codecs.lookup(encoding).name
        except LookupError as error:
            raise Invalid(f"{encoding!r} is no encoding; Korean files are often cp949.", field="encoding") from error
        self.number = 0
        self.unreadable = 0
        self.passed: list[str] | None = None
        self._encoding = name
        # What cannot be read is let through as a lone surrogate, so that its row can be told and the next one read.
        self._text = io.TextIOWrapper(
            file, "utf-8-sig" if name == "utf-8" else name, errors="surrogateescape", newline=""
        )

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.number += 1
        if self.passed is not None:
            self.passed.append(line)
        if not line.isascii() and any("\ud800" <= letter <= "\udfff" for letter in line):
            self.unreadable = self.number
        return line

    def let_go(self) -> None:
        """The file is closed by whoever opened it."""
        self._text.detach()

    def said(self) -> str:
        hint = " If the file is Korean, try --encoding cp949." if self._encoding == "utf-8" else ""
        return f"The line is not {self._encoding.upper()}.{hint}"


def _by_blanks(lines: _Lines, first: str) -> Iterator[tuple[int, list[str] | str]]:
    if first.strip():
        yield 1, first.split()
    for line in lines:
        if fields := line.split():
            yield lines.number, fields


def _by_mark(lines: _Lines, first: str, mark: str, quote: str) -> Iterator[tuple[int, list[str] | str]]:
    if len(mark) != 1:
        raise Invalid(f"The delimiter {mark!r} is not one character.", field="delimiter")
    if len(quote) > 1:
        raise Invalid(f"The quote {quote!r} is not one character.", field="quote")
    reader = csv.reader(
        itertools.chain([first] if first else [], lines), delimiter=mark, quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )  # fmt: skip
    before = 0
    while True:
        try:
            for fields in reader:
                line, before = before + 1, reader.line_num
                if fields:
                    yield line, fields
            return
        except csv.Error as error:
            line, before = before + 1, reader.line_num
            yield line, f"Lines {line} to {before} cannot be read ({error}); a quote may be opened and not closed."


def _quick(
    columns: Columns, names: list[str], read_time: Callable[[Any], Any] | None
) -> Callable[[int, list[str]], Cells] | None:
    """The usual file, read by position: twice as fast as by name."""
    if columns.properties or columns.anonymous or columns.account or columns.message_id:
        return None
    place = {name: number for number, name in enumerate(names)}
    event_name = columns.event[1:] if columns.event.startswith("=") else None
    constant_time = columns.time[1:] if columns.time.startswith("=") else None
    event_at, time_at = place.get(columns.event, 0), place.get(columns.time, 0)
    if columns.user.startswith("="):
        return None
    user_at = place[columns.user]
    rest = [(number, name) for name, number in place.items() if name not in columns.taken]

    def make(line: int, fields: list[str]) -> Cells:
        time: Any = constant_time if constant_time is not None else fields[time_at].strip()
        if read_time is not None and time:
            time = read_time(time)
        properties = {name: typed(text) for number, name in rest if (text := fields[number])}
        event = event_name if event_name is not None else fields[event_at].strip()
        return (line, event, fields[user_at].strip(), time, properties)

    return make


def _named(
    columns: Columns, names: list[str], read_time: Callable[[Any], Any] | None
) -> Callable[[int, list[str]], Cells]:
    maker = RowMaker(columns, read_time)
    return lambda line, fields: maker.row(line, dict(zip(names, fields, strict=True)), typed)
