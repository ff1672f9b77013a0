"""Experiments and flags at the HTTP door."""

from __future__ import annotations

import httpx
import pytest

from tests.experiments.application import DESIGN, app_of
from tests.experiments.lab import Lab

pytestmark = pytest.mark.anyio


async def test_everything_can_be_done_over_http(lab: Lab) -> None:
    transport, token = httpx.ASGITransport(app=app_of(lab)), {"authorization": f"Bearer {lab.cast.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://dure/api/v1", headers=token) as http:
        made = (await http.post("/experiments", json={"design": DESIGN})).json()
        path = f"/experiments/{made['id']}"
        assert (made["state"], made["design"]["method"], made["design"]["global_holdout"]) == ("draft", "always", True)
        refused = await http.post("/experiments", json={"design": {**DESIGN, "arms": []}})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "arms")
        assert (await http.get(f"{path}/result")).status_code == 409
        changed = await http.put(path, json={"design": {**DESIGN, "exposure": {}}})
        assert changed.json()["design"]["exposure"]["event"] == "Experiment Exposed"
        assert (await http.post(f"{path}/start")).json()["state"] == "running"
        told = (await http.post(f"{path}/expose", json={"people": ["u-1", "u-2"]})).json()["people"]
        assert told == (await http.post(f"{path}/assign", json={"people": ["u-1", "u-2"]})).json()["people"]
        assert {one["arm"] for one in told} <= {"control", "shows"}
        await lab.settle()
        result = (await http.get(f"{path}/result")).json()
        assert (sum(arm["people"] for arm in result["arms"]), result["verdict"]) == (2, "nothing")
        assert (await http.post(f"{path}/stop")).json()["state"] == "stopped"
        decided = (await http.post(f"{path}/decide", json={"arm": "shows", "why": "낫다"})).json()
        assert decided["decision"] == {"arm": "shows", "why": "낫다", "by": lab.cast.mina.actor}
        held = await http.put("/experiments/holdout", json={"share": 0.05})
        assert held.json() == {"share": 0.05, "round": 1, "rotate_days": 0}
        assert (await http.get("/experiments/holdout")).json()["layers"] == []
        plan = (await http.post("/experiments/plan", json={"base": 0.1, "lift": 0.1, "method": "fixed"})).json()
        assert plan["each"] == 14_749
        flag = (
            await http.post("/flags", json={"key": "x", "design": {"variants": [{"name": "a", "share": 1}]}})
        ).json()
        assert (flag["version"], flag["design"]["conditions"][0]["rollout"]) == (1, 1.0)
        await http.put("/flags/x/overrides", json={"distinct_id": "u-1", "value": False})
        tried = [
            (await http.post("/flags/x/try", json={"distinct_id": who})).json()["value"] for who in ("u-1", "u-2")
        ]  # fmt: skip
        assert tried == [False, "a"]
        assert (await http.delete("/flags/x")).status_code == 204
        assert (await http.get("/flags/x")).status_code == 404
