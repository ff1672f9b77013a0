"""Orders' entrance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.pacing import events
from dure.pacing.orders import store
from dure.pacing.orders.model import ORDER_STATES, NewOrder, Order
from dure.state import State, Tx

_CHANGEABLE = frozenset(
    {"name", "budget", "account", "account_name", "deal", "advertiser", "channel", "manager", "state"}
)
_LARGEST = 10**15


class Orders:
    """What customers ordered. `…_in` does the same within the caller's transaction."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def create(self, principal: Principal, new: NewOrder) -> Order:
        """A new order. An external id that is known already is a Conflict."""
        currency = (await self._governance.workspace(principal.tenant)).currency
        async with self._state.begin(principal.tenant) as tx:
            return await self.create_in(tx, principal, new, currency)

    async def create_in(self, tx: Tx, principal: Principal, new: NewOrder, currency: str) -> Order:
        access(principal, "pacing:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        made = _checked(
            Order(
                str(uuid7()), new.name.strip(), new.account, new.account_name, new.deal, new.advertiser, new.channel,
                new.manager, new.currency or currency, new.budget, "active", new.external, now, now,
            )
        )  # fmt: skip
        if new.external and new.external in await store.ids(tx, workspace, [new.external]):
            raise Conflict(f"An order with the external id {new.external!r} exists.", field="external")
        await store.add(tx, workspace, made)
        await append(tx, events.order_event(principal, events.ORDER_CREATED, now, made, {}))
        return made

    async def update(self, principal: Principal, order_id: str, changes: Mapping[str, Any]) -> Order:
        """Changes the named fields; what is there already stays."""
        access(principal, "pacing:write")
        if unknown := sorted(changes.keys() - _CHANGEABLE):
            raise Invalid(f"`{unknown[0]}` of an order cannot be changed.", field=unknown[0])
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            order = (await store.ids(tx, workspace, [order_id], lock=True)).get(order_id)
            if order is None:
                raise NotFound("There is no such order.", field="order")
            wanted = {name: value for name, value in changes.items() if value != getattr(order, name)}
            if not wanted:
                return order
            changed = _checked(replace(order, **wanted, changed_at=now))
            await store.keep(tx, workspace, changed)
            facts = {"changed": sorted(wanted)}
            await append(tx, events.order_event(principal, events.ORDER_CHANGED, now, changed, facts))
        return changed

    async def list(self, principal: Principal) -> list[Order]:
        access(principal, "pacing:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.every(tx, principal.tenant.workspace)


def _checked(order: Order) -> Order:
    if not 1 <= len(order.name) <= 160:
        raise Invalid("A name has 1 to 160 characters.", field="name")
    if not 0 <= order.budget <= _LARGEST:
        raise Invalid("`budget` is a whole number of minor units, 0 or more.", field="budget")
    if not re.fullmatch("[A-Z]{3}", order.currency):
        raise Invalid("`currency` is a code of ISO 4217, such as KRW.", field="currency")
    if order.state not in ORDER_STATES:
        raise Invalid(f"`state` is one of {', '.join(ORDER_STATES)}.", field="state")
    return order
