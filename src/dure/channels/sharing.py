"""Channels that are shared with another organisation: with which rights, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.inviting import Offer, administers, approves, no_guest, team
from dure.channels.connect.machine import Act, step
from dure.channels.connect.model import standing_of
from dure.channels.connect.refusals import TeamNotFound
from dure.channels.connect.transferring import Transferring
from dure.channels.model import Conversation
from dure.channels.refusals import NotInChannel, NotOwner, RestrictedAction
from dure.channels.store import conversations
from dure.governance.api import Principal, Workspace, access


@dataclass(frozen=True, slots=True)
class Connected:
    """A channel that one side shares with another organisation's. `limited`: one of the two may only write."""

    org: str
    workspace: str
    channel: str
    name: str
    private: bool
    archived: bool
    home: bool
    other_home: bool
    limited: bool
    since: datetime | None
    people: int
    own: int
    transfer_to: str
    member: bool


class Sharing(Transferring):
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
            invites = [one for one in await store.open_of(tx, channel) if one.state != "requested"]
            now = self._clock.now()
            state, meant = standing_of(found, workspace, invites, now)
            act: Act = "downgrade" if limited else "upgrade"
            step(state, act, field="target_team")
            share = next((s for s in found.connected if not s.home and s.workspace == meant), None)
            if share is not None:
                await conversations.add_share(tx, replace(share, limited=limited), now)
                if limited and found.transfer_to == meant:
                    await store.ask_transfer(tx, found.home.workspace, channel, "", "", None)
            for one in invites:
                if meant in one.targets:
                    await store.put(tx, replace(one, limited=limited, changed_at=now))
            await self.tell(tx, principal, found, events.SHARE_LIMITED, {"with_workspace": meant, "limited": limited})
            return await self.see(tx, principal, channel)

    async def connections(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """The other organisations' workspaces that the caller's shares conversations with."""
        access(principal, "channels:read")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await store.connections(tx, team(principal))

    async def connected(self, principal: Principal) -> Sequence[Connected]:
        """With whom what is shared. Of a channel that the caller does not see there is no name, and no id for who
        could not disconnect it."""
        access(principal, "channels:read")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            me = (await self.author(tx, principal)).user
            rows = await store.connected_channels(tx, team(principal), me)
        shown = []
        for row in rows:
            sees = row["member"] or not (row["private"] or row["limited"])
            shown.append(Connected(
                row["org"], row["workspace"], row["id"] if sees or approves(principal) else "",
                row["name"] if sees else "", row["private"], row["archived"], row["home"], row["other_home"],
                row["limited"] or row["other_limited"], row["since"], row["people"], row["own"],
                row["transfer_to"] if approves(principal) else "", row["member"],
            ))  # fmt: skip
        return shown

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


__all__ = ["Offer", "Sharing"]
