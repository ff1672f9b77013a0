"""Near copies: the same post shared, quoted or slightly altered is one thing said, however often it is passed on.

Texts are normalised and cut into three-letter shingles. MinHash (Broder 1997) over 36 hashes in 12 bands of 3 finds
candidates (a pair that shares 70 % of its shingles meets in a band with 99 % probability); the
shingles themselves decide.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib

import numpy as np

SAME = 0.7  # share of common shingles from which two texts are copies
_BANDS, _ROWS = 12, 3
_LEAST = 12  # letters; shorter texts ("좋아요!") are copies only when equal
_NOISE = re.compile(r"https?://\S+|@\w+|^\s*RT\b:?|#", re.IGNORECASE)
_KEPT = re.compile(r"[^\w]+")
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
    hashed = np.array([zlib.crc32(piece.encode()) for piece in pieces], dtype=np.uint64)
    with np.errstate(over="ignore"):
        least = ((hashed[:, None] * _MULTIPLY + _ADD) >> np.uint64(16)).min(axis=0)
    values = []
    for number, band in enumerate(least.reshape(_BANDS, _ROWS)):
        digest = hashlib.blake2b(f"{workspace}:{number}:".encode() + band.tobytes(), digest_size=8).digest()
        values.append(int.from_bytes(digest, "big", signed=True))
    return values


def are_copies(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two texts share enough shingles (Jaccard of at least `SAME`)."""
    common = len(left & right)
    return common >= SAME * (len(left) + len(right) - common)
