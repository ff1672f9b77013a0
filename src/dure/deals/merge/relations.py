"""Which rows a merge touches: for each table its key, and how a row is found to be about some records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.deals.fields.model import CustomField
from dure.deals.shapes import BY_OBJECT


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column that points at a record of the merged kind, and the field's name as people know it. `custom` are those
    that a workspace added."""

    table: str
    column: str
    custom: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, the columns that name a row of it within a workspace, and a condition over `%(ids)s`."""

    table: str
    key: tuple[str, ...]
    condition: str


# What points at a record of each kind and is moved to the winner. Tables with a rule of their own are not here:
# teams, contact roles and meetings' contacts, of which two may become the same.
POINTERS: dict[str, tuple[Pointer, ...]] = {
    "account": (
        Pointer("deals.contact", "account"), Pointer("deals.opportunity", "account"),
        Pointer("deals.account", "parent"), Pointer("deals.lead", "converted_account"),
        Pointer("deals.account_channel", "account"),
    ),
    "contact": (
        Pointer("deals.contact", "reports_to"), Pointer("deals.task", "contact"),
        Pointer("deals.lead", "converted_contact"),
    ),
    "lead": (),
    "deal": (Pointer("deals.line_item", "opportunity"), Pointer("deals.lead", "converted_deal")),
}  # fmt: skip
_ABOUT = tuple(Pointer(f"deals.{table}", "about") for table in ("task", "meeting", "note", "attachment"))

_BESIDE = (
    Relation("deals.unique_value", ("object", "field", "value"), "record = any(%(ids)s)"),
    Relation("deals.match_key", ("object", "key", "record"), "record = any(%(ids)s)"),
    Relation("deals.tombstone", ("record",), "record = any(%(ids)s)"),
)
_OWN = {
    "account": (Relation("deals.account_channel", ("channel",), "account = any(%(ids)s)"),),
    "contact": (
        Relation("deals.contact_role", ("id",), "contact = any(%(ids)s)"),
        Relation("deals.meeting", ("id",), "contacts && %(ids)s"),
    ),
    "lead": (),
    "deal": (
        Relation("deals.contact_role", ("id",), "opportunity = any(%(ids)s)"),
        Relation("deals.team_member", ("opportunity", "member"), "opportunity = any(%(ids)s)"),
        Relation("deals.told", ("opportunity", "kind"), "opportunity = any(%(ids)s)"),
        Relation("deals.activity", ("opportunity", "message"), "opportunity = any(%(ids)s)"),
    ),
}


def pointers(object_: str, custom: Sequence[CustomField]) -> tuple[Pointer, ...]:
    """All columns that may point at a record of the kind; `custom` are the workspace's fields of every kind."""
    added = tuple(
        Pointer(BY_OBJECT[one.object].table, one.name, custom=True)
        for one in custom if one.type == "reference" and one.reference == object_
    )  # fmt: skip
    return (*POINTERS[object_], *_ABOUT, *added)


def relations(object_: str, found: Sequence[Pointer]) -> list[Relation]:
    """Every table with rows that the merge may touch; one table once."""
    conditions: dict[str, list[str]] = {BY_OBJECT[object_].table: ["id = any(%(ids)s)"]}
    keys: dict[str, tuple[str, ...]] = {}
    for one in found:
        told = f"custom ->> '{one.column}'" if one.custom else one.column
        conditions.setdefault(one.table, []).append(f"{told} = any(%(ids)s)")
    for relation in (*_OWN[object_], *_BESIDE):
        conditions.setdefault(relation.table, []).append(relation.condition)
        keys[relation.table] = relation.key
    return [
        Relation(table, keys.get(table, ("id",)), " or ".join(f"({one})" for one in found_in))
        for table, found_in in conditions.items()
    ]
