"""Whether mentions fit queries, in Python: all queries over a batch at once.

A query is filed under tokens of which every text that fits it has at least one (two letters of Korean beside each
other, a word or the beginning of one in Latin letters), so that of a thousand queries only those are tried on a mention
that share a token with it. What `log_sql` says to the log and what is said here find the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from dure.kernel.folding import IS_ANYWHERE, fold, fold_name
from dure.social.listening.query import And, Field, Near, Node, Not, Or, Text
from dure.social.model import Mention

Key = TypeVar("Key")
_LINK = re.compile(r"https?://|www\.", re.I)


@dataclass(frozen=True, slots=True)
class Doc:
    """A mention as queries look at it. `rating` is 0 where there is none."""

    folded: str
    author: str = " "
    handle: str = ""
    network: str = ""
    language: str = ""
    intent: str = ""
    topic: str = ""
    sentiment: int = 0
    kind: str = "post"
    rating: int = 0
    reach: int = 0
    linked: bool = False
    entities: tuple[str, ...] = ()


Test = Callable[[Doc], bool]


def doc_of(mention: Mention) -> Doc:
    said = f"{mention.title}\n{mention.text}" if mention.title else mention.text
    return Doc(
        fold(said), fold_name(mention.author), mention.handle.lower().lstrip("@"), mention.network, mention.language,
        mention.intent, mention.topic, mention.sentiment, mention.kind, mention.rating or 0, mention.reach,
        _LINK.search(said) is not None, tuple(one.casefold() for one in mention.entities),
    )  # fmt: skip


class Matcher(Generic[Key]):
    """Queries by their keys, made ready for any number of mentions."""

    def __init__(self, queries: Iterable[tuple[Key, Node]]) -> None:
        self._always: list[tuple[Key, Test]] = []
        self._by_token: dict[str, list[tuple[Key, Test]]] = {}
        self._order: dict[Key, int] = {}
        for key, node in queries:
            self._order[key] = len(self._order)
            entry = (key, compiled(node))
            tokens = _needs(node)
            if tokens is None:
                self._always.append(entry)
            else:
                for token in tokens:
                    self._by_token.setdefault(token, []).append(entry)

    def fitting(self, docs: Sequence[Doc]) -> list[tuple[Key, ...]]:
        """For each mention the keys of the queries that it fits, in the order in which they were given."""
        return [self._one(doc) for doc in docs]

    def _one(self, doc: Doc) -> tuple[Key, ...]:
        tried = dict(self._always)
        for token in _tokens(doc.folded) & self._by_token.keys():
            tried.update(self._by_token[token])
        found = [key for key, test in tried.items() if test(doc)]
        return tuple(sorted(found, key=self._order.__getitem__))


def compiled(node: Node) -> Test:
    """The query as a function."""
    match node:
        case Text(want):
            return lambda doc: want in doc.folded
        case Near():
            search = re.compile(node.pattern).search
            return lambda doc: search(doc.folded) is not None
        case Field(name, op, value):
            return _fact(name, op, value)
        case Not(one):
            inner = compiled(one)
            return lambda doc: not inner(doc)
        case And(many):
            tests = [compiled(one) for one in many]
            return lambda doc: all(test(doc) for test in tests)
        case Or(many):
            tests = [compiled(one) for one in many]
            return lambda doc: any(test(doc) for test in tests)


def _fact(name: str, op: str, value: str | int) -> Test:
    if name == "author":
        return lambda doc: str(value) in doc.author
    if name == "entity":
        return lambda doc: any(one == value or one.endswith(f":{value}") for one in doc.entities)
    if name == "has":
        return (lambda doc: doc.linked) if value == "link" else (lambda doc: doc.rating > 0)
    if name in ("reach", "rating"):
        number, least = int(value), 1 if name == "rating" else 0
        compare: dict[str, Callable[[int], bool]] = {
            "=": lambda one: one == number, ">": lambda one: one > number, ">=": lambda one: one >= number,
            "<": lambda one: one < number, "<=": lambda one: one <= number,
        }  # fmt: skip
        holds = compare[op]
        return lambda doc: least <= getattr(doc, name) and holds(getattr(doc, name))
    return lambda doc: bool(getattr(doc, name) == value)


def _tokens(folded: str) -> set[str]:
    return set().union(*map(_tokens_of, folded.split()))


# Most words were met before.
@lru_cache(maxsize=20_000)
def _tokens_of(run: str) -> tuple[str, ...]:
    if IS_ANYWHERE.match(run):
        return tuple(run[at : at + 2] for at in range(len(run) - 1))
    return f"={run}", f"^{run[:2]}"


def _needs(node: Node) -> set[str] | None:
    """Tokens of which every text that fits has at least one; None where nothing can be said."""
    match node:
        case Text(want):
            return _need_of(want)
        case Near(left, right, _):
            return _fewest([_any([_need_of(one) for one in side]) for side in (left, right)])
        case And(many):
            return _fewest([_needs(one) for one in many])
        case Or(many):
            return _any([_needs(one) for one in many])
    return None


def _need_of(want: str) -> set[str] | None:
    runs = sorted(want.split(), key=len, reverse=True)
    for run in runs:
        if not IS_ANYWHERE.match(run):
            return {f"={run}"} if f" {run} " in want else {f"^{run[:2]}"}
        if len(run) > 1:
            return {run[:2]}
    return None


def _fewest(many: Sequence[set[str] | None]) -> set[str] | None:
    known = [one for one in many if one is not None]
    return min(known, key=len) if known else None


def _any(many: Sequence[set[str] | None]) -> set[str] | None:
    return None if any(one is None for one in many) else set().union(*(one for one in many if one is not None))
