"""Near copies: the same post shared, quoted or slightly altered is one thing said, however often it is passed on.

Texts are normalised and cut into three-letter shingles. A text's signature is MinHash (Broder 1997): of each of 36
hashes over its shingles the least, as far as its lower 16 bits. In 12 bands of 3 they find candidates (a pair that
shares 70 % of its shingles meets in a band with 99 % probability); of those that meet, signatures that share less than
17 of the 36 are left out unread (of pairs that share 70 % one in a thousand); the shingles themselves decide about the
rest. `bench/reading.py` measures it beside rensa's.
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
HASHES = _BANDS * _ROWS
_LEAST = 12  # letters; shorter texts ("좋아요!") are copies only when equal
_NOISE = re.compile(r"https?://\S+|@\w+|^\s*RT\b:?|#", re.IGNORECASE)
_KEPT = re.compile(r"[^\w]+")
_MIX = np.uint64(0xD6E8FEB86659FD93)
_ALIKE = 17
# Signatures are stored: these stay as they are.
_seeds = np.random.default_rng(20_261_123)
_MULTIPLY = _seeds.integers(1, 2**32, HASHES, dtype=np.uint32) | np.uint32(1)
_ADD = _seeds.integers(0, 2**32, HASHES, dtype=np.uint32)

Signatures = NDArray[np.uint16]


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


def signatures(many: Sequence[frozenset[str]]) -> Signatures:
    """A row of 36 numbers a text, `many` being their shingles."""
    if not many:
        return np.empty((0, HASHES), dtype=np.uint16)
    starts = np.concatenate(([0], np.cumsum([len(pieces) for pieces in many])[:-1]))
    hashed = _hashed([piece for pieces in many for piece in pieces])
    found = np.empty((len(many), HASHES), dtype=np.uint16)
    with np.errstate(over="ignore"):
        for row in range(HASHES):
            found[:, row] = np.minimum.reduceat(hashed * _MULTIPLY[row] + _ADD[row], starts)
    return found


def bands(found: Signatures) -> NDArray[np.uint64]:
    """Twelve numbers a text; texts that share one may be copies. Those of different bands are never equal."""
    parts = found.astype(np.uint64).reshape(len(found), _BANDS, _ROWS)
    joined = (parts[:, :, 0] << np.uint64(32)) | (parts[:, :, 1] << np.uint64(16)) | parts[:, :, 2]
    banded: NDArray[np.uint64] = joined | (np.arange(_BANDS, dtype=np.uint64) << np.uint64(48))
    return banded


def alike(left: Signatures, right: Signatures) -> NDArray[np.bool_]:
    """Row by row whether two signatures share enough for their texts to be looked at."""
    shared: NDArray[np.bool_] = np.count_nonzero(left == right, axis=1) >= _ALIKE
    return shared


def _hashed(pieces: Sequence[str]) -> NDArray[np.uint32]:
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
    return (mixed >> np.uint64(32)).astype(np.uint32)


def are_copies(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two texts share enough shingles (Jaccard of at least `SAME`)."""
    common = len(left & right)
    return common >= SAME * (len(left) + len(right) - common)
