"""One room for all tests of a module: two weeks of listening, seen through the doors.

Weeks begin on Monday 9 and Monday 16 November 2026; now is Monday 23, noon in Seoul.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.metrics.alerts import routes as alert_routes
from dure.metrics.alerts.api import Alerts
from dure.metrics.api import Metrics
from dure.metrics.routes import router
from dure.state import State
from dure.web import problems
from dure.web.routing import include
from tests.databases import copied
from tests.metrics.journeys import Journeys
from tests.people_of import MONDAY_NOON, Cast, found_sori

_numbers = itertools.count(1)
WEEK = {"from": "2026-11-16", "to": "2026-11-22"}


@dataclass
class Room:
    cast: Cast
    state: State
    metrics: Metrics
    journeys: Journeys
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of an answer, or the status and the error of one that refuses."""
        answer = await self.client.request(method, f"/api/v1{path}", json=body, params=query or None)
        if answer.status_code >= 400:
            return answer.status_code, answer.json()["error"]
        return answer.json() if answer.content else None

    async def define(self, id: str, question: dict[str, Any], **more: Any) -> Any:
        return await self.ask(
            "POST", "/metrics", {"id": id, "name_ko": id, "name_en": id, "question": question, **more}
        )

    async def value(self, id: str, **range_: str) -> Any:
        return (await self.ask("GET", f"/metrics/{id}/value", **(range_ or WEEK)))["value"]


@pytest.fixture(scope="module")
def own_database(postgres_url: str, template: str) -> Iterator[str]:
    """A migrated, empty database for a whole module."""
    with copied(postgres_url, template) as url:
        yield url


@pytest.fixture(scope="module")
def own_log(run_folder: Path) -> Iterator[Log]:
    """An empty log for a whole module."""
    log = Log(f"chdb://{run_folder}/ch", database=f"module_{next(_numbers)}")
    log.open()
    yield log
    log.drop()
    log.close()


@pytest.fixture(scope="module")
async def room(own_database: str, own_log: Log, anyio_backend: str) -> AsyncIterator[Room]:
    state = State(own_database, connections=6)
    await state.open()
    cast = await found_sori(state)
    metrics = Metrics(state, own_log, StillClock(MONDAY_NOON), cast.governance)
    app = FastAPI()
    app.state.governance = cast.governance
    problems.install(app)
    include(app, router(metrics))
    include(app, alert_routes.router(Alerts(state, StillClock(MONDAY_NOON), cast.governance, metrics)))
    journeys = Journeys(own_log, cast.tenant)
    journeys.write(listening())
    headers = {"authorization": f"Bearer {cast.token}"}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dure", headers=headers) as client:
        yield Room(cast, state, metrics, journeys, client)
    await state.close()


def listening() -> dict[str, list[tuple[Any, ...]]]:
    """Ten people listen twice each in the first week; in the second eight of them do, thrice, and four new ones
    once. Every listen takes 600 seconds, then 900. Six of the new and old gave."""
    people: dict[str, list[tuple[Any, ...]]] = {}
    for number in range(14):
        did: list[tuple[Any, ...]] = []
        where = {"country": "KR" if number % 2 else "US"}
        first, second = (2, 0) if number in (8, 9) else (2, 3) if number < 8 else (0, 1)
        for day in range(first):
            did += _listen(f"2026-11-{10 + day} 03:00", 600, where)
        for day in range(second):
            did += _listen(f"2026-11-{17 + day} 03:00", 900, where)
        if number >= 10:
            did.append(("Signed Up", "2026-11-17 02:00", where))
        if number % 2:
            did.append(("Gift Sent", "2026-11-18 05:00", {"amount": 1000 * (number + 1)}))
        people[f"p{number}"] = did
    return people


def _listen(at: str, seconds: int, where: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [("Listen Started", at, where), ("Listen Ended", at, {**where, "seconds": seconds})]
