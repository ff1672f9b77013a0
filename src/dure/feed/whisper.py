"""What is told only to whoever looks on just now: typing, presence, a line for one person. It is kept nowhere.

A whisper is sent when its transaction commits, to every process; what a screen must not miss is an event instead.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog

from dure.kernel.errors import TooLarge
from dure.state import State, Tx

log = structlog.get_logger("dure.feed")

_CHANNEL = "dure_whisper"
# What PostgreSQL carries in a notification is less than 8,000 bytes.
_LIMIT = 7_900

Heard = Callable[[str, Sequence[str], Mapping[str, Any]], None]


async def whisper(tx: Tx, workspace: str, topics: Sequence[str], what: Mapping[str, Any]) -> None:
    """Tells the screens of a workspace that listen to any of the topics. TooLarge beyond 7,900 bytes of JSON."""
    said = json.dumps({"w": workspace, "t": list(topics), "e": what}, ensure_ascii=False, separators=(",", ":"))
    if len(said.encode()) > _LIMIT:
        raise TooLarge("This is too long to be whispered.")
    await tx.run("select pg_notify(%s, %s)", (_CHANNEL, said))


@dataclass(frozen=True, slots=True)
class Whispers:
    """Hands what is whispered anywhere to `heard(workspace, topics, what)` in this process."""

    state: State
    heard: Heard

    async def run(self) -> None:
        """Listens until cancelled; a broken connection is opened anew, and what was whispered meanwhile is lost."""
        while True:
            try:
                async with self.state.listen(_CHANNEL) as notes:
                    async for note in notes:
                        said = json.loads(note.payload)
                        self.heard(said["w"], said["t"], said["e"])
            except (OSError, psycopg.Error) as error:
                log.warning("feed.whispers_broken", error=repr(error))
            await asyncio.sleep(0.5)
