"""Products, and the line items of deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.deals import events
from dure.deals.model import Deal
from dure.deals.opportunities.api import Opportunities
from dure.deals.pipelines.store import stages
from dure.deals.products import store
from dure.deals.products.model import PRODUCT, LineItem, NewLine, Product
from dure.deals.record_id import LINE_ITEM, full_id, new_id
from dure.deals.records import keeping
from dure.deals.records import store as record_store
from dure.deals.records.records import Desk, Records
from dure.deals.records.values import LARGEST
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import Tx

_MOST_LINES = 500


class Products(Records[Product]):
    """What is sold. `prices` are said whole: `{"KRW": 1500000, "USD": 120000}` in minor units."""

    shape = PRODUCT
    created = events.PRODUCT_CREATED
    changed = events.PRODUCT_CHANGED

    async def _beside(self, tx: Tx, principal: Principal, before: Product | None, after: Product) -> None:
        if before is None or before.prices != after.prices:
            await store.set_prices(tx, principal.tenant.workspace, after.id, after.prices)

    async def _may_go(self, tx: Tx, principal: Principal, record: Product) -> None:
        if left := await store.sold(tx, principal.tenant.workspace, record.id):
            raise Conflict(f"It stands in {left} line items; take it out of sale instead.", data={"lines": left})

    def _facts(self, record: Product) -> dict[str, Any]:
        return {"name": record.name, "code": record.code, "family": record.family, "active": record.active,
                "prices": dict(record.prices)}  # fmt: skip


class Lines:
    """The line items of deals. Each change makes the deal's amount their sum and is one *Deal Changed*."""

    def __init__(self, desk: Desk, deals: Opportunities) -> None:
        self._desk = desk
        self._deals = deals

    async def of(self, principal: Principal, deal_id: str) -> list[LineItem]:
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.of_in(tx, principal, deal_id)

    async def of_in(self, tx: Tx, principal: Principal, deal_id: str) -> list[LineItem]:
        deal = await self._deals.get_in(tx, principal, deal_id)
        return await store.lines(tx, principal.tenant.workspace, deal.id)

    async def set(
        self, principal: Principal, deal_id: str, lines: Sequence[NewLine], version: int | None = None
    ) -> Deal:
        """Makes exactly these the deal's lines, in this order; one with an `id` of a line that is there keeps it."""
        async with self._desk.state.begin(principal.tenant) as tx:
            deal = await self._deals.lock_in(tx, principal, deal_id, version)
            return await self._settle(tx, principal, deal, lines)

    async def add_in(self, tx: Tx, principal: Principal, deal_id: str, line: NewLine) -> LineItem:
        """One more line; its deal's amount follows."""
        deal = await self._deals.lock_in(tx, principal, deal_id, None)
        there = await store.lines(tx, principal.tenant.workspace, deal.id)
        known = {one.id for one in there}
        await self._settle(tx, principal, deal, [*map(_as_asked, there), line])
        now_there = await store.lines(tx, principal.tenant.workspace, deal.id)
        return next(one for one in now_there if one.id not in known)

    async def change_in(self, tx: Tx, principal: Principal, line_id: str, **given: Any) -> LineItem:
        """Changes quantity, unit_price, description, starts_on or ends_on of a line."""
        deal, there = await self._around(tx, principal, line_id)
        wanted = [replace(_as_asked(one), **given) if one.id == line_id else _as_asked(one) for one in there]
        await self._settle(tx, principal, deal, wanted)
        return next(one for one in await store.lines(tx, principal.tenant.workspace, deal.id) if one.id == line_id)

    async def drop_in(self, tx: Tx, principal: Principal, line_id: str) -> None:
        deal, there = await self._around(tx, principal, line_id)
        await self._settle(tx, principal, deal, [_as_asked(one) for one in there if one.id != line_id])

    async def _around(self, tx: Tx, principal: Principal, line_id: str) -> tuple[Deal, list[LineItem]]:
        access(principal, "deals:write")
        deal_id = await store.deal_of(tx, principal.tenant.workspace, line_id)
        if not deal_id:
            raise NotFound("There is no such line item.", field="line")
        deal = await self._deals.lock_in(tx, principal, deal_id, None)
        return deal, await store.lines(tx, principal.tenant.workspace, deal.id)

    async def _settle(self, tx: Tx, principal: Principal, deal: Deal, lines: Sequence[NewLine]) -> Deal:
        access(principal, "deals:write")
        if len(lines) > _MOST_LINES:
            raise Invalid(f"A deal has at most {_MOST_LINES} line items.", field="lines")
        workspace, now = principal.tenant.workspace, self._desk.clock.now()
        there = {one.id: one for one in await store.lines(tx, workspace, deal.id)}
        products = await record_store.several(tx, PRODUCT, workspace, [full_id(one.product) for one in lines])
        wanted = [_line(one, number, deal, products, there, now) for number, one in enumerate(lines, start=1)]
        if wanted == list(there.values()):
            return deal
        gone = sorted(set(there) - {one.id for one in wanted})
        await store.drop_lines(tx, workspace, gone)
        await record_store.bury(tx, workspace, "line_item", gone, now, principal.actor)
        await store.add_lines(tx, workspace, wanted)
        amount = sum(one.amount for one in wanted) if wanted or there else deal.amount
        if amount > LARGEST:
            raise Invalid("The lines together are more than an amount may be.", field="lines")
        after = replace(deal, amount=amount, lines=len(wanted), version=deal.version + 1, changed_at=now)
        await keeping.write(tx, workspace, self._deals.shape, {}, deal, after)
        told = {
            "line_items": [
                {"product": one.product_name, "quantity": one.quantity, "amount": one.amount} for one in wanted
            ]
        }
        return await self._deals.told_in(tx, principal, deal, now, await stages(tx, workspace), told)


def _as_asked(line: LineItem) -> NewLine:
    return NewLine(
        line.product, line.quantity, line.unit_price, line.description, line.starts_on, line.ends_on, line.id
    )


def _line(
    asked: NewLine, number: int, deal: Deal, products: Mapping[str, Product], there: Mapping[str, LineItem],
    now: datetime,
) -> LineItem:  # fmt: skip
    product = products.get(full_id(asked.product))
    before = there.get(asked.id)
    if asked.id and before is None:
        raise NotFound("There is no such line item in this deal.", field="id")
    if product is None:
        raise Invalid(f"There is no product {asked.product!r}.", field="product")
    if not product.active and (before is None or before.product != product.id):
        raise Invalid(f"{product.name} is not sold any more.", field="product")
    price = asked.unit_price if asked.unit_price is not None else product.prices.get(deal.currency)
    if price is None:
        raise Invalid(f"{product.name} has no price in {deal.currency}; say one.", field="unit_price")
    if isinstance(price, bool) or not 0 <= price <= LARGEST:
        raise Invalid("`unit_price` is a whole number of minor units, 0 or more.", field="unit_price")
    if isinstance(asked.quantity, bool) or not 0 < asked.quantity <= 10**12:
        raise Invalid("`quantity` is more than 0.", field="quantity")
    if asked.starts_on and asked.ends_on and asked.ends_on < asked.starts_on:
        raise Invalid("A line ends on or after the day it starts.", field="ends_on")
    amount = round(asked.quantity * price)
    made = LineItem(
        before.id if before else new_id(LINE_ITEM), deal.id, product.id, product.name, asked.quantity, price,
        deal.currency, amount, asked.description, asked.starts_on, asked.ends_on, number,
        before.created_at if before else now, before.changed_at if before else now,
    )  # fmt: skip
    return made if made == before else replace(made, changed_at=now)
