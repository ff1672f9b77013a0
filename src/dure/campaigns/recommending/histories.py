"""What people heard, as arrays: one short row of bytes a person, merged and cut in sets.

An entry is a token (an item or a creator), how often it was played, when last, and whether the person follows or
blocked it. Sixteen thousand people's histories are a few megabytes, and one multiplication of matrices away from what
they may like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

ENTRY = np.dtype([("token", "<u4"), ("last", "<u4"), ("plays", "<u2"), ("flags", "<u2")])
FOLLOWS, BLOCKED = 1, 2
SAYS = 8
"""A word about a creator is an entry without plays; shifted by so much it carries which flag it is about."""
MOST = 120
"""Entries a person keeps: the newest, and before those of one play the favourites of long ago."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Heard:
    """Entries of many people: those of person `i` lie from `starts[i]` to `starts[i + 1]`."""

    people: Sequence[UUID]
    starts: Ints
    entries: NDArray[np.void]

    @classmethod
    def of(cls, people: Sequence[UUID], rows: Sequence[bytes]) -> Heard:
        sizes = np.fromiter((len(row) for row in rows), np.int64, len(rows)) // ENTRY.itemsize
        return cls(people, np.concatenate([[0], np.cumsum(sizes)]), np.frombuffer(b"".join(rows), ENTRY))

    @property
    def owner(self) -> Ints:
        """Whose each entry is, as a place in `people`."""
        return np.repeat(np.arange(len(self.people)), np.diff(self.starts))

    def rows(self) -> list[bytes]:
        """Back to a row of bytes a person."""
        packed, width = self.entries.tobytes(), ENTRY.itemsize
        cuts = (self.starts * width).tolist()
        return [packed[begin:end] for begin, end in pairwise(cuts)]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What was counted anew by a merge, by token: plays nobody had counted, and people to whom it is new."""

    tokens: Ints
    plays: Ints
    listeners: Ints


def merged(before: Heard, owner: Ints, news: NDArray[np.void], now: int) -> tuple[Heard, Fresh]:
    """Histories with `news` (entries, each of `before.people[owner]`) in them.

    What was read twice changes nothing: plays count only where they came later than the last one known, and the last
    word about following and blocking holds.
    """
    old, width = before.owner, len(before.people)
    who = np.concatenate([old, owner])
    entries = np.concatenate([before.entries, news])
    new = np.concatenate([np.zeros(len(old), bool), np.ones(len(owner), bool)])
    order = np.lexsort((new, entries["token"], who))
    who, entries, new = who[order], entries[order], new[order]
    first = np.ones(len(who), bool)
    first[1:] = (who[1:] != who[:-1]) | (entries["token"][1:] != entries["token"][:-1])
    group = np.cumsum(first) - 1
    begin = np.flatnonzero(first)
    heard = ~new[begin] & (entries["plays"][begin] > 0)
    known = np.where(heard, entries["last"][begin].astype(np.int64), -1)
    counts = new & (entries["last"] > known[group]) & (entries["plays"] > 0)
    plays = np.where(new, np.where(counts, entries["plays"], 0), entries["plays"]).astype(np.int64)
    out = np.zeros(len(begin), ENTRY)
    out["token"] = entries["token"][begin]
    total = np.bincount(group, plays, minlength=len(begin)).astype(np.int64)
    out["plays"] = np.minimum(total, 65_535)
    out["last"] = np.maximum.reduceat(entries["last"], begin) if len(begin) else 0
    out["flags"] = np.where(new[begin], 0, entries["flags"][begin])
    for flag in (FOLLOWS, BLOCKED):
        said = np.flatnonzero(new & (entries["flags"] >> SAYS == flag))
        rest = out["flags"][group[said]] & ~np.uint16(flag)
        out["flags"][group[said]] = rest | (entries["flags"][said] & flag)
    counted = np.bincount(group, np.where(counts, entries["plays"], 0), minlength=len(begin)).astype(np.int64)
    fresh = _by_token(out["token"], counted, (known < 0) & (total > 0))
    kept = _kept(who[begin], out, now)
    starts = np.concatenate([[0], np.cumsum(np.bincount(who[begin][kept], minlength=width))])
    return Heard(before.people, starts, out[kept]), fresh


def _by_token(token: NDArray[np.uint32], plays: Ints, first: NDArray[np.bool_]) -> Fresh:
    touched = (plays > 0) | first
    names, place = np.unique(token[touched], return_inverse=True)
    return Fresh(
        names.astype(np.int64),
        np.bincount(place, plays[touched], minlength=len(names)).astype(np.int64),
        np.bincount(place, first[touched], minlength=len(names)).astype(np.int64),
    )


def _kept(who: Ints, entries: NDArray[np.void], now: int) -> NDArray[np.bool_]:
    """Which entries stay, at most MOST a person: a favourite counts as if it were heard later than it was."""
    if not len(who) or np.bincount(who).max() <= MOST:
        return np.ones(len(who), bool)
    age = np.maximum(now - entries["last"].astype(np.int64), 0) / 86_400
    worth = np.where(entries["flags"] > 0, np.inf, np.log1p(entries["plays"]) * 30 - age)
    order = np.lexsort((-worth, who))
    place = np.arange(len(who)) - np.searchsorted(who[order], who[order], side="left")
    kept = np.zeros(len(who), bool)
    kept[order[place < MOST]] = True
    return kept
