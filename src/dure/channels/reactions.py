"""Reactions: added, taken back, and what somebody has reacted to."""

from __future__ import annotations

import re
from datetime import datetime

from dure.channels import events
from dure.channels.model import Message, ts_text
from dure.channels.refusals import (
    AlreadyReacted,
    ChannelNotFound,
    InvalidEmoji,
    NoReaction,
    TooManyEmoji,
    TooManyReactions,
)
from dure.channels.retention.model import EVERYTHING, Since
from dure.channels.store import messages
from dure.channels.talk import Talk
from dure.governance.api import Principal, access
from dure.state import Tx

_EMOJI_A_MESSAGE = 50
_REACTIONS_A_PERSON = 23


class Reactions(Talk):
    async def react(self, principal: Principal, channel: str, ts: int, name: str) -> None:
        """Adds the caller's reaction. Raises AlreadyReacted."""
        await self._react(principal, channel, ts, name, add=True)

    async def unreact(self, principal: Principal, channel: str, ts: int, name: str) -> None:
        await self._react(principal, channel, ts, name, add=False)

    async def reacted(
        self, principal: Principal, user: str, *, before: datetime | None = None, limit: int = 100
    ) -> tuple[list[tuple[Message, datetime]], bool]:
        """Messages that somebody has reacted to and the caller may read, with when they did so last, newest first; and
        whether there are more."""
        access(principal, "channels:read")
        found: list[tuple[Message, datetime]] = []
        readable: dict[str, bool] = {}
        since: dict[str, Since] = {}
        async with self._state.begin(principal.tenant) as tx:
            while len(found) <= limit:
                rows = await messages.own_reactions(tx, principal.tenant.workspace, user, before, limit + 1)
                for row in rows:
                    channel = row["channel"]
                    if channel not in readable:
                        readable[channel] = await self._may_see(tx, principal, channel)
                    said = await messages.find(tx, channel, row["ts"]) if readable[channel] else None
                    if said is not None and not said.deleted and channel not in since:
                        since |= {channel: (await self.keeping.since_in(tx, [channel])).get(channel, EVERYTHING)}
                    if said is not None and not said.deleted and not since[channel].hides(said.team, said.ts):
                        found.append((said, row["at"]))
                if len(rows) <= limit:
                    break
                before = rows[-1]["at"]
        return found[:limit], len(found) > limit

    async def _react(self, principal: Principal, channel: str, ts: int, name: str, *, add: bool) -> None:
        access(principal, "channels:write")
        name = emoji_name(name)
        async with self._state.begin(principal.tenant) as tx:
            await self.react_in(tx, principal, channel, ts, name, add=add)

    async def react_in(self, tx: Tx, principal: Principal, channel: str, ts: int, name: str, *, add: bool) -> None:
        """`react`, or without `add` `unreact`, within a transaction."""
        access(principal, "channels:write")
        name = emoji_name(name)
        found = await self.enter(tx, principal, channel)
        self.at_home(found)
        message = await self._message(tx, channel, ts)
        author = await self.author(tx, principal)
        if add:
            names, own, there = await messages.reactions_on(tx, channel, ts, name, author.user)
            if not there and names >= _EMOJI_A_MESSAGE:
                raise TooManyEmoji(field="name")
            if own >= _REACTIONS_A_PERSON:
                raise TooManyReactions(field="name")
            done = await messages.add_reaction(
                tx, found.home.workspace, channel, ts, name, author.user, self._clock.now()
            )
        else:
            done = await messages.remove_reaction(tx, channel, ts, name, author.user)
        if not done:
            raise AlreadyReacted(field="name") if add else NoReaction(field="name")
        await self.tell(
            tx, principal, found, events.REACTED if add else events.UNREACTED,
            {"ts": ts_text(ts), "thread_ts": ts_text(message.thread) if message.thread else "",
             "reaction": name, "user": author.user, "item_user": message.user},
        )  # fmt: skip
        if add:
            await self._noticed(tx, principal, found, message)

    async def _may_see(self, tx: Tx, principal: Principal, channel: str) -> bool:
        try:
            await self.see(tx, principal, channel)
        except ChannelNotFound:
            return False
        return True


def emoji_name(name: str) -> str:
    """A reaction's name without colons. Raises InvalidEmoji."""
    name = name.strip(":")
    if not re.fullmatch(r"[\w+\-]{1,100}(::skin-tone-[2-6])?", name):
        raise InvalidEmoji(field="name")
    return name
