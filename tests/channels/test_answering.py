"""What a card asks can be answered by a program too, under the same rights as on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels.forms import asked_routes
from dure.channels.forms.answering import Answering
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.automated import Office, open_office
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def office(state: State) -> AsyncIterator[Office]:  # noqa: F811
    return await open_office(state)


@pytest.fixture
async def door(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.governance = office.room.cast.governance
    front.install(app)
    include(app, asked_routes.router(Answering(office.room.state, office.room.channels, office.forms)))
    headers = {"Authorization": f"Bearer {office.room.cast.token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure", headers=headers) as door:
        yield door


async def open_(door: httpx.AsyncClient) -> list[Any]:
    return list((await door.get("/api/v1/asked")).json()["asked"])


async def test_a_form_is_answered_and_is_open_no_more(office: Office, door: httpx.AsyncClient) -> None:
    channel = await office.room.channel(office.mina, office.joon)
    fields = [{"name": "budget", "title": "Budget", "type": "number"}]
    out = await office.step("channels.ask", channel=channel, title="브리프", fields=fields)
    (one,) = [one for one in await open_(door) if one["channel"] == channel]
    assert (one["ask"], one["what"], one["fields"][0]["name"]) == (out.ask, "form", "budget")
    wrong = await door.post(f"/api/v1/asked/{out.ask}", json={"values": {"colour": "red"}})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "values.colour")
    assert (await door.post(f"/api/v1/asked/{out.ask}", json={"decision": "yes"})).status_code == 422
    assert (await door.post(f"/api/v1/asked/{out.ask}", json={"values": {"budget": 12}})).status_code == 204
    assert (await office.answered())[-1].properties["values"] == {"budget": 12}
    assert not [one for one in await open_(door) if one["channel"] == channel]
    assert (await door.post(f"/api/v1/asked/{out.ask}", json={"values": {"budget": 1}})).status_code == 409


async def test_an_approval_is_decided_by_those_who_are_asked_alone(office: Office, door: httpx.AsyncClient) -> None:
    channel = await office.room.channel(office.mina, office.joon)
    theirs = await office.step("channels.approval", channel=channel, question="보낼까요?", of=[office.joon.user])
    secret = await office.room.channel(office.joon, private=True)
    hidden = await office.step("channels.approval", channel=secret, question="비밀")
    assert not {one["ask"] for one in await open_(door)} & {theirs.ask, hidden.ask}
    for ask in (theirs.ask, hidden.ask, "no-id"):
        assert (await door.post(f"/api/v1/asked/{ask}", json={"decision": "yes"})).status_code == 404
    mine = await office.step("channels.approval", channel=channel, question="보낼까요?", of=[office.mina.user])
    assert (await door.post(f"/api/v1/asked/{mine.ask}", json={"decision": "maybe"})).status_code == 422
    assert (await door.post(f"/api/v1/asked/{mine.ask}", json={"decision": "no", "note": "아직"})).status_code == 204
    told = (await office.answered())[-1].properties
    assert (told["ask"], told["decision"], told["note"]) == (mine.ask, "no", "아직")
