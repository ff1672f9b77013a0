"""What a query means once every name is known, as values: where each column, condition and parent comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dure.deals.salesforce.catalogue import ChildOf, SObject
from dure.deals.salesforce.soql.ast import Call, Path, Query


@dataclass(frozen=True, slots=True)
class Term:
    """Something with a value in SQL: a field, a part of a date, an aggregate. `type` is one of Salesforce's."""

    sql: str
    type: str
    users: bool = False
    aggregate: bool = False
    length: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """A parent: its rows under an alias, by the field that points at them."""

    alias: str
    object: SObject
    on: str


@dataclass(frozen=True, slots=True)
class Column:
    """A value of the answer and where it belongs: `("Account", "Name")`."""

    path: tuple[str, ...]
    term: Term


@dataclass(frozen=True, slots=True)
class Parent:
    """A record of the answer: under which path (`()` for the row's own), and its id, which says whether it is there."""

    path: tuple[str, ...]
    object: SObject
    id: Term


@dataclass(frozen=True, slots=True)
class SortTerm:
    term: Term
    descending: bool
    nulls_last: bool


@dataclass
class Plan:
    """A query whose names are all known. `terms` gives the meaning of each path and call of its conditions."""

    object: SObject
    alias: str
    query: Query
    text: str
    joins: list[Join] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    parents: list[Parent] = field(default_factory=list)
    children: list[tuple[ChildOf, Plan]] = field(default_factory=list)
    terms: dict[Path | Call, Term] = field(default_factory=dict)
    inner: dict[Query, Plan] = field(default_factory=dict)
    group: list[Term] = field(default_factory=list)
    order: list[SortTerm] = field(default_factory=list)
    aggregate: bool = False
    count_only: bool = False
    link: Term | None = None

    def term(self, of: Path | Call) -> Term:
        return self.terms[of]

    def objects(self) -> Iterator[SObject]:
        """Every object that is read, those of inner queries too."""
        yield self.object
        for join in self.joins:
            yield join.object
        for _, child in self.children:
            yield from child.objects()
        for inner in self.inner.values():
            yield from inner.objects()


def columns_of(plan: Plan) -> Sequence[Column]:
    """The columns of the answer and, behind them, the ids of the records that it is made of."""
    return [*plan.columns, *(Column((*parent.path, ""), parent.id) for parent in plan.parents)]
