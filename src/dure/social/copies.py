"""Near copies: the same post shared, quoted or slightly altered is one thing said, however often it is passed on.

Texts are normalised and cut into three-letter shingles. MinHash (Broder 1997) over 36 hashes in 12 bands of 3 finds
candidates (a pair that shares 70 % of its shingles meets in a band with 99 % probability); the
shingles themselves decide. `bench/reading.py` measures it beside rensa's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

SAME = 0.7  # share of common shingles from which two texts are copies
_BANDS, _ROWS = 12, 3
_LEAST = 12  # letters; shorter texts ("좋아요!") are copies only when equal
_NOISE = re.compile(r"https?://\S+|@\w+|^\s*RT\b:?|#", re.IGNORECASE)
_KEPT = re.compile(r"[^\w]+")
_MIX = np.uint64(0xD6E8FEB86659FD93)
_seeds = np.random.default_rng(20_261_123)
_MULTIPLY = _seeds.integers(1, 2**61, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_ADD = _seeds.integers(0, 2**61, _BANDS * _ROWS, dtype=np.uint64)


def normal(text: str) -> str:
    """The text without addresses, mentions of people, retweet marks, punctuation, case and spaces."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _KEPT.sub("", _NOISE.sub(" ", plain))


def shingles(text: str) -> frozenset[str]:
    """Three-letter pieces of the normalised text; the whole of one that is short."""
    plain = normal(text)
    if len(plain) < _LEAST:
        return frozenset([plain])
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2))


def bands(workspace: str, pieces: frozenset[str]) -> list[int]:
    """Twelve signed 64-bit values; texts that share one may be copies. They differ from workspace to workspace."""
    return bands_of_many(workspace, [pieces])[0]


def bands_of_many(workspace: str, many: Sequence[frozenset[str]]) -> list[list[int]]:
    """The same for many texts at once, a third of the work."""
    if not many:
        return []
    starts = np.concatenate(([0], np.cumsum([len(pieces) for pieces in many])[:-1]))
    hashed = _hashed([piece for pieces in many for piece in pieces])
    key = np.uint64(xxhash.xxh3_64_intdigest(workspace.encode()))
    found = np.empty((len(many), _BANDS), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for band in range(_BANDS):
            kept: NDArray[np.uint64] = np.full(len(many), key + np.uint64(band))
            for row in range(band * _ROWS, (band + 1) * _ROWS):
                least = np.minimum.reduceat((hashed * _MULTIPLY[row] + _ADD[row]) >> np.uint64(16), starts)
                kept = (kept ^ least) * _MIX
                kept ^= kept >> np.uint64(31)
            found[:, band] = kept
    return found.view(np.int64).tolist()


def _hashed(pieces: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each piece: its letters' where it is three letters long, else that of the whole."""
    letters = np.zeros(len(pieces), dtype="U3")
    letters[:] = pieces
    codes = letters.view(np.uint32).reshape(len(pieces), 3).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (codes[:, 0] << np.uint64(42)) ^ (codes[:, 1] << np.uint64(21)) ^ codes[:, 2]
        mixed *= _MIX
        mixed ^= mixed >> np.uint64(29)
        mixed *= _MIX
    for at, piece in enumerate(pieces):
        if len(piece) > 3:
            mixed[at] = xxhash.xxh3_64_intdigest(piece.encode())
    return mixed >> np.uint64(32)


def are_copies(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two texts share enough shingles (Jaccard of at least `SAME`)."""
    common = len(left & right)
    return common >= SAME * (len(left) + len(right) - common)
