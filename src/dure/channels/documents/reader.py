"""Documents read in a process for each, that is ended where it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator

import msgspec
import structlog

from dure.channels.documents.model import LARGEST, SECONDS, Reading

log = structlog.get_logger("dure.channels.documents")

_AT_ONCE = 2
HEAD = 1024
"""Bytes that say what a file is."""
_PATIENCE = 3 * SECONDS
"""Seconds on the clock; the process itself is given `SECONDS` of a processor."""

# Endings and first bytes of what holds words and is read, or of what holds words that nobody here reads.
READ = frozenset(
    ("docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "pptx", "pptm", "potx", "ppsx", "pdf")
)
UNREAD = frozenset(
    ("doc", "xls", "xlsb", "ppt", "hwp", "hwpx", "odt", "ods", "odp", "pages", "numbers", "key", "rtf", "zip", "7z",
     "rar", "gz", "tar", "tgz", "alz", "egg", "msg", "eml", "epub")
)  # fmt: skip
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"{\\rtf")


class _Said(msgspec.Struct):
    text: str
    why: str


class Reader:
    """`Reader()` reads two at a time; who comes meanwhile waits."""

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._patience = patience

    async def read(self, parts: AsyncIterator[bytes], size: int) -> Reading:
        """What a document of so many bytes says."""
        if size > LARGEST:
            return Reading(why="too_large")
        content = b"".join([part async for part in parts])
        async with self._free:
            return await self._ask(content)

    async def _ask(self, content: bytes) -> Reading:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dure.channels.documents.process",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path),
                 "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._patience):
                said, _ = await process.communicate(content)
        except TimeoutError:
            return Reading(why="slow")
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            log.info("documents.unread", code=process.returncode, size=len(content))
            return Reading(why="slow" if process.returncode in (-24, -9) else "broken")  # SIGXCPU, or killed by it
        read = msgspec.json.decode(said, type=_Said)
        return Reading(read.text.replace("\0", ""), read.why)  # type: ignore[arg-type]


def is_document(name: str, head: bytes) -> bool:
    """Whether a file of this name that begins so holds words that are to be read: pictures, sound and films do not."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ending in READ or ending in UNREAD or b"%PDF-" in head[:HEAD] or head.startswith(_MAGIC)
