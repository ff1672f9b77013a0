"""What every act on files begins with: who acts, which file, what they may do with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from dure.channels.api import Channels
from dure.channels.desk import Author
from dure.channels.documents.model import Reading
from dure.channels.documents.reader import HEAD, Reader, is_document
from dure.channels.files import store
from dure.channels.files.attaching import rights
from dure.channels.files.kinds import is_text_type
from dure.channels.files.looks import decoded
from dure.channels.files.model import LARGEST, LOOKED_INTO, File
from dure.channels.files.plugs import Blobs
from dure.channels.files.refusals import CantDeleteFile, FileDeleted, FileNotFound
from dure.channels.rules import clean
from dure.governance.api import Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx


class FileDesk:
    """Held by `Files`; the acts are in `taking`, `remote` and `api`."""

    def __init__(
        self, state: State, clock: Clock, channels: Channels, blobs: Blobs, *,
        largest: int = LARGEST,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._channels = channels
        self._blobs = blobs
        self._painting = asyncio.Semaphore(1)
        self._documents = Reader()
        self.largest = largest
        # The bytes of files whose owner is on another server: (file, start, length).
        self.elsewhere: Callable[[File, int, int], AsyncIterator[bytes]] | None = None
        channels.watch.read_file = self._words

    @property
    def blobs(self) -> Blobs:
        """Where bytes are kept."""
        return self._blobs

    async def _words(self, tx: Tx, file: File) -> Reading:
        """What a file says, as far as it is looked into."""
        if file.sha256 is None:
            return Reading()
        if file.mode == "snippet" or is_text_type(file.mimetype, file.filetype):
            head = await self._start(file.sha256, min(file.size, LOOKED_INTO))
            return Reading(decoded(head), "too_large" if file.size > LOOKED_INTO else "")
        read = await store.text(tx, file.id, file.workspace)
        if read is None and is_document(file.name, await self._start(file.sha256, min(file.size, HEAD))):
            # One that came before documents were read.
            read = await self._documents.read(self._blobs.read(file.sha256, 0, file.size), file.size)
            await store.put_text(tx, file.id, file.workspace, read)
        return read or Reading()

    async def _start(self, sha256: str, length: int) -> bytes:
        return b"".join([part async for part in self._blobs.read(sha256, 0, length)])

    async def _find(self, tx: Tx, principal: Principal, author: Author, file: str, *, lock: bool = False) -> File:
        found = await store.find(
            tx, principal.tenant.workspace, author.user, str(clean(file)), **rights(principal), lock=lock
        )
        if found is None:
            raise FileNotFound(field="file")
        since = await self._channels.keeping.files_since(tx, Tenant(found.org, found.workspace))
        if found.state == "deleted" or (since is not None and found.created_at < since):
            raise FileDeleted(field="file")
        return found

    async def _with_shares(self, tx: Tx, principal: Principal, author: Author, files: Sequence[File]) -> list[File]:
        known = await store.shares(
            tx, principal.tenant.workspace, author.user, [file.id for file in files], **rights(principal)
        )
        return [
            replace(
                file, shares=tuple(known[file.id]),
                open=file.open or any(one.kind == "channel" and not one.private for one in known[file.id]),
            )
            for file in files
        ]  # fmt: skip

    def _own(self, principal: Principal, author: Author, file: File) -> None:
        administers = principal.role in (Role.OWNER, Role.ADMIN) and principal.tenant.workspace == file.workspace
        if not administers and (file.user != author.user or file.workspace != principal.tenant.workspace):
            raise CantDeleteFile(field="file")
