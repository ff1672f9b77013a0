"""What every act in channels begins and ends with: who acts, what they may see, and what the feed is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.channels.events import channel_event
from dure.channels.guarding.watch import Watch
from dure.channels.model import Conversation, Message, Share, ts_at
from dure.channels.plugs import Elsewhere
from dure.channels.refusals import (
    ChannelNotFound,
    DirectReadOnly,
    HomeElsewhere,
    IsArchived,
    NotInChannel,
    UserNotFound,
)
from dure.channels.retention.keeping import Keeping
from dure.channels.rules import clean, may_post, may_read
from dure.channels.store import conversations, messages
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Subject, User
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

APP = "dure"
EVERYBODY = ("!here", "!channel", "!everyone")

_PROFILE = timedelta(minutes=1)

GroupsOf = Callable[[Tx, str, str], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Author:
    """As whom a principal speaks: a user's id, and an app's where it is a bot."""

    user: str
    app: str


class Desk:
    """Held by `Channels`; the acts themselves are in `rooms`, `talk`, `sharing` and `responding`."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, *, public_url: str = "", edit_minutes: int = 0
    ) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._bots: dict[str, Author] = {}
        self._profiles: dict[str, tuple[datetime, User]] = {}
        self.public_url = public_url
        self._edit_minutes = edit_minutes  # for so long may a message be changed; 0: always
        self.watch = Watch(clock, governance)
        self.keeping = Keeping(clock, governance)
        # Which user groups somebody is in: (transaction, workspace, user) → ids. Filled by the part that has groups.
        self.groups_of: GroupsOf = _no_groups
        # Conversations whose home is another server; None where this one has no partners at all.
        self.elsewhere: Elsewhere | None = None

    async def author(self, tx: Tx, principal: Principal) -> Author:
        """The system speaks as the bot of the app that every workspace has."""
        if principal.user:
            return Author(principal.user, principal.app if principal.kind != "user" else "")
        key = f"{principal.tenant.workspace} {principal.app if principal.kind != 'system' else ''}"
        if key not in self._bots:
            users = await self._governance.users_in(tx, principal.tenant)
            self._bots[key] = _bot(users, principal)
        return self._bots[key]

    async def bots_of(self, apps: Collection[tuple[str, str]]) -> dict[str, User]:
        """The bots of (app, workspace) by app, as they were within the last minute: a name is no more than a name."""
        now, found = self._clock.now(), {}
        for app, workspace in apps:
            at, user = self._profiles.get(app, (None, None))
            if user is None or at is None or now - at > _PROFILE:
                tenant = Tenant("", workspace)
                async with self._state.begin(tenant) as tx:
                    users = await self._governance.users_in(tx, tenant)
                user = next((user for user in users if user.app == app), None)
                if user is not None:
                    self._profiles[app] = (now, user)
            if user is not None:
                found[app] = user
        return found

    async def names_of(self, tx: Tx, principal: Principal, user: str) -> list[str]:
        """By which names a message means somebody: their id, everybody, their groups."""
        return [user, *EVERYBODY, *await self.groups_of(tx, principal.tenant.workspace, user)]

    async def see(self, tx: Tx, principal: Principal, channel: str, *, lock: bool = False) -> Conversation:
        """The conversation as the caller's workspace has it; ChannelNotFound where they may not know of it.

        `lock` makes writers take turns; the conversation is then as the writer before left it.
        """
        workspace, channel = principal.tenant.workspace, str(clean(channel))
        if lock:
            await conversations.lock(tx, channel)
        author = await self.author(tx, principal)
        found = await conversations.find(tx, workspace, author.user, channel)
        if found is None or not may_read(principal, found):
            raise ChannelNotFound(field="channel")
        return found

    async def see_as_house(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        """The same, locked, for the house itself: direct and private conversations too."""
        await conversations.lock(tx, channel)
        found = await conversations.find(tx, principal.tenant.workspace, "", channel)
        if found is None:
            raise ChannelNotFound(field="channel")
        return found

    async def enter(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        """The same for those who are about to write: they are in it, and it is not archived."""
        found = await self.see(tx, principal, channel, lock=True)
        if found.side.archived:
            raise IsArchived(field="channel")
        if not may_post(principal, found):
            raise NotInChannel(field="channel")
        if await self.kept_apart(tx, found):
            raise DirectReadOnly(field="channel")
        return found

    async def kept_apart(self, tx: Tx, found: Conversation) -> bool:
        """Whether an information barrier stands between people of a direct conversation."""
        if found.kind == "channel":
            return False
        subject: Subject = "im" if found.kind == "im" else "mpim"
        return await self._governance.barriers.crossed(tx, found.home.org, found.people, subject) is not None

    def at_home(self, found: Conversation) -> None:
        """Raises HomeElsewhere for an act that only a conversation's home can do, where that is another server."""
        if found.elsewhere:
            raise HomeElsewhere(field="channel")

    async def tell(
        self, tx: Tx, principal: Principal, conversation: Conversation, name: str, *acts: Mapping[str, Any],
        of_side: Callable[[Share], Mapping[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        """Appends an act's event to the feed of every connected side, so that each one's log and screens have it.

        One event for each of `acts`, the properties; `of_side` adds what differs from side to side.
        """
        await self.tell_events(tx, self.events_of(principal, conversation, name, *acts, of_side=of_side))

    def events_of(
        self, principal: Principal, conversation: Conversation, name: str, *acts: Mapping[str, Any],
        of_side: Callable[[Share], Mapping[str, Any]] | None = None,
    ) -> list[Event]:  # fmt: skip
        """The events that `tell` appends."""
        told = []
        for side in conversation.connected:
            if side.server and conversation.elsewhere:
                continue  # its home knows, and tells the other sides
            own = of_side(side) if of_side else {}
            told += [channel_event(principal, self._clock, conversation, side, name, {**act, **own}) for act in acts]
        return told

    async def tell_events(self, tx: Tx, told: Sequence[Event]) -> None:
        """Appends events, those of one workspace as one batch."""
        for workspace in dict.fromkeys(event.workspace for event in told):
            await append(tx, *(event for event in told if event.workspace == workspace))

    async def note(
        self, tx: Tx, principal: Principal, conversation: Conversation, user: str, subtype: str, text: str = ""
    ) -> int:
        """Leaves a line in the conversation about an act such as joining; returns its ts. The act has its own event."""
        ts = await conversations.next_ts(tx, conversation.id, ts_at(self._clock.now()))
        line = Message(
            conversation.id, ts, None, False, user, "", principal.tenant.workspace, "", subtype, text, None, None,
            None, None, None, None, False, 0, None, (),
        )  # fmt: skip
        await messages.add(tx, conversation.home.workspace, line)
        return ts

    async def people(self, tx: Tx, tenant: Tenant, ids: list[str]) -> list[User]:
        """Users of the workspace by id, deactivated ones excluded. Raises UserNotFound for an unknown one."""
        known = {user.id: user for user in await self._governance.users_in(tx, tenant) if not user.deleted}
        missing = [user for user in ids if user not in known]
        if missing:
            raise UserNotFound(f"There is no user {missing[0]} here.", field="users")
        return [known[user] for user in dict.fromkeys(ids)]


async def _no_groups(tx: Tx, workspace: str, user: str) -> Sequence[str]:  # noqa: ARG001
    return ()


def _bot(users: list[User], principal: Principal) -> Author:
    bots = [user for user in users if user.is_bot]
    for user in bots:
        if user.app == principal.app or (principal.kind == "system" and user.name == APP):
            return Author(user.id, user.app)
    return Author(bots[0].id, bots[0].app) if bots else Author(principal.app or APP, principal.app)
