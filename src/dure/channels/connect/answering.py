"""Answering an invitation to share: accepted, approved by each side, declined; the second approval connects them.

At Dure's own door accepting is approving too; at Slack's door the sides approve by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.inviting import Inviting, approves, no_guest, team
from dure.channels.connect.model import Invite, may_accept, may_approve, may_decline
from dure.channels.connect.refusals import (
    ApprovalInactive,
    ChannelArchived,
    EmailDoesNotMatch,
    InvalidRecipientTeam,
    InviteFromSameOrg,
)
from dure.channels.model import Conversation, Share
from dure.channels.refusals import InviteNotFound, NameTaken, RestrictedAction
from dure.channels.rules import RESPONSE_MINUTES, channel_name, clean
from dure.channels.store import conversations
from dure.governance.api import Principal, Role, access
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Answering(Inviting):
    async def accept(
        self, principal: Principal, channel: str, name: str = "", *, private: bool | None = None
    ) -> Conversation:
        """Takes an offer, under a name of one's own where given; the caller is in it from then on."""
        async with self._state.begin(principal.tenant) as tx:
            invite = await self._open_to(tx, principal, channel)
            await self._accept(tx, principal, invite, name, private, approves=True)
            return await self.see(tx, principal, channel)

    async def accept_invite(
        self, principal: Principal, invite: str, name: str, *, channel: str = "", private: bool | None = None
    ) -> Invite:
        """Accepts an invitation by its id, or by its channel's. Who may approve approves for their side with it."""
        async with self._state.begin(principal.tenant) as tx:
            found = await (self._found(tx, invite) if invite else self._open_to(tx, principal, channel))
            return await self._accept(tx, principal, found, name, private, approves=approves(principal))

    async def approve_invite(self, principal: Principal, invite: str, target: str = "") -> Invite:
        """Approves an invitation that was accepted, for the caller's side; the second approval connects the sides.

        Raises AlreadyApproved, ApprovalInactive, RestrictedAction for who may not approve.
        """
        access(principal, "channels:write")
        if not approves(principal):
            raise RestrictedAction("Only an administrator can approve this.")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._found(tx, invite)
            home = self._side(principal, found)
            now = self._clock.now()
            may_approve(found, now, home=home)
            if home and target and target not in (found.accepted_workspace, found.accepted_org):
                raise ApprovalInactive(field="target_team")
            made = replace(found, home_approved_at=now) if home else replace(found, away_approved_at=now)
            made = replace(made, changed_at=now)
            await self._tell_invite(tx, principal, made, events.SHARE_APPROVED, {"by_workspace": team(principal)})
            return await self._settle(tx, principal, made)

    async def decline_invite(self, principal: Principal, invite: str) -> Invite:
        """Says no, from either side, until it is connected; the home side takes back what nobody accepted."""
        async with self._state.begin(principal.tenant) as tx:
            return await self._decline(tx, principal, await self._found(tx, invite))

    async def decline(self, principal: Principal, channel: str) -> None:
        """Turns an offer down."""
        async with self._state.begin(principal.tenant) as tx:
            await self._decline(tx, principal, await self._open_to(tx, principal, channel))

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _accept(
        self, tx: Tx, principal: Principal, invite: Invite, name: str, private: bool | None, *, approves: bool
    ) -> Invite:
        access(principal, "channels:write")
        no_guest(principal)
        await self._may_connect(tx, principal)
        tenant, now = principal.tenant, self._clock.now()
        if tenant.org == invite.org:
            raise InviteFromSameOrg(field="invite_id")
        if tenant.workspace not in invite.targets:
            raise InvalidRecipientTeam(field="invite_id")
        may_accept(invite, now)
        author = await self.author(tx, principal)
        if invite.to_email and principal.kind == "user":
            me = next(one for one in await self._governance.users_in(tx, tenant) if one.id == author.user)
            if me.email.lower() != invite.to_email.lower():
                raise EmailDoesNotMatch(field="invite_id")
        await conversations.lock_names(tx, tenant.workspace)
        home = await conversations.find_home(tx, invite.channel)
        name = channel_name(name or home.name)
        if name in await conversations.names_like(tx, tenant.workspace, name):
            raise NameTaken(field="name")
        made = replace(
            invite, state="accepted", accepted_workspace=tenant.workspace, accepted_org=tenant.org,
            accepted_by=author.user, accepted_at=now, name=name, private=home.private if private is None else private,
            away_approved_at=now if approves else None, changed_at=now,
        )  # fmt: skip
        agreed = made.agreed
        await self._tell_invite(tx, principal, made, events.SHARE_ACCEPTED, {"approval_required": not agreed})
        return await self._settle(tx, principal, made)

    async def _settle(self, tx: Tx, principal: Principal, invite: Invite) -> Invite:
        """Keeps an invitation, and connects its sides where both have approved."""
        if (await conversations.find_home(tx, invite.channel)).elsewhere and self.elsewhere is not None:
            return await self.elsewhere.accepted(tx, principal, invite)
        if not invite.agreed:
            await store.put(tx, invite)
            return invite
        made, now = replace(invite, state="connected"), self._clock.now()
        await store.put(tx, made)
        channel, workspace = made.channel, made.accepted_workspace
        await conversations.lock_names(tx, workspace)
        home = await conversations.find_home(tx, channel)
        if home.side.archived:
            raise ChannelArchived(field="invite_id")
        joined = Share(channel, workspace, made.accepted_org, False, made.name, made.private, False, "connected",
                       made.inviter, made.limited)  # fmt: skip
        if not await conversations.add_share(tx, joined, now):
            raise NameTaken(field="name")
        for share in home.shares:
            if share.workspace in made.targets and share.workspace != workspace and share.state == "invited":
                await conversations.add_share(tx, replace(share, state="declined"), now)
        await conversations.add_members(tx, channel, [(made.accepted_by, workspace)], now, 0)
        if home.response_minutes is None:
            await conversations.set_response_minutes(tx, made.workspace, channel, RESPONSE_MINUTES)
        found = await conversations.find_home(tx, channel)
        guest = Principal(Tenant(made.accepted_org, workspace), made.accepted_by, Role.MEMBER)
        await self.note(tx, guest, found, made.accepted_by, "channel_join")

        def of_side(side: Share) -> dict[str, Any]:
            other = found.home if side.workspace == workspace else joined
            return {"with_workspace": other.workspace, "with_org": other.org}

        # The side that has not heard of the channel before hears of its own person there, by `user:ID`.
        told = {"invite": made.id, "user": made.accepted_by}
        await self.tell(tx, principal, found, events.SHARED, told, of_side=of_side)
        return made

    async def _decline(self, tx: Tx, principal: Principal, invite: Invite) -> Invite:
        access(principal, "channels:write")
        no_guest(principal)
        home, now = self._side(principal, invite), self._clock.now()
        may_decline(invite, now)
        mine = team(principal)
        left = tuple(one for one in invite.targets if home or one != mine) if invite.state == "sent" else ()
        if home and invite.state == "sent":
            made = replace(invite, state="revoked", changed_at=now)
        elif left:  # others were asked too, and may still accept
            made = replace(invite, targets=left, changed_at=now)
        else:
            made = replace(invite, state="declined", changed_at=now)
        await store.put(tx, made)
        if (await conversations.find_home(tx, invite.channel)).elsewhere and self.elsewhere is not None:
            await self.elsewhere.declined(tx, principal, invite)
        await self._drop_shares(tx, invite, [mine] if left and not home else invite.targets)
        told = {"by_workspace": mine, "to_workspace": mine if not home else invite.targets[0]}
        await self._tell_invite(tx, principal, invite, events.SHARE_DECLINED, told)
        return made

    async def _found(self, tx: Tx, invite: str) -> Invite:
        return await self._locked(tx, await store.find(tx, str(clean(invite))), "invite_id")

    async def _open_to(self, tx: Tx, principal: Principal, channel: str) -> Invite:
        return await self._locked(tx, await store.open_to(tx, str(clean(channel)), team(principal)), "channel")

    async def _locked(self, tx: Tx, seen: Invite | None, field: str) -> Invite:
        """The invitation as it is once everybody who was at its channel before has finished."""
        if seen is not None:
            await conversations.lock(tx, seen.workspace, seen.channel)
            found = await store.find(tx, seen.id)
            if found is not None:
                return found
        raise InviteNotFound(field=field)

    def _side(self, principal: Principal, invite: Invite) -> bool:
        """Whether the caller is of the home side; InviteNotFound for who is of neither."""
        mine = team(principal)
        if mine == invite.workspace:
            return True
        if mine not in invite.targets or invite.accepted_workspace not in ("", mine):
            raise InviteNotFound(field="invite_id")
        return False
