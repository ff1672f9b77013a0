"""A room with boards, links, alerts and a week of listening, shared by a module's tests; doors over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from dure.feed.api import Event, tail
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.metrics import routes
from dure.metrics.alerts import routes as alert_routes
from dure.metrics.alerts.api import Alerts
from dure.metrics.api import Metrics
from dure.metrics.boards import routes as board_routes
from dure.metrics.boards.api import Boards
from dure.metrics.boards.posting import Posting
from dure.metrics.boards.sharing import Shares
from dure.state import State
from dure.web import problems
from dure.web.routing import include
from tests.metrics.journeys import Journeys
from tests.people_of import MONDAY_NOON, Cast, found_sori

LISTENERS = {"kind": "trend", "series": [{"event": "listen", "math": "people"}]}
SITE = "http://dure.example"


@dataclass
class Room:
    """`clock` is set by tests; `client` speaks for mina, the owner."""

    cast: Cast
    clock: StillClock
    state: State
    log: Log
    metrics: Metrics
    boards: Boards
    shares: Shares
    posting: Posting
    alerts: Alerts
    journeys: Journeys
    client: httpx.AsyncClient

    async def told(self) -> list[Event]:
        async with self.state.begin_system() as tx:
            events = [event for batch in await tail(tx, 0) for event in batch.events()]
        return [one for one in events if one.source == "metrics" and one.workspace == self.cast.tenant.workspace]


@asynccontextmanager
async def open_room(state: State, log: Log) -> AsyncIterator[Room]:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    metrics = Metrics(state, log, clock, cast.governance)
    boards = Boards(state, clock, cast.governance, metrics)
    shares = Shares(state, clock, cast.governance, metrics, boards)
    posting = Posting(state, clock, cast.governance, metrics, boards, key=b"k" * 32, site=SITE)
    alerts = Alerts(state, clock, cast.governance, metrics)
    app = FastAPI()
    app.state.governance = cast.governance
    problems.install(app)
    for router in (
        routes.router(metrics), board_routes.router(boards, shares, SITE), board_routes.outside(shares, posting),
        alert_routes.router(alerts),
    ):  # fmt: skip
        include(app, router)
    headers = {"authorization": f"Bearer {cast.token}"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dure", headers=headers) as client:
        yield Room(
            cast, clock, state, log, metrics, boards, shares, posting, alerts, Journeys(log, cast.tenant), client
        )
    async with state.begin(cast.tenant) as tx:
        # Alerts of one test must not be due in the next one.
        await tx.run("delete from metrics.alert")


def listeners(**more: Any) -> dict[str, Any]:
    return {"id": "listeners", "name_ko": "청취자", "name_en": "Listeners", "question": LISTENERS, **more}


def listened(people: int, day: str, hour: int = 3, **properties: Any) -> dict[str, list[Any]]:
    """So many people who listened on a day of November 2026, in UTC; 3 is noon in Seoul."""
    return {f"u{n}": [("listen", f"2026-11-{day} {hour:02}:00", properties)] for n in range(people)}
