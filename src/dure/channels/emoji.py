"""A workspace's own emoji: small pictures that administrators add, and other names for emoji that are known."""

from __future__ import annotations

import re

from dure.channels import events
from dure.channels.desk import Desk
from dure.channels.events import emoji_event
from dure.channels.model import Emoji
from dure.channels.refusals import EmojiNotFound, EmojiTaken, InvalidEmoji, RestrictedAction
from dure.channels.store import emoji as store
from dure.feed.api import append
from dure.governance.api import Principal, Role, access
from dure.kernel.errors import Invalid, TooLarge

_NAME = re.compile(r"[\w+\-']{1,100}")
_PICTURE = 128 * 1024
# What a browser may be given as a picture: by their first bytes, whatever they are called. Nothing that holds script.
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
)  # fmt: skip


class EmojiSet(Desk):
    async def emoji(self, principal: Principal) -> list[Emoji]:
        """The workspace's own, by name."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.listed(tx, principal.tenant.workspace)

    async def emoji_picture(self, principal: Principal, name: str) -> tuple[str, bytes]:
        """Content type and bytes. Raises EmojiNotFound."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.picture(tx, principal.tenant.workspace, name)
        if found is None:
            raise EmojiNotFound(field="name")
        return found

    async def add_emoji(
        self, principal: Principal, name: str, *, alias: str = "", picture: bytes | None = None
    ) -> Emoji:
        """A picture (PNG, GIF or JPEG of at most 128 KB), or another name for an emoji. Raises EmojiTaken."""
        self._require_admin(principal)
        name, alias = name.strip().strip(":").lower(), alias.strip().strip(":").lower()
        if not _NAME.fullmatch(name) or (alias and not _NAME.fullmatch(alias)):
            raise InvalidEmoji(field="name")
        if (picture is None) == (not alias):
            raise Invalid("Give either a picture or the name that this is another name for.", field="picture")
        kind = _kind(picture) if picture is not None else ""
        async with self._state.begin(principal.tenant) as tx:
            author = await self.author(tx, principal)
            made = Emoji(name, alias, kind, author.user, self._clock.now())
            if not await store.add(tx, principal.tenant.workspace, made, picture):
                raise EmojiTaken(field="name")
            await append(tx, emoji_event(principal, self._clock, events.EMOJI_ADDED, name, alias))
        return made

    async def rename_emoji(self, principal: Principal, name: str, new: str) -> None:
        """Another name for one of the workspace's own; its other names follow. Raises EmojiTaken, EmojiNotFound."""
        self._require_admin(principal)
        name, new = name.strip().strip(":").lower(), new.strip().strip(":").lower()
        if not _NAME.fullmatch(new):
            raise InvalidEmoji(field="new_name")
        async with self._state.begin(principal.tenant) as tx:
            known = {one.name: one for one in await store.listed(tx, principal.tenant.workspace)}
            if name not in known:
                raise EmojiNotFound(field="name")
            if new in known:
                raise EmojiTaken(field="new_name")
            await store.rename(tx, principal.tenant.workspace, name, new)
            told = emoji_event(principal, self._clock, events.EMOJI_RENAMED, new, known[name].alias)
            told.properties["before"] = name
            await append(tx, told)

    async def remove_emoji(self, principal: Principal, name: str) -> None:
        self._require_admin(principal)
        async with self._state.begin(principal.tenant) as tx:
            if not await store.remove(tx, principal.tenant.workspace, name.strip(":")):
                raise EmojiNotFound(field="name")
            await append(tx, emoji_event(principal, self._clock, events.EMOJI_REMOVED, name.strip(":"), ""))

    def _require_admin(self, principal: Principal) -> None:
        access(principal, "channels:write")
        if principal.role not in (Role.OWNER, Role.ADMIN):
            raise RestrictedAction("Only an administrator changes the workspace's emoji.")


def _kind(picture: bytes) -> str:
    if len(picture) > _PICTURE:
        raise TooLarge("An emoji's picture has at most 128 KB.", field="picture")
    kind = next((kind for start, kind in _KINDS if picture.startswith(start)), None)
    if kind is None and picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise Invalid("An emoji's picture is a PNG, GIF, JPEG or WebP.", field="picture")
    return kind
