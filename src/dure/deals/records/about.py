"""What a record belongs to: whose account a task's or a note's subject is."""

from __future__ import annotations

from dure.deals.record_id import ACCOUNT, CONTACT, OPPORTUNITY
from dure.state import Tx

_ACCOUNT_OF = {
    CONTACT: "select coalesce(account, '') from deals.contact where workspace = %s and id = %s",
    OPPORTUNITY: "select coalesce(account, '') from deals.opportunity where workspace = %s and id = %s",
}


async def account_of(tx: Tx, workspace: str, record_id: str) -> str:
    """The id of the account that a record is at, "" where it is at none."""
    if record_id.startswith(ACCOUNT):
        return record_id
    sql = _ACCOUNT_OF.get(record_id[:3])
    return (await tx.value(sql, (workspace, record_id)) or "") if sql else ""
