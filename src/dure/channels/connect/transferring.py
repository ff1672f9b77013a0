"""A channel's home handed to another side: asked by the home, taken or refused by the other; not to who only writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.ending import Ending
from dure.channels.connect.inviting import approves, team
from dure.channels.connect.machine import Act, step
from dure.channels.connect.model import standing_of
from dure.channels.model import Conversation
from dure.channels.refusals import ChannelNotFound, NotOwner, RestrictedAction
from dure.channels.responding import store as response_store
from dure.governance.api import Principal, access
from dure.state import Tx


class Transferring(Ending):
    async def ask_transfer(self, principal: Principal, channel: str, workspace: str) -> None:
        """Asks another side, a workspace or an organisation, to be the channel's home. Raises PostOnlyHost."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._ruled(tx, principal, channel)
            if not found.side.home:
                raise NotOwner(field="channel")
            to = await self._transfer(tx, found, "ask_transfer", workspace)
            author = await self.author(tx, principal)
            await store.ask_transfer(tx, found.home.workspace, channel, to, author.user, self._clock.now())
            await self._tell_host(tx, principal, found, to, events.HOST_ASKED)

    async def take_transfer(self, principal: Principal, channel: str) -> Conversation:
        """The caller's side becomes the home; the one that was goes on as a side with full rights."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._ruled(tx, principal, channel)
            if found.side.home:
                raise RestrictedAction("The channel's home is your workspace already.")
            await self._transfer(tx, found, "take_transfer", team(principal))
            await store.move_home(tx, channel, found.home.workspace, team(principal), principal.tenant.org)
            await response_store.cancel(tx, channel)
            await self._tell_host(tx, principal, found, team(principal), events.HOST_MOVED, everybody=True)
            return await self._shared(tx, principal, channel)

    async def end_transfer(self, principal: Principal, channel: str) -> None:
        """The home takes back what it asked, or the side that was asked refuses."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self._ruled(tx, principal, channel)
            to = found.transfer_to if found.side.home else team(principal)
            await self._transfer(tx, found, "stop_transfer" if found.side.home else "refuse_transfer", to)
            await store.ask_transfer(tx, found.home.workspace, channel, "", "", None)
            await self._tell_host(tx, principal, found, to, events.HOST_REFUSED)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _ruled(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        access(principal, "channels:write")
        if not approves(principal):
            raise RestrictedAction("Only an administrator can do this.")
        found = await self._shared(tx, principal, channel)
        if found.kind != "channel":
            raise ChannelNotFound(field="channel")
        return found

    async def _transfer(self, tx: Tx, found: Conversation, act: Act, target: str) -> str:
        """Asks the table; the workspace that is meant."""
        open_ones = await store.open_of(tx, found.id)
        state, workspace = standing_of(found, target, open_ones, self._clock.now())
        step(state, act, field="workspace")
        return workspace

    async def _tell_host(
        self, tx: Tx, principal: Principal, found: Conversation, to: str, name: str, *, everybody: bool = False
    ) -> None:
        """The home and the side that is asked hear of it; of a move everybody."""
        sides = tuple(s for s in found.connected if everybody or s.home or s.workspace == to)
        told: dict[str, Any] = {"from_workspace": found.home.workspace, "to_workspace": to, "by": team(principal)}
        await self.tell(tx, principal, replace(found, shares=sides), name, told)
