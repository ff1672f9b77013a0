"""Bringing a past in: what was said elsewhere, each message at its own time, thousands in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.channels import events
from dure.channels.events import channel_event
from dure.channels.model import Conversation, ts_at, ts_text
from dure.channels.store import past as store
from dure.channels.talk import Talk
from dure.feed.api import Event, append
from dure.governance.api import Principal, access
from dure.kernel.clock import StillClock
from dure.kernel.errors import Invalid

_EVENTS_A_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class PastMessage:
    """Something said at `at` by `author`, a member of either side. `thread` is the place in the list of what it
    answers, or None. `reactions` are (name, user ids)."""

    at: datetime
    author: Principal
    text: str
    thread: int | None = None
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Past(Talk):
    async def bulk_load(self, principal: Principal, channel: str, said: Sequence[PastMessage]) -> list[int]:
        """Adds messages in time order to a conversation in which nothing newer was said; returns their timestamps.

        Everybody has read what is loaded. Events carry their own times and `loaded: true`. In a shared conversation
        with a response standard, an outside message that the home side answered leaves its *Response Answered*.
        """
        access(principal, "channels:write")
        if not said:
            return []
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel, lock=True)
            stamps = _stamps(await store.last_ts(tx, channel), said)
            home = found.home.workspace
            await store.add_messages(tx, home, channel, said, stamps)
            await store.add_reactions(tx, home, channel, said, stamps)
            await store.finish(tx, channel, stamps[-1])
            for start in range(0, len(said), _EVENTS_A_BATCH):
                part = slice(start, start + _EVENTS_A_BATCH)
                for side in found.connected:
                    await append(tx, *_events(found, side.workspace, said[part], stamps[part], stamps))
        return stamps


def _stamps(last: int, said: Sequence[PastMessage]) -> list[int]:
    stamps: list[int] = []
    for message in said:
        at = ts_at(message.at)
        if stamps and at < stamps[-1] - 1_000:
            raise Invalid("Messages of a past are given in time order.", field="said")
        last = max(last + 1, at)
        stamps.append(last)
    return stamps


def _events(
    found: Conversation, workspace: str, said: Sequence[PastMessage], stamps: Sequence[int], every: Sequence[int]
) -> list[Event]:
    side = next(one for one in found.connected if one.workspace == workspace)
    made, asked = [], None
    for message, ts in zip(said, stamps, strict=True):
        outside = message.author.tenant.org != found.home.org
        properties = {
            "ts": ts_text(ts), "thread_ts": ts_text(every[message.thread]) if message.thread is not None else "",
            "user": message.author.user, "by": "user", "team": message.author.tenant.workspace, "loaded": True,
            "text": "" if side.private else message.text, "external": message.author.tenant.org != side.org,
        }  # fmt: skip
        clock = StillClock(message.at)
        made.append(channel_event(message.author, clock, found, side, events.POSTED, properties))
        if side.home and found.is_shared and found.response_minutes is not None:
            if outside:
                asked = asked or message
            elif asked is not None:
                seconds = (message.at - asked.at).total_seconds()
                answer = {
                    "asked_by": asked.author.user, "answered_by": message.author.user, "seconds": seconds,
                    "minutes": found.response_minutes, "loaded": True,
                }  # fmt: skip
                made.append(channel_event(message.author, clock, found, side, events.ANSWERED, answer))
                asked = None
    return made
