"""Texts as numbers: letters in ones to fours, words, pairs of words and hint words, each at one of 2^18 places.

No tokeniser and no vocabulary: Korean endings and particles are pieces like any other, and a learned weight belongs to
a place, so that weights hold no text. A thousand texts are cut at once, in arrays; one alone costs as much as ten.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

PLACES = 1 << 18
LONGEST = 2_000  # letters looked at
HINT = 0.5  # of a text's length
# What stands for any address, e-mail address and @name, and between a negation and what it turns around.
LINK, MAIL, PERSON, TURN = "\ue000", "\ue001", "\ue002", "\ue003"

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_PERSON = re.compile(r"@\w+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NOT_AFTER = re.compile(r"([가-힣])(지(?:는|도|가|를)? ?(?:않|못|말))")
_NOT = re.compile(
    r"(?:(?<![가-힣])안 |\b(?:not|never|no|isnt|wasnt|arent|dont|doesnt|didnt|wouldnt|cant|nothing) "
    r"(?:very |really |so |that |at all |find (?:the )?\w+ )?)"
)
_AGAIN = re.compile(r"(.{1,4}?)\1{2,}")
_APART = re.compile(r"[^\w\n?!#%★☆♡♥❤👍👎\U0001f300-\U0001faff\ue000-\ue003]+")
_BASE = 0x9E3779B97F4A7C15 | 1
_BACK = pow(_BASE, -1, 1 << 64)
_SHIFT = np.uint64(64 - 18)
_MIX = np.uint64(0xD6E8FEB86659FD93)

Places = NDArray[np.int32]
Words = NDArray[np.uint64]
_Table = tuple[Words, NDArray[np.int64]]  # sorted hashes and the group of each


def pieces(texts: Sequence[str]) -> list[sparse.csr_array]:
    """One matrix for each kind of piece (texts × places, a piece that comes twice stands twice).

    A text's pieces have length one together if all differ; a hint word weighs as much as `HINT` of its pieces.
    """
    *found, hinted = _found(plain(texts), len(texts), hints())
    counts = sum(np.diff(starts) for _, starts in found)
    scale = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    shape = (len(texts), PLACES)
    told = [sparse.csr_array((np.repeat(scale, np.diff(at)), places, at), shape=shape) for places, at in found]
    places, at = hinted
    return [*told, sparse.csr_array((np.full(len(places), HINT, dtype=np.float32), places, at), shape=shape)]


def plain(texts: Sequence[str]) -> str:
    """The texts as lines in lower case, numbers as 0, addresses and names as one sign each, single spaces."""
    lines = "\n".join(text[:LONGEST].replace("\n", " ") for text in texts)
    lines = unicodedata.normalize("NFKC", lines).lower().replace("'", "").replace("’", "")
    lines = _LINK.sub(f" {LINK} ", lines)
    lines = _MAIL.sub(f" {MAIL} ", lines)
    lines = _PERSON.sub(f" {PERSON} ", lines)
    lines = _AGAIN.sub(r"\1\1", _NUMBER.sub("0", lines))
    lines = _NOT.sub(rf"\g<0> {TURN} ", _NOT_AFTER.sub(rf"\1 {TURN} \2", lines))
    return " " + _APART.sub(" ", lines).replace("\n", " \n ") + " "


@dataclass(frozen=True, slots=True)
class Hints:
    """Hint words by hash: `by_size` Korean stems by their number of letters, `whole` words in Latin letters."""

    by_size: Mapping[int, _Table]
    whole: _Table


@lru_cache(maxsize=1)
def hints() -> Hints:
    """Those of `words.txt`; a stem of two groups hints at both."""
    stems: dict[int, list[tuple[int, int]]] = {}
    whole: list[tuple[int, int]] = []
    groups: dict[str, int] = {}
    for line in files("dure.social.reading").joinpath("words.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, *words = line.split()
            group = groups.setdefault(name, len(groups))
            for word in dict.fromkeys(words):
                if word.isascii() and word.isalpha():
                    whole.append((_hash_of(word, forwards=False), group))
                else:
                    stems.setdefault(len(word), []).append((_hash_of(word, forwards=True), group))
    return Hints({size: _table(rows) for size, rows in sorted(stems.items())}, _table(whole))


def _table(rows: Sequence[tuple[int, int]]) -> _Table:
    ordered = sorted(set(rows))
    return np.array([row[0] for row in ordered], dtype=np.uint64), np.array([row[1] for row in ordered])


def _hash_of(word: str, *, forwards: bool) -> int:
    """The same as windows (`forwards`) and words of texts have."""
    letters = [ord(letter) for letter in (word if forwards else reversed(word))]
    found = 0
    for letter in letters:
        found = (found * _BASE + letter) % (1 << 64)
    return found


def _found(lines: str, texts: int, hints: Hints) -> list[tuple[Places, Places]]:
    """Places of the pieces, text after text, and where each text's begin; for each kind of piece, hints last."""
    letters = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    ends = letters == 10
    blank = ends | (letters == 32)
    text_of = np.cumsum(ends)
    found = []
    window = np.zeros(len(letters), dtype=np.uint64)
    inside = ~ends
    with np.errstate(over="ignore"):
        for size in range(1, 5):
            window = window[: len(letters) - size + 1] * np.uint64(_BASE) + letters[size - 1 :]
            inside = inside[: len(window)] & ~ends[size - 1 :]
            # Two spaces in a row, or one alone, are nothing.
            kept = np.flatnonzero(inside & ~(blank[: len(window)] & blank[size - 1 :]))
            found.append(_placed(window[kept], size, text_of[kept], texts))
        words, of = _words(letters, blank, text_of)
        pairs = np.flatnonzero(of[1:] == of[:-1])
        found.append(_placed(words, 5, of, texts))
        found.append(_placed(words[pairs] * np.uint64(31) + words[pairs + 1], 6, of[pairs], texts))
        found.append(_hinted(letters[letters != 32], words, of, texts, hints))
    return found


def _hinted(
    letters: Words, words: Words, word_of: NDArray[np.int64], texts: int, hints: Hints
) -> tuple[Places, Places]:
    """Which groups of hint words a text has, each once, apart for those that a negation turns around."""
    text_of = np.cumsum(letters == 10)
    turns = letters == ord(TURN)
    hits = []
    window = np.zeros(len(letters), dtype=np.uint64)
    for size in range(1, max(hints.by_size) + 1):
        window = window[: len(letters) - size + 1] * np.uint64(_BASE) + letters[size - 1 :]
        if size in hints.by_size:
            at, group = _looked_up(window, hints.by_size[size])
            before, after = turns[np.maximum(at - 1, 0)], turns[np.minimum(at + size, len(turns) - 1)]
            hits.append((text_of[at], group * 2 + (before | after)))
    at, group = _looked_up(words, hints.whole)
    turned = (words[np.maximum(at - 1, 0)] == np.uint64(ord(TURN))) & (at > 0)
    hits.append((word_of[at], group * 2 + turned))
    of = np.concatenate([text for text, _ in hits])
    keys = np.unique(of * 256 + np.concatenate([group for _, group in hits]))
    return _placed((keys % 256).astype(np.uint64), 7, keys // 256, texts)


def _looked_up(hashes: Words, table: _Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where a hash of the table stands, and its group; once for each group."""
    known, groups = table
    first, last = np.searchsorted(known, hashes, "left"), np.searchsorted(known, hashes, "right")
    at = np.flatnonzero(last > first)
    times = (last - first)[at]
    rows = np.repeat(at, times)
    ahead = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    return rows, groups[first[rows] + ahead]


def _words(letters: Words, blank: NDArray[np.bool_], text_of: NDArray[np.int64]) -> tuple[Words, NDArray[np.int64]]:
    """A hash of each word, and the text that it is of; by prefix sums, which subtract to any stretch's hash."""
    edges = np.diff(np.concatenate(([True], blank, [True])).astype(np.int8))
    begins, ends = np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)
    powers, backs = (_powers(base, len(letters)) for base in (_BASE, _BACK))
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(letters * powers[:-1])))
    return (sums[ends] - sums[begins]) * backs[begins], text_of[begins]


def _powers(base: int, count: int) -> Words:
    factors = np.full(count + 1, base, dtype=np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _placed(hashes: Words, kind: int, text_of: NDArray[np.int64], texts: int) -> tuple[Places, Places]:
    mixed = (hashes ^ (hashes >> np.uint64(29)) ^ np.uint64(kind * 0x51ED27)) * _MIX
    places = ((mixed ^ (mixed >> np.uint64(32))) * np.uint64(_BASE) >> _SHIFT).astype(np.int32)
    starts = np.zeros(texts + 1, dtype=np.int32)
    np.cumsum(np.bincount(text_of, minlength=texts), out=starts[1:])
    return places, starts
