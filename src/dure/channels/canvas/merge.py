"""Two people changed the same text: what both did, or that it cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

Hunk = tuple[int, int, list[str]]  # lines of the common text from, up to, and what stands there instead


def merged(base: str, ours: str, theirs: str) -> str | None:
    """Both changes to `base`, line by line; None where the same lines were changed differently.

    What both added at the same place is kept, theirs first.
    """
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    lines = base.split("\n")
    mine, other = _hunks(lines, ours.split("\n")), _hunks(lines, theirs.split("\n"))
    if any(_clash(one, two) for one in mine for two in other):
        return None
    out: list[str] = []
    at = 0
    for start, end, instead in sorted(
        [*other, *(hunk for hunk in mine if hunk not in other)], key=lambda hunk: (hunk[0], hunk[1])
    ):
        out += lines[at:start] + instead
        at = end
    return "\n".join(out + lines[at:])


def _hunks(before: Sequence[str], after: Sequence[str]) -> list[Hunk]:
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(i1, i2, list(after[j1:j2])) for what, i1, i2, j1, j2 in changes if what != "equal"]


def _clash(one: Hunk, two: Hunk) -> bool:
    if one == two:
        return False
    if one[0] == one[1] or two[0] == two[1]:  # something was added: it clashes inside of what the other changed
        return one[0] < two[0] < one[1] or two[0] < one[0] < two[1]
    return one[0] < two[1] and two[0] < one[1]
