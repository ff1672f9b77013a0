"""What processes tell each other about deliveries, when a transaction commits: what is due, what was answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import psycopg
import structlog

from dure.channels.delivery.model import Way
from dure.state import State, Tx

log = structlog.get_logger("dure.channels.delivery")

_CHANNEL = "dure_delivery"
# What PostgreSQL carries in a notification is less than 8,000 bytes.
_MOST = 300


async def tell(tx: Tx, **what: Any) -> None:
    """`apps` something is due for by a socket, or to `call`; `answered` ids; a token that was `revoked`; a socket to
    `close`, and the reason."""
    for part in _parts(what):
        await tx.run("select pg_notify(%s, %s)", (_CHANNEL, json.dumps(part, separators=(",", ":"))))


async def due(tx: Tx, what: Iterable[tuple[str, Way]]) -> None:
    """Something is due for apps, each by its way."""
    found = set(what)
    for name, way in (("apps", "socket"), ("call", "http")):
        if own := sorted(app for app, one in found if one == way):
            await tell(tx, **{name: own})


def _parts(what: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {name: value[at : at + _MOST]}
        for name, value in what.items()
        if isinstance(value, list)
        for at in range(0, len(value), _MOST)
    ] or [dict(what)]


async def hear(state: State, heard: Callable[[Mapping[str, Any]], None], missed: Callable[[], Awaitable[None]]) -> None:
    """Listens until cancelled; `missed` is called whenever something may have been missed, and at the beginning."""
    while True:
        try:
            async with state.listen(_CHANNEL) as notes:
                await missed()
                async for note in notes:
                    heard(json.loads(note.payload))
        except (OSError, psycopg.Error) as error:
            log.warning("delivery.notices_broken", error=repr(error))
        await asyncio.sleep(0.5)
