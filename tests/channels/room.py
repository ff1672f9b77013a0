"""Sorimaru's channels for tests: a still clock, and what the feed was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dure.channels.api import Channels, Draft, Message
from dure.feed.api import Event, Whispers, decode, whisper
from dure.governance.api import Principal
from dure.kernel.clock import StillClock
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori


@dataclass(frozen=True)
class Room:
    channels: Channels
    cast: Cast
    clock: StillClock
    state: State

    async def told(self, workspace: str) -> list[Event]:
        """What channels wrote to a workspace's feed, in order."""
        import zstandard

        async with self.state.begin_system() as tx:
            rows = await tx.rows("select body from feed.batch where workspace = %s order by position", (workspace,))
        lines = [line for row in rows for line in zstandard.ZstdDecompressor().decompress(row["body"]).split(b"\n")]
        return [event for event in map(decode, lines) if event.source == "channels"]

    async def say(self, who: Principal, channel: str, text: str, thread: int | None = None) -> Message:
        return await self.channels.post(who, channel, Draft(text, thread=thread))

    async def shared(self, name: str = "ad-partners") -> str:
        """A channel of Sorimaru's that the rival's rina is in too; its id."""
        made = await self.channels.create(self.cast.mina, name, members=[self.cast.joon.user])
        await self.channels.offer(self.cast.mina, made.id, self.cast.rina.tenant.workspace)
        await self.channels.accept(self.cast.rina, made.id, "sorimaru")
        self.clock.advance(timedelta(seconds=1))
        return made.id


@dataclass(frozen=True)
class Overheard:
    """What is whispered while it listens; `next(kind)` is the next whisper that has such a key, with its topics."""

    queue: asyncio.Queue[tuple[str, Sequence[str], Mapping[str, Any]]]

    async def next(self, kind: str) -> tuple[str, Sequence[str], Any]:
        async with asyncio.timeout(10):
            while True:
                workspace, topics, what = await self.queue.get()
                if kind in what:
                    return workspace, topics, what

    async def all_until(self, mark: str) -> list[Any]:
        """Everything before the whisper that is a mark, which the caller has sent."""
        found = []
        async with asyncio.timeout(10):
            while (what := (await self.queue.get())[2]) != {"mark": mark}:
                found.append(what)
        return found


@asynccontextmanager
async def overhearing(state: State) -> AsyncIterator[Overheard]:
    """Listens to whispers as a process of its own would, from the moment that it is entered."""
    heard = Overheard(asyncio.Queue())
    task = asyncio.ensure_future(Whispers(state, lambda *said: heard.queue.put_nowait(said)).run())
    try:
        async with asyncio.timeout(10):
            while heard.queue.empty():  # whispered before the connection listened, a word is heard by nobody
                async with state.begin_system() as tx:
                    await whisper(tx, "T0", ["begin"], {"mark": "begin"})
                await asyncio.sleep(0.01)
        while not heard.queue.empty():
            heard.queue.get_nowait()
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def open_room(state: State) -> Room:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    return Room(Channels(state, clock, cast.governance), cast, clock, state)
