"""Inviting another organisation to share a channel. At Dure's own door an offer is the home side's approval too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.machine import Act, step
from dure.channels.connect.model import FAR, MOST_SIDES, OPEN, VALID_FOR, Invite, standing, standing_of
from dure.channels.connect.refusals import ChannelArchived, ConnectionLimit, PendingInvite, WrongShareKind
from dure.channels.connect.shapes import Names, names_for
from dure.channels.desk import Desk
from dure.channels.events import channel_event
from dure.channels.model import Conversation, Share
from dure.channels.refusals import (
    AlreadyInChannel,
    MemberLimit,
    NotInChannel,
    NotOwner,
    RestrictedAction,
    UserNotFound,
)
from dure.channels.rules import may_read
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Principal, Role, User, Workspace, access, allowed
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


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
    async def offer(
        self, principal: Principal, channel: str, workspace: str = "", *, email: str = "", limited: bool = False
    ) -> Conversation:
        """Offers a channel to another workspace (its id or its domain), or to where an e-mail is known, by letter where
        it is known nowhere; nothing is shown there until it accepts."""
        if email:
            targets = await self._of_email(principal, email, "email")
        else:
            targets = [await self._workspace(workspace)]
        async with self._state.begin(principal.tenant) as tx:
            await self._invite(tx, principal, channel, targets, email=email, approved=True, limited=limited)
            return await self.see(tx, principal, channel)

    async def invite_shared(
        self, principal: Principal, channel: str, *, user: str = "", email: str = "", limited: bool = True
    ) -> Invite:
        """Invites one person of another organisation on this server, by id or e-mail, and with them their workspace.

        An e-mail that is known in several workspaces invites each of them; the first to accept has it. Raises
        UserNotFound for an id that is not known here, and what `offer` raises.
        """
        if user:
            targets = [space for space, _ in await self._known(user, "") if space.org != principal.tenant.org]
            if not targets:
                raise UserNotFound(field="user_ids")
        else:
            targets = await self._of_email(principal, email, "emails")
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

    async def shown_to(self, principal: Principal, invites: Sequence[Invite]) -> list[Invite]:
        """Those of the caller's side that they may see: of a private channel who is in it, and who may approve."""
        if approves(principal):
            return list(invites)
        async with self._state.begin(principal.tenant) as tx:
            me = (await self.author(tx, principal)).user
            own = {one.channel for one in invites if one.workspace == team(principal)}
            found = {channel: await conversations.find(tx, team(principal), me, channel) for channel in own}
        hidden = {channel for channel, one in found.items() if one is None or not may_read(principal, one)}
        return [one for one in invites if one.channel not in hidden]

    async def invite_names(self, invites: Sequence[Invite]) -> Names:
        """What is needed to show invitations that the caller was given."""
        async with self._state.begin_system() as tx:
            return await names_for(tx, self._governance, invites)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _invite(
        self, tx: Tx, principal: Principal, channel: str, targets: Sequence[Workspace], *, user: str = "",
        email: str = "", limited: bool, approved: bool = False,
    ) -> Invite:  # fmt: skip
        """`approved`: at this door whoever may approve for their side does it by inviting."""
        access(principal, "channels:write")
        no_guest(principal)
        await self._may_connect(tx, principal)
        found = await self.see(tx, principal, channel, lock=True)
        if found.kind != "channel":
            raise WrongShareKind(field="channel")
        if found.reach:
            raise WrongShareKind("A channel of several workspaces is not shared outside.", field="channel")
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
            raise Invalid(
                "A channel is shared with another organisation's workspace.", field="workspace",
                data={"ko": "우리 조직의 워크스페이스입니다. 다른 조직의 것을 적어 주세요."},
            )  # fmt: skip
        found = await self._without_expired(tx, found)
        act = await self._way(tx, principal, approved)
        open_ones, now = await store.open_of(tx, channel), self._clock.now()
        if not targets and any(
            one.at(now) in OPEN and one.to_email.casefold() == email.casefold() for one in open_ones
        ):
            raise PendingInvite(field="email")
        await self.fits_more(tx, found)
        if user and any(share.workspace == one.id for share in found.connected for one in targets):
            members = await conversations.members(tx, channel, limit=100_000)
            if any(one.user == user for one in members):
                raise AlreadyInChannel(field="user_ids")
        for target in targets:
            step(standing_of(found, target.id, open_ones, now)[0], act, field="workspace")
        asked = len({one.id for one in targets}) or 1
        waiting = sum(one.at(now) in OPEN and not one.targets for one in open_ones)
        if sum(share.state in ("connected", "invited") for share in found.shares) + waiting + asked > MOST_SIDES:
            raise ConnectionLimit(field="channel")
        author = await self.author(tx, principal)
        invite = Invite(
            slack_id("I"), channel, found.home.workspace, found.home.org, author.user, user, email,
            tuple(one.id for one in targets), limited, "requested" if act == "request" else "sent", now, now,
            now + VALID_FOR, home_approved_at=now if act == "offer" else None,
        )  # fmt: skip
        await store.put(tx, invite)
        if act == "request":
            await self._tell_invite(tx, principal, invite, events.SHARE_REQUESTED, {"limited": limited}, inside=True)
        else:
            await self._send(tx, principal, found, invite)
        return invite

    async def _way(self, tx: Tx, principal: Principal, approved: bool) -> Act:
        """Whether somebody's inviting asks for leave, invites, or invites with their side's approval."""
        rules = await self._governance.policies.all_in(tx, principal.tenant)
        if rules["connect.gate"].holds == "admins" and not approves(principal):
            return "request"
        freely = rules["connect.approval_out"].holds == "none"
        return "offer" if freely or (approved and approves(principal)) else "invite"

    async def _send(self, tx: Tx, principal: Principal, found: Conversation, invite: Invite) -> None:
        """The other sides hear of an invitation."""
        spaces, now = {one.id: one for one in await self._governance.workspaces(elsewhere=True)}, self._clock.now()
        for target in invite.targets:
            share = Share(invite.channel, target, spaces[target].org, False, "", found.home.private, False, "invited",
                          invite.inviter)  # fmt: skip
            await conversations.add_share(tx, share, now)
        await self._tell_invite(tx, principal, invite, events.SHARE_OFFERED, {})

    async def _reach(self, tx: Tx, principal: Principal, target: Workspace) -> None:
        if self.elsewhere is None:
            raise NotFound("There is no such workspace.", field="workspace")
        await self.elsewhere.reach(tx, principal, target)

    async def _may_connect(self, tx: Tx, principal: Principal) -> None:
        if not await self._governance.policies.lets(tx, principal, "channels.connect"):
            raise RestrictedAction("The rules of this workspace do not let you share channels with others.")

    async def fits_more(self, tx: Tx, found: Conversation) -> None:
        """Raises MemberLimit where a channel holds as many people as it may: nobody else can be invited."""
        limit = found.prefs.limit if found.prefs is not None else None
        if limit is not None and len(await conversations.members(tx, found.id, limit=limit + 1)) >= limit:
            raise MemberLimit(f"The channel holds at most {limit} people.", field="channel")

    async def _without_expired(self, tx: Tx, found: Conversation) -> Conversation:
        """Closes the channel's invitations whose time is over, so that they stand in nobody's way."""
        now = self._clock.now()
        over = [one for one in await store.open_of(tx, found.id) if one.at(now) == "expired"]
        for invite in over:
            await self._expire(tx, invite)
        seen = await conversations.find(tx, found.side.workspace, "", found.id) if over else None
        return replace(found, shares=seen.shares) if seen else found

    async def _expire(self, tx: Tx, invite: Invite) -> None:
        """Whoever comes to it first tells it; the channel is locked."""
        step(standing(replace(invite, expires_at=FAR), self._clock.now()), "expire", field="invite_id")
        await store.put(tx, replace(invite, state="expired", changed_at=self._clock.now()))
        system = self._governance.system(Tenant(invite.org, invite.workspace), "sharing")
        inside = invite.state == "requested"
        await self._tell_invite(tx, system, invite, events.SHARE_EXPIRED, {"requested": inside}, inside=inside)
        await self._drop_shares(tx, invite, invite.targets)

    async def _drop_shares(self, tx: Tx, invite: Invite, workspaces: Sequence[str]) -> None:
        home = await conversations.find_home(tx, invite.channel)
        for share in home.shares:
            if share.workspace in workspaces and share.state == "invited":
                await conversations.add_share(tx, replace(share, state="declined"), self._clock.now())

    async def _tell_invite(
        self, tx: Tx, principal: Principal, invite: Invite, name: str, more: Mapping[str, Any], *, inside: bool = False
    ) -> None:
        """Tells the home side and (not `inside`) those who were asked; these have no name for the channel yet, and no
        topic of it."""
        found = await conversations.find_home(tx, invite.channel)
        to = invite.accepted_workspace or next(iter(invite.targets), "")  # of a link that nobody has opened, nobody
        told = {"invite": invite.id, "to_workspace": to, "from_workspace": invite.workspace, **more}
        asked = [s for s in found.shares if s.workspace in invite.targets and not s.home and not inside]
        for side in (found.home, *(replace(one, name=found.home.name) for one in asked)):
            await append(tx, channel_event(principal, self._clock, found, side, name, {**told, "to_org": side.org}))

    async def _of_email(self, principal: Principal, email: str, field: str) -> list[Workspace]:
        """Where people of other organisations have this address; nowhere is a letter. Who has it in one's own alone is
        nobody to share with."""
        if not _EMAIL.fullmatch(email) or len(email) > 254:
            raise Invalid(f"{email!r} is not an e-mail address.", field=field)
        found = await self._known("", email)
        targets = [space for space, _ in found if space.org != principal.tenant.org]
        if found and not targets:
            raise UserNotFound("They are of your own organisation: bring them into the channel.", field=field)
        return targets

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
        raise NotFound(
            "There is no such workspace.", field="workspace",
            data={"ko": "이 서버에 그런 워크스페이스가 없습니다."},
        )  # fmt: skip


def team(principal: Principal) -> str:
    return principal.tenant.workspace


def administers(principal: Principal) -> bool:
    return principal.role in (Role.OWNER, Role.ADMIN)


def approves(principal: Principal) -> bool:
    """Who may approve for their side: administrators, and apps, which were given the scope by one."""
    return allowed(principal, "connect:approve") or principal.kind in ("bot", "system")


def no_guest(principal: Principal) -> None:
    if principal.role is Role.GUEST:
        raise RestrictedAction("A guest cannot share channels.")
