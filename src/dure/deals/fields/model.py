"""A field of a workspace's own as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from dure.deals.records.shape import Field, FieldType

# What such a field may be; the others are for fields that are built in.
TYPES: tuple[FieldType, ...] = (
    "text", "long_text", "number", "money", "date", "datetime", "boolean", "picklist", "multi_picklist", "url",
    "email", "phone", "reference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CustomField:
    """`name` ends in `__c`. `unique` values are had by one record only; an `external` field is unique and may name a
    record from outside. One that is not `active` keeps its values and takes no new ones."""

    object: str
    name: str
    type: FieldType
    label_ko: str
    label_en: str
    options: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    external: bool = False
    reference: str = ""
    position: int = 0
    active: bool = True

    def as_field(self) -> Field:
        """As lists, filters and values know it."""
        return Field(
            self.name, self.type, self.label_ko, self.label_en, options=self.options, reference=self.reference,
            required=self.required, custom=True, unique=self.unique or self.external, external=self.external,
            nullable=True,
        )  # fmt: skip
