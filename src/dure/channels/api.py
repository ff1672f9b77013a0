"""Channels' entrance. Each act checks access, applies a rule, and writes state and event in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from dure.channels.bookmarks import Bookmarks
from dure.channels.colleagues import Colleagues
from dure.channels.emoji import EmojiSet
from dure.channels.ephemeral import Ephemeral
from dure.channels.federation.carried import Carried
from dure.channels.model import (
    Bookmark,
    Conversation,
    Draft,
    Emoji,
    Following,
    Member,
    Message,
    Pin,
    Reaction,
    Response,
    Scheduled,
    Share,
    Version,
    ts_of,
    ts_text,
)
from dure.channels.own.api import Own
from dure.channels.past import Past, PastMessage
from dure.channels.pins import Pins
from dure.channels.prefs.api import ChannelPrefs
from dure.channels.reactions import Reactions
from dure.channels.reading import Reading
from dure.channels.responding.report import ResponseReport
from dure.channels.retention.api import Retention
from dure.channels.rooms import Rooms
from dure.channels.rules import clean, may_read
from dure.channels.scheduling import Scheduling
from dure.channels.sharing import Offer, Sharing
from dure.channels.spanning.api import Spanning
from dure.channels.store import saying
from dure.governance.api import Principal, Role, access
from dure.kernel.errors import DureError
from dure.state import Together

if TYPE_CHECKING:
    from dure.channels.relations import Relations

__all__ = [
    "Bookmark",
    "Channels",
    "Conversation",
    "Draft",
    "Emoji",
    "Following",
    "Member",
    "Message",
    "Offer",
    "PastMessage",
    "Pin",
    "Reaction",
    "Response",
    "Scheduled",
    "Share",
    "Version",
    "ts_of",
    "ts_text",
]


class Channels(
    Carried, Rooms, Past, Sharing, Reading, Reactions, Pins, Bookmarks, Ephemeral, Scheduling, EmojiSet, ChannelPrefs,
    Own,
):  # fmt: skip
    """`Channels(state, clock, governance)`: rooms, what is said in them and when, who has read it, what is kept in
    sight, with whom they are shared, who waits.

    Methods ending in `_in` take the transaction that they are part of.
    """

    @cached_property
    def colleagues(self) -> Colleagues:
        """The people: profiles, presence, groups, quiet hours, reminders, notices."""
        return Colleagues(self._state, self._clock, self._governance, self)

    @cached_property
    def waits(self) -> ResponseReport:
        """How long people from outside waited."""
        return ResponseReport(self._state, self._clock, self._governance)

    @cached_property
    def spanning(self) -> Spanning:
        """The organisation's channels, for those who look after it."""
        return Spanning(self._state, self._clock, self._governance, self)

    @cached_property
    def relations(self) -> Relations:
        """What makes a channel a customer's: whose it is, its charter, who is needed, its agenda."""
        from dure.channels.relations import Relations  # its parts stand on this

        return Relations(self._state, self._clock, self._governance, self)

    @cached_property
    def retention(self) -> Retention:
        """How long what is said here is kept, and what is held."""
        return Retention(self._state, self._clock, self._governance, self)

    def now(self) -> datetime:
        """The time by which waits are measured."""
        return self._clock.now()

    async def may_hear(self, principal: Principal, topic: str) -> bool:
        """Whether a live topic may be sent to somebody: `channel:ID` to who may read it, `presence:USER` to who may
        know them, `form:ID` and `sharing:all` to whoever is no guest; what is none of these is not ours to say."""
        kind, _, channel = topic.partition(":")
        if kind not in ("channel", "presence", "form", "sharing"):
            return True
        try:
            access(principal, "channels:read")
            if kind in ("form", "sharing"):
                return principal.role is not Role.GUEST
            if kind == "presence":
                return bool(await self.person(principal, channel, live=True))
            return await self._listeners.ask((principal, channel))
        except DureError:
            return False

    @cached_property
    def _listeners(self) -> Together[tuple[Principal, str], bool]:
        """Who may hear a channel: a thousand tabs that come back at once are asked about with a few statements."""
        return Together(self._may_hear_together)

    async def _may_hear_together(self, asked: Sequence[tuple[Principal, str]]) -> list[bool | Exception]:
        found: dict[tuple[Principal, str], bool] = {}
        for tenant in dict.fromkeys(principal.tenant for principal, _ in asked):
            own = list(dict.fromkeys(one for one in asked if one[0].tenant == tenant))
            async with self._state.begin(tenant) as tx:
                accounts = [(await self.author(tx, principal)).user for principal, _ in own]
                places = [(str(clean(channel)), who) for (_, channel), who in zip(own, accounts, strict=True)]
                seen = await saying.seen(tx, tenant.workspace, list(dict.fromkeys(places)))
            for one, place in zip(own, places, strict=True):
                found[one] = place in seen and may_read(one[0], seen[place])
        return [found[one] for one in asked]
