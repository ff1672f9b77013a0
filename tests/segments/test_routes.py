"""Segments at the HTTP door."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.segments import routes
from dure.segments.api import Segments
from dure.state import State
from dure.web import front
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.segments.writing import happened, write

pytestmark = pytest.mark.anyio


@pytest.fixture
async def cast(state: State) -> Cast:
    return await found_sori(state)


@pytest.fixture
async def http(state: State, log: Log, cast: Cast) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    app.include_router(routes.router(Segments(state, log, StillClock(MONDAY_NOON), cast.governance)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://dure",
        headers={"authorization": f"Bearer {cast.token}"},
    ) as client:
        yield client


async def test_a_segment_is_made_seen_and_handed_over(http: httpx.AsyncClient, log: Log, cast: Cast) -> None:
    await write(
        log, [happened(cast.tenant, f"u-{n}", "Gift Sent", MONDAY_NOON, {"amount": n * 1000}) for n in range(9)]
    )
    rule = {"kind": "did", "event": "Gift Sent", "where": [{"prop": "amount", "op": ">=", "value": 3000}]}
    tried = (await http.post("/api/v1/segments/preview", json={"rule": rule})).json()
    assert tried["size"] == 6
    assert tried["words"]["en"] == "did “Gift Sent” (amount ≥ 3000) at least 1 time"
    made = (await http.post("/api/v1/segments", json={"name": "선물한 사람", "rule": rule})).json()
    assert made["size"] == 6
    page = (await http.get(f"/api/v1/segments/{made['id']}/people?limit=4")).json()
    rest = (await http.get(f"/api/v1/segments/{made['id']}/people?limit=4&after={page['next']}")).json()
    assert (len(page["people"]), len(rest["people"]), rest["next"]) == (4, 2, None)
    body = {"to": "marketing", "purpose": "감사 인사"}
    handover = (await http.post(f"/api/v1/segments/{made['id']}/hand-over", json=body)).json()
    assert handover["control"] + handover["treated"] == 6
    listed = (await http.get("/api/v1/segments")).json()["segments"]
    assert [each["name"]["ko"] for each in listed] == ["선물한 사람"]


async def test_a_bad_rule_names_its_field(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/v1/segments", json={"name": "x", "rule": {"kind": "did"}})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "rule"
