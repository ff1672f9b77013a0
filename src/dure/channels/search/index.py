"""Keeps the index of messages: a follower of the feed, a moment behind.

Who posts does not pay for it. An entry is made from the message as it stands when the follower comes to it, so that
an event that comes twice, or late, changes nothing; entries and the follower's place are written in one transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import msgspec

from dure.channels.model import ts_of
from dure.channels.search.said import Said
from dure.channels.store import indexed as store
from dure.channels.store.indexed import Place
from dure.feed.api import Batch, Bell, Follower, Lane
from dure.state import State, Tx

FOLLOWER = "channels-search"
# Counted up when messages are folded or marked in another way: all are gone through again.
VERSION = 1
# What begins so is about one message: posted, changed, deleted, reacted to, pinned.
_ABOUT = (b'"event":"Message ', b'"event":"Reaction ', b'"event":"Pin')
_AT_ONCE = 100
_A_WALK = 500
# Many at once cost less than half; what is said is found within a second all the same.
_EVERY = 0.4


class _Properties(msgspec.Struct):
    ts: str | None = None
    thread_ts: str | None = None


class _Line(msgspec.Struct):
    source: str = ""
    object: str = ""
    properties: _Properties = msgspec.field(default_factory=_Properties)


_line = msgspec.json.Decoder(_Line).decode


class Indexer:
    def __init__(self, state: State) -> None:
        self._state = state
        self._follower = Follower(state, FOLLOWER, lanes=(Lane.DOMAIN,), limit=2_000)
        self._walked = False

    async def run(self, bell: Bell) -> None:
        """Follows until cancelled; what was said before there was an index is gone through in between."""
        await self._follower.run(bell, step=self.step, every=_EVERY)

    async def step(self) -> int:
        """Reads on in the feed, or walks on where there is nothing new; how much was done."""
        moved = await self._follower.step(self._follow)
        return moved or await self.owed() or await self.walk()

    async def owed(self, limit: int = _A_WALK) -> int:
        """Indexes the next messages of a conversation that was copied; how many there were."""
        async with self._state.begin_system() as tx:
            found = await store.due(tx, limit)
            if found is None:
                return 0
            channel, places = found
            await index(tx, places)
            await store.paid(tx, channel, places[-1][1] if places else None)
        return len(places) or 1

    async def walk(self, limit: int = _A_WALK) -> int:
        """Indexes the next of the messages from before; 0 once all are. Sets its own mark, so any process goes on."""
        if self._walked:
            return 0
        async with self._state.begin_system() as tx:
            walk = await store.begin_walk(tx, VERSION)
            if walk is None:
                return 0
            places = [] if walk["finished_at"] else await store.unwalked(tx, (walk["channel"], walk["ts"]), limit)
            await index(tx, places)
            if not walk["finished_at"]:
                await store.walked(tx, VERSION, places[-1] if places else None)
        self._walked = not places
        return len(places)

    async def _follow(self, tx: Tx, batches: Sequence[Batch]) -> None:
        await index(tx, set(_places(batches)))


async def index(tx: Tx, places: Iterable[Place]) -> None:
    """Brings the entries of messages in line with what they say now."""
    wanted = sorted(places)
    if not wanted:
        return
    said = await store.said(tx, wanted)
    # Much of it at once is done beside the loop that answers people.
    entries = await asyncio.to_thread(_entries, said) if len(said) > _AT_ONCE else _entries(said)
    await store.put(tx, entries)
    there = {(one.channel, one.ts) for one in said}
    await store.drop(tx, [place for place in wanted if place not in there])


async def index_anew(tx: Tx, channel: str) -> None:
    """Makes a conversation's entries again: they are marked by its home, which is another one now."""
    await store.forget(tx, channel)
    after = 0
    while places := await store.of_channel(tx, channel, after, _A_WALK):
        await index(tx, places)
        after = places[-1][1]


def _entries(said: Sequence[Said]) -> list[tuple[Said, str, Sequence[int]]]:
    return [(one, words, one.marks(words)) for one in said for words in (one.words,)]


def _places(batches: Sequence[Batch]) -> Iterable[Place]:
    for batch in batches:
        for raw in batch.lines_with(_ABOUT):
            line = _line(raw)
            if line.source == "channels":
                # What a reply hangs on becomes a thread by it.
                for ts in (line.properties.ts, line.properties.thread_ts):
                    if ts:
                        yield line.object, ts_of(ts)
