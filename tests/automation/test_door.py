"""Automations over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.plugs import Recipe
from dure.automation.routes import router
from dure.kernel.errors import NotAllowed
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.automation.workshop import Workshop, open_workshop

pytestmark = pytest.mark.anyio

RECIPE = Recipe(
    "cheer", {"ko": "환호", "en": "Cheer"}, {"ko": "거래를 따내면 적습니다.", "en": "Writes when a deal is won."},
    {"trigger": {"event": "Deal Won"}, "nodes": [{"id": "w", "kind": "book.write", "with": {"text": "yes"}}]},
)  # fmt: skip


@pytest.fixture
async def workshop(state: State) -> Workshop:
    return await open_workshop(state, recipes=[RECIPE])


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


async def test_a_recipe_is_switched_on_once(workshop: Workshop, door: httpx.AsyncClient) -> None:
    answers = [(await door.post("/automations", json={"recipe": "cheer", "enabled": True})).json() for _ in range(2)]
    assert answers[0]["id"] == answers[1]["id"]
    assert (answers[0]["name"], answers[0]["enabled"]) == ("환호", True)
    assert len((await door.get("/automations")).json()["automations"]) == 1
    await workshop.happen()
    await workshop.settle()
    assert await workshop.book() == ["yes"]
    (recipe,) = (await door.get("/automations/recipes")).json()["recipes"]
    assert recipe["automation"] == answers[0]["id"]


async def test_a_recipe_that_nobody_brought(door: httpx.AsyncClient) -> None:
    answer = await door.post("/automations", json={"recipe": "fly"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (404, "recipe")


async def test_create_change_and_switch_off(door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"name": "mine", "definition": dict(RECIPE.doc)})).json()
    assert made["definition"]["trigger"] == {"event": "Deal Won", "zone": "Asia/Seoul"}
    changed = (await door.patch(f"/automations/{made['id']}", json={"name": "ours", "enabled": False})).json()
    assert (changed["name"], changed["version"], changed["enabled"]) == ("ours", 2, False)


async def test_a_mistake_is_named_by_field(door: httpx.AsyncClient) -> None:
    bad = {"trigger": {"event": "x"}, "nodes": [{"kind": "book.write", "with": {"channel": 1}}]}
    answer = await door.post("/automations", json={"name": "bad", "definition": bad})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "nodes[0].with.channel")


async def test_a_run_by_hand_is_seen_with_its_steps(workshop: Workshop, door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"recipe": "cheer"})).json()
    run = (await door.post(f"/automations/{made['id']}/runs", json={"subject": "D1"})).json()["run"]
    await workshop.settle()
    seen = (await door.get(f"/automations/runs/{run}")).json()
    assert (seen["status"], seen["subject"], seen["steps"][0]["inputs"]) == ("done", "D1", {"text": "yes"})
    assert [one["id"] for one in (await door.get(f"/automations/{made['id']}/runs")).json()["runs"]] == [run]
    assert (await door.get("/automations")).json()["automations"][0]["runs_today"] == 1
    assert (await door.post(f"/automations/runs/{run}/retry", json={"visit": 1})).status_code == 204
    assert (await door.post(f"/automations/runs/{run}/skip")).status_code == 422


async def test_a_dry_run(door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"recipe": "cheer"})).json()
    tried = (
        await door.post(f"/automations/{made['id']}/dry-run", json={"event": {"event": "Deal Won", "object": "D1"}})
    ).json()
    assert (tried["started"], tried["runs"][0]["steps"][0]["inputs"]) == (1, {"text": "yes"})


async def test_what_there_is_to_build_with(door: httpx.AsyncClient) -> None:
    kinds = (await door.get("/automations/kinds")).json()
    assert "book.write" in [kind["name"] for kind in kinds["steps"]]
    assert "Run Failed" in [kind["name"] for kind in kinds["events"]]


async def test_another_organisation_sees_nothing(workshop: Workshop, door: httpx.AsyncClient) -> None:
    made = (await door.post("/automations", json={"recipe": "cheer"})).json()
    rival = {"Authorization": f"Bearer {workshop.cast.rival_token}"}
    assert (await door.get("/automations", headers=rival)).json() == {"automations": []}
    assert (await door.get(f"/automations/{made['id']}", headers=rival)).status_code == 404
    assert (await door.post(f"/automations/{made['id']}/runs", json={}, headers=rival)).status_code == 404


async def test_a_guest_may_not_look(workshop: Workshop) -> None:
    with pytest.raises(NotAllowed):
        await workshop.automation.automations(workshop.cast.gil)
