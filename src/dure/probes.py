"""How the server is: `/healthz`, `/readyz`, `/metrics`, and `/api/v1/status` for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from dure import __version__
from dure.governance.access import access
from dure.governance.http import Caller
from dure.health import Checkup
from dure.ingest.api import BUCKETS, Ingest
from dure.web.routing import APIRouter


def router(checkup: Checkup, ingest: Ingest, sockets: Callable[[], int]) -> APIRouter:
    """The probes need no sign-in and tell nothing of anybody's data; the status needs `ingest:read`."""
    routes = APIRouter()
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Ingested(ingest))
    behind = Gauge("dure_feed_behind_batches", "Batches a follower has yet to read", ["follower"], registry=registry)
    late = Gauge("dure_feed_behind_seconds", "Age of the oldest batch not yet read", ["follower"], registry=registry)
    feed = {
        "batches": Gauge("dure_feed_batches", "Batches in the feed", registry=registry),
        "events": Gauge("dure_feed_events", "Events in the feed", registry=registry),
        "bytes": Gauge("dure_feed_bytes", "Disk that the feed takes", registry=registry),
        "oldest_seconds": Gauge("dure_feed_oldest_seconds", "Age of the feed's oldest batch", registry=registry),
    }
    up = Gauge("dure_up", "Whether a database answers", ["part"], registry=registry)
    waiting = Gauge("dure_ingest_waiting_events", "Events being stored at the moment", registry=registry)
    free = Gauge("dure_disk_free_bytes", "Free disk under the data folder", registry=registry)
    open_sockets = Gauge("dure_live_sockets", "Open live sockets", registry=registry)
    Gauge("dure_info", "The version that runs", ["version"], registry=registry).labels(__version__).set(1)

    @routes.get("/healthz", tags=["probes"])
    async def healthz() -> dict[str, str]:
        """Whether the process runs."""
        return {"status": "ok", "version": __version__}

    @routes.get("/readyz", tags=["probes"])
    async def readyz() -> Response:
        """Whether requests can be served. A log that does not answer is said, but events are taken without it."""
        health = await checkup.look()
        return JSONResponse({"ok": health.accepting, "parts": health.parts()}, 200 if health.accepting else 503)

    @routes.get("/metrics", tags=["probes"])
    async def metrics() -> Response:
        """Figures for Prometheus."""
        health = await checkup.look()
        up.labels("state").set(health.state.ok)
        up.labels("log").set(health.log.ok)
        for lag in health.followers:
            behind.labels(lag.name).set(lag.batches)
            late.labels(lag.name).set(lag.seconds)
        if health.feed is not None:
            for name, gauge in feed.items():
                gauge.set(getattr(health.feed, name))
        waiting.set(health.waiting)
        free.set(health.disk_free)
        open_sockets.set(sockets())
        return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @routes.get("/api/v1/status", tags=["status"])
    async def status(caller: Caller) -> dict[str, Any]:
        """Databases, followers with what each is behind, the feed's size, free disk: what is late and what it means."""
        access(caller, "ingest:read")
        return {**(await checkup.look()).as_json(), "version": __version__, "sockets": sockets()}

    return routes


class _Ingested(Collector):
    """What the doors counted, read when somebody asks."""

    def __init__(self, ingest: Ingest) -> None:
        self._tally = ingest.tally

    def collect(self) -> Iterator[Metric]:
        events = CounterMetricFamily(
            "dure_ingest_events", "Events by what became of them", labels=["outcome", "reason"]
        )
        for (outcome, reason), count in sorted(self._tally.outcomes.items()):
            events.add_metric([outcome, reason], count)
        yield events
        seconds = HistogramMetricFamily("dure_ingest_request_seconds", "How long an event door took to answer")
        counts, so_far = [], 0
        for end, count in zip((*map(str, BUCKETS), "+Inf"), self._tally.latency, strict=True):
            so_far += count
            counts.append((end, float(so_far)))
        seconds.add_metric([], buckets=counts, sum_value=self._tally.latency_sum)
        yield seconds
