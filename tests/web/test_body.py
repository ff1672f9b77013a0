"""A field that a body does not have is named, not passed over."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from dure.web import front
from dure.web.body import body

pytestmark = pytest.mark.anyio


@body
class Wanted:
    name: str
    size: int = 1


async def test_an_unknown_field_is_refused_by_name() -> None:
    app = FastAPI()
    front.install(app)

    @app.post("/things")
    async def make(wanted: Wanted) -> dict[str, object]:
        return {"name": wanted.name, "size": wanted.size}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.post("/things", json={"name": "a"})).json() == {"name": "a", "size": 1}
        answer = await client.post("/things", json={"name": "a", "bogus": 1})
        assert answer.status_code == 422
        assert answer.json()["error"]["field"] == "bogus"
