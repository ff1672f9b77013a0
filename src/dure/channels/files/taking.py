"""Files on their way in: announced, sent, completed."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dure.channels.desk import Author
from dure.channels.documents.model import Reading
from dure.channels.documents.reader import is_document
from dure.channels.files import blob_store, store
from dure.channels.files.attaching import keep
from dure.channels.files.desk import FileDesk
from dure.channels.files.incoming import Taken, take
from dure.channels.files.kinds import BINARY, SNIPPETS, TEXT, is_text, is_text_type, kind_of
from dure.channels.files.looks import Small, picture_of, text_of
from dure.channels.files.model import LARGEST_SNIPPET, File, Thumb
from dure.channels.files.refusals import (
    AltTooLong,
    ChannelsLimit,
    FileNotFound,
    FileTooLarge,
    SnippetTooLarge,
    UnknownSnippetType,
)
from dure.channels.model import Draft
from dure.channels.rules import clean
from dure.governance.api import Principal, access
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import slack_id

_KEPT_FOR = timedelta(hours=24)  # what nobody completes is taken away
_CHANNELS = 100
_ALT = 1_000
_NAME = 255
_HEAD = 4_096


class Taking(FileDesk):
    async def reserve(
        self, principal: Principal, name: str, length: int, *, alt: str = "", snippet: str = ""
    ) -> tuple[File, str]:
        """A file to come, and the secret under which its bytes may be sent once, for a day."""
        access(principal, "channels:write")
        if length < 1:
            raise Invalid("`length` is the number of bytes, at least 1.", field="length")
        if length > self.largest:
            raise FileTooLarge(field="length", data={"limit": self.largest})
        if len(alt) > _ALT:
            raise AltTooLong(field="alt_txt")
        if snippet and snippet not in SNIPPETS:
            raise UnknownSnippetType(field="snippet_type")
        if snippet and length > LARGEST_SNIPPET:
            raise SnippetTooLarge(field="length")
        secret, now = secrets.token_urlsafe(48), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            file = replace(
                self._named(principal, author, name, now), alt=str(clean(alt)), size=length,
                filetype=snippet or BINARY.filetype, mode="snippet" if snippet else "hosted",
            )  # fmt: skip
            await store.add(tx, file, secret=_hash(secret), expires_at=now + _KEPT_FOR)
        return file, secret

    async def receive(self, secret: str, parts: AsyncIterator[bytes]) -> File:
        """The bytes of a reserved file. Raises NotFound for an address that was not given out or is used up, and
        Invalid for another length than was announced."""
        async with self._state.begin_system() as tx:
            file = await store.reserved(tx, _hash(secret))
        if file is None:
            raise NotFound("Nothing may be sent here (any more).")
        async with take(parts, self._blobs.incoming, most=self.largest, exactly=file.size) as taken:
            filled, small = await self._looked_at(file, taken)
            read = await self._read(filled, taken)
            thumbs = await self._put(taken, small)
        async with self._state.begin_system() as tx:
            if await store.reserved(tx, _hash(secret), lock=True) is None:
                raise Conflict("The file was sent already.")
            await store.fill(tx, filled)
            await store.add_thumbs(tx, filled.id, thumbs)
            if read is not None:
                await store.put_text(tx, filled.id, filled.workspace, read)
        return replace(filled, thumbs=thumbs)

    async def upload(self, principal: Principal, name: str, parts: AsyncIterator[bytes], *, alt: str = "") -> File:
        """A file in one go, the caller's own; it is kept once a message carries it or `complete` names it."""
        access(principal, "channels:write")
        if len(alt) > _ALT:
            raise AltTooLong(field="alt")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
        file = replace(self._named(principal, author, name, now), alt=str(clean(alt)), state="uploaded")
        async with take(parts, self._blobs.incoming, most=self.largest) as taken:
            if not taken.size:
                raise Invalid("The file is empty.", field="length")
            filled, small = await self._looked_at(file, taken)
            read = await self._read(filled, taken)
            thumbs = await self._put(taken, small)
        async with self._state.begin(principal.tenant) as tx:
            await store.add(tx, filled, expires_at=now + _KEPT_FOR)
            await store.add_thumbs(tx, filled.id, thumbs)
            if read is not None:
                await store.put_text(tx, filled.id, filled.workspace, read)
        return replace(filled, thumbs=thumbs)

    async def bring(self, file: File, parts: AsyncIterator[bytes]) -> File:
        """A file of elsewhere with what its bytes say, which are durable then; its row is the caller's to add."""
        async with take(parts, self._blobs.incoming, most=self.largest) as taken:
            filled, small = await self._looked_at(file, taken)
            thumbs = await self._put(taken, small)
        return replace(filled, state="kept", thumbs=thumbs)

    async def complete(
        self, principal: Principal, wanted: Sequence[tuple[str, str]], *, channels: Sequence[str] = (),
        comment: str = "", blocks: list[Any] | None = None, thread: int | None = None,
    ) -> list[File]:  # fmt: skip
        """Keeps uploaded files under their titles, and shares them by one message in each channel.

        All or nothing. Raises FileNotFound for a file that is not the caller's or whose bytes did not come.
        """
        access(principal, "channels:write")
        if not wanted:
            raise Invalid("Name at least one file.", field="files")
        if len(channels) > _CHANNELS:
            raise ChannelsLimit(field="channels")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            kept = []
            for file_id, title in wanted:
                file = await self._find(tx, principal, author, file_id, lock=True)
                if file.user != author.user or file.workspace != principal.tenant.workspace:
                    raise FileNotFound(field="files")
                titled = replace(file, title=str(clean(title))[:_NAME] or file.title)
                await keep(tx, principal, titled, self._clock.now())
                kept.append(titled)
            draft = Draft(comment, blocks, thread=thread, files=tuple(file.id for file in kept))
            again = all(file.state == "kept" for file in kept)
            for channel in dict.fromkeys(channels):
                # Who did not hear the answer and asks again gets the message that was made the first time.
                if not (again and await store.carries(tx, channel, draft.files)):
                    await self._channels.post_in(tx, principal, channel, draft)
            return await self._with_shares(tx, principal, author, kept)

    # -- within ------------------------------------------------------------------------------------------------------

    def _named(self, principal: Principal, author: Author, name: str, now: datetime) -> File:
        name = str(clean(name)).replace("/", "_").replace("\\", "_").strip()[:_NAME] or "Uploaded file"
        return File(
            slack_id("F"), principal.tenant.workspace, principal.tenant.org, author.user, author.app, name, name, "",
            BINARY.mimetype, BINARY.filetype, "hosted", "reserved", 0, None, now,
        )  # fmt: skip

    async def _looked_at(self, file: File, taken: Taken) -> tuple[File, tuple[Small, ...]]:
        """The file with what its bytes say, and its small pictures."""
        head = await asyncio.to_thread(_head, taken.path)
        kind = kind_of(file.name, head)
        found = replace(file, state="uploaded", size=taken.size, sha256=taken.sha256)
        if file.mode == "snippet" or (is_text(kind) and taken.size <= LARGEST_SNIPPET):
            preview, lines = await asyncio.to_thread(lambda: text_of(taken.path.read_bytes()))
            filetype = file.filetype if file.mode == "snippet" and file.filetype != "auto" else kind.filetype
            mimetype = kind.mimetype if is_text(kind) else TEXT.mimetype
            return replace(
                found, mode="snippet", mimetype=mimetype, filetype=filetype, preview=preview, lines=lines
            ), ()
        found = replace(found, mimetype=kind.mimetype, filetype=kind.filetype)
        if not kind.mimetype.startswith("image/"):
            return found, ()
        async with self._painting:
            picture = await asyncio.to_thread(picture_of, taken.path)
        if picture is None:
            return found, ()
        return replace(found, width=picture.width, height=picture.height), picture.small

    async def _read(self, file: File, taken: Taken) -> Reading | None:
        """What a document says; None for what is none."""
        if file.mode == "snippet" or is_text_type(file.mimetype, file.filetype):
            return None
        if not is_document(file.name, await asyncio.to_thread(_head, taken.path)):
            return None
        return await self._documents.read(_whole(taken.path), taken.size)

    async def _put(self, taken: Taken, small: Sequence[Small]) -> tuple[Thumb, ...]:
        """Has the bytes where they stay. Their rows come first, so that nothing lies in the storage unknown."""
        thumbs = tuple(
            Thumb(one.size, hashlib.sha256(one.content).hexdigest(), one.mimetype, one.width, one.height,
                  len(one.content))
            for one in small
        )  # fmt: skip
        sizes = {taken.sha256: taken.size, **{thumb.sha256: thumb.bytes for thumb in thumbs}}
        async with self._state.begin_system() as tx:
            for sha256 in sorted(sizes):
                await blob_store.use(tx, sha256, sizes[sha256], self._clock.now())
        for thumb, one in zip(thumbs, small, strict=True):
            async with take(_once(one.content), self._blobs.incoming, most=len(one.content)) as piece:
                await self._blobs.put(thumb.sha256, piece.path)
        await self._blobs.put(taken.sha256, taken.path)
        return thumbs


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


async def _whole(path: Path) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(path.read_bytes)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
