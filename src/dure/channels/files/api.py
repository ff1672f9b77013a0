"""Files' entrance: looked at, handed out, made public, deleted, swept; beside what `taking` and `remote` do."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from dure.channels import events
from dure.channels.files import blob_store, store
from dure.channels.files.attaching import rights
from dure.channels.files.events import file_event
from dure.channels.files.incoming import tidy
from dure.channels.files.kinds import TYPES
from dure.channels.files.model import File, Filter, Thumb
from dure.channels.files.refusals import FileNotFound
from dure.channels.files.remote import Remote
from dure.channels.model import ts_text
from dure.channels.refusals import ChannelNotFound, RestrictedAction
from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.errors import Invalid
from dure.state import State, Tx

__all__ = ["File", "Files", "Filter", "Thumb", "nothing_swept"]

_UNUSED_FOR = timedelta(hours=2)  # bytes in no file are kept for longer than any upload takes


class Files(Remote):
    """`Files(state, clock, channels, blobs)`. Bytes are durable before anything says that they are there.

    `largest` is the most that a file may have, in bytes. Pictures are unpacked one at a time in a process.
    """

    # -- looking -----------------------------------------------------------------------------------------------------

    async def info(self, principal: Principal, file: str) -> File:
        """A file and where the caller can see it. Raises FileNotFound, FileDeleted."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            found = await self._find(tx, principal, author, file)
            return (await self._with_shares(tx, principal, author, [found]))[0]

    async def listed(
        self, principal: Principal, wanted: Filter, *, page: int = 1, count: int = 100
    ) -> tuple[list[File], int]:
        """A page of the files that the caller can see, the newest first, and how many there are in all."""
        access(principal, "channels:read")
        unknown = [name for name in wanted.types if name not in TYPES]
        if unknown:
            raise Invalid(f"`types` are {', '.join(TYPES)}.", field="types")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            if wanted.channel:
                await self._channels.see(tx, principal, wanted.channel)
            found, total = await store.listed(
                tx, principal.tenant.workspace, author.user, wanted, **rights(principal), offset=(page - 1) * count,
                limit=count,
            )  # fmt: skip
            return await self._with_shares(tx, principal, author, found), total

    def content(self, file: File, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """A file's bytes; the caller has found it before."""
        if file.sha256 is None:
            if not file.far or self.elsewhere is None:
                raise FileNotFound
            return self.elsewhere(file, start, file.size - start if length is None else length)
        return self._blobs.read(file.sha256, start, file.size - start if length is None else length)

    def thumb(self, thumb: Thumb) -> AsyncIterator[bytes]:
        return self._blobs.read(thumb.sha256, 0, thumb.bytes)

    async def public(self, secret: str) -> File:
        """The file that was made public under this secret."""
        async with self._state.begin_system() as tx:
            found = await store.find_public(tx, secret)
        if found is None:
            raise FileNotFound
        return found

    # -- changing ----------------------------------------------------------------------------------------------------

    async def publish(self, principal: Principal, file: str, public: bool) -> File:
        """Makes a file reachable to whoever has its address, or takes that back; its owner's to say."""
        access(principal, "channels:write")
        if principal.role is Role.GUEST:
            raise RestrictedAction
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            found = await self._find(tx, principal, author, file, lock=True)
            self._own(principal, author, found)
            if found.mode == "external":
                raise FileNotFound(field="file")
            if public is not (found.public_secret is not None):
                found = replace(found, public_secret=secrets.token_hex(10) if public else None)
                await store.change(tx, found)
                await append(
                    tx,
                    file_event(principal, self._clock.now(), found, events.FILE_CHANGED, by=author.user, public=public),
                )
            return (await self._with_shares(tx, principal, author, [found]))[0]

    async def delete(self, principal: Principal, file: str) -> None:
        """Takes a file out of every message that carries it; its bytes follow when nobody else has the same."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            found = await self._find(tx, principal, author, file, lock=True)
            self._own(principal, author, found)
            await self.delete_in(tx, principal, found, author.user)

    async def delete_in(self, tx: Tx, principal: Principal, file: File, by: str) -> None:
        """`delete` within a transaction, for a file that was found there."""
        await self._channels.keeping.hold_file(tx, file.id)
        await store.remove(tx, file.id, file.workspace, self._clock.now())
        await append(tx, file_event(principal, self._clock.now(), file, events.FILE_DELETED, by=by))
        for place in await store.places(tx, file.id):
            try:
                conversation = await self._channels.see(tx, principal, place.channel)
            except ChannelNotFound:
                continue  # they cannot see what they shared there any more; who can learns it when they look
            act = {
                "ts": ts_text(place.ts), "thread_ts": ts_text(place.thread) if place.thread else "", "text": "",
                "user": place.user, "by": "user", "team": place.team, "file": file.id,
            }  # fmt: skip
            await self._channels.tell(
                tx, principal, conversation, events.MESSAGE_CHANGED, act,
                of_side=lambda side: {"external": side.org != principal.tenant.org},
            )  # fmt: skip

    # -- sweeping ----------------------------------------------------------------------------------------------------

    async def sweep(self, most: int = 100) -> int:
        """Takes away what nobody kept in time and bytes that no file has; returns how many. Any process may."""
        now, gone = self._clock.now(), await asyncio.to_thread(tidy, self._blobs.incoming)
        async with self._state.begin_system() as tx:
            if not await blob_store.sweep_alone(tx):
                return gone
            for file in await store.expired(tx, now, most):
                await store.forget(tx, file, now)
                gone += 1
            for sha256 in await blob_store.unused(tx, now - _UNUSED_FOR, most):
                # The row is locked: who is about to use the same bytes waits for the end of this, and writes them anew.
                await blob_store.drop(tx, sha256)
                await self._blobs.remove(sha256)
                gone += 1
        return gone


@asynccontextmanager
async def nothing_swept(state: State) -> AsyncIterator[None]:
    """While this lasts no process takes bytes away: whoever copies the state and then the files gets all of them."""
    async with state.alone() as connection:
        await connection.execute("select pg_advisory_lock(hashtext('channels.files'), 0)")
        try:
            yield
        finally:  # it would go with the connection too, but some time after that was closed
            await connection.execute("select pg_advisory_unlock(hashtext('channels.files'), 0)")
