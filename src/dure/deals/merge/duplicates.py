"""Records that may be the same: all suspects, and a hint when somebody makes one that may be there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.deals.events import DUPLICATE_DISMISSED
from dure.deals.merge import scoring, store
from dure.deals.merge.keys import OBJECTS, keys_of
from dure.deals.merge.model import Similar, Suspect
from dure.deals.record_id import full_id
from dure.deals.records import store as record_store
from dure.deals.records.records import Desk
from dure.deals.records.shape import Shape, empty
from dure.deals.shapes import BY_PREFIX, shape_of
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Invalid
from dure.state import Tx

# Of so many times more pairs than are asked for the best are chosen.
_LOOK_AT = 8
# Kinds of records among which the same person may be found.
_ALSO = {"lead": ("lead", "contact"), "contact": ("contact", "lead")}


class Duplicates:
    """Looks by keys that lie ready, so that nobody compares every record with every other."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def suspects(self, principal: Principal, object_: str, limit: int = 50) -> list[Suspect]:
        """Pairs of records that are probably the same, the surest first."""
        access(principal, "deals:read")
        shape = _looked_for(object_)
        limit = min(max(limit, 1), 500)
        async with self._desk.state.begin(principal.tenant) as tx:
            workspace = principal.tenant.workspace
            pairs = await store.pairs(tx, workspace, object_, limit * _LOOK_AT)
            ids = sorted({one for pair in pairs for one in pair[:2]})
            known = await record_store.several(tx, shape, workspace, ids)
        found = []
        for one, other, keys in pairs:
            if one in known and other in known:
                score, reasons = scoring.score(object_, known[one], known[other], keys)
                if score >= scoring.SUSPECT:
                    found.append(
                        Suspect(object_, one, other, shape.label(known[one]), shape.label(known[other]), score, reasons)
                    )
        return sorted(found, key=lambda one: (-one.score, one.one, one.other))[:limit]

    async def similar(
        self, principal: Principal, object_: str, given: Mapping[str, Any], limit: int = 5
    ) -> list[Similar]:
        """What is there and may be what somebody is about to make of these values."""
        access(principal, "deals:read")
        shape = _looked_for(object_)
        blank = {one.name: empty(one) for one in shape.fields}
        known = {name: value for name, value in given.items() if name in blank and isinstance(value, type(blank[name]))}
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.similar_in(tx, principal, object_, _Draft({**blank, **known}), limit)

    async def similar_to(self, principal: Principal, record: Any) -> list[Similar]:
        """What may be the same as a record that is there."""
        shape = BY_PREFIX[record.id[:3]]
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.similar_in(tx, principal, shape.object, record)

    async def similar_in(
        self, tx: Tx, principal: Principal, object_: str, record: Any, limit: int = 5
    ) -> list[Similar]:
        """The same for a record, or what will be one; itself is not among them."""
        access(principal, "deals:read")
        workspace = principal.tenant.workspace
        keys = keys_of(object_, record)
        found: list[Similar] = []
        for kind in _ALSO.get(object_, (object_,)):
            shape = shape_of(kind)
            sharing = await store.found_by(tx, workspace, kind, keys, getattr(record, "id", ""), limit * _LOOK_AT)
            for one, other in (await record_store.several(tx, shape, workspace, list(sharing))).items():
                score, reasons = scoring.score(object_, record, other, sharing[one])
                if score >= scoring.SUSPECT and not getattr(other, "converted_at", None):
                    found.append(Similar(kind, one, shape.label(other), score, reasons))
        return sorted(found, key=lambda one: (-one.score, one.id))[:limit]

    async def dismiss(self, principal: Principal, one: str, other: str) -> None:
        """Says that two records are not the same; they are no suspects from then on."""
        access(principal, "deals:write")
        one, other = full_id(one), full_id(other)
        shape = BY_PREFIX.get(one[:3])
        if shape is None or shape.object not in OBJECTS or one[:3] != other[:3] or one == other:
            raise Invalid("Two records of one kind are not the same.", field="other")
        now = self._desk.clock.now()
        async with self._desk.state.begin(principal.tenant) as tx:
            workspace = principal.tenant.workspace
            for field, record_id in (("one", one), ("other", other)):
                if not await record_store.there(tx, shape, workspace, [record_id]):
                    raise Invalid(f"There is no {shape.object} {record_id!r}.", field=field)
            await store.dismiss(tx, workspace, one, other, now, principal.actor)
            facts = {"object": shape.object, "one": one, "other": other}
            await append(tx, act(principal, "deals", DUPLICATE_DISMISSED, shape.object, one, facts, now))


class _Draft:
    """Values that are not yet a record, read as one."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


def _looked_for(object_: str) -> Shape[Any]:
    if object_ not in OBJECTS:
        raise Invalid(f"Duplicates are looked for among {', '.join(OBJECTS)}.", field="object")
    return shape_of(object_)
