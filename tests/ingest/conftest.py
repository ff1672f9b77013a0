"""A door without a network: requests go straight into the ASGI routes, events come out of the feed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from dure.feed.api import Batch, Event, Follower, Lane, tail
from dure.ingest.api import Ingest
from dure.ingest.door import routes
from dure.ingest.model import Reject, Source
from dure.kernel.clock import StillClock
from dure.kernel.tenant import Tenant
from dure.log.api import Log, LogWriter
from dure.state import State, Tx
from tests.people_of import MONDAY_NOON, Cast, found_sori


@dataclass
class Door:
    cast: Cast
    clock: StillClock
    ingest: Ingest
    source: Source
    http: httpx.AsyncClient
    state: State

    async def send(self, call: str, **body: Any) -> httpx.Response:
        """One call of Segment's with the source's key."""
        return await self.http.post(f"/v1/{call}", json=body, auth=(self.source.write_key, ""))

    async def batch(self, *calls: dict[str, Any], **body: Any) -> httpx.Response:
        return await self.send("batch", batch=list(calls), **body)

    async def events(self) -> list[Event]:
        """Everything that came in from outside."""
        found: list[Event] = []

        async def note(tx: Tx, batches: Sequence[Batch]) -> None:
            for batch in batches:
                found.extend(batch.events())
            await tx.connection.rollback()

        await Follower(self.state, "peek", lanes=(Lane.OUTSIDE,), events=1_000_000).step(note)
        return found

    async def logged(self, log: Log, tenant: Tenant | None = None) -> list[str]:
        """The message ids in the log once everything that came in is there, doubled ones twice."""
        while await LogWriter(self.state, log).step():
            pass
        rows = await log.query(
            tenant or self.cast.tenant,
            "select message_id from events where workspace = {workspace:String} and source in ('web', 'app')"
            " order by message_id",
        )
        return [message for (message,) in rows.rows]

    async def one(self) -> Event:
        [event] = await self.events()
        return event

    async def rejects(self) -> list[Reject]:
        return await self.ingest.rejects(self.cast.mina)

    async def reason(self) -> str:
        [reject] = await self.rejects()
        return reject.reason.value


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    ingest = Ingest(state, clock)
    running = asyncio.create_task(ingest.run())
    source = await ingest.create_source(cast.mina, "web")
    app = Starlette(routes=routes(ingest))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as http:
        yield Door(cast, clock, ingest, source, http, state)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def acts(door: Door) -> list[Event]:
    """Everything that was written by somebody's act here."""
    async with door.state.begin_system() as tx:
        return [event for batch in await tail(tx, 0) for event in batch.events()]


def track(event: str = "Listen Started", user: str | None = "u-17", **more: Any) -> dict[str, Any]:
    """A track call of a batch."""
    return {"type": "track", "event": event, "userId": user, "properties": {}, **more}


def nested(levels: int) -> Any:
    return json.loads('{"a":' * levels + "1" + "}" * levels)
