"""What an object and a field of Salesforce's are here: where they are read from, and what may be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Salesforce's field types whose values compare without regard to case.
TEXTS = frozenset({"string", "textarea", "picklist", "multipicklist", "email", "phone", "url", "combobox"})
NUMBERS = frozenset({"int", "double", "currency", "percent"})
IDS = frozenset({"id", "reference"})


@dataclass(frozen=True, slots=True)
class Field:
    """`sql` reads it, `{t}` standing for the object's rows; `writes` names what of a record it sets, "" where nothing.

    Ids of users are Dure's own inside and Salesforce's outside: `users` says that this is one.
    """

    name: str
    label: str
    type: str
    sql: str
    writes: str = ""
    length: int = 0
    create_only: bool = False
    required: bool = False
    nillable: bool = True
    refers: tuple[str, ...] = ()
    relationship: str = ""
    options: tuple[str, ...] = ()
    restricted: bool = False
    external: bool = False
    unique: bool = False
    custom: bool = False
    currency: str = ""
    default: str | bool | None = None

    @property
    def users(self) -> bool:
        return self.refers == ("User",)

    @property
    def leads_to(self) -> str:
        """The object that its relationship is followed to: where it may be one of several, what all of them have."""
        return self.refers[0] if len(self.refers) == 1 else "Name"

    @property
    def sums(self) -> str:
        """How an aggregate reads it: money in the workspace's own currency."""
        return f"({self.sql} * {self.currency})" if self.currency else self.sql


@dataclass(frozen=True, slots=True)
class ChildOf:
    """Records of another object that point here: `Contacts` are Contact by AccountId."""

    relationship: str
    object: str
    field: str
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class SObject:
    """`source` is SQL that gives the workspace's rows of it, deleted ones too; `kind` is what deals call it."""

    name: str
    label: str
    plural: str
    prefix: str
    source: str
    fields: Mapping[str, Field]
    kind: str = ""
    children: tuple[ChildOf, ...] = ()
    named: str = "Name"
    deletable: bool = False
    deleted: str = ""
    supplied: str = ""

    @property
    def createable(self) -> bool:
        return any(one.writes for one in self.fields.values())

    @property
    def updateable(self) -> bool:
        return any(one.writes and not one.create_only for one in self.fields.values())

    def field(self, name: str) -> Field | None:
        return self.fields.get(name.lower())

    def child(self, relationship: str) -> ChildOf | None:
        return next((one for one in self.children if one.relationship.lower() == relationship.lower()), None)

    def parent(self, relationship: str) -> Field | None:
        """The field that a relationship goes by."""
        wanted = relationship.lower()
        return next((one for one in self.fields.values() if one.refers and one.relationship.lower() == wanted), None)


@dataclass(frozen=True)
class Catalogue:
    """All objects of a workspace, by name without case."""

    objects: Mapping[str, SObject] = field(default_factory=dict)

    def find(self, name: str) -> SObject | None:
        return self.objects.get(name.lower())

    def by_prefix(self, record: str) -> SObject | None:
        return next((one for one in self.objects.values() if one.prefix and record.startswith(one.prefix)), None)


def fields_of(*groups: Sequence[Field]) -> dict[str, Field]:
    """In the order given, by name without case."""
    return {one.name.lower(): one for group in groups for one in group}
