"""Channels' entrance. Each act checks access, applies a rule, and writes state and event in one transaction."""

from __future__ import annotations

from datetime import datetime

from dure.channels.model import Conversation, Draft, Member, Message, Reaction, Response, Share, ts_of, ts_text
from dure.channels.own.api import Own
from dure.channels.past import Past, PastMessage
from dure.channels.rooms import Rooms
from dure.channels.sharing import Offer, Sharing
from dure.governance.api import Principal
from dure.kernel.errors import DureError

__all__ = [
    "Channels",
    "Conversation",
    "Draft",
    "Member",
    "Message",
    "Offer",
    "PastMessage",
    "Reaction",
    "Response",
    "Share",
    "ts_of",
    "ts_text",
]


class Channels(Rooms, Past, Sharing, Own):
    """`Channels(state, clock, governance)`: rooms, what is said in them, with whom they are shared, who waits.

    Methods ending in `_in` take the transaction that they are part of.
    """

    def now(self) -> datetime:
        """The time by which waits are measured."""
        return self._clock.now()

    async def may_hear(self, principal: Principal, topic: str) -> bool:
        """Whether a live topic `channel:ID` may be sent to somebody; what is not a channel's is not ours to say."""
        kind, _, channel = topic.partition(":")
        if kind != "channel":
            return True
        try:
            async with self._state.begin(principal.tenant) as tx:
                await self.see(tx, principal, channel)
        except DureError:
            return False
        return True
