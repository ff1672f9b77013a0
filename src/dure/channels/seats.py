"""Who sits in a conversation: invited, joined, left, sent out; who is known from there; what they have read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.model import Conversation, Member
from dure.channels.refusals import (
    AlreadyInChannel,
    CantInviteSelf,
    CantKickSelf,
    CantLeaveMandatory,
    IsArchived,
    MemberLimit,
    NotInChannel,
    NotOwner,
    NoUser,
    RestrictedAction,
    UraMaxChannels,
    UserNotFound,
    WrongKind,
)
from dure.channels.store import conversations
from dure.governance.api import Principal, Role, User, access, allowed
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

    async def person(self, principal: Principal, user: str, *, live: bool = False) -> User:
        """Somebody of the workspace, or of another one whom the caller meets in a shared channel, or met in one that
        is shared no more: who they are goes on being known, but not (`live`) what they are doing."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            users = await self._governance.users_in(tx, principal.tenant)
            author = await self.author(tx, principal)
            found = next((one for one in users if one.id == user), None)
            if found is not None and (principal.role is not Role.GUEST or user == author.user):
                return found
            workspace = await conversations.meets(tx, principal.tenant.workspace, author.user, user)
            if workspace is None and not live:
                workspace = await conversations.once_met(tx, principal.tenant.workspace, author.user, user)
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
        """Those of `ids` who belong to a workspace that is or was a side of a conversation the caller sees, each once:
        as they are here where they have a seat here."""
        sides = [share for share in found.shares if share.state in ("connected", "disconnected")]
        sides.sort(key=lambda share: share.workspace != principal.tenant.workspace)
        known: dict[str, User] = {}
        async with self._state.begin(principal.tenant) as tx:
            for share in sides:
                for user in await self._governance.users_in(tx, Tenant(share.org, share.workspace)):
                    if user.id in ids and (user.id not in known or known[user.id].deleted):
                        known[user.id] = user
        return list(known.values())

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
            known = await self.seatable(tx, principal, found)
            members = {one.user for one in await conversations.members(tx, channel, limit=100_000)}
            refused: dict[str, DureError] = {}
            for user in dict.fromkeys(users):
                if user == author.user:
                    refused[user] = CantInviteSelf(field="users")
                elif user not in known:
                    refused[user] = UserNotFound(field="users")
                elif user in members:
                    refused[user] = AlreadyInChannel(field="users")
            for user in await self.full(tx, principal.tenant, channel, users):
                refused.setdefault(user, UraMaxChannels(field="users"))
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
        if not allowed(principal, "channel:invite", channel):
            raise RestrictedAction("A guest cannot invite.")
        if found.side.limited:
            raise RestrictedAction("Your organisation may only write here, not bring people in.")
        known = await self.seatable(tx, principal, found)
        missing = [user for user in users if user not in known]
        if missing:
            raise UserNotFound(f"There is no user {missing[0]} here.", field="users")
        author = await self.author(tx, principal)
        return await self._seat(tx, principal, found, [*dict.fromkeys(users)], author.user, known)

    async def seatable(self, tx: Tx, principal: Principal, found: Conversation) -> Mapping[str, str]:
        """Who can be brought in from the caller's side, and as whose member: of each workspace that the channel spans,
        the caller's own first."""
        sides = sorted(found.own_sides, key=lambda share: share.workspace != principal.tenant.workspace)
        known: dict[str, str] = {}
        for side in sides:
            for user in await self._governance.users_in(tx, side.tenant):
                if not user.deleted and (side.workspace == principal.tenant.workspace or not user.is_bot):
                    known.setdefault(user.id, side.workspace)
        return known

    async def bring_in(self, tx: Tx, principal: Principal, channel: str, user: str) -> None:
        """Puts somebody new in a channel that whoever has them in may see; who looks after the organisation sees all
        of it. Within the act that has checked who may have them in."""
        seeing = principal
        if allowed(principal, "org:write") and await conversations.is_channel(tx, principal.tenant.workspace, channel):
            # Whoever looks after the organisation need not be in a private channel to say who comes to it.
            seeing = replace(principal, kind="system")
        found = await self.see(tx, seeing, channel, lock=True)
        no_direct(found)
        if found.side.archived:
            raise IsArchived(field="channels")
        await self._seat(tx, principal, found, [user], principal.user)

    async def has_channel(self, principal: Principal, channel: str) -> bool:
        """Whether the caller's workspace has such a channel; for those who look after the organisation."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await conversations.is_channel(tx, principal.tenant.workspace, channel)

    async def full(self, tx: Tx, tenant: Tenant, channel: str, users: Sequence[str]) -> Sequence[str]:
        """Those of `users` who are guests of one channel, and in another one than this."""
        singles = await self._governance.seats.singles_in(tx, tenant.workspace, users)
        if not singles:
            return []
        where = await conversations.channels_of(tx, tenant.workspace, sorted(singles))
        return [user for user in users if any(one != channel for one, _ in where.get(user, ()))]

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
            if found.standing == "mandatory" and found.is_member:
                raise CantLeaveMandatory(field="channel")
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
        if not allowed(principal, "channel:manage", channel):
            raise RestrictedAction("A guest cannot remove anybody.")
        members = {member.user: member for member in await conversations.members(tx, channel, limit=100_000)}
        if user not in members:
            await self.people(tx, principal.tenant, [user])
            raise NotInChannel("They are not in this channel.", field="user")
        spans = found.side.org == found.home.org
        if not spans and members[user].workspace != principal.tenant.workspace:
            raise NotOwner(field="user")
        await self._unseat(tx, principal, found, user)

    async def _seat(
        self, tx: Tx, principal: Principal, found: Conversation, users: Sequence[str], inviter: str,
        homes: Mapping[str, str] | None = None,
    ) -> Sequence[str]:  # fmt: skip
        self.at_home(found)
        now = self._clock.now()
        await self.fits(tx, found, users)
        if await self.full(tx, principal.tenant, found.id, users):
            raise UraMaxChannels(field="users")
        pairs = [(user, (homes or {}).get(user, principal.tenant.workspace)) for user in users]
        added = await conversations.add_members(tx, found.id, pairs, now, found.last_ts)
        for user in added:
            ts = await self.note(tx, principal, found, user, "channel_join")
            await conversations.set_read(tx, found.id, user, ts)
        await self.tell(tx, principal, found, events.JOINED, *({"user": user, "inviter": inviter} for user in added))
        return added

    async def fits(self, tx: Tx, found: Conversation, users: Sequence[str]) -> None:
        """Raises what keeps these people from sitting in a channel: how many it holds, whom it lets in, and who may not
        sit with whom."""
        limit = found.prefs.limit if found.prefs is not None else None
        if limit is None and not found.private:
            return
        seated = {one.user for one in await conversations.members(tx, found.id, limit=100_000)}
        coming = set(users) - seated
        if limit is not None and coming and len(seated | coming) > limit:
            raise MemberLimit(f"The channel holds at most {limit} people.", field="users")
        if found.private and coming:
            await self.lets_in(tx, found, coming)
            await self._governance.barriers.require(tx, found.side.org, seated | coming, "room")

    async def lets_in(self, tx: Tx, found: Conversation, coming: Set[str]) -> None:
        """Raises RestrictedAction for who is in none of the groups that a private channel is kept for."""
        groups = await conversations.allowed_groups(tx, found.id)
        if not groups:
            return
        known = await self._governance.barriers.people_of(tx, found.home.org, groups)
        bots = {one.id for one in await self._governance.users_named_in(tx, sorted(coming)) if one.is_bot}
        if coming - bots - set().union(*known.values()):
            raise RestrictedAction("This channel is kept for people of certain groups.", field="users")

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
