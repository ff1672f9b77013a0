"""The life of a record of any kind: made, changed, listed, deleted, restored; each act with its event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from dure.deals.events import RECORD_DELETED, RECORD_RESTORED
from dure.deals.fields import store as field_store
from dure.deals.record_id import full_id, new_id
from dure.deals.records import filters, intake, keeping, listing, store
from dure.deals.records.about import account_of
from dure.deals.records.keeping import Difference
from dure.deals.records.listing import Asked, Page
from dure.deals.records.shape import Field, Shape
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import State, Tx

R = TypeVar("R")


@dataclass(frozen=True)
class Desk:
    """What every noun of deals works with."""

    state: State
    clock: Clock
    governance: Governance


class Records(Generic[R]):
    """One kind of record. A noun says its shape and what its acts are called; methods named `…_in` do the same within
    the caller's transaction. Ids may have fifteen or eighteen characters."""

    shape: Shape[R]
    created = ""
    changed = ""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    # -- looking ----------------------------------------------------------------------------------------------------

    async def get(self, principal: Principal, record_id: str) -> R:
        access(principal, "deals:read")
        async with self.desk.state.begin(principal.tenant) as tx:
            return await self.get_in(tx, principal, record_id)

    async def get_in(self, tx: Tx, principal: Principal, record_id: str, *, deleted: bool = False) -> R:
        access(principal, "deals:read")
        found = await store.get(tx, self.shape, principal.tenant.workspace, full_id(record_id), deleted=deleted)
        if found is None:
            raise await self._nothing(tx, principal, record_id)
        return found

    async def page(self, principal: Principal, asked: Asked | None = None) -> Page[R]:
        """A list by filters over any field, the workspace's own too."""
        access(principal, "deals:read")
        async with self.desk.state.begin(principal.tenant) as tx:
            return await self.page_in(tx, principal, asked or Asked(), await self.seen_in(tx, principal))

    async def page_in(self, tx: Tx, principal: Principal, asked: Asked, seen: filters.Seen) -> Page[R]:
        access(principal, "deals:read")
        if not 1 <= asked.limit <= listing.MOST:
            raise Invalid(f"`limit` is 1 to {listing.MOST}.", field="limit")
        fields = await intake.fields_of(tx, principal.tenant.workspace, self.shape)
        order = listing.order_of(self.shape, fields, asked)
        condition, params = filters.where(self.shape, fields, asked.filters, seen)
        try:
            return await store.page(tx, self.shape, principal.tenant.workspace, asked, order, condition, params)
        except psycopg.DataError as error:  # a place of another order, a number that no column holds
            raise Invalid("The list cannot be asked like this.", field="after" if asked.after else "filters") from error

    async def seen_in(self, tx: Tx, principal: Principal) -> filters.Seen:
        """Who looks and which day it is where the workspace is."""
        spaces = await self.desk.governance.workspaces_in(tx)
        zone = next(ZoneInfo(one.timezone) for one in spaces if one.tenant == principal.tenant)
        return filters.Seen(principal.user, self.desk.clock.now().astimezone(zone).date())

    async def fields(self, principal: Principal) -> list[Field]:
        """Every field, those that the workspace added behind the others."""
        access(principal, "deals:read")
        async with self.desk.state.begin(principal.tenant) as tx:
            return list((await intake.fields_of(tx, principal.tenant.workspace, self.shape)).values())

    async def find_in(self, tx: Tx, principal: Principal, field: str, value: str) -> R | None:
        """The record that has the value in `external` or in a field that is unique; Invalid for any other field."""
        access(principal, "deals:read")
        workspace = principal.tenant.workspace
        one = (await intake.fields_of(tx, workspace, self.shape)).get(field)
        if one is None or not one.unique:
            raise Invalid(f"`{field}` does not name a single {self.shape.object}.", field=field)
        if one.custom:
            known = await field_store.owner(tx, workspace, self.shape.object, field, keeping.unique_form(value))
        else:
            known = (await store.externals(tx, self.shape, workspace, [value])).get(value, "")
        return (await store.several(tx, self.shape, workspace, [known])).get(known)

    # -- changing ---------------------------------------------------------------------------------------------------

    async def create(self, principal: Principal, **given: Any) -> R:
        """A new record; Invalid names the field that makes no sense."""
        async with self.desk.state.begin(principal.tenant) as tx:
            return await self.create_in(tx, principal, given)

    async def create_in(self, tx: Tx, principal: Principal, given: Mapping[str, Any], *, loaded: bool = False) -> R:
        """As `create`. What is `loaded` says so on the feed, by which automations tell yesterday from today."""
        access(principal, "deals:write")
        now = self.desk.clock.now()
        taken = await intake.take(tx, self.desk.governance, principal, self.shape, self._asked(given, None))
        made = self._make(principal, {**taken.values, "custom": taken.custom}, now)
        await keeping.add(tx, principal.tenant.workspace, self.shape, taken.fields, made)
        made = await self._settled(tx, principal, None, made)
        event = await self._event(tx, principal, now, self.created, made, None)
        if loaded:
            event = msgspec.structs.replace(event, properties={**event.properties, "loaded": True})
        await append(tx, event)
        return made

    async def update(self, principal: Principal, record_id: str, version: int | None = None, **given: Any) -> R:
        """Changes the fields that are given. With `version`, a record that changed since it was read is a Conflict."""
        async with self.desk.state.begin(principal.tenant) as tx:
            return await self.update_in(tx, principal, record_id, given, version)

    async def update_in(
        self, tx: Tx, principal: Principal, record_id: str, given: Mapping[str, Any], version: int | None = None
    ) -> R:
        """A change that changes nothing writes nothing."""
        access(principal, "deals:write")
        before = await self.lock_in(tx, principal, record_id, version)
        now = self.desk.clock.now()
        asked = self._asked(given, before)
        taken = await intake.take(tx, self.desk.governance, principal, self.shape, asked, before=before)
        after = self._revise(before, replace(before, **taken.values, custom=taken.custom), now)  # type: ignore[type-var]
        if after == before:
            return before
        after = replace(after, version=_of(before).version + 1, changed_at=now)  # type: ignore[type-var]
        found = await keeping.change(tx, principal, self.shape, taken.fields, before, after, now)
        after = await self._settled(tx, principal, before, after)
        await append(tx, await self._event(tx, principal, now, self._name_of_change(before, after), after, found))
        return after

    async def delete(self, principal: Principal, record_id: str) -> None:
        """Puts a record away; it can be restored."""
        async with self.desk.state.begin(principal.tenant) as tx:
            await self.delete_in(tx, principal, record_id)

    async def delete_in(self, tx: Tx, principal: Principal, record_id: str) -> None:
        access(principal, "deals:write")
        before = await self.lock_in(tx, principal, record_id, None)
        await self._may_go(tx, principal, before)
        now, workspace = self.desk.clock.now(), principal.tenant.workspace
        after = replace(before, deleted_at=now, version=_of(before).version + 1, changed_at=now)  # type: ignore[type-var]
        await keeping.change(tx, principal, self.shape, {}, before, after, now)
        await field_store.let_go(tx, workspace, _of(after).id)
        await store.bury(tx, workspace, self.shape.object, [_of(after).id], now, principal.actor)
        await append(tx, await self._event(tx, principal, now, RECORD_DELETED, after, None))

    async def restore(self, principal: Principal, record_id: str) -> R:
        """Brings a deleted record back; where another took a unique value of it meanwhile, it is a Conflict."""
        async with self.desk.state.begin(principal.tenant) as tx:
            return await self.restore_in(tx, principal, record_id)

    async def restore_in(self, tx: Tx, principal: Principal, record_id: str) -> R:
        access(principal, "deals:write")
        now, workspace = self.desk.clock.now(), principal.tenant.workspace
        before = await store.lock(tx, self.shape, workspace, full_id(record_id), deleted=True)
        if before is None:
            raise await self._nothing(tx, principal, record_id)
        if _of(before).deleted_at is None:
            return before
        if into := await store.merged_into(tx, workspace, _of(before).id):
            raise Conflict("It was merged; undo the merge.", data={"merged_into": into})
        after = replace(before, deleted_at=None, version=_of(before).version + 1, changed_at=now)  # type: ignore[type-var]
        fields = await intake.fields_of(tx, workspace, self.shape)
        bare = replace(before, custom={})  # type: ignore[type-var]
        await keeping.claim(tx, workspace, self.shape, fields, bare, after)
        await keeping.change(tx, principal, self.shape, {}, before, after, now)
        await store.unbury(tx, workspace, [_of(after).id])
        await append(tx, await self._event(tx, principal, now, RECORD_RESTORED, after, None))
        return after

    async def lock_in(self, tx: Tx, principal: Principal, record_id: str, version: int | None) -> R:
        """The record, which nobody else changes until the transaction ends."""
        found = await store.lock(tx, self.shape, principal.tenant.workspace, full_id(record_id))
        if found is None:
            raise await self._nothing(tx, principal, record_id)
        if version is not None and version != _of(found).version:
            raise Conflict(
                f"The {self.shape.object} changed since you read it.", field="version",
                data={"version": _of(found).version},
            )  # fmt: skip
        return found

    async def _settled(self, tx: Tx, principal: Principal, before: R | None, after: R) -> R:
        """The record as it is read from now on, with what lies in other tables."""
        await self._beside(tx, principal, before, after)
        return await self.get_in(tx, principal, _of(after).id) if self.shape.joined else after

    # -- what a noun may say differently ----------------------------------------------------------------------------

    def _asked(self, given: Mapping[str, Any], before: R | None) -> Mapping[str, Any]:  # noqa: ARG002
        """What is given, in the words of the shape."""
        return given

    def _make(self, principal: Principal, known: Mapping[str, Any], now: datetime) -> R:  # noqa: ARG002
        make: Any = self.shape.model
        made: R = make(id=new_id(self.shape.prefix), created_at=now, changed_at=now, **{**self.shape.bare, **known})
        return made

    def _revise(self, before: R, after: R, now: datetime) -> R:  # noqa: ARG002
        """What follows from a change."""
        return after

    async def _beside(self, tx: Tx, principal: Principal, before: R | None, after: R) -> None:
        """Writes what lies beside the record, such as prices."""

    async def _may_go(self, tx: Tx, principal: Principal, record: R) -> None:
        """Raises Conflict where something holds the record."""

    def _name_of_change(self, before: R, after: R) -> str:  # noqa: ARG002
        return self.changed

    def _facts(self, record: R) -> dict[str, Any]:
        """What the noun's events say of the record."""
        raise NotImplementedError

    def _at(self, record: R) -> str:
        """The id of what the record belongs to, whose account the event is of."""
        return str(getattr(record, "about", "") or getattr(record, "account", "") or _of(record).id)

    # -- the event --------------------------------------------------------------------------------------------------

    async def _event(
        self, tx: Tx, principal: Principal, now: datetime, name: str, record: R, changed: Difference | None
    ) -> Event:
        facts = {self.shape.object: _of(record).id, **self._facts(record)}
        if name in (RECORD_DELETED, RECORD_RESTORED):
            facts = {"record": _of(record).id, "object": self.shape.object, "name": self.shape.label(record)}
        elif changed is not None:
            facts |= {"changed": list(changed.fields), "before": dict(changed.before)}
        account = await account_of(tx, principal.tenant.workspace, self._at(record))
        return act(principal, "deals", name, self.shape.object, _of(record).id, facts, now, account=account)

    async def _nothing(self, tx: Tx, principal: Principal, record_id: str) -> NotFound:
        """One that was merged says what it is part of now."""
        into = await store.merged_into(tx, principal.tenant.workspace, full_id(record_id))
        data = {"merged_into": into} if into else None
        return NotFound(f"There is no such {self.shape.object}.", field=self.shape.object, data=data)


def _of(record: Any) -> Any:
    """Every model has id, version, changed_at and deleted_at; the type of a shape's model does not say so."""
    return record


def ids_of(records: Sequence[Any]) -> list[str]:
    return [one.id for one in records]
