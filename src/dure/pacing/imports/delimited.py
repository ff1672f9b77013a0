"""Reading a delimited file of any common encoding, piece by piece."""

from __future__ import annotations

import csv
import gzip
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dure.kernel.errors import Invalid

_MARKS = (",", "\t", ";", "|")
_PIECE = 2_000
_SNIFFED = 64 * 1024


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header and its rows in pieces of two thousand: number, lines, rows."""

    columns: list[str]
    pieces: Iterator[tuple[int, list[int], list[list[str]]]]


def digest_of(path: Path, *options: str) -> str:
    """What a file with these options is known by."""
    found = hashlib.sha256("\x00".join(options).encode())
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def read(path: Path, encoding: str = "") -> Table:
    """The table in a file (gzip too). Lines before the header that hold a single cell, as reports have, are passed."""
    encoding = encoding or _encoding(path)
    try:
        with _opened(path, encoding) as file:
            head = file.read(_SNIFFED)
    except (UnicodeDecodeError, LookupError) as error:
        raise Invalid(f"The file is not {encoding}; say another with --encoding.", field="encoding") from error
    rows = _rows(path, encoding, max(_MARKS, key=head.count))
    for _, row in rows:
        names = [name.strip() for name in row]
        if len([name for name in names if name]) > 1:
            if len(set(names)) != len(names):
                raise Invalid("The file has two columns of one name.", field="file")
            return Table(names, _pieces(rows))
    raise Invalid("The file has no header with more than one column.", field="file")


def _rows(path: Path, encoding: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the line each begins in."""
    with _opened(path, encoding) as file:
        reader = csv.reader(file, delimiter=mark)
        before = 0
        for row in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in row):
                yield line, row


def _pieces(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[int], list[list[str]]]]:
    number = 0
    while piece := list(itertools.islice(rows, _PIECE)):
        yield number, [line for line, _ in piece], [row for _, row in piece]
        number += 1


def _opened(path: Path, encoding: str) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _encoding(path: Path) -> str:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        head = file.read(_SNIFFED)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for encoding in ("utf-8-sig", "cp949"):
        try:
            # A letter may be cut at the end of what was read.
            head[: head.rfind(b"\n") + 1 or None].decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return "utf-8-sig"
