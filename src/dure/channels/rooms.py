"""Conversations: made, looked at, named, described, archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

from dure.channels import events
from dure.channels.model import Conversation, Posting
from dure.channels.prefs.model import kept_of
from dure.channels.refusals import (
    AlreadyArchived,
    ChannelNotFound,
    DefaultOrgWide,
    NameTaken,
    NotArchived,
    NotInChannel,
    NotOwner,
    NoUser,
    RestrictedAction,
    TooLong,
    TopicNotYours,
    UraMaxChannels,
    UserNotFound,
)
from dure.channels.responding import store as response_store
from dure.channels.rules import channel_name, clean, slug
from dure.channels.seats import Seats, no_direct
from dure.channels.store import conversations, installed, reading
from dure.governance.api import Principal, Role, access, allowed
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx

KINDS = ("public_channel", "private_channel", "im", "mpim")


class Rooms(Seats):
    # -- making -----------------------------------------------------------------------------------------------------

    async def create(
        self, principal: Principal, name: str, *, private: bool = False, purpose: str = "", topic: str = "",
        members: Sequence[str] = (),
    ) -> Conversation:  # fmt: skip
        """A new channel with the caller and `members` (user ids) in it. Raises NameTaken, InvalidName."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.create_in(
                tx, principal, name, private=private, purpose=purpose, topic=topic, members=members
            )

    async def create_in(
        self, tx: Tx, principal: Principal, name: str, *, private: bool = False, purpose: str = "", topic: str = "",
        members: Sequence[str] = (), creator: str = "", unique: bool = False,
    ) -> Conversation:  # fmt: skip
        """`create` within a transaction. `unique` makes any text a free name: slugged, numbered where it is taken."""
        access(principal, "channels:write")
        if principal.role is Role.GUEST:
            raise RestrictedAction("A guest cannot make channels.")
        kind = "channels.create_private" if private else "channels.create_public"
        if not await self._governance.policies.lets(tx, principal, kind):
            raise RestrictedAction("The rules of this workspace do not let you make such a channel.")
        tenant = principal.tenant
        await conversations.lock_names(tx, tenant.workspace)
        name = await self._free_name(tx, tenant, name) if unique else channel_name(name)
        author = await self.author(tx, principal)
        creator = creator or author.user
        people = await self.people(tx, tenant, [creator, *members])
        if await self.full(tx, tenant, "", [user.id for user in people]):
            raise UraMaxChannels(field="users")
        await self.watch.texts(tx, principal, None, "name", {"name": name})
        said = await self.watch.texts(tx, principal, None, "topic", {"topic": topic, "purpose": purpose})
        topic, purpose = said["topic"], said["purpose"]
        channel, now = slack_id("C"), self._clock.now()
        added = await conversations.add(
            tx, id=channel, workspace=tenant.workspace, org=tenant.org, kind="channel", people=None, name=name,
            private=private, topic=str(clean(topic))[:250], purpose=str(clean(purpose))[:250], creator=creator,
            response_minutes=None, at=now,
        )  # fmt: skip
        if not added:
            raise NameTaken(field="name")
        if private:
            await self._governance.barriers.require(tx, tenant.org, [user.id for user in people], "room")
        pairs = [(user.id, tenant.workspace) for user in people]
        if author.user not in (creator, *members) and principal.kind != "user":
            pairs.append((author.user, tenant.workspace))
        await conversations.add_members(tx, channel, pairs, now, 0)
        made = await self.see(tx, principal, channel)
        await self.tell(
            tx, principal, made, events.CREATED,
            {"purpose": "" if private else purpose, "creator": creator, "user": creator},
        )  # fmt: skip
        others = [user for user, _ in pairs if user != creator]
        await self.tell(tx, principal, made, events.JOINED, *({"user": user, "inviter": creator} for user in others))
        return made

    async def open_direct(self, principal: Principal, users: Sequence[str]) -> tuple[Conversation, bool]:
        """The direct conversation with one to eight people, made where there is none; and whether it was there."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.open_direct_in(tx, principal, users)

    async def open_direct_in(self, tx: Tx, principal: Principal, users: Sequence[str]) -> tuple[Conversation, bool]:
        """`open_direct` within a transaction."""
        access(principal, "channels:write")
        tenant = principal.tenant
        author = await self.author(tx, principal)
        ids = sorted({author.user, *users})
        if not users or len(ids) > 9:
            raise NoUser("Name one to eight people.", field="users")
        await self.people(tx, tenant, ids)
        if principal.role is Role.GUEST:
            met = await conversations.met(tx, tenant.workspace, author.user)
            if not met.issuperset(user for user in ids if user != author.user):
                raise UserNotFound(field="users")
        people = ",".join(ids)
        await conversations.lock_names(tx, tenant.workspace)
        found = await conversations.find_people(tx, tenant.workspace, author.user, people)
        if found is not None:
            await conversations.reopen(tx, found.id, author.user)
            return found, True
        kind: Literal["im", "mpim"] = "im" if len(ids) <= 2 else "mpim"
        await self._governance.barriers.require(tx, tenant.org, ids, kind)
        now = self._clock.now()
        channel = slack_id("D" if kind == "im" else "G")
        await conversations.add(
            tx, id=channel, workspace=tenant.workspace, org=tenant.org, kind=kind, people=people, name="",
            private=True, topic="", purpose="", creator=author.user, response_minutes=None, at=now,
        )  # fmt: skip
        await conversations.add_members(tx, channel, [(user, tenant.workspace) for user in ids], now, 0)
        made = await self.see(tx, principal, channel)
        await self.tell(tx, principal, made, events.CREATED, {"purpose": "", "creator": author.user})
        others = [user for user in ids if user != author.user]
        await self.tell(
            tx, principal, made, events.JOINED, *({"user": user, "inviter": author.user} for user in others)
        )
        return made, False

    # -- looking ----------------------------------------------------------------------------------------------------

    async def info(self, principal: Principal, channel: str) -> Conversation:
        """One conversation; its id, or a channel's name with or without `#`."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self.info_in(tx, principal, channel)

    async def info_in(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        """`info` within a transaction."""
        author = await self.author(tx, principal)
        name = str(clean(channel)).lstrip("#")
        named = await conversations.find_named(tx, principal.tenant.workspace, author.user, name)
        return await self.see(tx, principal, named.id if named else channel)

    async def listed(
        self, principal: Principal, *, kinds: Sequence[str] = KINDS, archived: bool = False, mine: bool = False,
        of: str = "", after: str = "", limit: int = 1000,
    ) -> list[Conversation]:  # fmt: skip
        """The conversations that the caller may see, by id; those they are in with how many messages are unread."""
        access(principal, "channels:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            author = await self.author(tx, principal)
            found = await conversations.listed(
                tx, workspace, author.user, kinds=kinds, archived=archived, mine=mine,
                everything=principal.kind == "system", open_too=principal.role is not Role.GUEST, of=of,
                after=after, limit=limit, program=principal.kind in ("bot", "app"),
            )  # fmt: skip
            names = await self.names_of(tx, principal, author.user)
            new = await reading.counts(tx, workspace, author.user, names)
            if new and (since := await self.keeping.since_in(tx, new)):
                new = await reading.counts(tx, workspace, author.user, names, since)
        return [replace(one, unread=new[one.id][0], mentions=new[one.id][1]) if one.id in new else one for one in found]

    async def installed(self, principal: Principal) -> list[dict[str, Any]]:
        """What was installed in the caller's workspace and taken away again, the newest first."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await installed.changes(tx, principal.tenant.workspace)

    # -- what it is -------------------------------------------------------------------------------------------------

    async def rename(self, principal: Principal, channel: str, name: str) -> Conversation:
        """A new name on the caller's side."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.rename_in(tx, principal, channel, name)

    async def rename_in(
        self, tx: Tx, principal: Principal, channel: str, name: str, *, unique: bool = False
    ) -> Conversation:
        """`rename` within a transaction. `unique` makes any text a free name, as `create_in` does."""
        access(principal, "channels:write")
        tenant = principal.tenant
        await conversations.lock_names(tx, tenant.workspace)
        found = await self.enter(tx, principal, channel)
        no_direct(found)
        _own_or_admin(principal, found)
        if unique and slug(name) == found.name:
            return found
        name = await self._free_name(tx, tenant, name) if unique else channel_name(name)
        await self.watch.texts(tx, principal, found, "name", {"name": name})
        for side in found.own_sides:
            if not await conversations.add_share(tx, replace(side, name=name), self._clock.now()):
                raise NameTaken(field="name")
        author = await self.author(tx, principal)
        changed = await self.see(tx, principal, channel)
        own = replace(changed, shares=changed.own_sides)  # what one side calls it is not the other's business
        await self.tell(tx, principal, own, events.CHANGED, {"what": "name"})
        if not changed.is_external:
            await self.note(tx, principal, changed, author.user, "channel_name", name)
        return changed

    async def set_topic(self, principal: Principal, channel: str, text: str) -> Conversation:
        async with self._state.begin(principal.tenant) as tx:
            return await self.describe_in(tx, principal, channel, "topic", text)

    async def set_purpose(self, principal: Principal, channel: str, text: str) -> Conversation:
        async with self._state.begin(principal.tenant) as tx:
            return await self.describe_in(tx, principal, channel, "purpose", text)

    async def archive(self, principal: Principal, channel: str) -> None:
        """Closes a channel on the caller's side; what was said stays readable."""
        async with self._state.begin(principal.tenant) as tx:
            await self.set_archived_in(tx, principal, channel, True)

    async def unarchive(self, principal: Principal, channel: str) -> None:
        async with self._state.begin(principal.tenant) as tx:
            await self.set_archived_in(tx, principal, channel, False)

    async def set_posting(self, principal: Principal, channel: str, posting: str) -> Conversation:
        """Who may write at the top level and whether there are threads. An administrator's of the home side to say."""
        access(principal, "channels:write")
        if posting not in get_args(Posting):
            raise Invalid(f"`posting` is one of {', '.join(get_args(Posting))}.", field="posting")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            no_direct(found)
            if found.side.org != found.home.org:
                raise NotOwner(field="channel")
            if not allowed(principal, "channel:oversee", channel):
                raise RestrictedAction("Only an administrator says who may write.")
            await conversations.set_posting(tx, found.home.org, channel, posting)
            if found.prefs is not None:  # one rule says who writes
                kept = kept_of(replace(found.prefs, post=None, thread=None))
                await conversations.put_prefs(tx, found.home.org, channel, kept)
            await self.tell(tx, principal, found, events.CHANGED, {"what": "posting", "posting": posting})
            return await self.see(tx, principal, channel)

    async def set_response_minutes(self, principal: Principal, channel: str, minutes: int | None) -> Conversation:
        """How long somebody from outside may wait for an answer here; None stops the clock. The home side's to say."""
        access(principal, "channels:write")
        if minutes is not None and not 1 <= minutes <= 60 * 24 * 30:
            raise Invalid("`response_minutes` is 1 to 43200, or null.", field="response_minutes")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            if not found.side.home:
                raise NotOwner(field="channel")
            _own_or_admin(principal, found)
            await self.time_in(tx, found, minutes)
            await self.tell(
                tx, principal, found, events.CHANGED, {"what": "response_minutes", "response_minutes": minutes or 0}
            )
            return await self.see(tx, principal, channel)

    async def set_response_team(self, principal: Principal, channel: str, team: str) -> Conversation:
        """By which team's opening hours answers are timed here: a function, or "" for everybody's. Clocks that run keep
        the time they were given."""
        access(principal, "channels:write")
        if team and team not in FUNCTIONS:
            raise Invalid(f"`response_team` is one of {', '.join(FUNCTIONS)}, or empty.", field="response_team")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            if not found.side.home:
                raise NotOwner(field="channel")
            _own_or_admin(principal, found)
            await conversations.set_response_team(tx, principal.tenant.workspace, channel, team)
            about = {"what": "response_team", "response_team": team, "before": found.response_team}
            await self.tell(tx, principal, found, events.CHANGED, about)
            return await self.see(tx, principal, channel)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def time_in(self, tx: Tx, found: Conversation, minutes: int | None, team: str | None = None) -> None:
        """Times answers by another standard from now on, or no more, and by another team's hours where given. Whoever
        calls it tells of it."""
        if team is not None:
            await conversations.set_response_team(tx, found.home.workspace, found.id, team)
        await conversations.set_response_minutes(tx, found.home.workspace, found.id, minutes)
        if minutes is None:
            await response_store.cancel(tx, found.id)

    async def _free_name(self, tx: Tx, tenant: Tenant, name: str) -> str:
        wanted = slug(name)
        base = wanted[:75]
        taken = await conversations.names_like(tx, tenant.workspace, base)
        number, free = 2, wanted
        while free in taken:
            free, number = f"{base}-{number}", number + 1
        return free

    async def describe_in(self, tx: Tx, principal: Principal, channel: str, what: str, text: str) -> Conversation:
        """`set_topic` and `set_purpose` within a transaction; `what` is topic or purpose.

        Whoever is in the channel may, but guests (Slack's `user_is_restricted`), unless they were given the right.
        """
        access(principal, "channels:write")
        may_describe(principal, channel)
        text = str(clean(text))
        if len(text) > 250:
            raise TooLong(f"A {what} has at most 250 characters.", field=what)
        found = await self.enter(tx, principal, channel)
        no_direct(found)
        self.at_home(found)
        author = await self.author(tx, principal)
        text = (await self.watch.texts(tx, principal, found, what, {what: text}))[what]
        await conversations.describe(
            tx, principal.tenant.workspace, channel, what, text, author.user, self._clock.now()
        )
        await self.note(tx, principal, found, author.user, f"channel_{what}", text)
        await self.tell(
            tx, principal, found, events.CHANGED, {"what": what},
            of_side=lambda side: {} if side.private else {what: text},
        )  # fmt: skip
        return await self.see(tx, principal, channel)

    async def set_archived_in(self, tx: Tx, principal: Principal, channel: str, archived: bool) -> None:
        """`archive` and `unarchive` within a transaction."""
        access(principal, "channels:write")
        found = await self.see(tx, principal, channel, lock=True)
        no_direct(found)
        _own_or_admin(principal, found)
        if found.copy_of:
            raise RestrictedAction("The copy that was kept of a shared channel stays archived.")
        if found.side.archived is archived:
            raise AlreadyArchived(field="channel") if archived else NotArchived(field="channel")
        if found.standing and archived:
            raise DefaultOrgWide(field="channel")
        for side in found.own_sides:
            await conversations.add_share(tx, replace(side, archived=archived), self._clock.now())
        if archived and found.side.home:
            await response_store.cancel(tx, found.id)  # nobody can answer any more
        own = replace(found, shares=found.own_sides)
        await self.tell(tx, principal, own, events.ARCHIVED if archived else events.UNARCHIVED, {})


def may_describe(principal: Principal, channel: str) -> None:
    """Raises TopicNotYours for who may not say what a channel is about."""
    if not allowed(principal, "channel:manage", channel):
        raise TopicNotYours(field="channel")


def _own_or_admin(principal: Principal, found: Conversation) -> None:
    if not allowed(principal, "channel:manage", found.id):
        raise RestrictedAction
    if not found.is_member and not allowed(principal, "channel:oversee", found.id):
        raise NotInChannel(field="channel") if not found.private else ChannelNotFound(field="channel")
