"""A conversation's days brought in: some hundred messages a transaction, each once, at its own time, unheard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from dure.channels.api import Channels
from dure.channels.content import mentions_in
from dure.channels.files import store as file_store
from dure.channels.files.api import File
from dure.channels.guarding.refusals import Guarded, KeptBack
from dure.channels.model import Conversation, Draft, ts_at, ts_text
from dure.channels.moving import putting, store, turning
from dure.channels.moving.carrying import MOST_A_MESSAGE, Carrying
from dure.channels.moving.events import MESSAGES_BROUGHT, moving_event
from dure.channels.moving.export import Export
from dure.channels.moving.model import Left, Moving, Room
from dure.channels.moving.objects import Broken
from dure.channels.moving.texts import Names
from dure.channels.moving.turning import Turned
from dure.channels.moving.who import Author, Authors
from dure.channels.refusals import NoText
from dure.channels.retention.model import Since
from dure.channels.store import conversations
from dure.feed.api import append
from dure.governance.api import Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.state import State, Tx

A_BATCH = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Holding = Callable[[Tx], Awaitable[None]]
"""Raises where the work is not this worker's any more."""


@dataclass
class Day:
    """What a day comes to, while it is brought in."""

    day: str
    messages: int = 0
    first: int = 1 << 62
    last: int = 0
    left: list[Left] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message as it can be kept, with its author here and the day that it is of."""

    day: Day
    turned: Turned
    draft: Draft
    author: Author
    carried: tuple[File, ...] = ()


@dataclass
class Bringing:
    """One conversation of an export on its way into one of here."""

    state: State
    clock: Clock
    channels: Channels
    principal: Principal
    one: Moving
    export: Export
    room: Room
    channel: str
    authors: Authors
    names: Names
    language: str
    carrying: Carrying
    holding: Holding

    async def days(self, days: Sequence[str], noted: Callable[[], Awaitable[None]]) -> None:
        """Brings days in, as many at a time as make a set; what is in already is only gone through. `noted` is called
        after each set."""
        stream = self._stream(days)
        while some := await asyncio.to_thread(lambda: list(islice(stream, A_BATCH))):
            await self._batch([one for one in some if isinstance(one, Ready)], [o for o in some if isinstance(o, Day)])
            await noted()

    async def finished(self, tx: Tx) -> dict[int, int]:
        """Threads and reading brought in line; where messages stand whose own timestamp was taken."""
        await putting.finish(tx, self.channel, self.room.id)
        return await putting.shifted(tx, self.channel, self.room.id)

    # -- within ------------------------------------------------------------------------------------------------------

    def _stream(self, days: Sequence[str]) -> Iterator[Ready | Day]:
        """The days' messages, made ready, and after those of each the day itself; in a thread of its own."""
        for day in days:
            made = Day(day)
            yield from self._turned(made)
            yield made

    def _turned(self, made: Day) -> Iterator[Ready]:
        seen = set[int]()
        try:
            for raw in self.export.said(self.room.folder, made.day):
                one = turning.turned(raw, self.names)
                if isinstance(one, Left):
                    made.left.append(one)
                    continue
                if one.theirs in seen:
                    made.left.append(Left("message", "twice", ts=ts_text(one.theirs)))
                    continue
                seen.add(one.theirs)
                made.left += one.left
                ready = self._ready(one, made)
                if ready is not None:
                    yield ready
        except Broken as error:
            made.left.append(Left("day", "broken", str(error)))

    def _ready(self, one: Turned, made: Day) -> Ready | None:
        author, username = self.authors.of(one.author, one.draft.username)
        draft = replace(one.draft, username=username, icons=one.draft.icons if author.app else None)
        if one.deleted:
            return Ready(made, one, Draft(), author)
        if draft.subtype.startswith("channel_"):
            return Ready(made, one, draft, author)
        try:
            # Whatever has files has something to say; the line of one that is left is added later.
            draft, left = turning.checked(replace(draft, files=("F",) if one.files else ()))
        except NoText:
            made.left.append(Left("message", "empty", ts=ts_text(one.theirs)))
            return None
        except DureError as refusal:
            made.left.append(Left("message", "refused", str(refusal), ts=ts_text(one.theirs)))
            return None
        made.left += [replace(each, ts=ts_text(one.theirs)) for each in left]
        return Ready(made, one, replace(draft, files=()), author)

    async def _batch(self, batch: Sequence[Ready], ended: Sequence[Day]) -> None:
        for one in batch:
            one.day.first, one.day.last = min(one.day.first, one.turned.theirs), max(one.day.last, one.turned.theirs)
        stamps = [one.turned.theirs for one in batch]
        if any(one.turned.files for one in batch):
            async with self.state.begin(self.principal.tenant) as tx:
                there = (await putting.there(tx, self.channel, self.room.id, stamps)).known
                had = await putting.carried_of(tx, self.channel, self.room.id, sorted(there))
            batch = [await self._with_files(one, had) for one in batch]
        async with self.state.begin(self.principal.tenant) as tx:
            await conversations.lock(tx, self.channel)
            await self.holding(tx)
            found = await conversations.find(tx, self.principal.tenant.workspace, "", self.channel)
            if found is None:
                for day in ended:
                    day.left.append(Left("room", "gone", self.room.name or self.room.id))
            elif batch:
                await self._put(tx, found, batch)
            if ended:
                await self._ended(tx, ended)

    async def _put(self, tx: Tx, found: Conversation, batch: Sequence[Ready]) -> None:
        stamps = [one.turned.theirs for one in batch]
        there = await putting.there(tx, self.channel, self.room.id, stamps)
        moved = await putting.shifted(tx, self.channel, self.room.id)
        since, now = await self.channels.keeping.since(tx, found), ts_at(self.clock.now())
        held = {row["theirs"]: bool(row["kept"]) for row in
                await putting.held_of(tx, self.channel, self.room.id, sorted(there.known))}  # fmt: skip
        rows, said, given = list[dict[str, Any]](), list[Ready](), set(stamps) | there.taken
        fresh = dict[int, int]()
        for one in batch:
            ts = one.turned.theirs
            if ts in there.known:
                one.day.messages += ts not in held
                one.day.left += [self._held(ts, held[ts])] if ts in held else []
                continue
            if not self._in_time(one, since, now):
                continue
            if ts in there.taken:
                fresh[ts] = await putting.free(tx, self.channel, ts, given)
                ts = fresh[ts]
                given.add(ts)
            draft = await self._guarded(tx, found, one, ts, moved | fresh)
            if draft is not None:
                said.append(replace(one, draft=draft))
                rows.append(self._row(found, said[-1], ts, moved | fresh))
        if fresh:
            await putting.shift(tx, self.channel, self.room.id, fresh)
        if rows:
            await self._write(tx, found, rows, said, fill=bool(there.missing))

    async def _write(
        self, tx: Tx, found: Conversation, rows: list[dict[str, Any]], said: list[Ready], *, fill: bool
    ) -> None:
        home, stamps = found.home.workspace, [int(row["ts"]) for row in rows]
        await putting.add(tx, rows, fill=fill)
        await putting.react(tx, home, self.channel, list(self._reactions(said, stamps)))
        shares = list[tuple[File, str, int, int | None]]()
        for one, row in zip(said, rows, strict=True):
            one.day.messages += 1
            for file in one.carried:
                await file_store.add(tx, file)
                await file_store.add_thumbs(tx, file.id, file.thumbs)
                shares.append((file, self.channel, row["ts"], row["thread"]))
        if shares:
            await putting.share_files(tx, home, self.principal.tenant.workspace, shares)
        await putting.newest(tx, self.channel, min(stamps), max(stamps))
        told = {
            "messages": len(rows), "files": len(shares), "first": ts_text(min(stamps)), "last": ts_text(max(stamps)),
        }  # fmt: skip
        await append(
            tx, moving_event(self.principal, self.clock, MESSAGES_BROUGHT, self.one, channel=self.channel, **told)
        )

    async def _ended(self, tx: Tx, ended: Sequence[Day]) -> None:
        """Writes down that days are in, and what was left out of them."""
        spans = [(day.first, day.last) for day in ended]
        sums = await putting.day_sums(tx, self.channel, self.room.id, spans)
        await store.leave(tx, self.one.id, self.room.id, {day.day: day.left for day in ended})
        done = [(day.day, day.messages, files, held) for day, (files, held) in zip(ended, sums, strict=True)]
        await store.days_done(tx, self.one.id, self.room.id, done)

    async def _guarded(self, tx: Tx, found: Conversation, one: Ready, ts: int, moved: dict[int, int]) -> Draft | None:
        """What of it may be said here; None where a rule holds it back, for an administrator to let in, or refuses."""
        if one.turned.deleted or one.draft.subtype.startswith("channel_"):
            return one.draft
        writer = Principal(
            self.principal.tenant, one.author.user, Role.MEMBER, kind="bot" if one.author.app else "user",
            app=one.author.app,
        )  # fmt: skip
        try:
            may = await self.channels.watch.draft(
                tx, writer, found, one.draft, one.carried, user=one.author.user, ts=ts
            )
        except Guarded as refusal:
            kept = isinstance(refusal, KeptBack)
            row = self._row(found, replace(one, carried=()), ts, moved) if kept else None
            violation = refusal.violation.id
            await putting.hold(tx, self.channel, self.room.id, one.turned.theirs, violation, row)
            one.day.left.append(self._held(one.turned.theirs, kept))
            return None
        if may.violation is not None:
            await self.channels.watch.note(tx, writer, replace(may.violation, ts=ts))
        return may.draft

    def _row(self, found: Conversation, one: Ready, ts: int, moved: dict[int, int]) -> dict[str, Any]:
        draft, turned = one.draft, one.turned
        thread = moved.get(turned.thread, turned.thread) if turned.thread is not None else None
        editor = self.authors.known.get(turned.edited_by)
        return {
            "channel": self.channel, "ts": ts, "workspace": found.home.workspace, "thread": thread,
            "broadcast": draft.broadcast, "account": one.author.user, "app": one.author.app,
            "team": self.principal.tenant.workspace, "username": draft.username, "subtype": draft.subtype,
            "text": draft.text, "blocks": draft.blocks, "attachments": draft.attachments, "metadata": draft.metadata,
            "edited_at": turned.edited_at.isoformat() if turned.edited_at else None,
            "edited_by": (editor.user if editor else one.author.user) if turned.edited_at else None,
            "deleted": turned.deleted, "icons": draft.icons, "files": [file.id for file in one.carried],
            "mentions": list(mentions_in(draft.text, draft.blocks)) or None, "brought": self.room.id,
        }  # fmt: skip

    def _reactions(self, said: Sequence[Ready], stamps: Sequence[int]) -> Iterator[tuple[int, str, str, datetime]]:
        """Who reacted with what; in the order of the export, for it does not say when."""
        for one, ts in zip(said, stamps, strict=True):
            at, number = _EPOCH + timedelta(microseconds=ts), 0
            for name, users in one.turned.reactions:
                for user in users:
                    author, number = self.authors.known.get(user), number + 1
                    if author is not None:
                        yield ts, name, author.user, at + timedelta(microseconds=number)

    def _in_time(self, one: Ready, since: Since, now: int) -> bool:
        ts = one.turned.theirs
        why = "future" if ts > now else "past_time" if since.hides(self.principal.tenant.workspace, ts) else ""
        if why:
            one.day.left.append(Left("message", why, ts=ts_text(ts)))
        return not why

    async def _with_files(self, one: Ready, had: dict[int, int]) -> Ready:
        """The message with its files' bytes in place, or a line where one is not. `had`: how many files those have
        that are in already; nothing is fetched for them again."""
        if not one.turned.files or one.turned.deleted:
            return one
        carried, left, ts = list[File](), list[Left](), one.turned.theirs
        at = _EPOCH + timedelta(microseconds=ts)
        lines = list[str]()
        for raw in one.turned.files:
            found: File | Left | None
            if ts in had:
                found = self.carrying.refused(raw, at)
            elif len(carried) < MOST_A_MESSAGE:
                found = await self.carrying.bring(raw, one.author, at)
            else:
                found = Left("file", "too_many", str(raw.get("name")))
            if isinstance(found, File):
                carried.append(found)
            elif found is not None:
                lines.append(turning.file_line(raw, self.language))
                left.append(found)
        missing = len(one.turned.files) - len(left) - had[ts] if ts in had else 0
        left += [Left("file", "failed")] * missing
        one.day.left += [replace(each, ts=ts_text(ts)) for each in left]
        return replace(one, carried=tuple(carried), draft=turning.with_lines(one.draft, lines))

    def _held(self, ts: int, kept: bool) -> Left:
        return Left("message", "held" if kept else "guarded", ts=ts_text(ts))


def room_of(room: dict[str, Any]) -> Room:
    """A room as a preview keeps it."""
    made = {**room, "members": tuple(room["members"]), "pins": tuple(room["pins"]),
            "bookmarks": tuple(room["bookmarks"])}  # fmt: skip
    return Room(**made)


def kept(room: Room) -> dict[str, Any]:
    return asdict(room)
