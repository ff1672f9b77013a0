"""What pacing offers of line items and orders by id, for conditions and templates such as `line_item.status`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.automation.plugs import Lookup
from dure.kernel.tenant import Tenant
from dure.pacing import events, store
from dure.pacing.orders import store as order_store
from dure.state import Tx


async def line_items(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """What a line item's own events say of it, as it is now, with its `state` and how it stood when last looked at:
    `status` ("" before the first look), `delivered`, `forecast` and the chance to `miss`, None where unknown."""
    return {
        one: {
            **events.facts_of(item), "account": item.account, "state": item.state, "format": item.format,
            "status": outlook.status if outlook else "", "delivered": outlook.delivered if outlook else 0,
            "forecast": outlook.middle if outlook else None, "miss": outlook.miss if outlook else None,
            "days_left": outlook.days_left if outlook else None,
        }
        for one, (item, outlook) in (await store.with_outlooks(tx, tenant.workspace, ids)).items()
    }  # fmt: skip


async def orders(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    found = await order_store.ids(tx, tenant.workspace, ids)
    return {
        one: {**events.facts_of_order(found[one]), "account": found[one].account} for one in ids if one in found
    }  # fmt: skip


LOOKUPS: Mapping[str, Lookup] = {"line_item": line_items, "order": orders}
