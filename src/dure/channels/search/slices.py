"""Time cut into slices, so that a search looks at the newest messages first and stops when it has enough.

A slice is `ts` without its last bits: about nine minutes, an hour, ten hours, three days, a month, half a year. Every
message carries the mark of its slice on each level, and the index counts the messages of each. A search walks from
slice to slice, small ones first and larger ones as it goes on, so that a word that stands everywhere is found in the
first and one that stands nowhere has few to ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEVELS = (29, 32, 35, 38, 41, 44)
# On this level and above all counts are looked at; below it those about the place where a search begins.
COARSE = 38
# So many messages the first slice may have.
_FIRST = 8_000

Slice = tuple[int, int]


def slices_of(ts: int) -> list[Slice]:
    """The slices that a moment lies in, finest first."""
    return [(level, ts >> level) for level in LEVELS]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages lie in slices, and between which slots of each level that is known."""

    messages: Mapping[Slice, int]
    known: Mapping[int, tuple[int, int]]

    def of(self, level: int, slot: int) -> int | None:
        first, last = self.known.get(level, (1, 0))
        return self.messages.get((level, slot), 0) if first <= slot <= last else None


def plan(counts: Counts, *, since: int = 0, until: int | None = None, oldest_first: bool = False) -> Sequence[Slice]:
    """Slices to be asked one after the other, each moment between the bounds in exactly one of them.

    One that has more messages than were passed before it is taken in pieces, where the counts of the pieces are known.
    """
    chosen: list[Slice] = []
    passed = 0

    def wanted(level: int, slot: int) -> bool:
        return (slot + 1) << level > since and (until is None or slot << level < until)

    def take(level: int, slot: int) -> None:
        nonlocal passed
        count = counts.of(level, slot)
        if count == 0:
            return
        if level > LEVELS[0] and (count or 0) > max(_FIRST, passed):
            below = LEVELS[LEVELS.index(level) - 1]
            span = 1 << (level - below)
            pieces = [piece for piece in range(slot * span, (slot + 1) * span) if wanted(below, piece)]
            if all(counts.of(below, piece) is not None for piece in pieces):
                for piece in pieces if oldest_first else reversed(pieces):
                    take(below, piece)
                return
        chosen.append((level, slot))
        passed += count or 0

    tops = sorted(slot for level, slot in counts.messages if level == LEVELS[-1] and wanted(level, slot))
    for slot in tops if oldest_first else reversed(tops):
        take(LEVELS[-1], slot)
    return chosen
