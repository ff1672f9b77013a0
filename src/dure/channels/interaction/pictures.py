"""Pictures of other sites in what apps say: fetched by the server, so that the site does not learn who reads."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dure.channels.interaction.contact import acting
from dure.channels.interaction.functions import Functions
from dure.channels.interaction.refusals import PictureNotFound
from dure.governance.api import Principal
from dure.kernel.errors import NotAllowed

_MOST = 5 * 1024 * 1024
_SECONDS = 8.0
_KEYS = frozenset({"image_url", "thumb_url", "thumbnail_url"})
# What a picture begins with; a drawing (SVG) is a program and is not among them.
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
)
_AT_ONCE = asyncio.Semaphore(8)


@dataclass(frozen=True, slots=True)
class Picture:
    kind: str
    body: bytes


class Pictures(Functions):
    async def picture(
        self, principal: Principal, url: str, *, channel: str = "", ts: int | None = None, view: str = ""
    ) -> Picture:
        """A picture that a message or view shows; only what stands there is fetched. Raises PictureNotFound."""
        acting(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            if view:
                shown: list[Any] = [(await self._before(tx, principal, view)).body]
            else:
                _, said, _ = await self._message(tx, principal, channel, ts or 0)
                shown = [said.blocks, said.attachments, said.unfurls]
        if self._fetching is None or url not in set(_addresses(shown)):
            raise PictureNotFound(field="url")
        try:
            async with _AT_ONCE:
                body = await self._fetching.fetch(principal.tenant, url, _SECONDS, _MOST)
        except (OSError, NotAllowed) as error:
            raise PictureNotFound(field="url") from error
        for begins, at, kind in _KINDS:
            if body[at : at + len(begins)] == begins:
                return Picture(kind, body)
        raise PictureNotFound(field="url")


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (item for key, item in value.items() if key in _KEYS and isinstance(item, str))
        for item in value.values():
            yield from _addresses(item)
    elif isinstance(value, list):
        for item in value:
            yield from _addresses(item)
