"""Channels that are shared with another organisation: with which rights, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.answering import Answering
from dure.channels.connect.inviting import Offer, administers, approves, no_guest, team
from dure.channels.connect.refusals import CannotKickHomeTeam, CannotKickTeam, TeamNotFound
from dure.channels.model import Conversation
from dure.channels.refusals import NotInChannel, NotOwner, RestrictedAction
from dure.channels.store import conversations
from dure.channels.store import responses as response_store
from dure.governance.api import Principal, Workspace, access
from dure.kernel.errors import NotFound
from dure.state import Tx


class Sharing(Answering):
    async def set_limited(self, principal: Principal, channel: str, workspace: str, limited: bool) -> Conversation:
        """Whether another side may only write (`limited`) or bring its people in too. The home side's to say."""
        access(principal, "channels:write")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel, lock=True)
            if not found.side.home:
                raise NotOwner(field="channel")
            if not found.is_member and not administers(principal):
                raise NotInChannel(field="channel")
            invites = [one for one in await store.open_of(tx, channel) if workspace in one.targets]
            share = next((s for s in found.connected if not s.home and workspace in (s.workspace, s.org)), None)
            if share is None and not invites:
                raise TeamNotFound(field="target_team")
            now = self._clock.now()
            if share is not None:
                await conversations.add_share(tx, replace(share, limited=limited), now)
            for one in invites:
                await store.put(tx, replace(one, limited=limited, changed_at=now))
            told = {"with_workspace": share.workspace if share else workspace, "limited": limited}
            await self.tell(tx, principal, found, events.SHARE_LIMITED, told)
            return await self.see(tx, principal, channel)

    async def disconnect(self, principal: Principal, channel: str, workspace: str = "") -> None:
        """Ends a share: the home side any other's, the other side its own. Its people leave with it."""
        access(principal, "channels:write")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._shared(tx, principal, channel)
            if not administers(principal) and not found.is_member:
                raise NotInChannel(field="channel")
            await self._disconnect(tx, principal, found, workspace or team(principal))

    async def connections(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """The other organisations' workspaces that the caller's shares conversations with."""
        access(principal, "channels:read")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await store.connections(tx, team(principal))

    async def disconnect_team(self, principal: Principal, target: str) -> int:
        """Ends every share with a workspace or an organisation; how many there were. Administrators only."""
        access(principal, "channels:write")
        if not approves(principal):
            raise RestrictedAction("Only an administrator can do this.")
        async with self._state.begin(principal.tenant) as tx:
            found = [one for one in await store.connections(tx, team(principal))
                     if target in (one["workspace"], one["org"])]  # fmt: skip
            if not found:
                raise TeamNotFound(field="target_team")
            ended = 0
            for one in found:
                for channel in one["channels"]:
                    shared = await self._shared(tx, principal, channel)
                    # Where the other side or a third one is the home, this one can only leave.
                    leaving = one["workspace"] if shared.side.home else team(principal)
                    await self._disconnect(tx, principal, shared, leaving)
                    ended += 1
            return ended

    async def info_as_administrator(self, principal: Principal, channel: str) -> Conversation:
        """A channel that an administrator decides about, whether they are in it or not."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._shared(tx, principal, channel)

    async def workspaces_named(self) -> dict[str, Workspace]:
        """Every workspace by id, for the names of the other sides."""
        return {workspace.id: workspace for workspace in await self._governance.workspaces(elsewhere=True)}

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _shared(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        """The channel, locked; an administrator ends what is shared in a channel that they are not in, too."""
        system = self._governance.system(principal.tenant, "sharing")
        return await self.see(tx, system if administers(principal) else principal, channel, lock=True)

    async def _disconnect(self, tx: Tx, principal: Principal, found: Conversation, leaving: str) -> None:
        if not found.side.home and leaving != team(principal):
            raise CannotKickTeam(field="channel")
        share = next((s for s in found.shares if leaving in (s.workspace, s.org) and not s.home), None)
        if share is None and leaving in (found.home.workspace, found.home.org):
            raise CannotKickHomeTeam(field="workspace")
        if share is None or share.state not in ("connected", "invited"):
            raise NotFound("The channel is not shared with this workspace.", field="workspace")
        channel, now = found.id, self._clock.now()
        for invite in await store.open_of(tx, channel):
            if share.workspace in invite.targets:
                await store.put(tx, replace(invite, state="revoked", changed_at=now))
                told = {"by_workspace": team(principal)}
                await self._tell_invite(tx, principal, invite, events.SHARE_DECLINED, told)
                await self._drop_shares(tx, invite, [one for one in invite.targets if one != share.workspace])
        if share.state == "connected":
            await self.tell(tx, principal, found, events.UNSHARED, {"workspace_left": share.workspace})
        await conversations.add_share(tx, replace(share, state="disconnected"), now)
        await conversations.remove_members_of(tx, channel, share.workspace)
        if len(found.connected) <= 2:
            await response_store.cancel(tx, channel)


__all__ = ["Offer", "Sharing"]
