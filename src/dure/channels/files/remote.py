"""Files that lie elsewhere: an app says where, and what they are called here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from dure.channels import events
from dure.channels.desk import Author
from dure.channels.files import store
from dure.channels.files.events import file_event
from dure.channels.files.kinds import kind_of
from dure.channels.files.model import File
from dure.channels.files.refusals import FileNotFound
from dure.channels.files.taking import Taking
from dure.channels.model import Draft
from dure.channels.rules import clean
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.state import Tx

_NAME = 255


class Remote(Taking):
    async def add_remote(
        self, principal: Principal, external_id: str, title: str, url: str, filetype: str = ""
    ) -> File:
        """A file of an app's that lies elsewhere; the same `external_id` again changes it."""
        access(principal, "channels:write")
        title, url = _title(title), _address(url)
        if not external_id or len(external_id) > _NAME:
            raise Invalid("`external_id` has 1 to 255 characters.", field="external_id")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            known = await store.find_external(tx, principal.tenant.workspace, external_id)
            if known is not None:
                return await self._change_remote(tx, principal, author, known, title, url, filetype)
            title = (await self._channels.watch.texts(tx, principal, None, "file", {"title": title}))["title"]
            kind = kind_of(f"{title}.{filetype}" if filetype else title, b"")
            file = File(
                slack_id("F"), principal.tenant.workspace, principal.tenant.org, author.user, author.app, title, title,
                "", kind.mimetype, filetype or kind.filetype, "external", "kept", 0, None, now,
                external_id=str(clean(external_id)), external_url=url,
            )  # fmt: skip
            await store.add(tx, file)
            await append(tx, file_event(principal, now, file, events.FILE_CREATED, by=author.user))
            return file

    async def update_remote(
        self, principal: Principal, file: str, *, title: str = "", url: str = "", filetype: str = ""
    ) -> File:
        """Changes what is said of a file that lies elsewhere; what is left out stays."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            return await self._change_remote(
                tx, principal, author, file, _title(title) if title else "", _address(url) if url else "", filetype
            )

    async def share_remote(self, principal: Principal, file: str, channels: Sequence[str]) -> File:
        """Shares a file that lies elsewhere, by a message in each channel."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            found = await self._remote(tx, principal, author, file)
            for channel in dict.fromkeys(channels):
                await self._channels.post_in(tx, principal, channel, Draft(files=(found.id,)))
            return (await self._with_shares(tx, principal, author, [found]))[0]

    async def remote(self, principal: Principal, file: str = "", external_id: str = "") -> File:
        """A file that lies elsewhere, by our id for it or by the app's."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            author = await self._channels.author(tx, principal)
            if not file:
                file = await store.find_external(tx, principal.tenant.workspace, str(clean(external_id))) or ""
            found = await self._remote(tx, principal, author, file)
            return (await self._with_shares(tx, principal, author, [found]))[0]

    async def _remote(self, tx: Tx, principal: Principal, author: Author, file: str) -> File:
        found = await self._find(tx, principal, author, file)
        if found.mode != "external":
            raise FileNotFound(field="file")
        return found

    async def _change_remote(
        self, tx: Tx, principal: Principal, author: Author, file: str, title: str, url: str, filetype: str
    ) -> File:
        found = await self._remote(tx, principal, author, file)
        self._own(principal, author, found)
        if title:
            title = (await self._channels.watch.texts(tx, principal, None, "file", {"title": title}))["title"]
        changed = replace(
            found, title=title or found.title, name=title or found.name, external_url=url or found.external_url,
            filetype=filetype or found.filetype,
        )  # fmt: skip
        if changed != found:
            await store.change(tx, changed)
            await append(
                tx, file_event(principal, self._clock.now(), changed, events.FILE_CHANGED, by=author.user, public=False)
            )
        return (await self._with_shares(tx, principal, author, [changed]))[0]


def _title(title: str) -> str:
    title = str(clean(title)).strip()
    if not title or len(title) > _NAME:
        raise Invalid("`title` has 1 to 255 characters.", field="title")
    return title


def _address(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 4_000:
        raise Invalid("`external_url` is an http or https address.", field="external_url")
    return str(clean(url.strip()))
