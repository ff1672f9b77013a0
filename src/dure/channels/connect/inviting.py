"""Inviting another organisation to share a channel. At Dure's own door an offer is the home side's approval too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.model import MOST_SIDES, VALID_FOR, Invite
from dure.channels.connect.refusals import ChannelArchived, ConnectionLimit, PendingInvite, WrongShareKind
from dure.channels.connect.shapes import Names, names_for
from dure.channels.desk import Desk
from dure.channels.events import channel_event
from dure.channels.model import Conversation, Share
from dure.channels.refusals import (
    AlreadyConnected,
    AlreadyInChannel,
    NotInChannel,
    NotOwner,
    RestrictedAction,
    UserNotFound,
)
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Principal, Role, User, Workspace, access
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import slack_id
from dure.state import Tx


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


class Inviting(Desk):
    async def offer(self, principal: Principal, channel: str, workspace: str) -> Conversation:
        """Offers a channel to another workspace (its id or its domain); nothing is shown there until it accepts."""
        target = await self._workspace(workspace)
        async with self._state.begin(principal.tenant) as tx:
            await self._invite(tx, principal, channel, [target], approved=True, limited=False)
            return await self.see(tx, principal, channel)

    async def invite_shared(
        self, principal: Principal, channel: str, *, user: str = "", email: str = "", limited: bool = True
    ) -> Invite:
        """Invites one person of another organisation on this server, by id or e-mail, and with them their workspace.

        An e-mail that is known in several workspaces invites each of them; the first to accept has it. Raises
        UserNotFound for who is not known here, and what `offer` raises.
        """
        found = await self._known(user, email)
        targets = [space for space, _ in found if space.org != principal.tenant.org]
        if not targets:
            raise UserNotFound(field="user_ids" if user else "emails")
        async with self._state.begin(principal.tenant) as tx:
            return await self._invite(tx, principal, channel, targets, user=user, email=email, limited=limited)

    async def offers(self, principal: Principal) -> list[Offer]:
        """Channels offered to the caller's workspace that nobody there has answered."""
        access(principal, "channels:read")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.offered(tx, team(principal), self._clock.now())
            homes = {one.channel: await conversations.find_home(tx, one.channel) for one in found}
        return [
            Offer(one.channel, homes[one.channel].home.name, homes[one.channel].purpose, one.workspace, one.org,
                  one.inviter, one.created_at)
            for one in found
        ]  # fmt: skip

    async def invites(self, principal: Principal, after: str = "", limit: int = 100) -> list[Invite]:
        """What the caller's workspace sent or got and is not connected, by id."""
        access(principal, "channels:read")
        no_guest(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.listed(tx, team(principal), after, limit)
        now = self._clock.now()
        return [replace(one, state=one.at(now)) for one in found]

    async def invite_names(self, invites: Sequence[Invite]) -> Names:
        """What is needed to show invitations that the caller was given."""
        async with self._state.begin_system() as tx:
            return await names_for(tx, self._governance, invites)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _invite(
        self, tx: Tx, principal: Principal, channel: str, targets: Sequence[Workspace], *, user: str = "",
        email: str = "", limited: bool, approved: bool = False,
    ) -> Invite:  # fmt: skip
        access(principal, "channels:write")
        no_guest(principal)
        await self._may_connect(tx, principal)
        found = await self.see(tx, principal, channel, lock=True)
        if found.kind != "channel":
            raise WrongShareKind(field="channel")
        if not found.side.home:
            raise NotOwner(field="channel")
        if not found.is_member and principal.kind != "system":
            raise NotInChannel(field="channel")
        for target in targets:
            if target.server:
                await self._reach(tx, principal, target)
        if found.side.archived:
            raise ChannelArchived(field="channel")
        if any(one.org == found.home.org for one in targets):
            raise Invalid("A channel is shared with another organisation's workspace.", field="workspace")
        found = await self._without_expired(tx, principal, found)
        asked = {one.id for one in targets}
        for share in found.shares:
            if share.workspace in asked and share.state == "connected":
                members = await conversations.members(tx, channel, limit=100_000) if user else []
                if any(one.user == user for one in members):
                    raise AlreadyInChannel(field="user_ids")
                raise AlreadyConnected(field="workspace")
            if share.workspace in asked and share.state == "invited":
                raise PendingInvite(field="workspace")
        if sum(share.state in ("connected", "invited") for share in found.shares) + len(asked) > MOST_SIDES:
            raise ConnectionLimit(field="channel")
        author, now = await self.author(tx, principal), self._clock.now()
        invite = Invite(
            slack_id("I"), channel, found.home.workspace, found.home.org, author.user, user, email,
            tuple(one.id for one in targets), limited, "sent", now, now, now + VALID_FOR,
            home_approved_at=now if approved else None,
        )  # fmt: skip
        await store.put(tx, invite)
        for target in targets:
            share = Share(channel, target.id, target.org, False, "", found.private, False, "invited", author.user)
            await conversations.add_share(tx, share, now)
        await self._tell_invite(tx, principal, invite, events.SHARE_OFFERED, {})
        return invite

    async def _reach(self, tx: Tx, principal: Principal, target: Workspace) -> None:
        if self.elsewhere is None:
            raise NotFound("There is no such workspace.", field="workspace")
        await self.elsewhere.reach(tx, principal, target)

    async def _may_connect(self, tx: Tx, principal: Principal) -> None:
        if not await self._governance.policies.lets(tx, principal, "channels.connect"):
            raise RestrictedAction("The rules of this workspace do not let you share channels with others.")

    async def _without_expired(self, tx: Tx, principal: Principal, found: Conversation) -> Conversation:
        """Closes the channel's invitations whose time is over, so that they stand in nobody's way."""
        now = self._clock.now()
        over = [one for one in await store.open_of(tx, found.id) if one.at(now) == "expired"]
        for invite in over:
            await store.put(tx, replace(invite, state="expired", changed_at=now))
            await self._drop_shares(tx, invite, invite.targets)
        return await self.see(tx, principal, found.id) if over else found

    async def _drop_shares(self, tx: Tx, invite: Invite, workspaces: Sequence[str]) -> None:
        home = await conversations.find_home(tx, invite.channel)
        for share in home.shares:
            if share.workspace in workspaces and share.state == "invited":
                await conversations.add_share(tx, replace(share, state="declined"), self._clock.now())

    async def _tell_invite(
        self, tx: Tx, principal: Principal, invite: Invite, name: str, more: Mapping[str, Any]
    ) -> None:
        """Tells the home side and those who were asked; these have no name for the channel yet, and no topic of it."""
        found = await conversations.find_home(tx, invite.channel)
        to = invite.accepted_workspace or invite.targets[0]
        told = {"invite": invite.id, "to_workspace": to, "from_workspace": invite.workspace, **more}
        asked = [s for s in found.shares if s.workspace in invite.targets and not s.home]
        for side in (found.home, *(replace(one, name=found.home.name) for one in asked)):
            await append(tx, channel_event(principal, self._clock, found, side, name, {**told, "to_org": side.org}))

    async def _known(self, user: str, email: str) -> list[tuple[Workspace, User]]:
        """The people of this server who are meant, with their workspaces."""
        found = []
        async with self._state.begin_system() as tx:
            for space in await self._governance.workspaces(elsewhere=bool(user)):
                for one in await self._governance.users_in(tx, space.tenant):
                    meant = one.id == user if user else bool(email) and one.email.lower() == email.lower()
                    if meant and not one.deleted:
                        found.append((space, one))
        return found

    async def _workspace(self, named: str) -> Workspace:
        if not named:
            raise Invalid("`workspace` is the other side's id or domain.", field="workspace")
        for workspace in await self._governance.workspaces(elsewhere=True):
            if named in (workspace.id, workspace.domain):
                return workspace
        raise NotFound("There is no such workspace.", field="workspace")


def team(principal: Principal) -> str:
    return principal.tenant.workspace


def administers(principal: Principal) -> bool:
    return principal.role in (Role.OWNER, Role.ADMIN)


def approves(principal: Principal) -> bool:
    """Who may approve for their side: administrators, and apps, which were given the scope by one."""
    return administers(principal) or principal.kind in ("bot", "system")


def no_guest(principal: Principal) -> None:
    if principal.role is Role.GUEST:
        raise RestrictedAction("A guest cannot share channels.")
