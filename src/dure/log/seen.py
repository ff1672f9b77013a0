"""Which messages are in the log already: eight bytes for each message of the last days, in sorted runs.

The log itself is the record. What is held here is read from it at the start, and again whenever somebody else may
have written; so nothing has to be kept twice, and a message counts once whichever process its copies came by.

Two different messages of a workspace have the same key once in 2^64 pairs: with a hundred million messages in memory,
one event in two hundred thousand million is taken for a copy that is none.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

DAYS = 7
"""So long a message is known at the least, unless there are more than `MOST`."""
MOST = 32_000_000
"""More keys than these (256 MB) are held for the last day only."""


class SeenMessages:
    """Sorted runs of keys by the day (a number) they were written on; runs grow by merging, so there are few."""

    def __init__(self, days: int = DAYS, most: int = MOST) -> None:
        self.days = days
        self._most = most
        self._runs: dict[int, list[Keys]] = {}

    def __len__(self) -> int:
        return sum(len(run) for runs in self._runs.values() for run in runs)

    def fresh(self, keys: Keys) -> NDArray[np.bool_]:
        """For each key, whether it is seen here for the first time: neither known, nor earlier among these."""
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = ordered[1:] != ordered[:-1]
        for runs in self._runs.values():
            for run in runs:
                place = np.minimum(np.searchsorted(run, ordered), len(run) - 1)
                new &= run[place] != ordered
        fresh = np.empty(len(keys), dtype=bool)
        fresh[order] = new
        return fresh

    def add(self, day: int, keys: Keys) -> None:
        """Notes keys that were written on a day; days that are too long ago are let go."""
        if not len(keys):
            return
        runs = self._runs.setdefault(day, [])
        runs.append(np.sort(keys))
        while len(runs) > 1 and len(runs[-2]) <= 2 * len(runs[-1]):
            longer, shorter = runs.pop(-2), runs.pop()
            runs.append(np.sort(np.concatenate((longer, shorter)), kind="stable"))
        self._forget()

    def replace(self, by_day: Iterable[tuple[int, Keys]]) -> None:
        """Forgets everything and begins with these."""
        self._runs = {day: [np.sort(keys)] for day, keys in by_day if len(keys)}
        self._forget()

    def _forget(self) -> None:
        newest = max(self._runs, default=0)
        for day in sorted(self._runs):
            # Yesterday's stay whatever their number: a message counts once in at least 24 hours.
            too_many = len(self) > self._most and day < newest - 1
            if day <= newest - self.days or too_many:
                del self._runs[day]
