"""Answering an invitation to share: accepted, approved by each side, declined; the second approval connects them.

Who may approve for their side does it by accepting; and where a side's rules want no approval, nobody need.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dure.channels import events
from dure.channels.connect import copies, store
from dure.channels.connect.inviting import approves, no_guest, team
from dure.channels.connect.machine import step
from dure.channels.connect.model import Invite
from dure.channels.connect.refusals import (
    ApprovalInactive,
    ChannelArchived,
    EmailDoesNotMatch,
    InvalidRecipientTeam,
    InviteFromSameOrg,
    PendingConnected,
    UserIsRestricted,
)
from dure.channels.connect.requesting import Requesting
from dure.channels.model import Conversation, Share
from dure.channels.refusals import AlreadyConnected, InviteNotFound, NameTaken, RestrictedAction
from dure.channels.responding.rules import RESPONSE_MINUTES
from dure.channels.rules import channel_name, clean
from dure.channels.search.index import index
from dure.channels.store import conversations
from dure.governance.api import Principal, Role, access
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Answering(Requesting):
    async def accept(
        self, principal: Principal, channel: str, name: str = "", *, private: bool | None = None
    ) -> Conversation | None:
        """Takes an offer, under a name of one's own where given; the caller is in it from then on.

        None where it waits for an administrator now, of either side.
        """
        async with self._state.begin(principal.tenant) as tx:
            invite = await self._open_to(tx, principal, channel)
            made = await self._accept(tx, principal, invite, name, private)
            return await self.see(tx, principal, channel) if made.state == "connected" else None

    async def accept_invite(
        self, principal: Principal, invite: str, name: str, *, channel: str = "", private: bool | None = None
    ) -> Invite:
        """Accepts an invitation by its id, or by its channel's."""
        async with self._state.begin(principal.tenant) as tx:
            found = await (self._found(tx, invite) if invite else self._open_to(tx, principal, channel))
            return await self._accept(tx, principal, found, name, private)

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
            step(await self._standing(tx, found), "approve_home" if home else "approve_away", field="invite_id")
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
        self, tx: Tx, principal: Principal, invite: Invite, name: str, private: bool | None, *,
        approving: bool | None = None,
    ) -> Invite:  # fmt: skip
        """Their side approves with it if its rules say so, or as `approving` says where that was decided elsewhere."""
        access(principal, "channels:write")
        if principal.role is Role.GUEST:
            raise UserIsRestricted
        await self._may_connect(tx, principal)
        tenant, now = principal.tenant, self._clock.now()
        if tenant.org == invite.org:
            raise InviteFromSameOrg(field="invite_id")
        if invite.state in ("requested", "denied"):
            raise InviteNotFound(field="invite_id")
        if tenant.workspace not in invite.targets:
            raise InvalidRecipientTeam(field="invite_id")
        if approving is None:
            freely = await self._governance.policies.value_in(tx, tenant, "connect.approval_in") == "none"
            approving = freely or approves(principal)
        step(await self._standing(tx, invite), "accept_approving" if approving else "accept", field="invite_id")
        author = await self.author(tx, principal)
        if invite.to_email and principal.kind == "user":
            me = next(one for one in await self._governance.users_in(tx, tenant) if one.id == author.user)
            if me.email.lower() != invite.to_email.lower():
                raise EmailDoesNotMatch(field="invite_id")
        await conversations.lock_names(tx, tenant.workspace)
        home = await conversations.find_home(tx, invite.channel)
        await self._one_of_an_organisation(tx, tenant, home)
        await self.fits_more(tx, home)
        kept = await copies.copy_of(tx, tenant.workspace, invite.channel)
        name = channel_name(name or (kept[1] if kept else home.name))
        taken = await conversations.names_like(tx, tenant.workspace, name)
        if name in taken and (kept is None or kept[1] != name):
            raise NameTaken(field="name")
        made = replace(
            invite, state="accepted", accepted_workspace=tenant.workspace, accepted_org=tenant.org,
            accepted_by=author.user, accepted_at=now, name=name, private=home.private if private is None else private,
            away_approved_at=now if approving else None, changed_at=now,
        )  # fmt: skip
        agreed = made.agreed
        await self._tell_invite(tx, principal, made, events.SHARE_ACCEPTED, {"approval_required": not agreed})
        return await self._settle(tx, principal, made)

    async def _one_of_an_organisation(self, tx: Tx, tenant: Tenant, home: Conversation) -> None:
        """An organisation is in a channel by one of its workspaces, and asks to be by one at a time."""
        if any(one.org == tenant.org and one.workspace != tenant.workspace for one in home.connected):
            raise AlreadyConnected(field="invite_id")
        if any(one.accepted_org == tenant.org for one in await store.open_of(tx, home.id)):
            raise PendingConnected(field="invite_id")

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
        kept = await copies.copy_of(tx, workspace, channel)
        seated = await copies.seat_again(tx, kept[0], channel, workspace, now) if kept else []
        if kept:
            await self.keeping.hold_all(tx, kept[0], but_in=channel)
            await copies.drop(tx, workspace, kept[0])
        again = await store.was_connected(tx, channel, workspace)
        if not await conversations.add_share(tx, joined, now):
            raise NameTaken(field="name")
        await index(tx, await copies.carrying(tx, channel, workspace))
        for share in home.shares:
            if share.workspace in made.targets and share.workspace != workspace and share.state == "invited":
                await conversations.add_share(tx, replace(share, state="declined"), now)
        await conversations.add_members(tx, channel, [(made.accepted_by, workspace)], now, 0)
        if home.response_minutes is None:
            await conversations.set_response_minutes(tx, home.home.workspace, channel, RESPONSE_MINUTES)
        found = await conversations.find_home(tx, channel)
        guest = Principal(Tenant(made.accepted_org, workspace), made.accepted_by, Role.MEMBER)
        await self.note(tx, guest, found, made.accepted_by, "channel_join")

        def of_side(side: Share) -> dict[str, Any]:
            own = side.workspace == workspace
            other = found.home if own else joined
            was = {"was": kept[0]} if kept and own else {}
            return {"with_workspace": other.workspace, "with_org": other.org, **was}

        # The side that has not heard of the channel before hears of its own person there, by `user:ID`.
        told = {"invite": made.id, "user": made.accepted_by, "again": again, "seated": len(seated)}
        await self.tell(tx, principal, found, events.SHARED, told, of_side=of_side)
        return made

    async def _decline(self, tx: Tx, principal: Principal, invite: Invite) -> Invite:
        access(principal, "channels:write")
        no_guest(principal)
        home, now = self._side(principal, invite), self._clock.now()
        step(await self._standing(tx, invite), "take_back" if home else "decline", field="invite_id")
        mine = team(principal)
        if invite.state == "requested":
            if not approves(principal) and invite.inviter != (await self.author(tx, principal)).user:
                raise RestrictedAction("Only an administrator can answer this.")
            return await self._deny(tx, principal, invite)
        left = tuple(one for one in invite.targets if home or one != mine) if invite.state == "sent" else ()
        name = events.SHARE_DECLINED
        if home and invite.state == "sent":
            made, name = replace(invite, state="revoked", changed_at=now), events.SHARE_REVOKED
        elif left:  # others were asked too, and may still accept
            made = replace(invite, targets=left, changed_at=now)
        else:
            made = replace(invite, state="declined", changed_at=now)
        await store.put(tx, made)
        if (await conversations.find_home(tx, invite.channel)).elsewhere and self.elsewhere is not None:
            await self.elsewhere.declined(tx, principal, invite)
        await self._drop_shares(tx, invite, [mine] if left and not home else invite.targets)
        told = {"by_workspace": mine, "to_workspace": mine if not home else next(iter(invite.targets), "")}
        await self._tell_invite(tx, principal, invite, name, told)
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
        unheard = invite.state in ("requested", "denied")
        if unheard or mine not in invite.targets or invite.accepted_workspace not in ("", mine):
            raise InviteNotFound(field="invite_id")
        return False
