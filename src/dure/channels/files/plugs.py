"""What others fill: where the bytes of files are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol


class Blobs(Protocol):
    """Bytes by their SHA-256 (64 hexadecimal digits). `incoming` is a folder of this machine for what is on its way.

    Each raises `dure.kernel.errors.Unavailable` where the storage does not do its part.
    """

    @property
    def incoming(self) -> Path: ...

    async def put(self, sha256: str, source: Path) -> None:
        """Has the file's content durably when it returns, and the file is gone; what is there already stays."""

    def read(self, sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start`, in parts."""

    async def remove(self, sha256: str) -> None:
        """Forgets the content; nothing happens where it is not there."""
