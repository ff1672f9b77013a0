"""What governance holds about a customer: that somebody tried to sign in with their address.

Accounts of employees and guests are not touched: they are no customers, and end under *People and access*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx

_TRIED = "whom = any(%s) and not exists (select from governance.account a where lower(a.email) = attempt.whom)"


class GovernanceHolder:
    """Failed sign-ins by an address that is nobody's account."""

    name = "governance"
    tables: Sequence[str] = ("governance.attempt",)

    async def trace(self, tx: Tx, whom: Whom) -> Whom:  # noqa: ARG002
        return whom

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        rows = await tx.rows(f"select * from governance.attempt where {_TRIED}", (list(whom.addresses),))
        return {"governance-attempt": rows}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        return await tx.run(f"delete from governance.attempt where {_TRIED}", (list(whom.addresses),))
