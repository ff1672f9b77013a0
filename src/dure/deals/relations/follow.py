"""What relationships take from the feed, beside deal health and in the same transaction: whose channels there are, and
what is said in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dure.deals.health.follow import IN_CHANNELS, Line, guests_of, messages_gone, of_channel
from dure.deals.relations import store
from dure.governance.api import Governance
from dure.kernel.tenant import Tenant
from dure.state import Tx

LINKED, UNLINKED = "Customer Channel Linked", "Customer Channel Unlinked"


class RelationEar:
    """Hears what the follower of deal health reads."""

    matter = (LINKED, UNLINKED)

    def __init__(self, governance: Governance) -> None:
        self._governance = governance

    async def learn(self, tx: Tx, tenant: Tenant, lines: Sequence[Line], deals: Collection[str]) -> None:
        """`deals` are those about which something was done."""
        workspace = tenant.workspace
        touched = await self._link(tx, workspace, lines)
        said = [line for line in lines if line.source == "channels" and line.event in IN_CHANNELS]
        whose = await store.linked(tx, workspace, {line.object for line in said})
        said = [line for line in said if line.object in whose]
        if said:
            guests = await guests_of(self._governance, tenant)
            await store.keep_signs(tx, workspace, [sign for line in said for sign in of_channel(line, guests)])
            await store.drop_messages(tx, workspace, messages_gone(said))
        touched |= {whose[line.object] for line in said}
        # A deal that went to another account says so itself; the account it left is found at the hourly look.
        touched |= {line.object for line in lines if line.source == "deals" and line.object_type == "account"}
        if touched or deals:
            await store.touch(tx, workspace, touched, deals)

    async def _link(self, tx: Tx, workspace: str, lines: Sequence[Line]) -> set[str]:
        touched = set()
        for line in lines:
            if line.source != "channels" or line.event not in self.matter:
                continue
            account = str(line.properties.get("account", ""))
            touched |= {account, *(await store.linked(tx, workspace, [line.object])).values()}
            if line.event == LINKED:
                await store.link(tx, workspace, line.object, account)
            else:
                await store.unlink(tx, workspace, line.object)
        return touched - {""}
