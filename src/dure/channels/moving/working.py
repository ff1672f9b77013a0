"""Reads exports and brings them in, one at a time in a process; whoever finds one that was left goes on with it."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import msgspec

from dure.channels.api import Channels
from dure.channels.files.api import Files
from dure.channels.moving import places, store, survey, who
from dure.channels.moving.bringing import Bringing, room_of
from dure.channels.moving.carrying import Carrying, Fetching
from dure.channels.moving.events import COMPLETED, FAILED, moving_event
from dure.channels.moving.export import Export
from dure.channels.moving.model import Left, Moving, Person, Room
from dure.channels.moving.places import Placing
from dure.channels.moving.texts import Names
from dure.channels.moving.who import Authors
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_log = logging.getLogger(__name__)
_NOTED = 10_000  # so much of what is left out is kept with a preview
_EVERY = 0.5
_PART = 1 << 20


class Stopped(Exception):
    """It was cancelled, or somebody else works on it now."""


class Mover:
    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, files: Files,
        fetching: Fetching | None = None, *, site: str = "/", lease: timedelta = timedelta(minutes=2),
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self._files = files
        self._fetching = fetching
        self._site = site
        self._lease = lease

    async def tick(self) -> int:
        """Reads one or brings one in, and takes away the bytes of those whose time is over; how many were ended."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            for gone in await store.over(tx, now):
                await store.drop_bytes(tx, gone, now)
            one = await store.claim(tx, now, now + self._lease)
        if one is None:
            return 0
        try:
            async with self._copied(one) as path:
                ended = await (self._read(one, path) if one.state == "reading" else _Run(self, one, path).run())
        except Stopped:
            return 0
        except (DureError, OSError) as error:
            why = error.message if isinstance(error, DureError) else str(error)
            ended = replace(one, state="failed", why=why)
        except Exception as error:
            # Said where it is looked for; what is in stays, and it can be begun again.
            _log.exception("an import failed")
            ended = replace(one, state="failed", why=f"{type(error).__name__}: {error}"[:500])
        await self._end(ended)
        return 1

    async def note(self, one: Moving) -> None:
        async with self._state.begin_system() as tx:
            await self.hold(tx, one)

    async def hold(self, tx: Tx, one: Moving) -> None:
        """Says how far it is, and goes no further where nobody wants it any more."""
        if not await store.note(tx, one, self._clock.now() + self._lease):
            raise Stopped

    # -- within ------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _copied(self, one: Moving) -> AsyncIterator[Path]:
        """The zip as a file of this machine, wherever its bytes lie."""
        path = self._files.blobs.incoming / f"moving-{uuid.uuid4().hex}.part"
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        try:
            noted = time.monotonic()
            with path.open("wb") as file:
                async for part in self._files.blobs.read(one.sha256, 0, one.size):
                    await asyncio.to_thread(file.write, part)
                    if time.monotonic() - noted > 10:
                        noted = time.monotonic()
                        await self.note(one)
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def _read(self, one: Moving, path: Path) -> Moving:
        """What is in it, for whoever decides about it."""
        tenant = Tenant(one.org, one.workspace)
        with await asyncio.to_thread(Export, path) as export:
            people = await asyncio.to_thread(survey.people, export)
            rooms = await asyncio.to_thread(survey.rooms, export)
            one = _progress(one, rooms_all=len(rooms), days_all=sum(len(export.days(room.folder)) for room in rooms))
            await self.note(one)
            left, counted, noted = list[Left](), list[Room](), time.monotonic()
            for room in rooms:
                days = []
                for day in export.days(room.folder):
                    days.append((day, await asyncio.to_thread(survey.counted, export, room, day)))
                    if time.monotonic() - noted > _EVERY:
                        noted = time.monotonic()
                        await self.note(_progress(one, rooms=len(counted), days=one.progress.days + len(days)))
                found, authors, broken = survey.with_counts(room, iter(days))
                bots = set[str]().union(*(each.bots for _, each in days))
                for author, name in authors.items():
                    people.setdefault(author, survey.unlisted(author, name, bot=author in bots))
                counted.append(found)
                left += broken
                one = _progress(one, rooms=len(counted), days=one.progress.days + len(days))
            left = [*export.left, *left]
        system = self._governance.system(tenant, "moving")
        async with self._state.begin(tenant) as tx:
            known = await who.matched(tx, self._governance, system, list(people.values()))
            counted = await places.looked_up(tx, one.workspace, counted)
        preview = {
            "people": [asdict(person) for person in known], "rooms": [asdict(room) for room in counted],
            "left": [asdict(each) for each in left[:_NOTED]], "left_all": len(left),
        }  # fmt: skip
        return replace(one, state="ready", preview=msgspec.json.decode(msgspec.json.encode(preview)))

    async def _end(self, one: Moving) -> None:
        tenant = Tenant(one.org, one.workspace)
        one = replace(one, ended_at=None if one.state == "ready" else self._clock.now())
        async with self._state.begin(tenant) as tx:
            if not await store.end(tx, one) or one.state == "ready":
                return
            system = self._governance.system(tenant, "moving")
            told = {name: getattr(one.progress, name) for name in ("messages", "files", "held", "left")}
            why = {"why": one.why} if one.why else {}
            name = COMPLETED if one.state == "done" else FAILED
            await append(tx, moving_event(system, self._clock, name, one, **told, **why))


class _Run:
    """One export on its way in."""

    def __init__(self, mover: Mover, one: Moving, path: Path) -> None:
        self.mover, self.one, self.path = mover, one, path
        self.tenant = Tenant(one.org, one.workspace)
        self.state, self.clock = mover._state, mover._clock
        self.counted = 0.0

    async def run(self) -> Moving:
        preview = self.one.preview or {}
        people = [msgspec.convert(each, Person) for each in preview.get("people", [])]
        rooms = [room_of(each) for each in preview.get("rooms", [])]
        principal = await self._principal()
        with await asyncio.to_thread(Export, self.path) as export:
            async with self.state.begin(self.tenant) as tx:
                await self.mover.hold(tx, self.one)
                authors = await who.settled(tx, self.mover._governance, principal, people, self.one.choices)
                users = await self.mover._governance.users_in(tx, self.tenant)
                handles = await store.handles(tx, self.tenant.workspace)
                since = await self.mover._channels.keeping.files_since(tx, self.tenant)
            active = frozenset(user.id for user in users if not user.deleted)
            placing = Placing(
                self.mover._channels, self.mover._governance, self.clock, principal, self.one, authors, active
            )
            placed, left = await self._placed(placing, rooms)
            names = await self._names(authors, people, rooms, placed, handles)
            language = (await self.mover._governance.workspace(self.tenant)).language
            fetching = self.mover._fetching if self.one.choices.files == "fetch" else None
            carrying = Carrying(self.mover._files, export, self.tenant, since, fetching)
            wanted = [room for room in rooms if room.id in placed]
            self.one = _progress(
                self.one, rooms_all=len(wanted), days_all=sum(len(export.days(room.folder)) for room in wanted)
            )
            for number, room in enumerate(wanted, 1):
                bringing = Bringing(
                    self.state, self.clock, self.mover._channels, principal, self.one, export, room, placed[room.id],
                    authors, names, language, carrying, self._holding,
                )  # fmt: skip
                left += await self._room(bringing, placing)
                self.one = _progress(self.one, rooms=number)
        async with self.state.begin(self.tenant) as tx:
            await self.mover.hold(tx, self.one)
            noted = [Left(**each) for each in preview.get("left", []) if each["what"] != "day"]
            await store.leave(tx, self.one.id, "", {"": [*noted, *left]})
        await self._count(True)
        return replace(self.one, state="done", why="")

    async def _principal(self) -> Principal:
        """Who has begun it, as far as they may still do anything; nobody by name where it was the command line."""
        if not self.one.began_by:
            return replace(self.mover._governance.system(self.tenant, "command line"), role=Role.OWNER)
        user = await self.mover._governance.user(self.tenant, self.one.began_by)
        if user.deleted:
            raise NotAllowed("Whoever has begun this is not here any more; somebody else has to begin it again.")
        return Principal(self.tenant, user.id, user.role)

    async def _placed(self, placing: Placing, rooms: list[Room]) -> tuple[dict[str, str], list[Left]]:
        placed, left = dict[str, str](), list[Left]()
        for room in rooms:
            why = places.why_skipped(room, self.one.choices)
            if why:
                left.append(Left("room", why, f"{room.name or room.id}: {room.messages:,}"))
                continue
            async with self.state.begin(self.tenant) as tx:
                await self.mover.hold(tx, self.one)
                found = await placing.place(tx, room)
            if isinstance(found, Left):
                left.append(found)
            else:
                placed[room.id] = found
        return placed, left

    async def _names(
        self, authors: Authors, people: list[Person], rooms: list[Room], placed: dict[str, str], handles: dict[str, str]
    ) -> Names:
        called = {one.id: one.display or one.name for one in people}
        named = {room.id: room.name for room in rooms}
        async with self.state.begin(self.tenant) as tx:
            here = {ours: await conversations.find(tx, self.tenant.workspace, "", ours)
                    for ours in set(placed.values())}  # fmt: skip
        ours = {theirs: (found.id, found.name) for theirs, one in placed.items() if (found := here[one]) is not None}
        return Names(authors.people, called, ours, named, handles, self.mover._site)

    async def _room(self, bringing: Bringing, placing: Placing) -> list[Left]:
        room = bringing.room
        async with self.state.begin(self.tenant) as tx:
            there = await store.days_in(tx, self.one.id, room.id)
        await bringing.days([day for day in bringing.export.days(room.folder) if day not in there], self._count)
        await self._count(True)
        async with self.state.begin(self.tenant) as tx:
            await conversations.lock(tx, bringing.channel)
            await self.mover.hold(tx, self.one)
            found = await conversations.find(tx, self.tenant.workspace, "", bringing.channel)
            if found is None:
                return [Left("room", "gone", room.name or room.id)]
            return await placing.finish(tx, room, found, await bringing.finished(tx))

    async def _holding(self, tx: Tx) -> None:
        await self.mover.hold(tx, self.one)

    async def _count(self, now: bool = False) -> None:
        """How far it is; not after every set, for all days are counted."""
        if not now and time.monotonic() - self.counted < _EVERY:
            return
        self.counted = time.monotonic()
        async with self.state.begin(self.tenant) as tx:
            self.one = _progress(self.one, **await store.sums(tx, self.one.id))


def _progress(one: Moving, **changed: int) -> Moving:
    return replace(one, progress=replace(one.progress, **changed))
