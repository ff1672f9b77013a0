"""Inviting by an e-mail that nobody of another organisation here has: by a letter with a link.

Whoever holds the link and has an account of that address, by then or later, brings it to their workspace; from there it
is an invitation like every other. The link is the proof that the letter was read: an account's address alone is none,
since an administrator gives it any. It is made from the invitation and the server's key, and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dure.channels import events
from dure.channels.connect import store
from dure.channels.connect.answering import Answering
from dure.channels.connect.inviting import team
from dure.channels.connect.machine import step
from dure.channels.connect.model import Invite, standing_of
from dure.channels.connect.refusals import (
    ChannelArchived,
    EmailDoesNotMatch,
    InviteFromSameOrg,
    InviteOver,
    InviteUsed,
    UserIsRestricted,
)
from dure.channels.events import channel_event
from dure.channels.model import Conversation, Share
from dure.channels.refusals import InviteNotFound
from dure.channels.rules import clean
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.errors import DureError
from dure.state import Tx

_DAYS = 14


@dataclass(frozen=True, slots=True)
class Lettered:
    """What the link's page tells who is signed in. `why` is what keeps them from taking it, "" for nothing; `taken` is
    whether it lies with their workspace already."""

    invite: str
    channel: str
    name: str
    workspace: str
    org: str
    inviter: str
    email: str
    limited: bool
    expires_at: datetime
    taken: bool
    why: str


class ByLetter(Answering):
    async def invite_shared(
        self, principal: Principal, channel: str, *, user: str = "", email: str = "", limited: bool = True
    ) -> Invite:
        made = await super().invite_shared(principal, channel, user=user, email=email, limited=limited)
        await self._send_letter(made)
        return made

    async def offer(
        self, principal: Principal, channel: str, workspace: str = "", *, email: str = "", limited: bool = False
    ) -> Conversation:
        found = await super().offer(principal, channel, workspace, email=email, limited=limited)
        for one in await self.lettered(principal, channel) if email else ():
            if one.to_email.casefold() == email.casefold():
                await self._send_letter(one)
        return found

    async def allow_request(self, principal: Principal, invite: str, *, limited: bool | None = None) -> Invite:
        made = await super().allow_request(principal, invite, limited=limited)
        await self._send_letter(made)
        return made

    async def lettered(self, principal: Principal, channel: str) -> list[Invite]:
        """A channel's open invitations that went out by letter and that nobody has brought anywhere."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.open_of(tx, str(clean(channel)))
        return [one for one in found if one.workspace == team(principal) and by_letter(one) and one.state == "sent"]

    def link_of(self, invite: Invite) -> str:
        """Where a letter leads; "" for what goes by none. For whoever invites: the letter may be lost."""
        if not by_letter(invite) or invite.state != "sent":
            return ""
        return f"{self._governance.signin.site.url}/channels/invitation/{self._secret(invite)}"

    async def look_at(self, principal: Principal, secret: str) -> Lettered:
        """What a link is about. Raises InviteNotFound for one that is none."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._by_link(tx, secret)
            home, why = await conversations.find_home(tx, found.channel), ""
            try:
                await self._may_take(tx, principal, found)
            except DureError as refusal:
                why = refusal.code
            space = await self._governance.workspace_in(tx, found.workspace)
            people = {user.id: user for user in await self._governance.users_in(tx, space.tenant)}
        by = people.get(found.inviter)
        return Lettered(
            found.id, found.channel, home.home.name, space.name, space.org_name, by.display or by.name if by else "",
            found.to_email, found.limited, found.expires_at, team(principal) in found.targets, why,
        )  # fmt: skip

    async def take(self, principal: Principal, secret: str) -> Invite:
        """Brings an invitation to the caller's workspace: it is offered there from then on, to be accepted or declined.

        Raises InviteNotFound, UserIsRestricted, InviteFromSameOrg, EmailDoesNotMatch, InviteUsed, InviteOver.
        """
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._locked(tx, await self._by_link(tx, secret), "secret")
            await self._may_take(tx, principal, found)
            mine, now = team(principal), self._clock.now()
            if mine in found.targets:
                return found
            home = await conversations.find_home(tx, found.channel)
            others = [one for one in await store.open_of(tx, found.channel) if one.id != found.id]
            agreed = found.home_approved_at is not None
            step(standing_of(home, mine, others, now)[0], "offer" if agreed else "invite", field="secret")
            made = replace(found, targets=(mine,), changed_at=now)
            await store.put(tx, made)
            share = Share(
                found.channel, mine, principal.tenant.org, False, "", home.home.private, False, "invited", found.inviter
            )  # fmt: skip
            await conversations.add_share(tx, share, now)
            told = {"invite": made.id, "to_workspace": mine, "from_workspace": made.workspace, "to_org": share.org}
            side = replace(share, name=home.home.name)
            await append(tx, channel_event(principal, self._clock, home, side, events.SHARE_OFFERED, told))
            return made

    # -- within ------------------------------------------------------------------------------------------------------

    async def _send_letter(self, invite: Invite) -> None:
        """After the act, and outside it: a letter that is lost takes nothing back."""
        link = self.link_of(invite)
        if not link:
            return
        async with self._state.begin_system() as tx:
            home = await conversations.find_home(tx, invite.channel)
            space = await self._governance.workspace_in(tx, invite.workspace)
            people = {user.id: user for user in await self._governance.users_in(tx, space.tenant)}
        by = people.get(invite.inviter)
        await self._governance.signin.write(
            "share", invite.to_email, space.language, link, key=invite.id, who=by.display or by.name if by else "",
            org=space.org_name, channel=home.home.name, email=invite.to_email, days=str(_DAYS),
        )  # fmt: skip

    def _secret(self, invite: Invite) -> str:
        return f"{invite.id}.{self._governance.signin.mark(f'shared channel {invite.id}')}"

    async def _by_link(self, tx: Tx, secret: str) -> Invite:
        found = await store.find(tx, str(clean(secret)).partition(".")[0])
        known = found is not None and found.to_email and self._governance.signin.is_mark(
            f"shared channel {found.id}", secret.partition(".")[2]
        )  # fmt: skip
        if found is None or not known or found.state in ("requested", "denied"):
            raise InviteNotFound("This link leads nowhere.", field="secret")
        return found

    async def _may_take(self, tx: Tx, principal: Principal, invite: Invite) -> None:
        if principal.role is Role.GUEST:
            raise UserIsRestricted
        if principal.tenant.org == invite.org:
            raise InviteFromSameOrg(field="secret")
        author = await self.author(tx, principal)
        users = await self._governance.users_in(tx, principal.tenant)
        me = next((user for user in users if user.id == author.user), None)
        if me is None or me.email.casefold() != invite.to_email.casefold():
            raise EmailDoesNotMatch(f"The invitation is for {invite.to_email}.", field="secret")
        if invite.targets and team(principal) not in invite.targets:
            raise InviteUsed(field="secret")
        if invite.at(self._clock.now()) != "sent":
            used = invite.state in ("accepted", "connected")
            raise InviteUsed(field="secret") if used else InviteOver(field="secret")
        if (await conversations.find_home(tx, invite.channel)).home.archived:
            raise ChannelArchived(field="secret")


def by_letter(invite: Invite) -> bool:
    """Whether an invitation went to an address, and lies with nobody yet."""
    return bool(invite.to_email) and not invite.targets
