"""How the server is: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, ProcessCollector, generate_latest

from dure import __version__
from dure.feed.api import lags
from dure.kernel.errors import DureError
from dure.log.api import Log
from dure.state import State

# A follower this far behind is said so, though the server still takes events.
_LATE_SECONDS = 60.0
# An export target gathers before it writes, at most a day; it is late once it has gathered longer than this.
_EXPORT_LATE_SECONDS = 1800.0


def router(state: State, log: Log, sockets: Callable[[], int]) -> APIRouter:
    """The three probes; they need no sign-in and tell nothing of anybody's data."""
    routes = APIRouter(tags=["probes"])
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    behind = Gauge("dure_feed_behind_batches", "Batches a follower has yet to read", ["follower"], registry=registry)
    late = Gauge("dure_feed_behind_seconds", "Age of the oldest batch not yet read", ["follower"], registry=registry)
    open_sockets = Gauge("dure_live_sockets", "Open live sockets", registry=registry)
    Gauge("dure_info", "The version that runs", ["version"], registry=registry).labels(__version__).set(1)

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Whether the process runs."""
        return {"status": "ok", "version": __version__}

    @routes.get("/readyz")
    async def readyz() -> Response:
        """Whether the databases answer and the followers are up to date."""
        parts = {"state": await _try(_state), "log": await _try(_log), "followers": await _try(_followers)}
        ok = parts["state"]["ok"] and parts["log"]["ok"]
        return JSONResponse({"ok": ok, "parts": parts}, status_code=200 if ok else 503)

    @routes.get("/metrics")
    async def metrics() -> Response:
        """Figures for Prometheus."""
        async with state.begin_system() as tx:
            for lag in await lags(tx):
                behind.labels(lag.name).set(lag.batches)
                late.labels(lag.name).set(lag.seconds)
        open_sockets.set(sockets())
        return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    async def _state() -> str:
        async with state.begin_system() as tx:
            return "PostgreSQL " + str(await tx.value("select current_setting('server_version')"))

    async def _log() -> str:
        await log.ready()
        return "answers"

    async def _followers() -> str:
        async with state.begin_system() as tx:
            slow = [lag for lag in await lags(tx) if lag.seconds > _patience(lag.name)]
        if slow:
            raise DureError(", ".join(f"{lag.name} is {lag.seconds:.0f} s behind" for lag in slow))
        return "up to date"

    return routes


def _patience(follower: str) -> float:
    return _EXPORT_LATE_SECONDS if follower.startswith("export:") else _LATE_SECONDS


async def _try(part: Callable[[], Awaitable[str]]) -> dict[str, Any]:
    try:
        return {"ok": True, "detail": await part()}
    except (DureError, psycopg.Error, OSError, RuntimeError) as error:
        return {"ok": False, "detail": str(error)[:300]}
