"""The reader over HTTP, as its screen asks it."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from dure.social.api import Social
from dure.social.reading import routes as reading_routes
from dure.social.routes import router
from dure.web import front
from dure.web.routing import include
from tests.people_of import Cast

pytestmark = pytest.mark.anyio


def door(social: Social, cast: Cast, token: str) -> httpx.AsyncClient:
    app = FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    include(app, router(social))
    include(app, reading_routes.router(social))
    headers = {"authorization": f"Bearer {token}", "x-dure-client": "web"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure.test/api/v1", headers=headers)


async def test_a_correction_is_listed_learned_from_and_carded(social: Social, cast: Cast) -> None:
    async with door(social, cast, cast.token) as web:
        told = (await web.post("/mentions", json={"network": "x", "id": "1", "text": "도넛 순삭"})).json()
        mention = told["ids"][0]
        assert (await web.patch(f"/mentions/{mention}", json={"intent": "praise", "spam": False})).status_code == 200
        [row] = (await web.get("/reader/corrections")).json()["corrections"]
        assert (row["text"], row["says"]["intent"], row["says"]["spam"]) == ("도넛 순삭", "praise", "no")
        assert (await web.post("/reader/versions", json={})).json() == {"version": 1}
        again = await web.post("/reader/versions", json={})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
        card = (await web.get("/reader")).json()
        assert card["layers"][0]["state"] == "waiting"
        assert card["built_in"]["held_out"]["sentiment"]["ko"]["number"] > 50


async def test_names_are_kept_changed_and_refused_with_their_field(social: Social, cast: Cast) -> None:
    async with door(social, cast, cast.token) as web:
        made = (await web.post("/listened-names", json={"kind": "brand", "name": "두레"})).json()
        assert made["aliases"] == []
        changed = {"kind": "brand", "name": "두레", "aliases": ["Dure"]}
        assert (await web.put(f"/listened-names/{made['id']}", json=changed)).json()["aliases"] == ["Dure"]
        refused = await web.post("/listened-names", json={"kind": "brand", "name": "가"})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "name")
        assert (await web.post("/listened-names", json={"kind": "planet", "name": "화성"})).status_code == 422
        assert (await web.delete(f"/listened-names/{made['id']}")).status_code == 204
        assert (await web.get("/listened-names")).json() == {"names": []}


async def test_a_rival_sees_and_judges_nothing_of_it(social: Social, cast: Cast) -> None:
    async with door(social, cast, cast.token) as web:
        told = (await web.post("/mentions", json={"network": "x", "id": "1", "text": "도넛 순삭"})).json()
    async with door(social, cast, cast.rival_token) as web:
        assert (await web.get("/reader/audit")).json() == {"mentions": []}
        assert (await web.post(f"/reader/audit/{told['ids'][0]}", json={})).status_code == 404
        assert (await web.put("/reader/version", json={"version": 3})).status_code == 404
