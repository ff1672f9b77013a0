"""An import: reads a file and posts what is missing of it, chunk by chunk.

The file's digest and the chunk's number are noted in the transaction that adds its events. So a second run, or one
after a crash, adds only what is missing, and any number of runs may be broken off.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dure.ingest.imports.chunk import KnownChunk, Piece, pieces
from dure.ingest.imports.columns import Columns, Reading
from dure.ingest.imports.delimited import delimited_rows, delimited_texts
from dure.ingest.imports.file import DELIMITED, LINES, EventFile
from dure.ingest.imports.json_lines import json_rows, json_texts
from dure.ingest.imports.parquet import parquet_rows, parquet_texts
from dure.ingest.imports.rows import BadRow, BadRows, Cells
from dure.ingest.imports.times import time_reader

Post = Callable[[bytes], Coroutine[Any, Any, dict[str, Any]]]
Known = Callable[[str], Awaitable[Sequence[KnownChunk]]]
Progress = Callable[["Imported", int], None]

# While the server stores one chunk the next is being read, and one more lies ready.
_UNDER_WAY = 2


@dataclass
class Imported:
    """What an import came to so far. `known` are events that an earlier run had added, `held` wait for their name's
    approval."""

    added: int = 0
    known: int = 0
    held: int = 0
    rows: BadRows = field(default_factory=BadRows)

    @property
    def bad(self) -> list[BadRow]:
        """The rows left out (the first ten thousand), by file and line."""
        return self.rows.in_order()

    @property
    def nothing_read(self) -> bool:
        """Whether there were rows and none of them could be taken."""
        return self.rows.count > 0 and not (self.added or self.known or self.held)


async def import_events(
    file: EventFile, columns: Columns, post: Post, known: Known, *, source: str = "import",
    reading: Reading = Reading(), done: Imported | None = None, progress: Progress | None = None,
) -> Imported:  # fmt: skip
    """Posts the chunks of a file that are not known yet; `progress` is told how it stands and the bytes read.

    `done` is filled while it goes, so that whoever stops it can say what is kept. Stopped, it waits for the answers
    of what is under way. Raises Invalid where the file is not readable at all.
    """
    done = done if done is not None else Imported()
    done.rows.begin(str(file.path))
    digest = await asyncio.to_thread(file.digest, columns, reading, source)
    before = {chunk.number: chunk for chunk in await known(digest)}
    under_way: deque[asyncio.Task[dict[str, Any]]] = deque()

    async def settle() -> None:
        task = under_way[0]
        await asyncio.wait([task])
        under_way.popleft()
        answer = task.result()
        done.added += answer["added"]
        done.known += answer["known"]
        done.held += answer["held"]
        for refused in answer["refused"]:
            done.rows.note(refused["line"], refused["message"])

    with reading_of(file, columns, reading, done.rows) as (rows, at):
        cut = pieces(rows, done.rows)
        reader = asyncio.ensure_future(asyncio.to_thread(next, cut, None))
        try:
            while (piece := await _finished(reader)) is not None:
                reader = asyncio.ensure_future(asyncio.to_thread(next, cut, None))
                if (chunk := before.get(piece.number)) is not None:
                    done.known += chunk.events
                    for line, message in chunk.refused:
                        done.rows.note(line, message)
                else:
                    under_way.append(asyncio.ensure_future(post(piece.body(source, digest))))
                    while len(under_way) >= _UNDER_WAY:
                        await settle()
                if progress:
                    progress(done, at())
        finally:
            await asyncio.wait([reader])  # it holds the file
            while under_way:
                await settle()
    if progress:
        progress(done, file.size)
    return done


@contextmanager
def reading_of(
    file: EventFile, columns: Columns, reading: Reading, bad: BadRows
) -> Iterator[tuple[Iterator[Cells], Callable[[], int]]]:
    """The rows of a file, and how many of its bytes have been read."""
    read_time = time_reader(reading)
    with file.opened() as (plain, at):
        rows: Generator[Cells, None, None]
        if file.kind in DELIMITED:
            rows = delimited_rows(plain, columns, reading, read_time, bad)
        elif file.kind in LINES:
            rows = json_rows(plain, columns, read_time, bad)
        else:
            rows = parquet_rows(plain, columns, read_time, bad)
        with closing(rows):
            yield rows, at


def texts_of(file: EventFile, reading: Reading, lines: Collection[int]) -> Iterator[tuple[int, str]]:
    """What stands in these lines of a file: the rows as they are written there, in the file's order."""
    with file.opened() as (plain, _):
        texts: Generator[tuple[int, str], None, None]
        if file.kind in DELIMITED:
            texts = delimited_texts(plain, reading)
        elif file.kind in LINES:
            texts = json_texts(plain)
        else:
            texts = parquet_texts(plain)
        with closing(texts):
            yield from ((line, text) for line, text in texts if line in lines)


async def _finished(task: asyncio.Future[Piece | None]) -> Piece | None:
    await asyncio.wait([task])  # unlike awaiting it, this leaves it alone when we are stopped
    return task.result()


def known_chunks(answer: dict[str, Any]) -> list[KnownChunk]:
    """What `GET /api/v1/imports/DIGEST` answers, read."""
    return msgspec.convert(answer["chunks"], list[KnownChunk])
