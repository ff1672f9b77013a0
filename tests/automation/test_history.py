"""Looking back: runs found by what they are about, counts by node, and what failed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.routes import router
from dure.kernel.errors import Invalid
from dure.web import front
from dure.web.routing import include
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio

NODES = [
    {"id": "call", "kind": "far.call", "with": {"to": "{{ event.properties.name }}"}, "retries": 1, "next": "write"},
    {"id": "write", "kind": "book.write", "with": {"text": "{{ steps.call.receipt }}"}},
]


@pytest.fixture
async def workshop(shop: Workshop) -> Workshop:
    """Four deals are won; the service refuses the second and the third."""
    workshop = shop
    await workshop.make(NODES)
    for number, name in enumerate(("Hanbit", "Saebyeok", "Moonrabbit", "Hanbit again")):
        if number in (1, 2):
            workshop.service.failures.append(Invalid("the key was revoked"))
        await workshop.happen(object=f"D{number}", properties={"name": name})
        await workshop.settle()
        await workshop.later(minutes=10)
    return workshop


@pytest.fixture
async def door(workshop: Workshop) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = workshop.cast.governance
    front.install(app)
    include(app, router(workshop.automation))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure/api/v1",
        headers={"Authorization": f"Bearer {workshop.cast.token}"},
    ) as client:  # fmt: skip
        yield client


async def subjects(door: httpx.AsyncClient, **query: str | int | list[str]) -> list[str]:
    answer = await door.get("/automations/runs", params=query)
    assert answer.status_code == 200, answer.text
    return [run["subject"] for run in answer.json()["runs"]]


async def test_runs_are_found_by_state_subject_time_and_text(door: httpx.AsyncClient) -> None:
    assert await subjects(door) == ["D3", "D2", "D1", "D0"]
    assert await subjects(door, status="failed") == ["D2", "D1"]
    assert await subjects(door, status=["failed", "done"]) == ["D3", "D2", "D1", "D0"]
    assert await subjects(door, subject="D1") == ["D1"]
    assert await subjects(door, q="hanbit") == ["D3", "D0"]
    assert await subjects(door, q="revoked") == ["D2", "D1"]
    assert await subjects(door, q="100%") == []
    middle = (await door.get("/automations/runs", params={"subject": "D2"})).json()["runs"][0]["started_at"]
    assert await subjects(door, since=middle) == ["D3", "D2"]
    assert await subjects(door, until=middle) == ["D1", "D0"]


async def test_pages_follow_one_another_without_a_gap(door: httpx.AsyncClient) -> None:
    first = (await door.get("/automations/runs", params={"limit": 3})).json()
    rest = (await door.get("/automations/runs", params={"limit": 3, "after": first["next"]})).json()
    assert [run["subject"] for run in (*first["runs"], *rest["runs"])] == ["D3", "D2", "D1", "D0"]
    assert (first["by_status"], rest["next"]) == ({"done": 2, "failed": 2}, "")
    odd = await door.get("/automations/runs", params={"after": "yesterday"})
    assert (odd.status_code, odd.json()["error"]["field"]) == (422, "after")
    assert (await door.get("/automations/runs", params={"status": "odd"})).json()["error"]["field"] == "status"


async def test_counts_say_what_became_of_each_node(door: httpx.AsyncClient) -> None:
    (automation,) = (await door.get("/automations")).json()["automations"]
    counts = (await door.get(f"/automations/{automation['id']}/counts")).json()
    told = {(one["node"], one["status"]): one["steps"] for one in counts["nodes"]}
    assert (counts["runs"], told) == (4, {("call", "done"): 2, ("call", "dead"): 2, ("write", "done"): 2})
    assert all(one["median"] is not None for one in counts["nodes"])


async def test_what_failed_is_retried_and_skipped_together(door: httpx.AsyncClient, workshop: Workshop) -> None:
    letters = (await door.get("/automations/dead-letters")).json()["letters"]
    assert [(one["subject"], one["about"], one["node"], one["status"]) for one in letters] == [
        ("D2", "Moonrabbit", "call", "dead"), ("D1", "Saebyeok", "call", "dead"),
    ]  # fmt: skip
    ids = [one["id"] for one in letters]
    answer = (await door.post("/automations/dead-letters/retry", json={"runs": [ids[0], "nobody"]})).json()
    assert (answer["done"], [one["run"] for one in answer["refused"]]) == ([ids[0]], ["nobody"])
    await workshop.settle()
    assert (await door.get(f"/automations/runs/{ids[0]}")).json()["status"] == "done"
    await door.post("/automations/dead-letters/skip", json={"runs": ids[1:]})
    await workshop.settle()
    assert (await door.get("/automations/dead-letters", params={"only": "unknown"})).json()["letters"] == []


async def test_a_run_says_how_long_each_step_took(door: httpx.AsyncClient) -> None:
    (run,) = (await door.get("/automations/runs", params={"subject": "D0"})).json()["runs"]
    assert run["steps"] == 2
    assert run["seconds"] is not None
    whole = (await door.get(f"/automations/runs/{run['id']}")).json()
    assert [(step["node"], step["seconds"] is not None) for step in whole["steps"]] == [("call", True), ("write", True)]


async def test_a_decision_keeps_its_note(door: httpx.AsyncClient, workshop: Workshop) -> None:
    made = await workshop.make([{"id": "ask", "kind": "approve", "with": {"question": "Really?"}}])
    run = await workshop.automation.start(workshop.cast.mina, made)
    await workshop.settle()
    await door.post(f"/automations/runs/{run}/decide", json={"decision": "yes", "note": "The board said so."})
    (decision,) = (await door.get(f"/automations/runs/{run}")).json()["decisions"]
    assert (decision["decision"], decision["note"], decision["decided_by"]) == (
        "yes", "The board said so.", workshop.cast.mina.user,
    )  # fmt: skip


async def test_another_workspace_finds_nothing(door: httpx.AsyncClient, workshop: Workshop) -> None:
    rival = {"Authorization": f"Bearer {workshop.cast.rival_token}"}
    assert (await door.get("/automations/runs", headers=rival)).json()["runs"] == []
    assert (await door.get("/automations/dead-letters", headers=rival)).json()["letters"] == []
    (automation,) = (await door.get("/automations")).json()["automations"]
    assert (await door.get(f"/automations/{automation['id']}/counts", headers=rival)).status_code == 404
