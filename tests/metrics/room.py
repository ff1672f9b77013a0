"""A room of metrics for a whole module: one database, one log, one application; each test brings its own events."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from dure.kernel.clock import StillClock
from dure.kernel.tenant import Tenant
from dure.log.api import Log, Rows
from dure.metrics.api import Metrics
from dure.metrics.routes import router
from dure.segments.api import Segments
from dure.segments.routes import router as segment_router
from dure.state import State
from dure.web import problems
from dure.web.routing import include
from tests.databases import copied, named
from tests.metrics.journeys import Journeys
from tests.people_of import MONDAY_NOON, Cast, found_sori


class WatchedLog(Log):
    """Remembers the marks of what it was asked."""

    def __init__(self, dsn: str, database: str) -> None:
        super().__init__(dsn, database=database)
        self.marks: list[str] = []

    async def query(
        self, tenant: Tenant, sql: str, params: Mapping[str, Any] | None = None, *,
        settings: Mapping[str, Any] | None = None, seconds: float = 60.0, mark: str = "",
    ) -> Rows:  # fmt: skip
        if mark:
            self.marks.append(mark)
        return await super().query(tenant, sql, params, settings=settings, seconds=seconds, mark=mark)


@dataclass
class Room:
    cast: Cast
    state: State
    log: WatchedLog
    clock: StillClock
    metrics: Metrics
    segments: Segments
    journeys: Journeys
    app: FastAPI
    client: httpx.AsyncClient


@contextlib.asynccontextmanager
async def open_room(postgres_url: str, template: str, folder: Path) -> AsyncIterator[Room]:
    with copied(postgres_url, template) as url:
        state, log = State(url, connections=8), WatchedLog(f"chdb://{folder}/ch", named(url))
        await state.open()
        log.open()
        clock = StillClock(MONDAY_NOON)
        cast = await found_sori(state, clock)
        metrics = Metrics(state, log, clock, cast.governance)
        segments = Segments(state, log, clock, cast.governance, metrics=metrics)
        metrics.know_segments_by(segments.is_known)
        app = FastAPI()
        app.state.governance = cast.governance
        problems.install(app)
        include(app, router(metrics))
        include(app, segment_router(segments))
        headers = {"authorization": f"Bearer {cast.token}"}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://dure", headers=headers) as client:
            yield Room(cast, state, log, clock, metrics, segments, Journeys(log, cast.tenant), app, client)
        log.drop()
        log.close()
        await state.close()
