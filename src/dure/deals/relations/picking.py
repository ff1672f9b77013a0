"""Channels that were an account's before relationships were measured are picked up: once, a lot at a time.

What is linked from then on is heard from the feed. Doing it again adds nothing that is there; who dies in the middle is
followed by another at the channel where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from dure.deals.relations import events, pick_store, store
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_A_LOT = 200


Stand = Literal["none", "waiting", "running", "reading", "done", "cancelled"]


class Links(Protocol):
    """Which channels are whose, asked of whoever has channels."""

    async def links_in(self, tx: Tx, tenant: Tenant, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """(channel, account) of the workspace by channel, those after one."""


@dataclass(frozen=True, slots=True)
class PickUp:
    """How far it has come: `found` channels of accounts, `added` of which relationships did not know; of these so many
    are `read` to their beginning and so many `left`. `state` is none where there was nothing to pick up."""

    state: Stand
    found: int = 0
    added: int = 0
    read: int = 0
    left: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None


class PickingUp:
    """`links` is filled by who puts the house together; until then nothing is picked up."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self.links: Links | None = None

    async def standing(self, principal: Principal) -> PickUp:
        access(principal, "deals:configure")
        async with self._state.begin(principal.tenant) as tx:
            return await self._standing(tx, principal.tenant.workspace)

    async def start(self, principal: Principal) -> PickUp:
        """Looks for channels once more. A Conflict while that is under way."""
        access(principal, "deals:configure")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            row = await pick_store.of(tx, workspace, lock=True)
            if row is not None and row["state"] in ("waiting", "running"):
                raise Conflict("Channels are being picked up already.")
            await pick_store.begin(tx, workspace)
            await append(tx, events.picking(principal, self._clock.now(), events.PICK_UP_STARTED))
            return await self._standing(tx, workspace)

    async def cancel(self, principal: Principal) -> PickUp:
        """Stops it. What was read stays; what was picked up and not read yet is let go of. A Conflict where nothing is
        under way."""
        access(principal, "deals:configure")
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            row = await pick_store.of(tx, workspace, lock=True)
            left = (await pick_store.past(tx, workspace))["left"]
            if row is None or (row["state"] not in ("waiting", "running") and not left):
                raise Conflict("No channels are being picked up.")
            dropped = await pick_store.cancel(tx, workspace, principal.actor, now)
            about = {"channels": row["found"], "added": row["added"], "dropped": dropped}
            await append(tx, events.picking(principal, now, events.PICK_UP_CANCELLED, about))
            return await self._standing(tx, workspace)

    async def tick(self) -> int:
        """Picks up a lot of one workspace's channels; how many were looked at."""
        if self.links is None:
            return 0
        async with self._state.begin_system() as tx:
            row = await pick_store.take(tx)
            if row is None:
                return 0
            workspace, now = row["workspace"], self._clock.now()
            tenant = (await self._governance.workspace_in(tx, workspace)).tenant
            links = await self.links.links_in(tx, tenant, row["after"], _A_LOT)
            accounts = await pick_store.add(tx, workspace, links) if links else []
            await store.touch(tx, workspace, accounts)
            over = len(links) < _A_LOT
            after = links[-1][0] if links else row["after"]
            state = "done" if over else "running"
            told = await pick_store.note(tx, workspace, state, after, len(links), len(accounts), now, over=over)
            if over:
                system, about = self._governance.system(tenant, "deals"), {"channels": told["found"], **told}
                del about["found"]
                await append(tx, events.picking(system, now, events.PICKED_UP, about))
        return len(links)

    async def _standing(self, tx: Tx, workspace: str) -> PickUp:
        row = await pick_store.of(tx, workspace)
        if row is None:
            return PickUp("none")
        past = await pick_store.past(tx, workspace)
        state: Stand = "reading" if row["state"] == "done" and past["left"] else row["state"]
        return PickUp(
            state, row["found"], row["added"], past["read"], past["left"], row["began_at"], row["ended_at"]
        )  # fmt: skip
