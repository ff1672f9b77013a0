"""What somebody wants a record to be: each value checked, references looked up, required fields there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dure.deals.fields import store as field_store
from dure.deals.records import store, values
from dure.deals.records.shape import Field, Shape, named
from dure.governance.api import Governance, Principal
from dure.kernel.errors import Invalid, NotFound
from dure.state import Tx


@dataclass(frozen=True)
class Intake:
    """Values of the record's own fields, those of the workspace's, and all fields by name."""

    values: Mapping[str, Any]
    custom: Mapping[str, Any]
    fields: Mapping[str, Field] = field(default_factory=dict)


async def fields_of(tx: Tx, workspace: str, shape: Shape[Any]) -> dict[str, Field]:
    """Every field of a kind of record by name, those that the workspace added behind the others."""
    added = await field_store.of(tx, workspace, shape.object)
    return named([*shape.fields, *(one.as_field() for one in added)])


async def take(
    tx: Tx, governance: Governance, principal: Principal, shape: Shape[Any], given: Mapping[str, Any], *,
    before: Any = None,
) -> Intake:  # fmt: skip
    """What is given, as it is kept. `before` is the record as it is, None for one that is to be made.

    Values of the workspace's own fields come as `custom: {Name__c: …}` or beside the others. Invalid names the field.
    """
    workspace = principal.tenant.workspace
    fields = await fields_of(tx, workspace, shape)
    asked = dict(given)
    more = asked.pop("custom", None)
    if more is not None and not isinstance(more, Mapping):
        raise Invalid("`custom` is an object of fields and values.", field="custom")
    asked.update(more or {})
    own: dict[str, Any] = {}
    custom: dict[str, Any] = dict(before.custom) if before is not None else {}
    pointing: dict[str, list[tuple[Field, str]]] = defaultdict(list)
    for name, value in asked.items():
        one = fields.get(name)
        if one is None:
            raise Invalid(f"A {shape.object} has no field {name!r}.", field=name)
        if not one.writable:
            raise Invalid(f"`{name}` follows from what happens and is not written.", field=name)
        read = values.read(one, value)
        if one.required and values.is_empty(read):
            raise Invalid(f"`{name}` is required.", field=name)
        if one.custom:
            if values.is_empty(read):
                custom.pop(name, None)
            else:
                custom[name] = values.plain(read)
        else:
            own[name] = read
        if one.reference and not values.is_empty(read):
            for pointed in read if isinstance(read, tuple) else (read,):
                pointing[one.reference].append((one, pointed))
    if before is None:
        for one in fields.values():
            lacking = one.name not in custom if one.custom else values.is_empty(own.get(one.name))
            if one.required and lacking:
                raise Invalid(f"`{one.name}` is required.", field=one.name)
    await _require(tx, governance, principal, pointing)
    return Intake(own, custom, fields)


async def _require(
    tx: Tx, governance: Governance, principal: Principal, pointing: Mapping[str, list[tuple[Field, str]]]
) -> None:
    from dure.deals.shapes import BY_OBJECT, BY_PREFIX  # the shapes are made of this package

    by_object: dict[str, list[tuple[Field, str]]] = defaultdict(list)
    for reference, wanted in pointing.items():
        for one, record_id in wanted:
            target = reference
            if reference == "any":
                shape = BY_PREFIX.get(record_id[:3])
                if shape is None:
                    raise Invalid(f"`{one.name}` is the id of a record.", field=one.name)
                target = shape.object
            by_object[target].append((one, record_id))
    for target, wanted in by_object.items():
        if target == "user":
            known = {user.id for user in await governance.users_in(tx, principal.tenant) if not user.deleted}
        else:
            ids = [record_id for _, record_id in wanted]
            known = await store.there(tx, BY_OBJECT[target], principal.tenant.workspace, ids)
        for one, record_id in wanted:
            if record_id not in known:
                raise NotFound(f"There is no {target} {record_id!r}.", field=one.name)
