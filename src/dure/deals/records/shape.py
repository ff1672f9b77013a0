"""The shape of a kind of record: its fields with their types, as the store, the lists and other doors need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Generic, Literal, TypeVar

FieldType = Literal[
    "text", "long_text", "number", "money", "percent", "date", "datetime", "boolean", "picklist", "multi_picklist",
    "url", "email", "phone", "reference", "currency", "list", "prices",
]  # fmt: skip

TEXTS = frozenset({"text", "long_text", "picklist", "url", "email", "phone", "reference", "currency"})

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `reference` is the kind of record it points at, or `user`; `options` are all a picklist may be.

    `open` picklists suggest their options and take others too. What is not `writable` follows from acts.
    """

    name: str
    type: FieldType
    ko: str
    en: str
    options: tuple[str, ...] = ()
    reference: str = ""
    required: bool = False
    writable: bool = True
    open: bool = False
    limit: int = 255
    custom: bool = False
    unique: bool = False
    external: bool = False
    whole: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Shape(Generic[R]):
    """A kind of record: where it lies, what makes it, what it is called on the feed.

    `joined` are fields of the model that other tables hold: their SQL by name, over the row `r`. `search` are the
    fields a search looks in. `nulls` are columns that are null where the model says "". `quiet` fields follow from
    others and are not told in the history. `within` says in SQL whether a list of other tables has `%s`, which is
    quicker than to look at the list.
    """

    object: str
    prefix: str
    table: str
    model: type[R]
    ko: str
    en: str
    fields: tuple[Field, ...]
    search: tuple[str, ...] = ("name",)
    joined: Mapping[str, str] = field(default_factory=dict)
    joins: str = ""
    nulls: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    within: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the model."""
        return tuple(self.model.__slots__)  # type: ignore[attr-defined]

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that lie in the table itself."""
        return tuple(name for name in self.names if name not in self.joined)

    @property
    def bare(self) -> dict[str, Any]:
        """What fields without a default are that nobody filled."""
        plain = {one.name for one in fields(self.model) if one.default is one.default_factory is MISSING}  # type: ignore[arg-type]
        return {one.name: empty(one) for one in self.fields if one.name in plain and one.writable}

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def label(self, record: R) -> str:
        """What people call the record."""
        return str(getattr(record, "name", "") or getattr(record, "subject", "") or getattr(record, "title", ""))

    def make(self, row: Mapping[str, Any]) -> R:
        """The record out of its row; a reference that points nowhere is ""."""
        values = {name: row[name] for name in self.names}
        for name, value in values.items():
            if value is None and name in self.nulls:
                values[name] = ""
            elif isinstance(value, list):
                values[name] = tuple(value)
        return self.model(**values)


def kept_fields(*, external: bool = True) -> tuple[Field, ...]:
    """The fields every record ends with."""
    known = (Field("external", "text", "외부 ID", "External id", limit=120, unique=True, external=True),)
    return (known if external else ()) + (
        Field("created_at", "datetime", "만든 때", "Created", writable=False),
        Field("changed_at", "datetime", "바뀐 때", "Changed", writable=False),
    )


def owner_field() -> Field:
    return Field("owner", "reference", "담당", "Owner", reference="user")


def named(found: Sequence[Field]) -> dict[str, Field]:
    return {one.name: one for one in found}


def empty(one: Field) -> Any:
    """What a field is that was never filled."""
    if one.type in ("multi_picklist", "list"):
        return ()
    if one.type in TEXTS:
        return ""
    if one.type == "prices":
        return {}
    if one.nullable or one.type in ("date", "datetime"):
        return None
    return False if one.type == "boolean" else 0
