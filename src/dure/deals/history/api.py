"""What became of a record, field by field."""

from __future__ import annotations

from dure.deals.history import store
from dure.deals.history.model import Change
from dure.deals.record_id import full_id
from dure.deals.records.records import Desk
from dure.governance.api import Principal, access
from dure.state import Tx


class History:
    """Every change of every field of every record."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of(
        self, principal: Principal, record_id: str, *, field: str = "", before: int = 0, limit: int = 100
    ) -> list[Change]:
        """Newest first; `before` is the `number` of the last one seen. A record that is nowhere has none."""
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self.of_in(tx, principal, record_id, field=field, before=before, limit=limit)

    async def of_in(
        self, tx: Tx, principal: Principal, record_id: str, *, field: str = "", before: int = 0, limit: int = 100
    ) -> list[Change]:
        access(principal, "deals:read")
        return await store.of(
            tx, principal.tenant.workspace, full_id(record_id), field=field, before=before,
            limit=min(max(limit, 1), 1000),
        )  # fmt: skip
