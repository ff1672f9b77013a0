"""Stages, overlaps, scores and handovers at the HTTP door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.people.api import Known, People
from dure.state import State
from tests.people_of import Cast, found_sori
from tests.segments.test_map_screens import Rooms
from tests.segments.writing import happened, write

pytestmark = pytest.mark.anyio


@pytest.fixture
async def cast(state: State) -> Cast:
    return await found_sori(state)


@pytest.fixture
async def http(state: State, log: Log, cast: Cast, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    rooms = Rooms(state, log, cast, tmp_path)
    now = rooms.clock.now()
    lives = {"sora": [60, 40], "dan": [20, 3], "kim": [0.5]}
    acts = [happened(cast.tenant, who, "Gift Sent", now - timedelta(days=day)) for who in lives for day in lives[who]]
    await write(log, acts)
    headers = {"authorization": f"Bearer {cast.token}"}
    transport = httpx.ASGITransport(app=rooms.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://dure/api/v1", headers=headers) as client:
        yield client


async def test_stages_are_computed_told_and_asked_for_in_the_past(http: httpx.AsyncClient) -> None:
    assert (await http.get("/stages")).json()["computed_at"] is None
    assert (await http.post("/stages/compute")).json()["sizes"]["dormant"] == 1
    told = (await http.get("/stages")).json()
    assert told["people"] == 3
    assert {one["stage"]: one["people"] for one in told["stages"] if one["people"]} == {
        "new": 1, "current": 1, "dormant": 1,
    }  # fmt: skip
    (sora,) = (await http.get("/stages/dormant/people")).json()["people"]
    assert (await http.get(f"/stages/of/{sora['person']}")).json()["name"]["en"] == "Dormant"
    points = (await http.get("/stages/history?days=30&points=2")).json()["points"]
    assert [sum(point["stages"].values()) for point in points] == [1, 3]
    flows = (await http.get("/stages/flows")).json()
    moves = {(one["before"], one["after"]): one["people"] for one in flows["flows"]}
    assert sum(moves.values()) == 3
    span = {"begin": flows["begin"], "end": flows["end"], "before": "at_risk", "after": "dormant"}
    (mover,) = (await http.get("/stages/flows/people", params=span)).json()["people"]
    assert mover["person"] == sora["person"]
    bad = await http.put("/stages/settings", json={"at_risk_days": 90})
    assert (bad.status_code, bad.json()["error"]["field"]) == (422, "dormant_days")
    assert (await http.put("/stages/settings", json={"at_risk_days": 2})).status_code == 200
    assert (await http.get("/stages/at_risk/people")).json()["people"] != []
    assert (await http.get("/stages/flows?begin=soon")).json()["error"]["field"] == "begin"
    ids = ",".join(one["segment"] for one in told["stages"])
    whole = (await http.get(f"/overlap?segments={ids}")).json()
    assert (whole["depth"], whole["everybody"]) == ([0, 3], 3)
    one = told["stages"][-2]["segment"]
    assert (await http.get(f"/segments/{one}")).json()["filled"] == f"stage:{told['stages'][-2]['stage']}"
    assert len((await http.get(f"/overlap/people?inside={one}")).json()["people"]) == 1


async def test_a_score_is_asked_for_refused_cancelled_and_removed(http: httpx.AsyncClient) -> None:
    made = (await http.post("/scores", json={"name": "이탈", "settings": {"kind": "churn"}})).json()
    assert made["work"]["state"] == "waiting"
    assert (await http.post(f"/scores/{made['id']}/work", json={"work": "train"})).status_code == 409
    assert (await http.delete(f"/scores/{made['id']}/work")).status_code == 204
    assert (await http.get(f"/scores/{made['id']}")).json()["work"]["state"] == "cancelled"
    assert (await http.get(f"/scores/{made['id']}/people?decile=11")).json()["error"]["field"] == "decile"
    assert (await http.delete(f"/scores/{made['id']}")).status_code == 204
    assert (await http.get("/scores")).json() == {"scores": []}
    bad = (await http.post("/scores", json={"name": "x", "settings": {"kind": "convert"}})).json()
    assert bad["error"]["field"] == "goal"


async def test_both_lists_of_a_handover_name_their_people_as_the_segments_own_does(
    http: httpx.AsyncClient, state: State, log: Log, cast: Cast
) -> None:
    people = People(state, log, SystemClock())
    known = [Known(who, {"name": f"이름 {who}"}, SystemClock().now()) for who in ("sora", "dan", "kim")]
    await people.bulk_people(cast.tenant, known)
    rule = {"kind": "did", "event": "Gift Sent"}
    segment = (await http.post("/segments", json={"name": "선물", "rule": rule})).json()
    own = (await http.get(f"/segments/{segment['id']}/people")).json()["people"]
    named = {one["person"]: (one["name"], one["distinct_id"]) for one in own}
    assert set(named.values()) == {(f"이름 {who}", who) for who in ("sora", "dan", "kim")}
    body = {"to": "marketing", "purpose": "감사"}
    given = (await http.post(f"/segments/{segment['id']}/hand-over", json=body)).json()
    seen = {}
    for control in ("false", "true"):
        page = (await http.get(f"/handovers/{given['id']}/people?control={control}")).json()
        seen |= {one["person"]: (one["name"], one["distinct_id"]) for one in page["people"]}
        first = (await http.get(f"/handovers/{given['id']}/people?control={control}&limit=1")).json()
        assert first["people"] == page["people"][:1]
    assert seen == named


async def test_a_handover_is_given_seen_sent_and_ended(http: httpx.AsyncClient) -> None:
    rule = {"kind": "did", "event": "Gift Sent"}
    segment = (await http.post("/segments", json={"name": "선물", "rule": rule})).json()
    body = {"to": "marketing", "purpose": "감사", "control_share": 0, "goal": {"event": "Gift Sent"}, "window": "7d"}
    given = (await http.post(f"/segments/{segment['id']}/hand-over", json=body)).json()
    assert (given["from"], given["to"], given["treated"]) == ("product", "marketing", 3)
    seen = (await http.get(f"/handovers/{given['id']}")).json()
    assert seen["name"]["ko"] == "선물"
    assert seen["outcome"]["treated"] == {"people": 3, "reached": 0}
    file = await http.post(f"/handovers/{given['id']}/exports", json={"kind": "csv"})
    assert (file.status_code, file.headers["content-type"]) == (201, "text/csv; charset=utf-8")
    assert len(file.text.splitlines()) == 4
    sent = await http.post(
        f"/handovers/{given['id']}/exports", json={"kind": "webhook", "place": "https://crm.example"}
    )
    assert sent.json()["state"] == "done"
    assert len((await http.get(f"/handovers/{given['id']}")).json()["exports"]) == 2
    assert (await http.post(f"/handovers/{given['id']}/end")).json()["ended_at"]
    assert (await http.get(f"/handovers/{given['id']}/people")).status_code == 409
