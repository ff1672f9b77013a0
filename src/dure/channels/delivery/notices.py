"""What processes tell each other about deliveries, when a transaction commits: what is due, what was answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import structlog

from dure.state import State, Tx

log = structlog.get_logger("dure.channels.delivery")

_CHANNEL = "dure_delivery"
# What PostgreSQL carries in a notification is less than 8,000 bytes.
_MOST = 300


async def tell(tx: Tx, **what: Any) -> None:
    """`apps` something is due for, `answered` ids, a token that was `revoked`, a socket to `close` and why."""
    for part in _parts(what):
        await tx.run("select pg_notify(%s, %s)", (_CHANNEL, json.dumps(part, separators=(",", ":"))))


def _parts(what: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {name: value[at : at + _MOST]}
        for name, value in what.items()
        if isinstance(value, list)
        for at in range(0, len(value), _MOST)
    ] or [dict(what)]


async def hear(state: State, heard: Callable[[Mapping[str, Any]], None], broken: Callable[[], None]) -> None:
    """Listens until cancelled; `broken` is called whenever something may have been missed."""
    while True:
        try:
            async with state.listen(_CHANNEL) as notes:
                broken()
                async for note in notes:
                    heard(json.loads(note.payload))
        except (OSError, psycopg.Error) as error:
            log.warning("delivery.notices_broken", error=repr(error))
        await asyncio.sleep(0.5)
