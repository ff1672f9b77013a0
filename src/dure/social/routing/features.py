"""What the model sees of a mention: hashed pieces of its text, how it was read, and where it comes from.

Whole sets at once: the letters of all texts lie in one array, and pieces of two to four of them are hashed by a few
operations on it. A piece keeps its place for ever, so that weights of any version mean the same pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from xxhash import xxh32_intdigest

# Pairs of intent and topic, which carry the prior, share their places with nothing else.
TEXT, KNOWN, PAIRS = 1 << 15, 1 << 13, 1 << 16
WIDTH = TEXT + KNOWN + PAIRS
_LETTERS = 300
_LENGTHS = (2, 3, 4)
_BREAK = 10
_PRIME, _MIX = np.uint32(0x01000193), np.uint32(0x9E3779B1)
_FAR = np.uint32(17)  # the upper fifteen bits


class Seen(Protocol):
    """As much of a mention as the model looks at; a stored mention and an example both have it."""

    @property
    def text(self) -> str: ...
    @property
    def network(self) -> str: ...
    @property
    def handle(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def sentiment(self) -> int: ...
    @property
    def confidence(self) -> float: ...
    @property
    def rating(self) -> int | None: ...
    @property
    def direct(self) -> bool: ...


@lru_cache(maxsize=65_536)
def place(name: str) -> int:
    """Where something known of a mention, such as `n=x`, has its weights; `it=complaint/crash` is a pair."""
    hashed = xxh32_intdigest(name.encode("utf-8", "replace"))
    return TEXT + KNOWN + hashed % PAIRS if name.startswith("it=") else TEXT + hashed % KNOWN


def known_of(one: Seen) -> list[tuple[str, float]]:
    """What is known of a mention beside its text, with its weight. What was read counts as far as it is sure."""
    sure = one.confidence
    told = [
        ("1", 0.3),
        (f"it={one.intent}/{one.topic}", sure),
        (f"i={one.intent}", 0.5 * sure),
        (f"t={one.topic}", 0.5 * sure),
        (f"s={one.sentiment}", 0.3),
        (f"n={one.network}/{one.kind}", 0.4),
        (f"l={one.language}", 0.2),
    ]
    if one.handle:
        told.append((f"a={one.network}:{one.handle.lower()}", 0.7))
    if one.rating is not None:
        told.append((f"r={one.rating}", 0.3))
    if one.direct:
        told.append(("direct", 0.3))
    return told


def matrix(mentions: Sequence[Seen], *, text: bool = True) -> csr_matrix:
    """A row a mention. The pieces of a text together weigh one, however long it is."""
    rows, columns, values = [], [], []
    for number, one in enumerate(mentions):
        for name, weight in known_of(one):
            rows.append(number)
            columns.append(place(name))
            values.append(weight)
    parts = [(np.array(rows, np.int32), np.array(columns, np.int32), np.array(values, np.float32))]
    if text:
        parts += _pieces([_plain(one.text) for one in mentions])
    row, column, value = (np.concatenate([part[number] for part in parts]) for number in range(3))
    return csr_matrix((value, (row, column)), shape=(len(mentions), WIDTH), dtype=np.float32)


def pieces_of(text: str) -> dict[str, int]:
    """The pieces of one text with their places, for saying why."""
    plain = _plain(text)
    found: dict[str, int] = {}
    for row, columns, _ in _pieces([plain]):
        length = len(plain) - len(row) + 1
        found |= {plain[at : at + length]: int(column) for at, column in enumerate(columns)}
    return found


def _plain(text: str) -> str:
    return " ".join(text[: 2 * _LETTERS].lower().split())[:_LETTERS]


def _pieces(texts: Sequence[str]) -> list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]]:
    """For each length of a piece: whose it is, its place, its weight. Texts hold no line breaks: those part them."""
    joined = "\n".join(texts) + "\n"
    letters = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32)
    breaks = letters == _BREAK
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) + 1 for text in texts])
    weight = np.array([1 / max(1.0, (len(_LENGTHS) * len(text)) ** 0.5) for text in texts], np.float32)
    found, hashed, broken = [], letters, breaks
    for length in range(2, _LENGTHS[-1] + 1):
        hashed = hashed[:-1] * _PRIME + letters[length - 1 :]
        broken = broken[:-1] | breaks[length - 1 :]
        whole = ~broken
        whose = owner[: len(whole)][whole]
        where = ((hashed[whole] ^ (hashed[whole] >> np.uint32(15))) * _MIX) >> _FAR
        found.append((whose, where.astype(np.int32), weight[whose]))
    return found
