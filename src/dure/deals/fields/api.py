"""The fields that a workspace adds to its records: made and changed by administrators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dure.deals.events import FIELD_CHANGED
from dure.deals.fields import store
from dure.deals.fields.model import TYPES, CustomField
from dure.deals.records.records import Desk
from dure.deals.records.shape import FieldType
from dure.deals.shapes import BY_OBJECT, shape_of
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import Tx

_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|_(?!_)){0,37}__c")
_MOST = 200
_OPTIONS = 200


class Fields:
    """Custom fields of every kind of record."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of(self, principal: Principal, object_: str, *, inactive: bool = False) -> list[CustomField]:
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.of_in(tx, principal, object_, inactive=inactive)

    async def of_in(self, tx: Tx, principal: Principal, object_: str, *, inactive: bool = False) -> list[CustomField]:
        access(principal, "deals:read")
        shape_of(object_)
        return await store.of(tx, principal.tenant.workspace, object_, inactive=inactive)

    async def add(
        self, principal: Principal, object_: str, name: str, type: FieldType, *, label_ko: str = "", label_en: str = "",
        options: Sequence[str] = (), required: bool = False, unique: bool = False, external: bool = False,
        reference: str = "",
    ) -> CustomField:  # fmt: skip
        """A new field. `__c` is put behind a name that lacks it; a label is the name where none is said."""
        access(principal, "deals:configure")
        shape_of(object_)
        name = name if name.endswith("__c") else f"{name}__c"
        if not _NAME.fullmatch(name):
            raise Invalid("A name is letters, digits and single underscores, and begins with a letter.", field="name")
        if type not in TYPES:
            raise Invalid(f"`type` is one of {', '.join(TYPES)}.", field="type")
        if (unique or external) and type not in ("text", "email", "number", "url", "phone"):
            raise Invalid(f"A {type} is not unique.", field="unique")
        if (type == "reference") != bool(reference) or (reference and reference not in {*BY_OBJECT, "user"}):
            raise Invalid(f"`reference` is user or one of {', '.join(BY_OBJECT)}.", field="reference")
        bare = name.removesuffix("__c").replace("_", " ")
        workspace, now = principal.tenant.workspace, self._desk.clock.now()
        async with self._desk.state.begin(principal.tenant) as tx:
            there = await store.of(tx, workspace, object_, inactive=True)
            if len(there) >= _MOST:
                raise Conflict(f"A kind of record has at most {_MOST} fields of one's own.", field="name")
            made = CustomField(
                object_, name, type, label_ko or label_en or bare, label_en or label_ko or bare,
                _options(type, options), required, unique or external, external, reference, len(there) + 1,
            )  # fmt: skip
            known = {one.name.lower() for one in there}
            if name.lower() in known or not await store.add(tx, workspace, made, now):
                raise Conflict(f"A {object_} has a field {name!r} already.", field="name")
            await self._tell(tx, principal, made, "added")
        return made

    async def change(
        self, principal: Principal, object_: str, name: str, *, label_ko: str | None = None,
        label_en: str | None = None, options: Sequence[str] | None = None, required: bool | None = None,
        position: int | None = None, active: bool | None = None,
    ) -> CustomField:  # fmt: skip
        """Renames, orders, requires or retires a field; its type stays, as its values do."""
        access(principal, "deals:configure")
        workspace = principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            there = await self.of_in(tx, principal, object_, inactive=True)
            before = next((one for one in there if one.name == name), None)
            if before is None:
                raise NotFound(f"A {object_} has no field {name!r}.", field="name")
            after = replace(
                before,
                label_ko=label_ko or before.label_ko,
                label_en=label_en or before.label_en,
                options=before.options if options is None else _options(before.type, options),
                required=before.required if required is None else required,
                position=before.position if position is None else position,
                active=before.active if active is None else active,
            )
            if after != before:
                await store.keep(tx, workspace, after)
                await self._tell(tx, principal, after, "changed")
        return after

    async def _tell(self, tx: Tx, principal: Principal, field: CustomField, what: str) -> None:
        facts = {"object": field.object, "field": field.name, "type": field.type, "what": what, "active": field.active}
        now = self._desk.clock.now()
        await append(tx, act(principal, "deals", FIELD_CHANGED, "field", f"{field.object}.{field.name}", facts, now))


def _options(type: FieldType, options: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(" ".join(one.split()) for one in options))
    if type not in ("picklist", "multi_picklist"):
        if found:
            raise Invalid(f"A {type} has no options.", field="options")
        return ()
    if not 1 <= len(found) <= _OPTIONS or any(not 1 <= len(one) <= 120 for one in found):
        raise Invalid(f"A picklist has 1 to {_OPTIONS} options of 1 to 120 characters.", field="options")
    return found
