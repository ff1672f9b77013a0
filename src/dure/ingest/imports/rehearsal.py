"""A dry run: what a file would bring, without adding any of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dure.ingest import pipeline
from dure.ingest.imports.chunk import pieces
from dure.ingest.imports.columns import Columns, Reading
from dure.ingest.imports.file import EventFile
from dure.ingest.imports.incoming import incoming_of
from dure.ingest.imports.rows import BadRows
from dure.ingest.imports.run import Imported, Progress, reading_of
from dure.ingest.model import Incoming
from dure.kernel.tenant import Tenant

_SHOWN = 5
_NOWHERE = Tenant("E0", "T0")


@dataclass
class Rehearsal:
    """What would be added: events by name, the time they lie in, the first of them, and the rows left out."""

    events: int = 0
    names: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    shown: list[dict[str, Any]] = field(default_factory=list)
    bad: BadRows = field(default_factory=BadRows)


def rehearse(
    file: EventFile, columns: Columns, now: datetime, *, source: str = "import", reading: Reading = Reading(),
    done: Rehearsal | None = None, progress: Progress | None = None,
) -> Rehearsal:  # fmt: skip
    """Reads a file and takes its rows through the pipeline, as the server would."""
    done = done if done is not None else Rehearsal()
    done.bad.begin(str(file.path))
    with reading_of(file, columns, reading, done.bad) as (rows, at):
        for piece in pieces(rows, done.bad):
            incoming = [incoming_of(row, "rehearsal", now) for row in piece.rows.values()]
            passed = pipeline.run(incoming, _NOWHERE, source)
            lines = list(piece.rows)
            for place, refused in passed.refused.items():
                done.bad.note(lines[place], refused.message or refused.reason.sentence)
            _count(done, [one for place, one in enumerate(incoming) if place not in passed.refused])
            if progress:
                progress(Imported(added=done.events, rows=done.bad), at())
    return done


def _count(done: Rehearsal, taken: list[Incoming]) -> None:
    done.events += len(taken)
    done.names.update(one.event for one in taken)
    times = [one.time for one in taken if one.time is not None]
    if times:
        done.first = min(times) if done.first is None else min(done.first, *times)
        done.last = max(times) if done.last is None else max(done.last, *times)
    for one in taken[: _SHOWN - len(done.shown)]:
        done.shown.append(
            {"event": one.event, "user": one.distinct_id, "time": one.time, "properties": dict(one.properties)}
        )
