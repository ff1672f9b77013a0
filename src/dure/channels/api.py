"""Channels' entrance. Each act checks access, applies a rule, and writes state and event in one transaction."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from dure.channels.bookmarks import Bookmarks
from dure.channels.colleagues import Colleagues
from dure.channels.emoji import EmojiSet
from dure.channels.ephemeral import Ephemeral
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
from dure.channels.reactions import Reactions
from dure.channels.reading import Reading
from dure.channels.rooms import Rooms
from dure.channels.scheduling import Scheduling
from dure.channels.sharing import Offer, Sharing
from dure.governance.api import Principal, access
from dure.kernel.errors import DureError

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


class Channels(Rooms, Past, Sharing, Reading, Reactions, Pins, Bookmarks, Ephemeral, Scheduling, EmojiSet, Own):
    """`Channels(state, clock, governance)`: rooms, what is said in them and when, who has read it, what is kept in
    sight, with whom they are shared, who waits.

    Methods ending in `_in` take the transaction that they are part of.
    """

    @cached_property
    def colleagues(self) -> Colleagues:
        """The people: profiles, presence, groups, quiet hours, reminders, notices."""
        return Colleagues(self._state, self._clock, self._governance, self)

    def now(self) -> datetime:
        """The time by which waits are measured."""
        return self._clock.now()

    async def may_hear(self, principal: Principal, topic: str) -> bool:
        """Whether a live topic may be sent to somebody: `channel:ID` to who may read it, `presence:USER` to who may
        know them; what is neither is not ours to say."""
        kind, _, channel = topic.partition(":")
        if kind not in ("channel", "presence"):
            return True
        try:
            access(principal, "channels:read")
            if kind == "presence":
                return bool(await self.person(principal, channel))
            async with self._state.begin(principal.tenant) as tx:
                await self.see(tx, principal, channel)
        except DureError:
            return False
        return True
