"""What deals offer of their records by id, for conditions and templates such as `deal.stage` or `contact.email`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from dure.automation.plugs import Lookup
from dure.deals import events
from dure.deals.accounts.model import ACCOUNT
from dure.deals.contacts.model import CONTACT
from dure.deals.opportunities.store import open_with, with_stages
from dure.deals.record_id import full_id
from dure.deals.records.shape import Shape
from dure.deals.records.store import several
from dure.kernel.tenant import Tenant
from dure.state import Tx

# Of the record's keeping, not of the record.
_SHOWN = 5
_INNER = frozenset({"id", "version", "deleted_at"})


async def deals(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """What a deal's own events say of it, as it is now, and its custom fields."""
    asked = {one: full_id(one) for one in ids}
    found = await with_stages(tx, tenant.workspace, list(asked.values()))
    facts = {
        record: {**events.facts_of(deal, stage), "custom": dict(deal.custom), "closed": deal.closed_at is not None}
        for record, (deal, stage) in found.items()
    }
    return {one: facts[record] for one, record in asked.items() if record in facts}


def _records(shape: Shape[Any]) -> Lookup:
    async def look(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        asked = {one: full_id(one) for one in ids}
        found = await several(tx, shape, tenant.workspace, list(asked.values()))
        return {one: _facts(shape, found[record]) for one, record in asked.items() if record in found}

    return look


def _facts(shape: Shape[Any], record: Any) -> dict[str, Any]:
    told = {name: value for name, value in msgspec.to_builtins(record).items() if name not in _INNER}
    account = record.id if shape is ACCOUNT else record.account
    return {shape.object: record.id, **told, "path": f"/deals/accounts/{account}" if account else ""}


accounts = _records(ACCOUNT)


async def open_deals(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """The deals that are open with somebody, by an account's id, its domain, or a contact's e-mail address: how many,
    the sums by currency, the owners, and the largest of them. Those with none are known by their account alone."""
    found: dict[str, dict[str, Any]] = {}
    for row in await open_with(tx, tenant.workspace, [one.lower() for one in ids], ids):
        told = found.setdefault(row["asked"], {
            "account": row["account"], "account_name": row["account_name"], "owner": row["account_owner"],
            "revenue": row["revenue"], "revenue_currency": row["account_currency"], "count": 0, "amounts": {},
            "owners": [row["account_owner"]] if row["account_owner"] else [], "deals": [],
        })  # fmt: skip
        if row["id"] is None:
            continue
        told["count"] += 1
        told["amounts"][row["currency"]] = told["amounts"].get(row["currency"], 0) + row["amount"]
        if row["owner"] and row["owner"] not in told["owners"]:
            told["owners"].append(row["owner"])
        if len(told["deals"]) < _SHOWN:
            told["deals"].append({
                "deal": row["id"], "name": row["name"], "stage": row["stage"], "amount": row["amount"],
                "currency": row["currency"], "owner": row["owner"], "path": f"/deals/{row['id']}",
            })  # fmt: skip
    return {one: found[one.lower()] for one in ids if one.lower() in found}


LOOKUPS: Mapping[str, Lookup] = {"deal": deals, "contact": _records(CONTACT), "open_deals": open_deals}
"""`accounts` is apart: accounts are known to people too, and who composes the house puts both together."""
