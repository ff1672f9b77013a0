"""Records written as Salesforce's clients say them: their words into deals' own, deals' refusals into theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from dure.deals.api import Deals
from dure.deals.salesforce import store
from dure.deals.salesforce.catalogue import Field, SObject
from dure.deals.salesforce.desk import View
from dure.deals.salesforce.faults import Fault, fault_of
from dure.deals.salesforce.ids import inside
from dure.deals.salesforce.objects.work import PRIORITIES, STATUSES
from dure.deals.salesforce.parts import Act, Parts, plain
from dure.deals.salesforce.values import given, minor
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound
from dure.state import Tx

_STATUSES = {said: ours for ours, said in STATUSES.items()} | {"Deferred": "waiting"}
_PRIORITIES = {said: ours for ours, said in PRIORITIES.items()}
# Kinds of records whose money is in a currency of their own.
_OWN_CURRENCY = frozenset({"deal", "account"})


class Writing:
    def __init__(self, deals: Deals) -> None:
        self.deals = deals
        self._parts = Parts(deals)

    async def create(self, tx: Tx, principal: Principal, seen: View, of: SObject, said: Mapping[str, Any]) -> str:
        """The new record's id."""
        access(principal, "deals:write")
        if not of.createable:
            raise Fault("INVALID_TYPE_FOR_OPERATION", f"entity type {of.name} does not support create")
        if any(name.lower() == "id" for name in said):
            raise Fault("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", ["Id"])
        values = await self._taken(tx, principal, seen, of, said, new=True)
        owner = of.field("OwnerId")
        if owner is not None and owner.writes and not values.get(owner.writes):
            values[owner.writes] = principal.user
        lacking = [one.name for one in of.fields.values() if one.required and values.get(one.writes) in (None, "")]
        if lacking:
            raise Fault("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(lacking)}]", lacking)
        with _in_their_words(of):
            return await self._create(Act(tx, principal, seen, of, values))

    async def update(
        self, tx: Tx, principal: Principal, seen: View, of: SObject, record: str, said: Mapping[str, Any]
    ) -> None:
        access(principal, "deals:write")
        if not of.updateable:
            raise Fault("INVALID_TYPE_FOR_OPERATION", f"entity type {of.name} does not support update")
        if any(name.lower() == "id" for name in said):
            raise Fault("INVALID_FIELD", "The Id field should not be specified in the sobject data.", ["Id"])
        ident = _ident(of, record)
        values = await self._taken(tx, principal, seen, of, said, new=False)
        lacking = [one.name for one in of.fields.values() if one.required and values.get(one.writes, 0) in (None, "")]
        if lacking:
            raise Fault("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(lacking)}]", lacking)
        with _in_their_words(of):
            try:
                await self._update(Act(tx, principal, seen, of, values, ident))
            except NotFound as error:
                raise await self._missing(tx, seen, of, ident, error) from error

    async def delete(self, tx: Tx, principal: Principal, seen: View, of: SObject, record: str) -> None:
        access(principal, "deals:write")
        if not of.deletable:
            raise Fault("INVALID_TYPE_FOR_OPERATION", f"entity type {of.name} does not support delete")
        ident = _ident(of, record)
        with _in_their_words(of):
            try:
                await self._delete(Act(tx, principal, seen, of, {}, ident))
            except NotFound as error:
                raise await self._missing(tx, seen, of, ident, error) from error

    # -- what is said -----------------------------------------------------------------------------------------------

    async def _taken(
        self, tx: Tx, principal: Principal, seen: View, of: SObject, said: Mapping[str, Any], *, new: bool
    ) -> dict[str, Any]:
        """Values by deals' own names, each checked for what its field is."""
        values: dict[str, Any] = {}
        closed: list[str] = []
        for name, value in said.items():
            if name.lower() == "attributes":
                continue
            field = of.field(name)
            if field is None:
                field, value = await self._pointed(tx, principal, seen, of, name, value)
            elif not field.writes or (field.create_only and not new):
                closed.append(field.name)
                continue
            values[field.writes] = given(field, value)
        if closed:
            raise Fault(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                f"Unable to create/update fields: {', '.join(closed)}. Please check the security settings of this field"
                " and verify that it is read/write for your profile or permission set.", closed,
            )  # fmt: skip
        return values

    async def _pointed(
        self, tx: Tx, principal: Principal, seen: View, of: SObject, name: str, value: Any
    ) -> tuple[Field, Any]:
        """`{"Account": {"External_Id__c": "42"}}`: a record named by an external id of its own."""
        field = of.parent(name)
        target = seen.catalogue.find(field.leads_to) if field else None
        if field is None or target is None or not isinstance(value, dict) or not field.writes:
            raise Fault("INVALID_FIELD", f"No such column '{name[:80]}' on sobject of type {of.name}", [name[:80]])
        keys = [one for one in value if one.lower() != "attributes"]
        key = target.field(keys[0]) if len(keys) == 1 else None
        if key is None or not key.external:
            raise Fault("INVALID_FIELD", f"{name} is named by one external id field", [name])
        records = self.deals.records(target.kind)
        found = await records.find_in(tx, principal, key.writes, str(value[keys[0]]))
        if found is None:
            raise Fault(
                "INVALID_FIELD", f"Foreign key external ID: {value[keys[0]]} not found for field {key.name} in entity"
                f" {target.name}", [key.name],
            )  # fmt: skip
        return field, found.id

    async def _money(self, act: Act) -> dict[str, Any]:
        """Decimals of major units as minor ones of the currency that the record has, or gets now."""
        money = {one.writes for one in act.of.fields.values() if one.type == "currency" and one.writes}
        values = dict(act.values)
        if not any(isinstance(values.get(name), Decimal) for name in money):
            return plain(act.of, values)
        currency = values.get("currency") or act.seen.seat.currency
        if act.of.kind in _OWN_CURRENCY and act.record and not values.get("currency"):
            there = await self.deals.records(act.of.kind).get_in(act.tx, act.principal, act.record)
            currency = there.currency or currency
        for name in money:
            if isinstance(values.get(name), Decimal):
                values[name] = minor(values[name], currency)
                if values[name] < 0:
                    label = next(one.name for one in act.of.fields.values() if one.writes == name)
                    raise Fault("NUMBER_OUTSIDE_VALID_RANGE", f"{label}: value outside of valid range", [label])
        if act.of.kind == "account" and values.get("revenue") is not None and not act.record:
            values.setdefault("currency", currency)
        return plain(act.of, values)

    # -- by what it is ----------------------------------------------------------------------------------------------

    async def _create(self, act: Act) -> str:
        match act.of.kind:
            case "team_member":
                return await self._parts.join(act)
            case "contact_role":
                return await self._parts.take_part(act)
            case "line_item":
                return await self._parts.add_line(act)
            case "price":
                return await self._parts.set_price(act, act.values["product"], act.values.get("currency") or "")
        values = await self._of_kind(act)
        made = await self.deals.records(act.of.kind).create_in(act.tx, act.principal, values)
        await store.note_maker(act.tx, act.seen.seat.workspace, made.id, act.principal.actor)
        return str(made.id)

    async def _update(self, act: Act) -> None:
        match act.of.kind:
            case "team_member":
                deal, user = await self._parts.seat_of(act)
                await self._parts.set_seat(act, deal, user, act.values)
            case "contact_role":
                await self._parts.set_part(act, act.values)
            case "line_item":
                there = await self.deals.lines.of_in(act.tx, act.principal, await self._parts.deal_of(act))
                line = next((one for one in there if one.id == act.record), None)
                if line is None:
                    raise NotFound
                values = plain(act.of, dict(act.values))
                if isinstance(act.values.get("unit_price"), Decimal):
                    values["unit_price"] = minor(act.values["unit_price"], line.currency)
                await self.deals.lines.change_in(act.tx, act.principal, act.record, **values)
            case "price":
                product, currency = await self._parts.price_of(act)
                await self._parts.set_price(act, product, currency)
            case _:
                values = await self._of_kind(act)
                await self.deals.records(act.of.kind).update_in(act.tx, act.principal, act.record, values)

    async def _delete(self, act: Act) -> None:
        match act.of.kind:
            case "team_member":
                deal, user = await self._parts.seat_of(act)
                team = await self.deals.deals.team_in(act.tx, act.principal, deal)
                rest = [one for one in team if one.user != user]
                await self.deals.deals.set_team_in(act.tx, act.principal, deal, rest)
            case "contact_role":
                await self._parts.set_part(act, None)
            case "line_item":
                await self._parts.deal_of(act)
                await self.deals.lines.drop_in(act.tx, act.principal, act.record)
            case "price":
                product, currency = await self._parts.price_of(act)
                there = await self.deals.products.get_in(act.tx, act.principal, product)
                prices = {one: amount for one, amount in there.prices.items() if one != currency}
                await self.deals.products.update_in(act.tx, act.principal, product, {"prices": prices})
            case _:
                await self.deals.records(act.of.kind).delete_in(act.tx, act.principal, act.record)

    async def _of_kind(self, act: Act) -> dict[str, Any]:
        """What differs between the two in more than words."""
        values = await self._money(act)
        if act.of.kind in ("task", "meeting"):
            _who(values, act.of.kind)
        if act.of.kind == "task":
            for name, words in (("status", _STATUSES), ("priority", _PRIORITIES)):
                if name in values:
                    values[name] = words[values[name]] if values[name] else next(iter(words.values()))
            if not act.record:
                values["subject"] = values.get("subject") or "Task"
        if act.of.kind == "meeting":
            await self._times(act, values)
        if act.of.kind == "deal":
            for name in ("currency", "stage", "owner"):
                if not values.get(name, "…"):
                    del values[name]
        return values

    async def _times(self, act: Act, values: dict[str, Any]) -> None:
        minutes = values.pop("minutes", None)
        starts = values.get("starts_at")
        if not act.record:
            values["subject"] = values.get("subject") or "Event"
            if values.get("ends_at") is None and starts is not None:
                values["ends_at"] = starts + timedelta(minutes=minutes or 60)
            return
        if minutes is not None or (starts is not None and "ends_at" not in values):
            there = await self.deals.meetings.get_in(act.tx, act.principal, act.record)
            length = timedelta(minutes=minutes) if minutes is not None else there.ends_at - there.starts_at
            values["ends_at"] = (starts or there.starts_at) + length

    async def _missing(self, tx: Tx, seen: View, of: SObject, record: str, error: NotFound) -> Fault:
        if await store.is_buried(tx, seen.seat.workspace, record):
            return Fault("ENTITY_IS_DELETED", "entity is deleted")
        pointed = next((one for one in of.fields.values() if one.refers and one.writes == error.field), None)
        if pointed is not None:
            return _cross_reference(pointed.name)
        return Fault("NOT_FOUND", "The requested resource does not exist")


def _cross_reference(name: str) -> Fault:
    return Fault("INVALID_CROSS_REFERENCE_KEY", f"invalid cross reference id: {name}", [name])


def _ident(of: SObject, record: str) -> str:
    found = inside(record)
    if found is None:
        raise Fault("MALFORMED_ID", f"{of.label} ID: id value of incorrect type: {record[:80]}", ["Id"])
    if not found.startswith(of.prefix):
        raise Fault("NOT_FOUND", "The requested resource does not exist")
    return found


def _who(values: dict[str, Any], kind: str) -> None:
    """A person at the customer is a contact here; a lead is what the thing is about."""
    if "who" not in values:
        return
    who = values.pop("who") or ""
    if who.startswith("00Q"):
        if values.get("about"):
            raise Fault("FIELD_INTEGRITY_EXCEPTION", "WhatId cannot be set together with a lead", ["WhatId"])
        values["about"] = who
    elif kind == "task":
        values["contact"] = who
    else:
        values["contacts"] = [who] if who else []


@contextmanager
def _in_their_words(of: SObject) -> Iterator[None]:
    """Deals' refusals as Salesforce says them, with the client's names of fields."""
    try:
        yield
    except Fault:
        raise
    except DureError as error:
        fields = {one.writes: one for one in of.fields.values() if one.writes}
        field = fields.get((error.field or "").removeprefix("custom."))
        name = field.name if field else error.field or ""
        shown = [name] if name else []
        if isinstance(error, Conflict) and "id" in error.data:
            raise Fault(
                "DUPLICATE_VALUE", f"duplicate value found: {name} duplicates value on record with id:"
                f" {error.data['id']}", shown,
            ) from error  # fmt: skip
        if isinstance(error, Conflict):
            raise Fault("FIELD_CUSTOM_VALIDATION_EXCEPTION", error.message, shown) from error
        if isinstance(error, Invalid) and "is required" in error.message:
            raise Fault("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{name}]", shown) from error
        if isinstance(error, NotFound) and field is not None and field.refers:
            raise _cross_reference(name) from error
        if isinstance(error, NotFound):
            raise
        raise fault_of(error, {one: field.name for one, field in fields.items()}) from error
