"""What the commands for files show: how far an import has come, what it brought, what a dry run would bring."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from dure.ingest.imports import BadRow, BadRows, EventFile, Imported, Reading, Rehearsal, texts_of

_LISTED = 50


class Told:
    """A bar on a terminal, and nothing where there is none; `update` fits an import's `progress`."""

    def __init__(self, console: Console, file: EventFile) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), DownloadColumn(),
            TextColumn("{task.fields[rate]:>9,.0f} rows/s"), TimeRemainingColumn(),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(file.path.name, total=file.size, rate=0.0)
        self._began = time.monotonic()
        self._before = 0

    def __enter__(self) -> Told:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def update(self, done: Imported, at: int) -> None:
        rows = done.added + done.known + done.held + done.rows.count
        if self._before == 0 or self._before > rows:
            self._before, self._began = rows, time.monotonic()
        seconds = time.monotonic() - self._began
        rate = (rows - self._before) / seconds if seconds > 0.2 else 0.0
        self._bar.update(self._task, completed=at, rate=rate)


class LeftOut:
    """Writes every row left out to a file, one JSON object a line: `file`, `line`, `message`, and `row` as it stands
    in the file. Nothing is written without a path."""

    def __init__(self, path: Path | None, rows: BadRows) -> None:
        self._to: IO[str] | None = path.open("w", encoding="utf-8") if path else None
        self._rows = rows

    def __enter__(self) -> LeftOut:
        return self

    def __exit__(self, *_: object) -> None:
        if self._to is not None:
            self._to.close()

    @contextmanager
    def of(self, file: EventFile, reading: Reading) -> Iterator[None]:
        """Writes what one file leaves out once it was read, or once that was stopped."""
        if self._to is None:
            yield
            return
        found = self._rows.of_file = []
        try:
            yield
        finally:
            self._rows.of_file = None
            if found:
                self._write(self._to, file, reading, {bad.line: bad for bad in found})

    @staticmethod
    def _write(to: IO[str], file: EventFile, reading: Reading, bad: dict[int, BadRow]) -> None:
        for line, text in texts_of(file, reading, bad):
            to.write(json.dumps({**asdict(bad[line]), "row": text}, ensure_ascii=False) + "\n")


def report(out: Console, err: Console, done: Imported, *, stopped: bool = False, named: bool = False) -> None:
    """What an import came to, and the rows it left out."""
    said = "1 event added" if done.added == 1 else f"{done.added:,} events added"
    if done.held:
        said += ", 1 waits for approval" if done.held == 1 else f", {done.held:,} wait for approval"
    if done.known:
        said += ", 1 was here already" if done.known == 1 else f", {done.known:,} were here already"
    if stopped:
        out.print(f"stopped: {said}; they are kept. The same command goes on from here.", soft_wrap=True)
    else:
        out.print(said, soft_wrap=True)
    bad_rows(err, done.rows, ("was left out", "were left out"), named=named)


def bad_rows(err: Console, rows: BadRows, what: tuple[str, str], *, named: bool = False) -> None:
    """The first of the rows left out, by file and line; `named` says which file, where there are several."""
    if not rows.count:
        return
    err.print("1 row " + what[0] if rows.count == 1 else f"{rows.count:,} rows " + what[1], end=":\n")
    for bad in rows.in_order()[:_LISTED]:
        err.print(f"  {bad.file + ' ' if named else ''}line {bad.line}: {bad.message}", soft_wrap=True, markup=False)
    if rows.count > _LISTED:
        err.print(f"  … and {rows.count - _LISTED:,} more (--bad FILE writes all)")


def as_report(done: Imported, **more: Any) -> dict[str, Any]:
    return {
        "added": done.added, "known": done.known, "held": done.held, "bad_rows": done.rows.count,
        "bad": [asdict(bad) for bad in done.bad], **more,
    }  # fmt: skip


def rehearsal(out: Console, err: Console, done: Rehearsal, *, named: bool = False) -> None:
    """What a dry run found."""
    events = "1 event" if done.events == 1 else f"{done.events:,} events"
    out.print(f"{events} would be added" + (f", from {done.first} to {done.last}" if done.first else ""),
              soft_wrap=True)  # fmt: skip
    names = Table("event", "events", header_style="bold")
    for name, count in done.names.most_common(_LISTED):
        names.add_row(name, f"{count:,}")
    first = Table("event", "user", "time", "properties", header_style="bold")
    for one in done.shown:
        first.add_row(one["event"], one["user"], str(one["time"]), json.dumps(one["properties"], ensure_ascii=False))
    if done.events:
        out.print(names)
        out.print("the first of them:")
        out.print(first)
    bad_rows(err, done.bad, ("would be left out", "would be left out"), named=named)


def as_rehearsal(done: Rehearsal) -> dict[str, Any]:
    return {
        "events": done.events, "names": dict(done.names.most_common()),
        "first": done.first and done.first.isoformat(), "last": done.last and done.last.isoformat(),
        "shown": [{**one, "time": one["time"].isoformat()} for one in done.shown],
        "bad_rows": done.bad.count, "bad": [asdict(bad) for bad in done.bad.in_order()],
    }  # fmt: skip
