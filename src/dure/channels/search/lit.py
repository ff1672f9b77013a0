"""Where the words of a search stand in what was said, so that they can be shown lit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from dure.kernel.folding import INSIDE, comparable, runs

BEGIN, END = "\ue000", "\ue001"
_LOOKED_AT = 20_000
# What is written onto a letter: accents, and the vowels and finals of Hangul that came apart.
_ONTO = "\u0300-\u036f\u1160-\u11ff\u3099\u309a\uff9e\uff9f"
_LETTER = re.compile(f"[^{_ONTO}][{_ONTO}]*", re.S)
# What is no text to whoever reads a message; a mark inside would break it.
_WHOLE = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")

Range = tuple[int, int]


def places(text: str, wants: Sequence[str]) -> list[Range]:
    """Where any of the folded words stands in a text, as ranges in order that do not touch."""
    folded, origin = _traced(text[:_LOOKED_AT])
    found: list[Range] = []
    for want in wants:
        at = folded.find(want)
        while at >= 0:
            letters = [origin[n] for n in range(at, at + len(want)) if folded[n] != " "]
            found.append((letters[0][0], letters[-1][1]))
            at = folded.find(want, at + len(want.rstrip()))
    merged: list[Range] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1]:
            first, last = merged[-1][0], max(last, merged.pop()[1])
        merged.append((first, last))
    return merged


def marked(text: str, wants: Sequence[str]) -> str:
    """The text with Slack's marks around what was found; what stands in `<…>` is left whole."""
    out: list[str] = []
    last = 0
    for hole in _WHOLE.finditer(text):
        out += [_lit(text[last : hole.start()], wants), hole[0]]
        last = hole.end()
    return "".join([*out, _lit(text[last:], wants)])


def snippet(text: str, wants: Sequence[str], length: int = 260) -> list[tuple[str, bool]]:
    """About so much of a text around the first place found, as pieces that are lit or not."""
    lit = places(text, wants)
    start = 0
    if lit and lit[0][0] > length // 2:
        start = lit[0][0] - length // 4
        start = next((at + 1 for at in range(start, lit[0][0]) if text[at].isspace()), start)
    end = min(len(text), start + length)
    pieces, at = [("…" if start else "", False)], start
    for first, last in lit:
        if first >= end:
            break
        last = min(last, end)
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece[0]]


def _lit(text: str, wants: Sequence[str]) -> str:
    out, at = "", 0
    for first, last in places(text, wants):
        out += text[at:first] + BEGIN + text[first:last] + END
        at = last
    return out + text[at:]


# Letters come again.
_comparable = lru_cache(maxsize=20_000)(comparable)


def _traced(text: str) -> tuple[str, list[Range]]:
    """A text folded, and for each of its letters the range that it comes from."""
    letters: list[str] = []
    ranges: list[Range] = []
    for found in _LETTER.finditer(text):
        for letter in _comparable(found[0]):
            letters.append(letter)
            ranges.append(found.span())
    for inside in reversed([*INSIDE.finditer("".join(letters))]):
        del letters[inside.start() : inside.end()], ranges[inside.start() : inside.end()]
    folded, origin = " ", [(0, 0)]
    for run, start in runs("".join(letters)):
        folded += run + " "
        origin += [*ranges[start : start + len(run)], (0, 0)]
    return folded, origin
