"""Bookmarks: links that a channel keeps above its messages."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.model import Bookmark, Conversation
from dure.channels.refusals import BookmarkNotFound, InvalidLink, TooManyBookmarks
from dure.channels.rules import clean
from dure.channels.store import bookmarks as store
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.state import Tx

MOST = 100
_LINK = re.compile(r"https?://[^\s]+", re.I)
_EMOJI = re.compile(r"(:[\w+\-']{1,100}:)?")


class Bookmarks(Desk):
    async def bookmarks(self, principal: Principal, channel: str) -> list[Bookmark]:
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.see(tx, principal, channel)
            return await store.listed(tx, found.id)

    async def bookmark(self, principal: Principal, channel: str, title: str, link: str, emoji: str = "") -> Bookmark:
        """Adds a bookmark at the end of the bar. Raises InvalidLink, TooManyBookmarks."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            if len(await store.listed(tx, channel)) >= MOST:
                raise TooManyBookmarks(field="channel")
            made = await self.bookmark_of(tx, principal, found, title, link, emoji)
            await store.add(tx, found.home.workspace, made)
            await self._tell_bookmark(tx, principal, found, events.BOOKMARKED, made)
            return made

    async def bookmark_of(
        self, tx: Tx, principal: Principal, found: Conversation, title: str, link: str, emoji: str = ""
    ) -> Bookmark:
        """A bookmark that may stand in a channel; it is not added yet. Raises InvalidLink, Guarded."""
        author, now = await self.author(tx, principal), self._clock.now()
        title = (await self.watch.texts(tx, principal, found, "bookmark", {"title": title}))["title"]
        # `Bk…` as Slack's; random, because a bookmark's id opens it to who may read the channel.
        return _checked(
            Bookmark("Bk0" + secrets.token_hex(5).upper(), found.id, title, link, emoji, 0, author.user, now,
                     author.user, principal.tenant.workspace, None)
        )  # fmt: skip

    async def edit_bookmark(
        self, principal: Principal, channel: str, bookmark: str, *, title: str | None = None, link: str | None = None,
        emoji: str | None = None,
    ) -> Bookmark:  # fmt: skip
        """Changes what is given."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            before = await self._bookmark(tx, channel, bookmark)
            author = await self.author(tx, principal)
            if title is not None:
                title = (await self.watch.texts(tx, principal, found, "bookmark", {"title": title}))["title"]
            changed = _checked(
                replace(
                    before, title=before.title if title is None else title, link=before.link if link is None else link,
                    emoji=before.emoji if emoji is None else emoji, changed_by=author.user,
                    changed_team=principal.tenant.workspace, changed_at=self._clock.now(),
                )
            )  # fmt: skip
            await store.change(tx, changed)
            await self._tell_bookmark(tx, principal, found, events.BOOKMARK_CHANGED, changed)
            return changed

    async def remove_bookmark(self, principal: Principal, channel: str, bookmark: str) -> None:
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self.enter(tx, principal, channel)
            gone = await self._bookmark(tx, channel, bookmark)
            await store.remove(tx, channel, bookmark)
            await self._tell_bookmark(tx, principal, found, events.BOOKMARK_REMOVED, gone)

    async def _bookmark(self, tx: Tx, channel: str, bookmark: str) -> Bookmark:
        found = await store.find(tx, channel, str(clean(bookmark)))
        if found is None:
            raise BookmarkNotFound(field="bookmark_id")
        return found

    async def _tell_bookmark(self, tx: Tx, principal: Principal, found: Conversation, name: str, one: Bookmark) -> None:
        author = await self.author(tx, principal)
        await self.tell(tx, principal, found, name, {"bookmark": one.id, "user": author.user})


def _checked(bookmark: Bookmark) -> Bookmark:
    title, link, emoji = (str(clean(part)).strip() for part in (bookmark.title, bookmark.link, bookmark.emoji))
    if not title or len(title) > 255:
        raise Invalid("A bookmark's title has 1 to 255 characters.", field="title")
    if not _LINK.fullmatch(link) or len(link) > 3000:
        raise InvalidLink(field="link")
    if not _EMOJI.fullmatch(emoji):
        raise Invalid("An emoji is written as :name:.", field="emoji")
    return replace(bookmark, title=title, link=link, emoji=emoji)
