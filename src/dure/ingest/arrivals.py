"""What a source sent lately: how many events a minute, and which was the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Arrivals:
    """`by_minute` counts the events taken in each of the last sixty minutes, the running one last."""

    by_minute: tuple[int, ...]
    taken: int
    refused: int
    held: int
    last_event: str
    last_at: datetime | None


NEVER = Arrivals((0,) * MINUTES, 0, 0, 0, "", None)


def arrivals_of(rows: Sequence[dict[str, Any]], now: datetime) -> dict[str, Arrivals]:
    """Stored minutes, in order, as what each source sent in the last hour."""
    by_source: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_source.setdefault(row["source"], []).append(row)
    this_minute = now.replace(second=0, microsecond=0)
    found: dict[str, Arrivals] = {}
    for source, minutes in by_source.items():
        counts, taken, refused, held = [0] * MINUTES, 0, 0, 0
        for row in minutes:
            ago = int((this_minute - row["minute"]).total_seconds()) // 60
            if 0 <= ago < MINUTES:
                counts[MINUTES - 1 - ago] += row["taken"]
                taken, refused, held = taken + row["taken"], refused + row["refused"], held + row["held"]
        last_event = next((row["last_event"] for row in reversed(minutes) if row["last_event"]), "")
        found[source] = Arrivals(tuple(counts), taken, refused, held, last_event, minutes[-1]["last_at"])
    return found
