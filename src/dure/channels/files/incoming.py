"""Bytes on their way in: written to a file of their own as they come, counted and hashed, never whole in memory."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from dure.kernel.errors import Invalid, TooLarge, Unavailable
from dure.kernel.ids import uuid7

_AT_ONCE = 1 << 20
_LEFT_BEHIND = 24 * 3600


@dataclass(frozen=True, slots=True)
class Taken:
    path: Path
    sha256: str
    size: int


@asynccontextmanager
async def take(
    parts: AsyncIterator[bytes], folder: Path, *, most: int, exactly: int | None = None
) -> AsyncIterator[Taken]:
    """What was sent, in a file that is gone afterwards unless it was moved away.

    Raises TooLarge beyond `most` bytes and Invalid where it is not `exactly` so long.
    """
    path = folder / f"{uuid7().hex}.part"
    hashed, size, waiting = hashlib.sha256(), 0, bytearray()
    limit = most if exactly is None else min(most, exactly)
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        file = await asyncio.to_thread(path.open, "wb")
        try:
            async for part in parts:
                size += len(part)
                if size > limit:
                    raise _too_long(size, most, exactly)
                waiting += part
                if len(waiting) >= _AT_ONCE:
                    whole, waiting = bytes(waiting), bytearray()
                    await asyncio.to_thread(hashed.update, whole)
                    await asyncio.to_thread(file.write, whole)
            hashed.update(waiting)
            await asyncio.to_thread(file.write, waiting)
        finally:
            await asyncio.to_thread(file.close)
        if exactly is not None and size != exactly:
            raise Invalid(f"{exactly:,} bytes were announced, {size:,} came.", field="length")
        yield Taken(path, hashed.hexdigest(), size)
    except OSError as error:
        raise Unavailable(f"The file cannot be kept: {error.strerror}.") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(path.unlink)


def tidy(folder: Path) -> int:
    """Takes away what processes that ended left half taken; returns how many files."""
    gone = 0
    for path in folder.glob("*.part"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                path.unlink()
                gone += 1
    return gone


def _too_long(size: int, most: int, exactly: int | None) -> TooLarge | Invalid:
    if exactly is not None and exactly <= most:
        return Invalid(f"{exactly:,} bytes were announced, more came.", field="length")
    return TooLarge(f"A file has at most {most:,} bytes.", field="length", data={"limit": most, "sent": size})
