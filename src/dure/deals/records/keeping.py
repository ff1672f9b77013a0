"""A record is written with everything that goes with it: its history, its unique values, what it is found by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dure.deals.fields import store as field_store
from dure.deals.history import store as history_store
from dure.deals.history.model import Change
from dure.deals.merge.key_store import set_keys
from dure.deals.merge.keys import OBJECTS, keys_of
from dure.deals.records import store, values
from dure.deals.records.shape import Field, Shape
from dure.governance.api import Principal
from dure.kernel.errors import Conflict
from dure.state import Tx

_BOOKKEEPING = frozenset({"version", "changed_at", "created_at", "custom", "account_name"})


@dataclass(frozen=True, slots=True)
class Difference:
    """Names of the fields that changed, and what they were before, as JSON has it."""

    fields: Sequence[str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def difference(shape: Shape[Any], before: Any, after: Any) -> Difference:
    """What changed between two states of a record, fields of the workspace's own by their names."""
    names = [name for name in shape.names if name not in _BOOKKEEPING and name not in shape.quiet]
    was = {name: getattr(before, name) for name in names}
    now = {name: getattr(after, name) for name in names}
    for name in sorted({*before.custom, *after.custom}):
        was[name], now[name] = before.custom.get(name), after.custom.get(name)
    changed = [name for name in was if was[name] != now[name]]
    return Difference(
        changed,
        {name: values.plain(was[name]) for name in changed},
        {name: values.plain(now[name]) for name in changed},
    )


async def add(tx: Tx, workspace: str, shape: Shape[Any], fields: Mapping[str, Field], record: Any) -> None:
    """Writes a new record; a unique value that another has is a Conflict and names the field."""
    await claim(tx, workspace, shape, fields, None, record)
    await store.add(tx, shape, workspace, [record])
    await find_by(tx, workspace, shape, record)


async def change(
    tx: Tx, principal: Principal, shape: Shape[Any], fields: Mapping[str, Field], before: Any, after: Any,
    now: datetime,
) -> Difference:  # fmt: skip
    """Writes a record as it is from now on, and what changed; `after` carries its new version already."""
    await write(tx, principal.tenant.workspace, shape, fields, before, after)
    return await note(tx, principal, shape, before, after, now)


async def write(
    tx: Tx, workspace: str, shape: Shape[Any], fields: Mapping[str, Field], before: Any, after: Any
) -> None:
    """The record alone with what it has to itself, without a history."""
    await claim(tx, workspace, shape, fields, before, after)
    await store.keep(tx, shape, workspace, after)
    await find_by(tx, workspace, shape, after)


async def note(tx: Tx, principal: Principal, shape: Shape[Any], before: Any, after: Any, now: datetime) -> Difference:
    """The history of a change alone, for a record that was written already."""
    found = difference(shape, before, after)
    await history_store.add(
        tx,
        principal.tenant.workspace,
        [
            Change(
                shape.object, after.id, name, found.before[name], found.after[name], now, principal.actor,
                principal.run, after.version,
            )
            for name in found.fields
        ],
    )  # fmt: skip
    return found


async def find_by(tx: Tx, workspace: str, shape: Shape[Any], record: Any) -> None:
    """What a record is found by when somebody makes another of the same; a deleted one is not found."""
    if shape.object in OBJECTS:
        keys = keys_of(shape.object, record) if record.deleted_at is None else []
        await set_keys(tx, workspace, shape.object, record.id, keys)


async def claim(
    tx: Tx, workspace: str, shape: Shape[Any], fields: Mapping[str, Field], before: Any, after: Any
) -> None:
    """Makes a record's unique values its own; Conflict names the field that another has."""
    for one in fields.values():
        if not one.unique:
            continue
        was = before and _value(one, before)
        wanted = _value(one, after)
        if values.is_empty(wanted) or (before is not None and was == wanted):
            if one.custom and not values.is_empty(was) and values.is_empty(wanted):
                await field_store.let_go(tx, workspace, after.id, [one.name])
            continue
        if one.custom:
            if before is not None:
                await field_store.let_go(tx, workspace, after.id, [one.name])
            taken = await field_store.take(tx, workspace, shape.object, after.id, one.name, unique_form(wanted))
        else:
            taken = (await store.externals(tx, shape, workspace, [wanted])).get(wanted, "")
        if taken and taken != after.id:
            raise Conflict(f"Another {shape.object} has {one.name} {wanted!r}.", field=one.name, data={"id": taken})


def unique_form(value: Any) -> str:
    """How a unique value is compared: without case."""
    return str(values.plain(value)).casefold()


def _value(one: Field, record: Any) -> Any:
    return record.custom.get(one.name) if one.custom else getattr(record, one.name)
