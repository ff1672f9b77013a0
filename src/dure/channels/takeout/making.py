"""Makes takeouts: one at a time in a process, a page at a time, begun anew by whoever finds that the maker died."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from dure.channels.files import blob_store
from dure.channels.files.api import Files
from dure.channels.model import Conversation
from dure.channels.retention.keeping import Keeping
from dure.channels.store import messages
from dure.channels.takeout import layout, store, table
from dure.channels.takeout.archive import Archive
from dure.channels.takeout.events import COMPLETED, FAILED, takeout_event
from dure.channels.takeout.model import Takeout
from dure.feed.api import append
from dure.governance.api import Governance, Principal, User
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import State

_A_PAGE = 500
_KEPT = timedelta(days=7)
_EVENTS = """
select time, event, source, toString(person) as person, distinct_id, account, object_type, object, actor, run,
       message_id, received_at, toString(properties) as properties
from events where workspace = {workspace:String}
    and (time, message_id) > (parseDateTime64BestEffort({after:String}, 6, 'UTC'), {message:String})
order by time, message_id limit 5000
"""

Definitions = Mapping[str, Callable[[Principal], Awaitable[Sequence[Any]]]]


class Stopped(Exception):
    """It was cancelled, or somebody else makes it now."""


class Maker:
    def __init__(
        self, state: State, log: Log | None, clock: Clock, governance: Governance, keeping: Keeping, files: Files,
        definitions: Definitions, *, lease: timedelta = timedelta(minutes=2),
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._keeping = keeping
        self._files = files
        self._definitions = definitions
        self._lease = lease

    async def tick(self) -> int:
        """Makes one, and takes those away whose time is over; how many were made."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            for gone in await store.over(tx, now):
                await store.set_state(tx, gone, "gone", now)
            one = await store.claim(tx, now, now + self._lease)
        if one is None:
            return 0
        path = self._files.blobs.incoming / f"takeout-{uuid.uuid4().hex}.part"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            one = await _Making(self, one, path).make()
            await self._finish(one, path)
        except Stopped:
            return 0
        except (DureError, OSError) as error:
            await self._end(replace(one, state="failed", why=str(error), ended_at=self._clock.now()), FAILED)
            return 0
        finally:
            path.unlink(missing_ok=True)
        return 1

    async def _finish(self, one: Takeout, path: Path) -> None:
        sha256, size = await asyncio.to_thread(_digest, path)
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            await blob_store.use(tx, sha256, size, now)
        await self._files.blobs.put(sha256, path)
        done = replace(one, state="done", size=size, sha256=sha256, ended_at=now, gone_at=now + _KEPT)
        await self._end(done, COMPLETED)

    async def _end(self, one: Takeout, name: str) -> None:
        tenant = Tenant(one.org, one.workspace)
        async with self._state.begin(tenant) as tx:
            if await store.end(tx, one):
                system = self._governance.system(tenant, "takeout")
                told = {"messages": one.messages, "files": one.files, "size": one.size}
                await append(tx, takeout_event(system, self._clock, name, one, **told))

    # -- for the making ----------------------------------------------------------------------------------------------

    async def note(self, one: Takeout) -> None:
        """Says how far it has come, and goes no further where nobody wants it any more."""
        async with self._state.begin_system() as tx:
            if not await store.note(tx, one, self._clock.now() + self._lease):
                raise Stopped


class _Making:
    def __init__(self, maker: Maker, one: Takeout, path: Path) -> None:
        self.maker, self.one, self.path = maker, one, path
        self.tenant = Tenant(one.org, one.workspace)
        self.state = maker._state
        self.people: dict[str, User] = {}
        self.only = list(one.asked.get("people") or []) or None
        self.first, self.last = int(one.asked.get("from") or 0), int(one.asked.get("until") or (1 << 62))

    async def make(self) -> Takeout:
        with Archive(self.path) as archive:
            rooms = await self._lists(archive)
            edits = []
            for room in rooms:
                edits += await self._room(archive, room)
                await self._note(channels_done=self.one.channels_done + 1)
            if self.one.kind == "compliance":
                with archive.lines("edits.ndjson") as lines:
                    for channel, stamps in edits:
                        async with self.state.begin(self.tenant) as tx:
                            lines.add(await store.versions(tx, channel, stamps))
                await self._held(archive)
            else:
                await self._everything_else(archive)
        return self.one

    async def _note(self, **changed: Any) -> None:
        self.one = replace(self.one, **changed)
        await self.maker.note(self.one)

    async def _lists(self, archive: Archive) -> list[Conversation]:
        """`users.json` and the lists of conversations."""
        async with self.state.begin(self.tenant) as tx:
            users = await self.maker._governance.users_in(tx, self.tenant)
            rooms = await store.rooms(tx, self.tenant.workspace, self.one.asked.get("channels"))
            members, pins = await store.members(tx, self.tenant.workspace), await store.pins(tx, self.tenant.workspace)
        self.people = {user.id: user for user in users}
        archive.json("users.json", [layout.user(user) for user in users])
        lists: dict[str, list[Any]] = {"channels": [], "groups": [], "dms": [], "mpims": []}
        for room in rooms:
            name, shape = layout.room(room, members.get(room.id, []), pins.get(room.id, []))
            lists[name].append(shape)
        for name, shapes in lists.items():
            archive.json(f"{name}.json", shapes)
        workspace = await self.maker._governance.workspace(self.tenant)
        about = {"format": "dure-takeout-1", "kind": self.one.kind, "asked": self.one.asked,
                 "made_at": self.one.made_at, "workspace": workspace.id, "name": workspace.name}  # fmt: skip
        archive.json("takeout.json", about)
        await self._note(channels_all=len(rooms))
        return rooms

    async def _room(self, archive: Archive, room: Conversation) -> list[tuple[str, list[int]]]:
        """A conversation's days; which of its messages have earlier versions."""
        changed, after, day = [], self.first - 1 if self.first else 0, ""
        with ExitStack() as open_day:
            array = None
            while True:
                async with self.state.begin(self.tenant) as tx:
                    stamps = await store.said(tx, room.id, after, self.last, self.only, _A_PAGE)
                    since = await self.maker._keeping.since(tx, room)
                    found = await messages.some(tx, room.id, stamps, deleted=True)
                    past = [said.ts for said in found if since.hides(said.team, said.ts)]
                    held = await store.held_among(tx, self.one.org, room.id, past) if past else set()
                    await self._meet(tx, found)
                if not stamps:
                    break
                after, written, edited = stamps[-1], 0, []
                for said in found:
                    hidden = since.hides(said.team, said.ts)
                    own = room.org_of(said.team) == self.one.org
                    if said.deleted or (hidden and not table.takes_past(self.one.kind, own=own, held=said.ts in held)):
                        continue
                    if array is None or layout.day(said.ts) != day:
                        open_day.close()
                        day = layout.day(said.ts)
                        array = open_day.enter_context(archive.array(f"{layout.folder(room)}/{day}.json"))
                    array.add([layout.message(said, self.people, self.tenant.workspace, hidden=hidden)])
                    written += 1
                    if said.edited_at is not None:
                        edited.append(said.ts)
                if edited:
                    changed.append((room.id, edited))
                await self._note(messages=self.one.messages + written)
        return changed

    async def _meet(self, tx: Any, found: Sequence[Any]) -> None:
        """The names of those who speak and are of another organisation."""
        unknown = sorted({one.user for one in found} - set(self.people))
        if unknown:
            for user in await self.maker._governance.users_named_in(tx, unknown):
                self.people[user.id] = user

    async def _held(self, archive: Archive) -> None:
        """What people deleted or changed while it was held."""
        wanted, after = set(self.one.asked.get("channels") or []), 0
        with archive.lines("held.ndjson") as lines:
            while True:
                async with self.state.begin(self.tenant) as tx:
                    rows = await store.held(tx, self.tenant.workspace, after, _A_PAGE)
                if not rows:
                    return
                after = rows[-1]["n"]
                lines.add(
                    row for row in rows
                    if (not wanted or row["channel"] in wanted) and (self.only is None or row["account"] in self.only)
                    and self.first <= row["ts"] <= self.last
                )  # fmt: skip

    async def _everything_else(self, archive: Archive) -> None:
        files = await self._file_list(archive)
        for name in store.TABLES:
            await self._table(archive, name)
        await self._events(archive)
        principal = replace(self.maker._governance.system(self.tenant, "takeout"))
        for name, ask in self.maker._definitions.items():
            with archive.lines(f"definitions/{name}.ndjson") as lines:
                lines.add(await ask(principal))
        for file in files:
            await self._file(archive, file)

    async def _file_list(self, archive: Archive) -> list[dict[str, Any]]:
        files, after = list[dict[str, Any]](), ""
        with archive.lines("files.ndjson") as lines:
            while True:
                async with self.state.begin(self.tenant) as tx:
                    rows = await store.files(tx, self.tenant.workspace, after, _A_PAGE)
                    since = await self.maker._keeping.files_since(tx, self.tenant)
                if not rows:
                    return files
                after = rows[-1]["id"]
                rows = [row for row in rows if since is None or row["created_at"] >= since]
                lines.add({**row, "path": f"files/{row['id']}/{row['name']}"} for row in rows)
                files += [{"id": r["id"], "name": r["name"], "size": r["size"], "sha256": r["sha256"]} for r in rows]

    async def _file(self, archive: Archive, file: dict[str, Any]) -> None:
        if file["sha256"] is None:
            return
        with archive.member(f"files/{file['id']}/{file['name']}", packed=True) as member:
            async for part in self.maker._files.blobs.read(file["sha256"], 0, file["size"]):
                member.write(part)
        await self._note(files=self.one.files + 1)

    async def _table(self, archive: Archive, name: str) -> None:
        after = ""
        with archive.lines(f"{name}.ndjson") as lines:
            while True:
                async with self.state.begin(self.tenant) as tx:
                    rows = await store.rows_of(tx, name, self.tenant.workspace, after, _A_PAGE)
                if not rows:
                    return
                after = rows[-1]["after_key"]
                lines.add({key: value for key, value in row.items() if key != "after_key"} for row in rows)

    async def _events(self, archive: Archive) -> None:
        """The log, oldest first."""
        after, message = "1970-01-01T00:00:00Z", ""
        with archive.lines("events.ndjson") as lines:
            while self.maker._log is not None:
                bound = {"after": after, "message": message}
                rows = (await self.maker._log.query(self.tenant, _EVENTS, bound, seconds=600)).dicts()
                if not rows:
                    return
                lines.add(rows)
                after, message = rows[-1]["time"].isoformat(), rows[-1]["message_id"]
                await self._note()


def _digest(path: Path) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            hashed.update(part)
            size += len(part)
    return hashed.hexdigest(), size
