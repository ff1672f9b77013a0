"""The files of an export: from the zip where they lie in it, by their links where somebody wants that."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from dure.channels.files.api import File, Files
from dure.channels.files.kinds import BINARY
from dure.channels.moving.export import Export
from dure.channels.moving.model import Left
from dure.channels.moving.who import Author
from dure.channels.rules import clean
from dure.kernel.errors import DureError
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant

MOST_FETCHED = 100 << 20
_SECONDS = 60.0
_PART = 1 << 20
_NAME = 255
MOST_A_MESSAGE = 20


class Fetching(Protocol):
    """The guarded way out."""

    async def fetch(self, tenant: Tenant, url: str, seconds: float, most: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Carrying:
    files: Files
    export: Export
    tenant: Tenant
    since: datetime | None  # from when on files are kept here
    fetching: Fetching | None  # None: nothing is fetched

    async def bring(self, raw: Mapping[str, Any], author: Author, said_at: datetime) -> File | Left:
        """The file with its bytes in place, or why there is none."""
        why = self.refused(raw, said_at)
        if why is not None:
            return why
        name, at = _name(raw), _at(raw, said_at)
        parts = await self._parts(raw, name)
        if isinstance(parts, Left):
            return parts
        title = str(clean(str(raw.get("title") or "")))[:_NAME]
        called = name.replace("/", "_").replace("\\", "_").strip()[:_NAME] or "file"
        wanted = File(
            slack_id("F"), self.tenant.workspace, self.tenant.org, author.user, author.app, called, title or called,
            str(clean(str(raw.get("alt_txt") or "")))[:1_000], BINARY.mimetype, BINARY.filetype, "hosted", "uploaded",
            0, None, at,
        )  # fmt: skip
        try:
            found = await self.files.bring(wanted, parts)
        except (DureError, OSError, zipfile.BadZipFile, RuntimeError, EOFError) as error:
            return Left("file", "failed", f"{name}: {error}")
        return found

    def refused(self, raw: Mapping[str, Any], said_at: datetime) -> Left | None:
        """Why a file is not even tried; the same each time."""
        name, url = _name(raw), raw.get("url_private_download") or raw.get("url_private")
        if raw.get("mode") == "tombstone":
            return Left("file", "deleted", name)
        if raw.get("mode") == "hidden_by_limit":
            return Left("file", "hidden", name)
        if raw.get("is_external") or raw.get("mode") == "external":
            return Left("file", "external", name)
        if self.since is not None and _at(raw, said_at) < self.since:
            return Left("file", "past_time", name)
        if self.export.file(str(raw.get("id") or "")) is not None:
            return None
        if self.fetching is None:
            return Left("file", "not_chosen", name)
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            return Left("file", "no_link", name)
        return None

    async def _parts(self, raw: Mapping[str, Any], name: str) -> AsyncIterator[bytes] | Left:
        info = self.export.file(str(raw.get("id") or ""))
        if info is not None:
            return self._unpacked(info)
        url = str(raw.get("url_private_download") or raw.get("url_private"))
        assert self.fetching is not None  # noqa: S101
        try:
            found = await self.fetching.fetch(self.tenant, url, _SECONDS, min(self.files.largest, MOST_FETCHED))
        except (OSError, DureError) as error:
            return Left("file", "failed", f"{name}: {str(error).partition('?')[0][:200]}")
        html = found[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))
        if html and "html" not in str(raw.get("mimetype") or raw.get("filetype") or ""):
            return Left("file", "failed", f"{name}: a page came instead of the file; the link has run out")
        return _once(found)

    async def _unpacked(self, info: zipfile.ZipInfo) -> AsyncIterator[bytes]:
        with self.export.open(info) as member:
            while part := await asyncio.to_thread(member.read, _PART):
                yield part


def _name(raw: Mapping[str, Any]) -> str:
    return str(clean(str(raw.get("name") or raw.get("title") or raw.get("id") or "file")))


def _at(raw: Mapping[str, Any], said_at: datetime) -> datetime:
    created = raw.get("created")
    return datetime.fromtimestamp(created, UTC) if isinstance(created, int) and 0 < created < 1 << 33 else said_at


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
