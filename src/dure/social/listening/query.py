"""A query over mentions as a value: words, phrases, nearness and fields, joined by and, or and not.

A text's *want* is what the folded text of a mention has to hold (`kernel.folding.wanted`): ` dure ` for a word in
Latin letters, `배송` for one in Korean, which particles may follow and letters precede.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dure.kernel.folding import IS_ANYWHERE

LONGEST = 4_096  # letters of a query
MOST_TERMS = 100
DEEPEST = 20
FARTHEST = 30  # words between two that are near


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a phrase."""

    want: str


@dataclass(frozen=True, slots=True)
class Near:
    """One of the left within so many words of one of the right, in either order."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    within: int

    @property
    def pattern(self) -> str:
        """A regular expression that Python and RE2 read alike. Wants hold letters, digits and blanks only."""
        pairs = [pair for a in self.left for b in self.right for pair in ((a, b), (b, a))]
        return "|".join(_near(first, second, self.within) for first, second in dict.fromkeys(pairs))


@dataclass(frozen=True, slots=True)
class Field:
    """A fact beside the text. `op` is `=`, `>`, `>=`, `<` or `<=`; only numbers are compared."""

    name: str
    op: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Not:
    one: Node


@dataclass(frozen=True, slots=True)
class And:
    many: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    many: tuple[Node, ...]


Node = Text | Near | Field | Not | And | Or


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    if isinstance(node, Not):
        yield from walk(node.one)
    elif isinstance(node, And | Or):
        for one in node.many:
            yield from walk(one)


def looks_for_something(node: Node) -> bool:
    """False where a mention could fit by what it does not say alone."""
    match node:
        case Not():
            return False
        case And(many):
            return any(looks_for_something(one) for one in many)
        case Or(many):
            return all(looks_for_something(one) for one in many)
    return True


def without(node: Node, left_out: Node | None) -> Node:
    """The query less what another one finds."""
    return node if left_out is None else And((node, Not(left_out)))


def words_of(node: Node) -> list[str]:
    """The wants that a mention may be found by, to show them lit; what is left out is none."""
    match node:
        case Text(want):
            return [want]
        case Near(left, right, _):
            return [*left, *right]
        case And(many) | Or(many):
            return [want for one in many for want in words_of(one)]
    return []


def index_tokens(want: str) -> tuple[list[str], bool]:
    """What the log's text index knows every text with this want by, and whether it knows no other text by it.

    It holds the whole runs of a text and each two letters beside each other (`log_sql.TOKENS`). So a word in Latin
    letters and two letters of Korean are found by the index alone; a run of two Latin letters is not, because other
    words hold the two.
    """
    runs = want.split()
    if len(runs) == 1 and len(runs[0]) != 2 and want.startswith(" ") and want.endswith(" "):
        return [runs[0]], True
    if want.startswith(" ") and want.endswith(" ") and all(len(run) != 2 for run in runs):
        return runs, False
    pairs = [want[at : at + 2] for at in range(len(want) - 1)]
    alone = len(want) == 2 and bool(IS_ANYWHERE.match(want[0])) and bool(IS_ANYWHERE.match(want[1]))
    return list(dict.fromkeys(pairs)), alone


def _near(first: str, second: str, within: int) -> str:
    whole, apart = first.endswith(" "), second.startswith(" ")
    # A word that is not looked for whole may go on; each group is one word further.
    start = first.rstrip() if whole else f"{first}[^ ]*"
    least, most = (0, within - 1) if apart else (int(whole), within)
    return f"{start}(?: [^ ]*){{{least},{most}}}{second}"
