"""Sorimaru's channels for tests: a still clock, and what the feed was told."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from dure.channels.api import Channels, Draft, Message
from dure.channels.apps.api import Apps
from dure.channels.canvas.api import Pages
from dure.channels.files.api import Files
from dure.channels.files.folder import FolderBlobs
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.interaction.plugs import Unconnected
from dure.channels.search.api import Search
from dure.channels.slack.call import Services
from dure.feed.api import Event, Whispers, decode, whisper
from dure.governance.api import Principal
from dure.kernel.clock import StillClock
from dure.state import State
from tests.databases import copied
from tests.people_of import MONDAY_NOON, Cast, found_sori

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Room:
    channels: Channels
    cast: Cast
    clock: StillClock
    state: State
    files: Files
    pages: Pages
    folder: Path

    @property
    def apps(self) -> Apps:
        return Apps(self.state, self.clock, self.cast.governance, self.channels)

    async def told_by(self, source: str) -> list[Event]:
        """What another slice wrote to Sorimaru's feed."""
        return await self.told(self.cast.tenant.workspace, source)

    def services(self, **more: Any) -> Services:
        """What Slack's door stands on, with nobody listening behind interactive elements."""
        given = {
            "channels": self.channels, "governance": self.cast.governance, "apps": self.apps, "files": self.files,
            "pages": self.pages, "interaction": self.interaction, "search": self.search,
        }  # fmt: skip
        return Services(**{**given, **more})

    @property
    def search(self) -> Search:
        return Search(self.state, self.clock, self.cast.governance, self.channels)

    @property
    def interaction(self) -> Interaction:
        return Interaction(
            self.state, self.clock, self.cast.governance, self.channels, Unconnected(),
            ShownAsides(self.clock, self.channels),
        )  # fmt: skip

    async def told(self, workspace: str, source: str = "channels") -> list[Event]:
        """What channels wrote to a workspace's feed, in order."""
        import zstandard

        async with self.state.begin_system() as tx:
            rows = await tx.rows("select body from feed.batch where workspace = %s order by position", (workspace,))
        lines = [line for row in rows for line in zstandard.ZstdDecompressor().decompress(row["body"]).split(b"\n")]
        return [event for event in map(decode, lines) if event.source == source]

    async def say(self, who: Principal, channel: str, text: str, thread: int | None = None) -> Message:
        return await self.channels.post(who, channel, Draft(text, thread=thread))

    async def channel(self, who: Principal, *members: Principal, private: bool = False) -> str:
        """A new channel with somebody and others in it; its id."""
        name = f"room-{next(_numbers)}"
        return (await self.channels.create(who, name, private=private, members=[one.user for one in members])).id

    async def shared(self, name: str = "") -> str:
        """A channel of Sorimaru's that the rival's rina is in too; its id."""
        name = name or f"ad-partners-{next(_numbers)}"
        made = await self.channels.create(self.cast.mina, name, members=[self.cast.joon.user])
        await self.channels.offer(self.cast.mina, made.id, self.cast.rina.tenant.workspace)
        await self.channels.accept(self.cast.rina, made.id, f"from-{name}")
        self.clock.advance(timedelta(seconds=1))
        return made.id


@asynccontextmanager
async def own_state(postgres_url: str, template: str) -> AsyncIterator[State]:
    """A database for a whole module, in which each of its tests founds a Sorimaru of its own."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=12)
        await state.open()
        yield state
        await state.close()


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


async def open_room(state: State, clock: Any = None) -> Room:
    clock = clock or StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    channels, folder = Channels(state, clock, cast.governance), Path(tempfile.mkdtemp(prefix="dure-files-"))
    files, pages = Files(state, clock, channels, FolderBlobs(folder)), Pages(state, clock, channels)
    room = Room(channels, cast, clock, state, files, pages, folder)
    weakref.finalize(room, shutil.rmtree, folder, ignore_errors=True)
    return room


@asynccontextmanager
async def room_of(postgres_url: str, template: str) -> AsyncIterator[Room]:
    """A room in a database of its own, for all tests of a file."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=8)
        await state.open()
        yield await open_room(state)
        await state.close()
