"""Time cut into slices, so that a search looks at the newest messages first and stops when it has enough.

A slice is `ts` without its last bits: about nine minutes, an hour, ten hours, three days, a month, half a year. Every
message carries the mark of its slice on each level, and the index counts the messages of each. A search walks from
slice to slice, small ones first and larger ones as it goes on, so that a word that stands everywhere is found in the
first and one that stands nowhere has few to ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LEVELS = (29, 32, 35, 38, 41, 44)
# On this level and above all counts are looked at; below it those about the place where a search begins.
COARSE = 38
# So many messages the first slice may have.
_FIRST = 8_000

Slice = tuple[int, int]


def slices_of(ts: int) -> list[Slice]:
    """The slices that a moment lies in, finest first."""
    return [(level, ts >> level) for level in LEVELS]


def plan(
    counts: Mapping[Slice, int], *, since: int = 0, until: int | None = None, oldest_first: bool = False
) -> Sequence[Slice]:
    """Slices to be asked one after the other, each moment between the bounds in exactly one of them.

    One that has more messages than were passed before it is taken in pieces, where the counts of the pieces are known.
    """
    chosen: list[Slice] = []
    passed = 0

    def take(level: int, slot: int) -> None:
        nonlocal passed
        count = counts.get((level, slot), 0)
        if not count or ((slot + 1) << level) <= since or (until is not None and (slot << level) >= until):
            return
        place = LEVELS.index(level)
        if place and count > max(_FIRST, passed):
            below = LEVELS[place - 1]
            pieces = [(slot << (level - below)) + n for n in range(1 << (level - below))]
            # Only where the pieces are all known may they stand for the whole.
            if sum(counts.get((below, piece), 0) for piece in pieces) == count:
                for piece in pieces if oldest_first else reversed(pieces):
                    take(below, piece)
                return
        chosen.append((level, slot))
        passed += count

    top = LEVELS[-1]
    for slot in sorted((slot for level, slot in counts if level == top), reverse=not oldest_first):
        take(top, slot)
    return chosen
