"""What the index of messages knows a text by, beside its folded form (`kernel.folding`).

The index knows a message by 32-bit marks: each letter and each pair of letters of a run that is found anywhere, and
the beginnings of the other runs in a few lengths. It only has to leave out as much as it can before the folded text is
looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from xxhash import xxh32_intdigest

from dure.kernel.folding import IS_ANYWHERE

# The lengths of beginnings that are kept; a word is looked for by the longest that it has.
_BEGINNINGS = (12, 8, 6, 4, 3, 2, 1)
_RUN_LENGTH = 400


def text_marks(folded: str) -> set[int]:
    """All marks of a folded text, for the index."""
    marks: set[int] = set()
    for run in folded.split():
        marks |= _run_marks(run[:_RUN_LENGTH])
    return marks


def wanted_marks(want: str) -> set[int]:
    """The marks that every text which holds `want` has, and few others; none for a want of nothing."""
    marks: set[int] = set()
    for run in want.split():
        run = run[:_RUN_LENGTH]
        if not IS_ANYWHERE.match(run):
            longest = next(length for length in _BEGINNINGS if length <= len(run))
            marks.add(_mark(run[:longest]))
        elif len(run) == 1:
            marks.add(_mark(run))
        else:
            marks |= {_mark(run[at : at + 2]) for at in range(len(run) - 1)}
    return marks


def label(kind: str, value: object) -> int:
    """The mark of what a message is beside its words: who wrote it, where, when. It is never that of a word."""
    return _number(f"{kind} {value}")


# Most words were met before, so most are cut into marks once.
@lru_cache(maxsize=20_000)
def _run_marks(run: str) -> frozenset[int]:
    if IS_ANYWHERE.match(run):
        return frozenset(map(_mark, _pieces(run)))
    return frozenset(_mark(run[:length]) for length in _BEGINNINGS if length <= len(run))


def _pieces(run: str) -> Iterator[str]:
    yield from run
    for at in range(len(run) - 1):
        yield run[at : at + 2]


@lru_cache(maxsize=50_000)
def _mark(piece: str) -> int:
    return _number(piece)


def _number(text: str) -> int:
    """32 bits with a sign, as PostgreSQL's integer."""
    number = xxh32_intdigest(text.encode())
    return number - (1 << 32) if number >= 1 << 31 else number
