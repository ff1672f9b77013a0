"""A folder on the server's own disk as the place of files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from dure.kernel.errors import Unavailable

_PART = 256 * 1024
INCOMING = "incoming"


class FolderBlobs:
    """Fills `plugs.Blobs`: `ROOT/ab/abcd…`, written beside its place and moved there once it is on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def incoming(self) -> Path:
        return self._root / INCOMING

    async def put(self, sha256: str, source: Path) -> None:
        try:
            await asyncio.to_thread(self._put, self._path(sha256), source)
        except OSError as error:
            raise Unavailable(f"The file cannot be kept: {error.strerror}.") from error

    async def read(self, sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread(self._path(sha256).open, "rb")
        except OSError as error:
            raise Unavailable("The file's content cannot be read.") from error
        with file:
            file.seek(start)
            while length > 0:
                part = await asyncio.to_thread(file.read, min(_PART, length))
                if not part:
                    raise Unavailable("The file's content ended before its end.")
                length -= len(part)
                yield part

    async def remove(self, sha256: str) -> None:
        await asyncio.to_thread(self._path(sha256).unlink, missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _put(self, path: Path, source: Path) -> None:
        if path.exists():
            source.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as file:
            os.fsync(file.fileno())
        source.replace(path)
        for folder in (path.parent, self._root):
            _settle(folder)


def _settle(folder: Path) -> None:
    """A new name in a folder is on disk once the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
