"""Who sits in a conversation: invited, joined, left, sent out; who is known from there; what they have read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.model import Conversation, Member
from dure.channels.refusals import (
    AlreadyInChannel,
    CantInviteSelf,
    CantKickSelf,
    IsArchived,
    NotInChannel,
    NotOwner,
    NoUser,
    RestrictedAction,
    UserNotFound,
    WrongKind,
)
from dure.channels.store import conversations
from dure.governance.api import Principal, Role, User, access
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Seats(Desk):
    async def members(self, principal: Principal, channel: str, after: str = "", limit: int = 1000) -> list[Member]:
        """Who is in a conversation, of every side, by id."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.see(tx, principal, channel)
            return await conversations.members(tx, channel, after, limit)

    async def person(self, principal: Principal, user: str) -> User:
        """Somebody of the workspace, or of another one whom the caller meets in a shared channel."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            users = await self._governance.users_in(tx, principal.tenant)
            author = await self.author(tx, principal)
            found = next((one for one in users if one.id == user), None)
            if found is not None and (principal.role is not Role.GUEST or user == author.user):
                return found
            workspace = await conversations.meets(tx, principal.tenant.workspace, author.user, user)
            others = await self._governance.users_in(tx, Tenant("", workspace)) if workspace else []
            found = next((one for one in others if one.id == user), None)
            if found is None:
                raise UserNotFound(field="user")
            return found

    async def people_of(self, principal: Principal) -> list[User]:
        """Everybody of the caller's workspace; for a guest, those of it whom they meet in a conversation."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            users = await self._governance.users_in(tx, principal.tenant)
            if principal.role is not Role.GUEST:
                return users
            met = await conversations.met(tx, principal.tenant.workspace, principal.user)
        return [user for user in users if user.id in met or user.id == principal.user]

    async def people_in(self, principal: Principal, found: Conversation, ids: Set[str]) -> Sequence[User]:
        """Those of `ids` who belong to a workspace that is or was a side of a conversation the caller sees."""
        async with self._state.begin(principal.tenant) as tx:
            users = [
                user for share in found.shares if share.state in ("connected", "disconnected")
                for user in await self._governance.users_in(tx, Tenant(share.org, share.workspace))
            ]  # fmt: skip
        return [user for user in users if user.id in ids]

    async def invite(self, principal: Principal, channel: str, users: Sequence[str]) -> Conversation:
        """Brings people of the caller's own workspace in. Raises AlreadyInChannel where all of them are in."""
        async with self._state.begin(principal.tenant) as tx:
            author = await self.author(tx, principal)
            if list(users) == [author.user]:
                raise CantInviteSelf(field="users")
            added = await self.invite_in(tx, principal, channel, users)
            if not added:
                raise AlreadyInChannel(field="users")
            return await self.see(tx, principal, channel)

    async def invite_some(
        self, principal: Principal, channel: str, users: Sequence[str], *, force: bool
    ) -> tuple[Conversation, Mapping[str, DureError]]:
        """Brings in whom it can, and why it cannot bring in the others. Without `force` one who cannot come keeps all
        of them out."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            author = await self.author(tx, principal)
            known = {one.id for one in await self._governance.users_in(tx, principal.tenant) if not one.deleted}
            members = {one.user for one in await conversations.members(tx, channel, limit=100_000)}
            refused: dict[str, DureError] = {}
            for user in dict.fromkeys(users):
                if user == author.user:
                    refused[user] = CantInviteSelf(field="users")
                elif user not in known:
                    refused[user] = UserNotFound(field="users")
                elif user in members:
                    refused[user] = AlreadyInChannel(field="users")
            coming = [user for user in dict.fromkeys(users) if user not in refused]
            if coming and (force or not refused):
                await self.invite_in(tx, principal, channel, coming)
                found = await self.see(tx, principal, channel)
            return found, refused

    async def close(self, principal: Principal, channel: str) -> bool:
        """Puts a direct conversation out of the caller's sight until something new is said; False where it was so."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel)
            if found.kind == "channel":
                raise WrongKind(field="channel")
            author = await self.author(tx, principal)
            return await conversations.close(tx, channel, author.user)

    async def reopen(self, principal: Principal, channel: str) -> Conversation:
        """A direct conversation is in the caller's sight again."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel)
            author = await self.author(tx, principal)
            await conversations.reopen(tx, channel, author.user)
            return found

    async def invite_in(self, tx: Tx, principal: Principal, channel: str, users: Sequence[str]) -> Sequence[str]:
        """`invite` within a transaction; the ids of those who were not in before."""
        access(principal, "channels:write")
        if not users:
            raise NoUser(field="users")
        found = await self.enter(tx, principal, channel)
        no_direct(found)
        self.at_home(found)
        if principal.role is Role.GUEST:
            raise RestrictedAction("A guest cannot invite.")
        if found.side.limited:
            raise RestrictedAction("Your organisation may only write here, not bring people in.")
        await self.people(tx, principal.tenant, [*users])
        author = await self.author(tx, principal)
        return await self._seat(tx, principal, found, [*users], author.user)

    async def join(self, principal: Principal, channel: str) -> tuple[Conversation, bool]:
        """The caller enters an open channel; and whether they were in it before."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel, lock=True)
            no_direct(found)
            if found.is_member:
                return found, True
            if found.side.archived:
                raise IsArchived(field="channel")
            author = await self.author(tx, principal)
            await self._seat(tx, principal, found, [author.user], "")
            return await self.see(tx, principal, channel), False

    async def leave(self, principal: Principal, channel: str) -> bool:
        """The caller goes; False where they were not in it."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel, lock=True)
            no_direct(found)
            author = await self.author(tx, principal)
            return await self._unseat(tx, principal, found, author.user)

    async def kick(self, principal: Principal, channel: str, user: str) -> None:
        """Sends a person of the caller's own workspace, or of any where it is the home, out of a channel."""
        async with self._state.begin(principal.tenant) as tx:
            await self.kick_in(tx, principal, channel, user)

    async def kick_in(self, tx: Tx, principal: Principal, channel: str, user: str) -> None:
        """`kick` within a transaction."""
        access(principal, "channels:write")
        found = await self.enter(tx, principal, channel)
        no_direct(found)
        author = await self.author(tx, principal)
        if user == author.user:
            raise CantKickSelf(field="user")
        if principal.role is Role.GUEST:
            raise RestrictedAction("A guest cannot remove anybody.")
        members = {member.user: member for member in await conversations.members(tx, channel, limit=100_000)}
        if user not in members:
            await self.people(tx, principal.tenant, [user])
            raise NotInChannel("They are not in this channel.", field="user")
        if not found.side.home and members[user].workspace != principal.tenant.workspace:
            raise NotOwner(field="user")
        await self._unseat(tx, principal, found, user)

    async def _seat(
        self, tx: Tx, principal: Principal, found: Conversation, users: Sequence[str], inviter: str
    ) -> Sequence[str]:
        self.at_home(found)
        now = self._clock.now()
        pairs = [(user, principal.tenant.workspace) for user in users]
        added = await conversations.add_members(tx, found.id, pairs, now, found.last_ts)
        for user in added:
            ts = await self.note(tx, principal, found, user, "channel_join")
            await conversations.set_read(tx, found.id, user, ts)
        await self.tell(tx, principal, found, events.JOINED, *({"user": user, "inviter": inviter} for user in added))
        return added

    async def _unseat(self, tx: Tx, principal: Principal, found: Conversation, user: str) -> bool:
        self.at_home(found)
        if not await conversations.remove_member(tx, found.id, user):
            return False
        await self.note(tx, principal, found, user, "channel_leave")
        await self.tell(tx, principal, found, events.LEFT, {"user": user})
        return True


def no_direct(found: Conversation) -> None:
    """Refuses what cannot be done in a direct conversation."""
    if found.kind != "channel":
        raise WrongKind(field="channel")
