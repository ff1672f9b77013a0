"""People's doors over HTTP, on a whole house: what is asked, told and refused."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from dure.people.routes import router
from dure.web import front
from dure.web.routing import include
from tests.people.conftest import Crowd

pytestmark = pytest.mark.anyio


@pytest.fixture
def app(crowd: Crowd) -> FastAPI:
    app = FastAPI()
    app.state.governance = crowd.cast.governance
    front.install(app)
    include(app, router(crowd.people))
    return app


@pytest.fixture
async def door(app: FastAPI, crowd: Crowd) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://dure.example/api/v1",
        headers={"Authorization": f"Bearer {crowd.cast.token}"},
    )


async def test_a_link_is_explained_undone_and_taken_back_by_rest(crowd: Crowd, door: httpx.AsyncClient) -> None:
    await crowd.identify("u-1", "d-1", name="김미나")
    await crowd.settle()
    told = (await door.get("/people/u-1/identity")).json()
    [_, device] = told["ids"]
    assert (device["decided_by"]["event"], device["decided_by"]["message_id"]) == ("Identified", "m-1")
    parted = await door.post("/people/u-1/splits", json={"distinct_id": "d-1", "reason": "shared"})
    assert parted.status_code == 201
    [split] = parted.json()["parted"]
    assert (split["reason"], split["standing"]) == ("shared", True)
    back = (await door.delete(f"/people/u-1/splits/{split['id']}")).json()
    assert [one["distinct_id"] for one in back["ids"]] == ["u-1", "d-1"]
    again = await door.delete(f"/people/u-1/splits/{split['id']}")
    assert (again.status_code, again.json()["error"]["field"]) == (409, "decision")
    wrong = await door.post("/people/u-1/splits", json={"distinct_id": "d-1"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "reason")


async def test_joining_two_users_says_who_may_and_how(crowd: Crowd, door: httpx.AsyncClient) -> None:
    await crowd.identify("alice")
    await crowd.identify("bob")
    await crowd.settle()
    asked = {"distinct_id": "bob", "reason": "one person"}
    refused = await door.post("/people/alice/joins", json=asked)
    assert refused.status_code == 409
    assert refused.json()["error"]["data"]["needs"] == "owner or admin"
    joined = await door.post("/people/alice/joins", json={**asked, "two_users": True})
    assert joined.status_code == 201
    bob = next(one for one in joined.json()["ids"] if one["distinct_id"] == "bob")
    assert bob["joined_by"]["two_users"]
    undone = await door.delete(f"/people/alice/joins/{bob['joined_by']['id']}")
    assert [one["distinct_id"] for one in undone.json()["ids"]] == ["alice"]


async def test_people_traits_and_accounts_are_read_by_rest(crowd: Crowd, door: httpx.AsyncClient) -> None:
    await crowd.identify("u-1", name="김미나", plan="free")
    await crowd.identify("u-1", plan="plus")
    await crowd.send("Account Identified", "u-1", account="acme", name="한빛커피")
    await crowd.settle()
    [found] = (await door.get("/people", params={"q": "미나 plan:plus"})).json()["people"]
    assert found["matched"] == [{"by": "name", "value": "김미나"}, {"by": "plan", "value": "plus"}]
    told = (await door.get("/people/u-1/traits", params={"trait": "plan"})).json()
    assert told["traits"]["plan"] == "plus"
    assert [(one["before"], one["after"]) for one in told["history"]] == [("free", "plus"), (None, "free")]
    [account] = (await door.get("/customer-accounts")).json()["accounts"]
    assert (account["id"], account["people"]) == ("acme", 1)
    assert (await door.get("/customer-accounts/acme")).json()["traits"] == {"name": "한빛커피"}
    assert (await door.get("/customer-accounts/acme/people")).json()["people"][0]["distinct_ids"] == ["u-1"]
    assert (await door.get("/customer-accounts/acme/traits")).json()["history"][0]["after"] == "한빛커피"
    line = (await door.get("/customer-accounts/acme/timeline", params={"kind": "activity"})).json()["events"]
    assert [one["event"] for one in line] == ["Account Identified", "Identified", "Identified"]
    for path, params, field in (
        ("/people", {"q": "a>b"}, "q"),
        ("/people", {"offset": -1}, "offset"),
        ("/people/u-1/timeline", {"kind": "weather"}, "kind"),
        ("/customer-accounts", {"limit": 0}, "limit"),
    ):
        refused = await door.get(path, params=params)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)
    for nobody in ("/customer-accounts/nobody", "/people/nobody", "/people/nobody/identity", "/people/nobody/traits"):
        assert (await door.get(nobody)).status_code == 404, nobody
    await crowd.send(user="u-9")
    await crowd.settle()
    [alone] = (await door.get("/people/u-9/identity")).json()["ids"]
    assert (alone["distinct_id"], alone["decided_by"]) == ("u-9", None)
