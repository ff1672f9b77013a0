"""What is posted: a numbered piece of a file. Where a file is cut follows from its content alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from dure.ingest.imports.rows import BadRows, Cells

ROWS_A_CHUNK = 5000
BYTES_A_CHUNK = 800_000
BYTES_A_ROW = 32 << 10
# Part of the file's digest: a file that is cut differently must not find the chunks of the old cut.
CUT = (ROWS_A_CHUNK, BYTES_A_CHUNK, BYTES_A_ROW)


class Row(msgspec.Struct, array_like=True):
    """A row on its way: its line in the file, and what the columns say."""

    line: int
    event: str
    user: str
    time: str | int | float
    properties: dict[str, Any]
    anonymous: str = ""
    account: str = ""
    message_id: str = ""


class Chunk(msgspec.Struct):
    """Rows of a file (each a `Row`, as it was written), the chunk's number and the file's digest."""

    source: str
    digest: str
    number: int
    rows: list[msgspec.Raw]


class KnownChunk(msgspec.Struct):
    """A chunk that an earlier run added: how many events, and which lines were refused and why."""

    number: int
    events: int
    refused: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk before it is sent: its encoded rows by line."""

    number: int
    rows: dict[int, bytes]

    def body(self, source: str, digest: str) -> bytes:
        head = msgspec.json.encode({"source": source, "digest": digest, "number": self.number})
        return head[:-1] + b',"rows":[' + b",".join(self.rows.values()) + b"]}"


def pieces(rows: Iterable[Cells], bad: BadRows) -> Iterator[Piece]:
    """Cuts rows into chunks; a row that is too large goes to the bad ones."""
    encode = msgspec.json.Encoder(decimal_format="number").encode
    number, full = 0, 0
    kept: dict[int, bytes] = {}
    for cells in rows:
        row = encode(cells)
        size = len(row)
        if size > BYTES_A_ROW:
            bad.note(cells[0], f"The row has {size} bytes; a row has at most {BYTES_A_ROW}.")
            continue
        kept[cells[0]] = row
        full += size
        if len(kept) >= ROWS_A_CHUNK or full >= BYTES_A_CHUNK:
            yield Piece(number, kept)
            number, kept, full = number + 1, {}, 0
    if kept:
        yield Piece(number, kept)
