"""Channels shared between organisations: one side offers, the other accepts, either ends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.events import channel_event
from dure.channels.model import Conversation, Share
from dure.channels.refusals import (
    AlreadyConnected,
    InviteNotFound,
    IsArchived,
    NameTaken,
    NotInChannel,
    NotOwner,
    RestrictedAction,
    WrongKind,
)
from dure.channels.rules import RESPONSE_MINUTES, channel_name
from dure.channels.store import conversations
from dure.channels.store import responses as response_store
from dure.feed.api import append
from dure.governance.api import Principal, Role, Workspace, access
from dure.kernel.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Offer:
    """A channel that another workspace offers to share."""

    channel: str
    name: str
    purpose: str
    from_workspace: str
    from_org: str
    invited_by: str
    at: datetime


class Sharing(Desk):
    async def offer(self, principal: Principal, channel: str, workspace: str) -> Conversation:
        """Offers a channel to another workspace (its id or its domain); nothing is shown there until it accepts."""
        access(principal, "channels:write")
        _no_guest(principal)
        target = await self._workspace(workspace)
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel, lock=True)
            if found.kind != "channel":
                raise WrongKind(field="channel")
            if not found.side.home:
                raise NotOwner(field="channel")
            if not found.is_member and principal.kind == "user":
                raise NotInChannel(field="channel")
            if found.side.archived:
                raise IsArchived(field="channel")
            if any(s.workspace == target.id and s.state in ("invited", "connected") for s in found.shares):
                raise AlreadyConnected(field="workspace")
            author = await self.author(tx, principal)
            share = Share(channel, target.id, target.org, False, "", found.private, False, "invited", author.user)
            await conversations.add_share(tx, share, self._clock.now())
            properties = {"to_workspace": target.id, "to_org": target.org, "from_workspace": found.home.workspace}
            await self.tell(tx, principal, found, events.SHARE_OFFERED, properties)
            guest = replace(share, name=found.name)
            await append(tx, channel_event(principal, self._clock, found, guest, events.SHARE_OFFERED, properties))
            return await self.see(tx, principal, channel)

    async def offers(self, principal: Principal) -> list[Offer]:
        """Channels offered to the caller's workspace that nobody there has answered."""
        access(principal, "channels:read")
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            rows = await conversations.invitations(tx, principal.tenant.workspace)
        return [
            Offer(r["channel"], r["name"], r["purpose"], r["from_workspace"], r["from_org"], r["invited_by"],
                  r["changed_at"])
            for r in rows
        ]  # fmt: skip

    async def accept(
        self, principal: Principal, channel: str, name: str = "", *, private: bool | None = None
    ) -> Conversation:
        """Takes an offer, under a name of one's own where given; the caller is in it from then on."""
        access(principal, "channels:write")
        _no_guest(principal)
        tenant, now = principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            await conversations.lock_names(tx, tenant.workspace)
            share = await conversations.invited(tx, tenant.workspace, channel)
            if share is None:
                raise InviteNotFound(field="channel")
            offered = {row["channel"]: row for row in await conversations.invitations(tx, tenant.workspace)}
            name = channel_name(name or offered[channel]["name"])
            keep = share.private if private is None else private
            joined = replace(share, name=name, private=keep, state="connected")
            if not await conversations.add_share(tx, joined, now):
                raise NameTaken(field="name")
            author = await self.author(tx, principal)
            await conversations.lock(tx, channel)
            await conversations.add_members(tx, channel, [(author.user, tenant.workspace)], now, 0)
            found = await self.see(tx, principal, channel)
            if found.home.org != tenant.org and found.response_minutes is None:
                await conversations.set_response_minutes(tx, found.home.workspace, channel, RESPONSE_MINUTES)
            await self.note(tx, principal, found, author.user, "channel_join")

            def of_side(side: Share) -> dict[str, Any]:
                other = found.home if side.workspace == tenant.workspace else joined
                return {"with_workspace": other.workspace, "with_org": other.org}

            await self.tell(tx, principal, found, events.SHARED, {}, of_side=of_side)
            return await self.see(tx, principal, channel)

    async def decline(self, principal: Principal, channel: str) -> None:
        """Turns an offer down."""
        access(principal, "channels:write")
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            share = await conversations.invited(tx, principal.tenant.workspace, channel)
            if share is None:
                raise InviteNotFound(field="channel")
            await conversations.add_share(tx, replace(share, state="declined"), self._clock.now())
            found = await conversations.find_home(tx, channel)
            properties = {"to_workspace": share.workspace, "to_org": share.org}
            for side in (found.home, replace(share, name=found.home.name)):
                await append(tx, channel_event(principal, self._clock, found, side, events.SHARE_DECLINED, properties))

    async def disconnect(self, principal: Principal, channel: str, workspace: str = "") -> None:
        """Ends a share: the home side any other's, the other side its own. Its people leave with it."""
        access(principal, "channels:write")
        _no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel, lock=True)
            leaving = workspace or principal.tenant.workspace
            if not found.side.home and leaving != principal.tenant.workspace:
                raise NotOwner(field="channel")
            share = next((s for s in found.shares if s.workspace == leaving and not s.home), None)
            if share is None or share.state not in ("connected", "invited"):
                raise NotFound("The channel is not shared with this workspace.", field="workspace")
            if principal.role not in (Role.OWNER, Role.ADMIN) and not found.is_member:
                raise NotInChannel(field="channel")
            await self.tell(tx, principal, found, events.UNSHARED, {"workspace_left": leaving})
            await conversations.add_share(tx, replace(share, state="disconnected"), self._clock.now())
            await conversations.remove_members_of(tx, channel, leaving)
            if len(found.connected) <= 2:
                await response_store.cancel(tx, channel)

    async def workspaces_named(self) -> dict[str, Workspace]:
        """Every workspace by id, for the names of the other sides."""
        return {workspace.id: workspace for workspace in await self._governance.workspaces()}

    async def _workspace(self, named: str) -> Workspace:
        if not named:
            raise Invalid("`workspace` is the other side's id or domain.", field="workspace")
        for workspace in await self._governance.workspaces():
            if named in (workspace.id, workspace.domain):
                return workspace
        raise NotFound("There is no such workspace.", field="workspace")


def _no_guest(principal: Principal) -> None:
    if principal.role is Role.GUEST:
        raise RestrictedAction("A guest cannot share channels.")
