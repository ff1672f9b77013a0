"""Files of events: CSV, NDJSON or Parquet, gzip too, cut into numbered chunks that are each added once.

A chunk is posted to `/api/v1/imports`, so an import works the same against a running server and without one. The
file's digest (with how its columns were read) and the chunk's number are noted in the transaction that adds its
events: a second run, or one after a crash, adds only what is missing.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import itertools
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import msgspec

from dure.kernel.errors import Invalid

ROWS_A_CHUNK = 5000
BYTES_A_CHUNK = 800_000
BYTES_A_ROW = 32 << 10

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d+)?([eE][+-]?\d{1,2})?")
_DELIMITED = (".csv", ".tsv", ".txt")
_LINES = (".ndjson", ".jsonl", ".json")

Post = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns say what; an `event` that begins with `=` names every row."""

    event: str
    user: str
    time: str

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(name for name in (self.event, self.user, self.time) if not name.startswith("="))


class Row(msgspec.Struct, array_like=True):
    """A row on its way: its line in the file, and what the columns say."""

    line: int
    event: str
    user: str
    time: str | int | float
    properties: dict[str, Any]


class Chunk(msgspec.Struct):
    """What is posted: rows of a file, the chunk's number and the file's digest."""

    source: str
    digest: str
    number: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    message: str


@dataclass
class Imported:
    """What an import came to. `known` are events that an earlier run had added."""

    added: int = 0
    known: int = 0
    bad: list[BadRow] = field(default_factory=list)


async def import_events(
    path: Path, columns: Columns, post: Post, *, source: str = "import", progress: Progress | None = None
) -> Imported:
    """Reads a file and posts it chunk by chunk; `progress` is told the bytes read and the size in bytes.

    Raises Invalid where the file is not readable at all: an unknown kind, or without one of the columns.
    """
    done = Imported()
    with path.open("rb") as file:
        digest = _digest(file, columns, source)
        size = file.tell()
        file.seek(0)
        rows = _rows(path, file, columns, done.bad)
        for number, chunk in enumerate(_chunks(rows, done.bad)):
            answer = await post(msgspec.to_builtins(Chunk(source=source, digest=digest, number=number, rows=chunk)))
            done.added += answer["added"]
            done.known += answer["known"]
            done.bad += [BadRow(refused["line"], refused["message"]) for refused in answer["refused"]]
            if progress:
                progress(min(file.tell(), size), size)
    if progress:
        progress(size, size)
    done.bad.sort(key=lambda bad: bad.line)
    return done


def _digest(file: IO[bytes], columns: Columns, source: str) -> str:
    digest = blake2b(repr((columns, source)).encode(), digest_size=16)
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def _chunks(rows: Iterable[Row], bad: list[BadRow]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    full = 0
    for row in rows:
        size = len(msgspec.json.encode(row))
        if size > BYTES_A_ROW:
            bad.append(BadRow(row.line, f"The row has {size} bytes; a row has at most {BYTES_A_ROW}."))
            continue
        chunk.append(row)
        full += size
        if len(chunk) >= ROWS_A_CHUNK or full >= BYTES_A_CHUNK:
            yield chunk
            chunk, full = [], 0
    if chunk:
        yield chunk


def _rows(path: Path, file: IO[bytes], columns: Columns, bad: list[BadRow]) -> Iterator[Row]:
    kind = next((suffix.lower() for suffix in reversed(path.suffixes) if suffix.lower() != ".gz"), "")
    if kind == ".parquet":
        return _parquet(path, columns)
    if kind not in (*_DELIMITED, *_LINES):
        raise Invalid(f"{path.name} is neither CSV, NDJSON nor Parquet, by its name.", field="file")
    plain = gzip.GzipFile(fileobj=file) if file.read(2) == b"\x1f\x8b" and not file.seek(0) else file
    file.seek(0)
    return _delimited(plain, columns, bad) if kind in _DELIMITED else _json_lines(plain, columns, bad)


def _delimited(file: Iterable[bytes], columns: Columns, bad: list[BadRow]) -> Iterator[Row]:
    texts = _texts(file, bad)
    first = next(texts, "").lstrip("\ufeff")
    mark = next((mark for mark in ("\t", ",", ";", "|") if mark in first), None)
    if mark is None:  # columns set apart by blanks
        names, split = first.split(), (line.split() for line in texts)
        numbered: Iterator[tuple[int, list[str]]] = enumerate(split, start=2)
    else:
        reader = csv.reader(itertools.chain([first], texts), delimiter=mark)
        names = [name.strip() for name in next(reader, [])]
        numbered = ((reader.line_num, fields) for fields in reader)
    _require(columns, names)
    for line, fields in numbered:
        if not fields:
            continue
        if len(fields) != len(names):
            bad.append(BadRow(line, f"The row has {len(fields)} fields, the header {len(names)}."))
            continue
        yield _row(line, dict(zip(names, fields, strict=True)), columns, _typed)


def _json_lines(file: Iterable[bytes], columns: Columns, bad: list[BadRow]) -> Iterator[Row]:
    for line, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            fields = msgspec.json.decode(text, type=dict[str, Any])
        except (msgspec.DecodeError, RecursionError) as error:
            bad.append(BadRow(line, f"The line is not a JSON object: {error}"))
            continue
        if missing := [name for name in columns.needed if name not in fields]:
            bad.append(BadRow(line, f"The line has no `{missing[0]}`."))
            continue
        yield _row(line, fields, columns, lambda value: value)


def _parquet(path: Path, columns: Columns) -> Iterator[Row]:
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise Invalid("Parquet needs the package pyarrow: `pip install pyarrow`.", field="file") from error
    table = parquet.ParquetFile(path)
    _require(columns, table.schema_arrow.names)
    line = 0
    for batch in table.iter_batches(batch_size=ROWS_A_CHUNK):
        for fields in batch.to_pylist():
            line += 1
            # Through JSON, so that dates and decimals become texts as a file of lines would hold them.
            yield _row(line, json.loads(json.dumps(fields, default=str)), columns, lambda value: value)


def _row(line: int, fields: dict[str, Any], columns: Columns, typed: Callable[[Any], Any]) -> Row:
    properties = {
        name: kept
        for name, value in fields.items()
        if name not in columns.needed and value is not None and value != "" and (kept := typed(value)) is not None
    }
    event = columns.event[1:] if columns.event.startswith("=") else _text(fields[columns.event])
    time = fields[columns.time]
    return Row(line, event, _text(fields[columns.user]), time if isinstance(time, int | float) else _text(time),
               properties)  # fmt: skip


def _typed(text: str) -> Any:
    """A field of a text file: a number where it is written as one (`007` is a text), true and false, else the text."""
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-").isdigit() else float(text)
    return {"true": True, "false": False}.get(text.lower(), text)


def _texts(file: Iterable[bytes], bad: list[BadRow]) -> Iterator[str]:
    """Lines as text; one that is not UTF-8 is noted and read as an empty one."""
    for line, raw in enumerate(file, start=1):
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            bad.append(BadRow(line, "The line is not UTF-8."))
            yield "\n"


def _require(columns: Columns, names: list[str]) -> None:
    for name in columns.needed:
        if name not in names:
            raise Invalid(f"The file has no column {name!r}; it has {', '.join(names) or 'none'}.", field="file")


def _text(value: object) -> str:
    return "" if value is None else value.strip() if isinstance(value, str) else str(value)
