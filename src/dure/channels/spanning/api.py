"""The organisation's channels: looked for over all workspaces, and acted on by those who look after it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from dure.channels import events
from dure.channels.model import Conversation, Member
from dure.channels.prefs.api import prefs_as_they_are
from dure.channels.prefs.model import Prefs
from dure.channels.refusals import ChannelNotFound, DefaultOrgWide, IsArchived
from dure.channels.spanning import store
from dure.channels.spanning.bulk import Bulks
from dure.channels.spanning.model import KeptFor
from dure.channels.spanning.reaching import Reaching
from dure.channels.spanning.refusals import (
    ChannelNotPrivate,
    ChannelTypeNotSupported,
    CouldNotDelete,
    DefaultRestricted,
    GroupAlreadyLinked,
    GroupNotFound,
    GroupNotLinked,
    TeamNotFound,
)
from dure.channels.store import conversations, indexed
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import TooLarge

MOST_DEFAULTS = 100


class Spanning(Reaching):
    @cached_property
    def bulks(self) -> Bulks:
        """Acts on many channels at once."""
        return Bulks(self._state, self._clock, self)

    async def archive(self, principal: Principal, channel: str, archived: bool = True) -> None:
        """Closes or opens a channel in every workspace that it spans. Raises AlreadyArchived, NotArchived."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, _ = await self.found(tx, principal, channel)
            await self._channels.set_archived_in(tx, hand, channel, archived)

    async def rename(self, principal: Principal, channel: str, name: str) -> Conversation:
        """One name in every workspace that it spans. Raises NameTaken and InvalidName's kinds."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            await self._take_names(tx, await self.spaces(tx, principal))
            hand, _ = await self.found(tx, principal, channel)
            return await self._channels.rename_in(tx, hand, channel, name)

    async def set_private(self, principal: Principal, channel: str, private: bool) -> Conversation:
        """Makes an open channel private, or a private one open. Raises ChannelTypeNotSupported where it is so."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel, lock=True)
            if found.private is private:
                raise ChannelTypeNotSupported(field="channel_id")
            if found.standing or (private and await store.is_default(tx, channel)):
                raise DefaultOrgWide(field="channel_id")
            if private:
                seated = [one.user for one in await conversations.members(tx, channel, limit=100_000)]
                await self._governance.barriers.require(tx, principal.tenant.org, seated, "room")
            else:
                await store.drop_groups(tx, channel, principal.tenant.org)
            sides = [one.workspace for one in found.own_sides]
            await store.set_private(tx, principal.tenant.org, channel, sides, private)
            made = await self._channels.see(tx, hand, channel)
            await self._channels.tell(tx, hand, made, events.CHANGED, {"what": "privacy"})
            return made

    async def delete(self, principal: Principal, channel: str) -> None:
        """Takes a channel away with everything that was said in it. Raises CouldNotDelete where it is shared outside,
        DefaultOrgWide."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel, lock=True)
            if found.standing:
                raise DefaultOrgWide(field="channel_id")
            if found.home.org != principal.tenant.org or found.is_external:
                raise CouldNotDelete(field="channel_id")
            await self._channels.tell(tx, hand, found, events.CHANNEL_DELETED, {"members": found.members})
            await self._channels.keeping.hold_all(tx, channel)
            await indexed.forget(tx, channel)
            await store.forget(tx, principal.tenant.org, channel)

    async def invite(self, principal: Principal, channel: str, users: Sequence[str]) -> Conversation:
        """Brings people of the workspaces that a channel spans into it; who is in it already stays."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, _ = await self.found(tx, principal, channel)
            await self._channels.invite_in(tx, hand, channel, users)
            return await self._channels.see(tx, hand, channel)

    async def seatable(self, principal: Principal, channel: str) -> Collection[str]:
        """Who could be brought in."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel)
            return (await self._channels.seatable(tx, hand, found)).keys()

    async def disconnect(self, principal: Principal, channel: str, leaving: str = "") -> None:
        """Ends a channel's sharing with another organisation, from whichever side is ours."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, _ = await self.found(tx, principal, channel)
        await self._channels.disconnect(hand, channel, leaving)

    async def prefs(self, principal: Principal, channel: str) -> Prefs:
        return prefs_as_they_are(await self.find(principal, channel))

    async def set_prefs(self, principal: Principal, channel: str, given: object) -> Conversation:
        """Who writes, answers and calls everybody. Raises InvalidPrefs, MentionsGoTogether, DefaultOrgWide."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel)
            if found.side.archived:
                raise IsArchived(field="channel_id")
            return await self._channels.set_prefs_in(tx, hand, channel, given)

    async def members(self, principal: Principal, channel: str) -> Sequence[Member]:
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.found(tx, principal, channel)
            return await conversations.members(tx, channel, limit=1_000)

    # -- default channels of a workspace ----------------------------------------------------------------------------

    async def defaults(self, principal: Principal, workspace: str) -> Sequence[str]:
        """The channels into which newcomers of a workspace are brought."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            if workspace not in await self.spaces(tx, principal):
                raise TeamNotFound(field="team_id")
            return await store.defaults(tx, workspace)

    async def set_defaults(self, principal: Principal, workspace: str, channels: Sequence[str]) -> None:
        """Exactly these, all open. Raises ChannelNotFound for what the workspace has not, or keeps private."""
        access(principal, "org:write")
        chosen = list(dict.fromkeys(channels))
        if len(chosen) > MOST_DEFAULTS:
            raise TooLarge(f"A workspace has at most {MOST_DEFAULTS} default channels.", field="channel_ids")
        async with self._state.begin(principal.tenant) as tx:
            if workspace not in await self.spaces(tx, principal):
                raise TeamNotFound(field="team_id")
            known, _ = await store.rooms(
                tx, principal.tenant.org, [workspace], channels=chosen or [""], kinds=("public", "archived_exclude"),
                limit=MOST_DEFAULTS,
            )  # fmt: skip
            if {one.id for one in known} != set(chosen):
                raise ChannelNotFound(field="channel_ids")
            await store.set_defaults(tx, principal.tenant.org, workspace, chosen)
            about: dict[str, Any] = {"workspace": workspace, "channels": chosen}
            told = act(principal, "channels", events.DEFAULTS, "workspace", workspace, about, self._clock.now())
            await append(tx, told)

    # -- channels kept for groups -----------------------------------------------------------------------------------

    async def groups(self, principal: Principal, channel: str) -> Sequence[str]:
        """The groups for whose people alone a private channel is."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            await self.found(tx, principal, channel)
            return await conversations.allowed_groups(tx, channel)

    async def of_groups(self, principal: Principal) -> Sequence[KeptFor]:
        """Which private channels are kept for which groups, by the channel's name."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.of_groups(tx, principal.tenant.org)

    async def keep_for(self, principal: Principal, channel: str, group: str) -> None:
        """Keeps a private channel for a group too; who is in it stays."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel, lock=True)
            if not found.private or found.is_external or found.home.org != principal.tenant.org:
                raise ChannelNotPrivate(field="channel_id")
            if await store.is_default(tx, channel):
                raise DefaultRestricted(field="channel_id")
            if group not in await self._governance.barriers.people_of(tx, principal.tenant.org, [group]):
                raise GroupNotFound(field="group_id")
            if not await store.add_group(
                tx, channel, principal.tenant.org, group, principal.actor, self._clock.now()
            ):  # fmt: skip
                raise GroupAlreadyLinked(field="group_id")
            told = {"what": "groups", "added": group}
            await self._channels.tell(tx, hand, found, events.CHANGED, told)

    async def open_to(self, principal: Principal, channel: str, group: str) -> None:
        """Keeps a channel for a group no longer; with the last one it is for whoever is invited."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            hand, found = await self.found(tx, principal, channel, lock=True)
            if not await store.drop_group(tx, channel, principal.tenant.org, group):
                raise GroupNotLinked(field="group_id")
            told = {"what": "groups", "removed": group}
            await self._channels.tell(tx, hand, found, events.CHANGED, told)

    async def shared_before(
        self, principal: Principal, channels: Sequence[str], teams: Sequence[str], after: str, limit: int
    ) -> Sequence[dict[str, Any]]:
        """The organisation's channels that are or were shared outside."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.connected_before(tx, principal.tenant.org, channels, teams, after, limit)
