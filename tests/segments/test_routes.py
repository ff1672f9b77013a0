"""Segments at the HTTP door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.segments import routes
from dure.segments.api import Segments
from dure.segments.stages.api import Stages
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.segments.writing import happened, merged, write

pytestmark = pytest.mark.anyio


@pytest.fixture
async def cast(state: State) -> Cast:
    return await found_sori(state)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY_NOON)


@pytest.fixture
async def http(state: State, log: Log, cast: Cast, clock: StillClock) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    include(app, routes.router(Segments(state, log, clock, cast.governance)))
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


async def test_the_size_of_a_day_ago_is_told_once_there_was_one(
    http: httpx.AsyncClient, clock: StillClock, log: Log, cast: Cast
) -> None:
    async def told(made: str) -> tuple[int, int | None]:
        (listed,) = (await http.get("/api/v1/segments")).json()["segments"]
        one = (await http.get(f"/api/v1/segments/{made}")).json()
        assert listed["day_ago"] == one["day_ago"]
        return one["size"], one["day_ago"]

    async def sent(*who: str) -> None:
        await write(log, [happened(cast.tenant, one, "Gift Sent", clock.now()) for one in who])

    await sent("u-1")
    rule = {"kind": "did", "event": "Gift Sent"}
    made = (await http.post("/api/v1/segments", json={"name": "선물한 사람", "rule": rule})).json()["id"]
    assert await told(made) == (1, None)
    for hours in (12, 18):
        clock.advance(timedelta(hours=hours))
        await sent(f"u-after-{hours}")
        await http.post(f"/api/v1/segments/{made}/compute?full=true")
    assert await told(made) == (3, 1)  # of thirty hours before, not the two of eighteen
    clock.advance(timedelta(hours=12))
    assert await told(made) == (3, 2)


async def test_a_bad_rule_names_its_field(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/v1/segments", json={"name": "x", "rule": {"kind": "did"}})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "rule"


async def test_whom_a_rule_holds_for_is_told_by_a_trait_and_by_stage(
    http: httpx.AsyncClient, log: Log, cast: Cast, state: State
) -> None:
    traits = [{"plan": f"p{n:02}"} for n in range(12) for _ in range(12 - n)]
    told = [happened(cast.tenant, f"u-{n}", "Identified", MONDAY_NOON, said) for n, said in enumerate(traits)]
    many = len(traits)
    await write(log, [
        *told,
        happened(cast.tenant, "u-0", "Identified", MONDAY_NOON - timedelta(days=1), {"plan": "older"}),
        happened(cast.tenant, "u-gone", "Identified", MONDAY_NOON - timedelta(days=1), {"plan": "p00"}),
        happened(cast.tenant, "u-gone", "Identified", MONDAY_NOON, {"removed_traits": ["plan"]}),
        *(happened(cast.tenant, who, "Gift Sent", MONDAY_NOON)
          for who in (*(f"u-{n}" for n in range(many)), "u-gone", "u-silent")),
        merged(cast.tenant, "u-1", "u-0", MONDAY_NOON),
    ])  # fmt: skip
    asked = {"rule": {"kind": "did", "event": "Gift Sent"}, "trait": "plan"}
    found = (await http.post("/api/v1/segments/breakdown", json=asked)).json()
    assert [one["people"] for one in found["values"]] == [11, 11, 10, 9, 8, 7, 6, 5, 4, 3]  # one person was two
    assert found["values"][0]["value"] == "p00"
    assert (found["people"], found["others"], found["without"]) == (many + 1, 3, 2)
    principal = await cast.governance.principal(cast.token)
    await Stages(state, log, StillClock(MONDAY_NOON), cast.governance).compute(principal)
    by_stage = (await http.post("/api/v1/segments/breakdown", json={"rule": asked["rule"]})).json()
    assert (by_stage["people"], by_stage["without"]) == (many + 1, 0)
    assert sum(one["people"] for one in by_stage["values"]) == many + 1
    wrong = await http.post("/api/v1/segments/breakdown", json={**asked, "trait": "a`b"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "trait")
