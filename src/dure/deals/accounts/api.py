"""Customers."""

from __future__ import annotations

from typing import Any

from dure.deals import events
from dure.deals.accounts.model import ACCOUNT, Account
from dure.deals.opportunities.store import open_at
from dure.deals.records.records import Records
from dure.governance.api import Principal
from dure.kernel.errors import Conflict
from dure.state import Tx


class Accounts(Records[Account]):
    """Accounts; one with open deals is not deleted."""

    shape = ACCOUNT
    created = events.ACCOUNT_CREATED
    changed = events.ACCOUNT_CHANGED

    async def _may_go(self, tx: Tx, principal: Principal, record: Account) -> None:
        if left := await open_at(tx, principal.tenant.workspace, record.id):
            raise Conflict(f"It has {left} open deals; close or move them first.", data={"deals": left})

    def _facts(self, record: Account) -> dict[str, Any]:
        return facts(record)


def facts(account: Account) -> dict[str, Any]:
    """What events say of an account."""
    return {
        "account": account.id, "name": account.name, "industry": account.industry, "country": account.country,
        "size": account.size, "type": account.type, "domain": account.domain, "owner": account.owner,
    }  # fmt: skip
