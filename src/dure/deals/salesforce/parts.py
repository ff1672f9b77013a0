"""Records that are parts of others: seats in a team, contacts of a deal, its line items, prices of a product.

Deals' api writes these through what they belong to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from dure.deals.api import Deals
from dure.deals.contacts.roles import NewRole
from dure.deals.model import TeamMember
from dure.deals.products.model import NewLine
from dure.deals.record_id import full_id
from dure.deals.salesforce import store
from dure.deals.salesforce.catalogue import NUMBERS, SObject
from dure.deals.salesforce.desk import View
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.objects.selling import ACCESSES
from dure.deals.salesforce.values import minor
from dure.governance.api import Principal
from dure.kernel.errors import NotFound
from dure.state import Tx

_ACCESSES = {said: ours for ours, said in ACCESSES.items()}


@dataclass(frozen=True)
class Act:
    """One record to be written: values by deals' own names, `record` is "" for a new one."""

    tx: Tx
    principal: Principal
    seen: View
    of: SObject
    values: Mapping[str, Any]
    record: str = ""


class Parts:
    def __init__(self, deals: Deals) -> None:
        self.deals = deals

    # -- teams and parts --------------------------------------------------------------------------------------------

    async def join(self, act: Act) -> str:
        deal, user = act.values["opportunity"], act.values["user"]
        team = await self.deals.deals.team_in(act.tx, act.principal, deal)
        if any(one.user == user for one in team):
            raise Fault("DUPLICATE_VALUE", "duplicate value found: UserId is in the team already", ["UserId"])
        await self.set_seat(act, deal, user, act.values)
        now = await self.deals.deals.team_in(act.tx, act.principal, deal)
        return next(one.id for one in now if one.user == user)

    async def set_seat(self, act: Act, deal: str, user: str, values: Mapping[str, Any]) -> None:
        team = {one.user: one for one in await self.deals.deals.team_in(act.tx, act.principal, deal)}
        was = team.get(user, TeamMember(user, ""))
        level = _ACCESSES.get(values.get("access") or "", was.access)
        team[user] = replace(was, role=values.get("role", was.role) or "", access=level)
        await self.deals.deals.set_team_in(act.tx, act.principal, deal, list(team.values()))

    async def seat_of(self, act: Act) -> tuple[str, str]:
        row = await store.team_member(act.tx, act.seen.seat.workspace, act.record)
        if row is None:
            raise NotFound
        return row["opportunity"], row["member"]

    async def take_part(self, act: Act) -> str:
        deal, contact = act.values["opportunity"], act.values["contact"]
        there = await self.deals.roles.of_in(act.tx, act.principal, deal)
        if any(one.contact == contact for one in there):
            raise Fault("DUPLICATE_VALUE", "duplicate value found: ContactId has a role already", ["ContactId"])
        primary = bool(act.values.get("is_primary"))
        roles = [NewRole(one.contact, one.role, one.is_primary and not primary) for one in there]
        roles.append(NewRole(contact, act.values.get("role") or "", primary))
        made = await self.deals.roles.set_in(act.tx, act.principal, deal, roles)
        return next(one.id for one in made if one.contact == contact)

    async def set_part(self, act: Act, values: Mapping[str, Any] | None) -> None:
        """Changes a contact's part in a deal; without values it ends."""
        deal = await store.deal_of_role(act.tx, act.seen.seat.workspace, act.record)
        if deal is None:
            raise NotFound
        there = await self.deals.roles.of_in(act.tx, act.principal, deal)
        primary = bool(values and values.get("is_primary"))
        roles = []
        for one in there:
            if one.id != act.record:
                roles.append(NewRole(one.contact, one.role, one.is_primary and not primary))
            elif values is not None:
                said = values.get("is_primary")
                roles.append(
                    NewRole(one.contact, values.get("role", one.role) or "", one.is_primary if said is None else said)
                )
        await self.deals.roles.set_in(act.tx, act.principal, deal, roles)

    # -- products ---------------------------------------------------------------------------------------------------

    async def add_line(self, act: Act) -> str:
        values = plain(act.of, dict(act.values))
        product = values.get("product") or ""
        if values.get("price"):
            found = await store.price(act.tx, act.seen.seat.workspace, values["price"])
            if found is None:
                raise Fault("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ["PricebookEntryId"])
            product = found["product"]
        if not product:
            raise Fault(
                "REQUIRED_FIELD_MISSING", "Required fields are missing: [PricebookEntryId]", ["PricebookEntryId"]
            )
        deal = await self.deals.deals.get_in(act.tx, act.principal, values["opportunity"])
        price = act.values.get("unit_price")
        line = NewLine(
            product, values["quantity"], minor(price, deal.currency) if price is not None else None,
            values.get("description") or "", values.get("starts_on"), values.get("ends_on"),
        )  # fmt: skip
        return (await self.deals.lines.add_in(act.tx, act.principal, deal.id, line)).id

    async def deal_of(self, act: Act) -> str:
        deal = await store.deal_of_line(act.tx, act.seen.seat.workspace, act.record)
        if deal is None:
            raise NotFound
        return deal

    async def set_price(self, act: Act, product: str, currency: str) -> str:
        currency = currency or act.seen.seat.currency
        there = await self.deals.products.get_in(act.tx, act.principal, product)
        amount = act.values.get("amount")
        if amount is not None:
            prices = {**there.prices, currency: minor(amount, currency)}
            await self.deals.products.update_in(act.tx, act.principal, product, {"prices": prices})
        return full_id("01u" + hashlib.md5(f"{there.id} {currency}".encode()).hexdigest()[:12])  # noqa: S324 - no secret

    async def price_of(self, act: Act) -> tuple[str, str]:
        row = await store.price(act.tx, act.seen.seat.workspace, act.record)
        if row is None:
            raise NotFound
        return row["product"], row["currency"]


def plain(of: SObject, values: dict[str, Any]) -> dict[str, Any]:
    """Decimals that are not money, as numbers."""
    whole = {one.writes for one in of.fields.values() if one.type in NUMBERS}
    for name, value in values.items():
        if name in whole and isinstance(value, Decimal):
            values[name] = int(value) if value == value.to_integral_value() else float(value)
        elif name == "size" and value is None:
            values[name] = 0
    return values
