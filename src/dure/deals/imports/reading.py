"""Bytes of a file as rows: CSV or NDJSON, gzip too, in the letters people really send."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from dure.kernel.errors import Invalid, TooLarge

LARGEST = 64 << 20
MOST_ROWS = 500_000
_MOST_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where it begins in the file, the header being line 1."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file's columns and rows, and the lines that cannot be read with the reason."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]
    unreadable: Sequence[tuple[int, str]]


def unpacked(body: bytes, name: str) -> bytes:
    """The bytes themselves where they are packed; TooLarge before more is unpacked than one may send."""
    if body[:2] != b"\x1f\x8b":
        if len(body) > LARGEST:
            raise TooLarge(f"{name} is larger than {LARGEST >> 20} MB.", field="files")
        return body
    unpacking = zlib.decompressobj(31)
    try:
        plain = unpacking.decompress(body, LARGEST + 1)
    except zlib.error:
        raise Invalid(f"{name} is no gzip file.", field="files") from None
    if len(plain) > LARGEST:
        raise TooLarge(f"{name} is larger than {LARGEST >> 20} MB unpacked.", field="files")
    return plain


def sheet(name: str, body: bytes) -> Sheet:
    """The rows of a file by its header; Invalid where it has none."""
    text = _text(body, name)
    bare = name.lower().removesuffix(".gz")
    if bare.endswith((".ndjson", ".jsonl")) or text.lstrip()[:1] == "{":
        return _json_lines(name, text)
    return _delimited(name, text)


def _text(body: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return body.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise Invalid(f"{name} is neither UTF-8 nor CP949.", field="files")


def _delimited(name: str, text: str) -> Sheet:
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t", "|"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    bad: list[tuple[int, str]] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if not any(header) or len(header) > _MOST_COLUMNS:
            raise Invalid(f"{name} has no header of 1 to {_MOST_COLUMNS} columns.", field="files")
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                break
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                bad.append((line, f"{len(cells)} values for {len(header)} columns"))
                continue
            rows.append(Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=False))))
            _bounded(name, rows)
    except csv.Error as error:
        bad.append((reader.line_num, str(error)))
    return Sheet(name, [one for one in header if one], rows, bad)


def _json_lines(name: str, text: str) -> Sheet:
    rows: list[Row] = []
    bad: list[tuple[int, str]] = []
    columns: dict[str, None] = {}
    for line, told in enumerate(text.splitlines(), start=1):
        if not told.strip():
            continue
        try:
            value = json.loads(told)
        except ValueError as error:
            bad.append((line, str(error)))
            continue
        if not isinstance(value, dict):
            bad.append((line, "not an object"))
            continue
        cells = {str(key): _cell(one) for key, one in value.items()}
        columns.update(dict.fromkeys(cells))
        rows.append(Row(line, cells))
        _bounded(name, rows)
    return Sheet(name, list(columns), rows, bad)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _bounded(name: str, rows: Sequence[Row]) -> None:
    if len(rows) > MOST_ROWS:
        raise TooLarge(f"{name} has more than {MOST_ROWS:,} rows.", field="files")
