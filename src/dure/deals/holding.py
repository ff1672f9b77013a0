"""What deals hold about a person: a contact with their address, and what was noted of them at a deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.whom import Whom
from dure.state import Tx
from dure.state.blank import blank

_THEIRS = "workspace = %s and email <> '' and lower(email) = any(%s)"
_NOTES = {"name": "text", "next_step": "text", "lost_reason": "text"}


class DealHolder:
    """Contacts with an address of theirs go; a deal stays, without what points at them."""

    name = "deals"
    tables: Sequence[str] = ("deals.contact", "deals.opportunity")

    async def trace(self, tx: Tx, whom: Whom) -> Whom:
        rows = await tx.rows(f"select id, name from deals.contact where {_THEIRS}", _of(whom))
        return whom.wider(objects=[row["id"] for row in rows], names=[row["name"] for row in rows])

    async def gather(self, tx: Tx, whom: Whom) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {"deals-contact": await tx.rows(f"select * from deals.contact where {_THEIRS}", _of(whom))}

    async def erase(self, tx: Tx, whom: Whom) -> int:
        gone = await tx.run(f"delete from deals.contact where {_THEIRS}", _of(whom))
        return gone + await blank(tx, "deals.opportunity", _NOTES, whom)


def _of(whom: Whom) -> tuple[str, list[str]]:
    return whom.tenant.workspace, list(whom.addresses)
