"""Dure's own door to channels, as the screens use it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels.routes import router
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Door:
    room: Room
    http: httpx.AsyncClient

    async def ask(self, method: str, path: str, token: str = "", status: int = 200, **body: Any) -> Any:
        headers = {"authorization": f"Bearer {token or self.room.cast.token}"}
        answer = await self.http.request(method, path, headers=headers, json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    app.state.governance = room.cast.governance
    front.install(app)
    include(app, router(room.channels))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dure/api/v1") as http:
        yield Door(room, http)


async def test_a_channel_is_made_talked_in_and_listed_with_what_is_unread(door: Door) -> None:
    joon = door.room.cast.joon
    made = await door.ask("POST", "/channels", status=201, name="launch", purpose="Go", members=[joon.user])
    channel = made["channel"]["id"]
    assert made["people"][door.room.cast.mina.user]["name"] == "김미나"
    await door.room.say(joon, channel, f"hello <@{door.room.cast.mina.user}>")
    listed = (await door.ask("GET", "/channels?mine=true"))["channels"]
    assert [(c["name"], c["unread"], c["members"], c["response"]) for c in listed] == [("launch", 1, 2, None)]
    said = await door.ask("POST", f"/channels/{channel}/messages", status=201, text="hi", client_msg_id="1")
    again = await door.ask("POST", f"/channels/{channel}/messages", status=201, text="hi", client_msg_id="1")
    assert said == again
    page = await door.ask("GET", f"/channels/{channel}/messages?limit=1")
    assert ([m["text"] for m in page["messages"]], page["earlier"], page["later"]) == (["hi"], True, False)
    older = await door.ask("GET", f"/channels/{channel}/messages?before={page['messages'][0]['ts']}")
    assert [m["text"][:5] for m in older["messages"]] == ["hello"]
    assert set(older["people"]) == {joon.user, door.room.cast.mina.user}
    around = await door.ask("GET", f"/channels/{channel}/messages?around={older['messages'][0]['ts']}&limit=1")
    assert [m["text"][:2] for m in around["messages"]] == ["he", "hi"]
    await door.ask("POST", f"/channels/{channel}/read", ts=page["messages"][0]["ts"])
    assert (await door.ask("GET", f"/channels/{channel}"))["channel"]["last_read"] == page["messages"][0]["ts"]


async def test_threads_reactions_changes_and_deletion(door: Door) -> None:
    channel = (await door.ask("POST", "/channels", status=201, name="work"))["channel"]["id"]
    path = f"/channels/{channel}/messages"
    ts = (await door.ask("POST", path, status=201, text="root"))["messages"][0]["ts"]
    await door.ask("POST", path, status=201, text="reply", thread_ts=ts)
    thread = await door.ask("GET", f"/channels/{channel}/threads/{ts}")
    assert [m["text"] for m in thread["messages"]] == ["root", "reply"]
    await door.ask("PUT", f"{path}/{ts}/reactions/tada", status=204)
    changed = await door.ask("PATCH", f"{path}/{ts}", text="better")
    assert changed["messages"][0]["reactions"] == [{"name": "tada", "users": [door.room.cast.mina.user]}]
    await door.ask("DELETE", f"{path}/{ts}/reactions/tada", status=204)
    await door.ask("DELETE", f"{path}/{ts}", status=204)
    error = await door.ask("GET", f"{path}/{ts}", status=404)
    assert error["error"]["code"] == "message_not_found"
    assert (await door.ask("GET", f"{path}/yesterday", status=422))["error"]["code"] == "bad_timestamp"


async def test_a_channel_is_shared_and_its_wait_is_shown(door: Door) -> None:
    cast = door.room.cast
    channel = (await door.ask("POST", "/channels", status=201, name="partners"))["channel"]["id"]
    await door.ask("POST", f"/channels/{channel}/shares", status=201, workspace="rival")
    offers = (await door.ask("GET", "/channels/offers", cast.rival_token))["offers"]
    assert [(o["name"], o["from_org"]) for o in offers] == [("partners", "Sorimaru")]
    await door.ask("POST", f"/channels/offers/{channel}/accept", cast.rival_token, name="sorimaru")
    await door.ask("POST", f"/channels/{channel}/messages", cast.rival_token, 201, text="a question")
    shown = await door.ask("GET", f"/channels/{channel}")
    assert shown["channel"]["response"]["state"] == "waiting"
    assert shown["channel"]["shared_with"][0]["org_name"] == "Rival"
    page = await door.ask("GET", f"/channels/{channel}/messages")
    assert page["people"][cast.rina.user]["org"] == "Rival"
    theirs = await door.ask("GET", f"/channels/{channel}", cast.rival_token)
    assert (theirs["channel"]["response"], theirs["channel"]["name"]) == (None, "sorimaru")
    await door.ask("PATCH", f"/channels/{channel}", response_minutes=30)
    await door.ask("POST", f"/channels/{channel}/messages", status=201, text="an answer")
    responses = (await door.ask("GET", f"/channels/{channel}/responses"))["responses"]
    assert [r["state"] for r in responses] == ["answered"]
    await door.ask("DELETE", f"/channels/{channel}/shares/{cast.rina.tenant.workspace}", status=204)
    assert (await door.ask("GET", f"/channels/{channel}", cast.rival_token, 404))["error"][
        "code"
    ] == "channel_not_found"


async def test_what_is_wrong_is_said_with_its_field(door: Door) -> None:
    assert (await door.ask("POST", "/channels", status=422, name="Not Good"))["error"]["field"] == "name"
    assert (await door.ask("GET", "/channels/C0NOWHERE", status=404))["error"]["code"] == "channel_not_found"
    assert (await door.ask("GET", "/channels/%00", status=404))["error"]["code"] == "channel_not_found"
    channel = (await door.ask("POST", "/channels", status=201, name="x"))["channel"]["id"]
    await door.ask("PATCH", f"/channels/{channel}", status=422, topic="a", purpose="b")
    await door.ask("PATCH", f"/channels/{channel}", status=422, name=7)


async def test_a_guest_sees_only_whom_they_meet(door: Door) -> None:
    cast = door.room.cast
    link = await cast.governance.create_token(cast.mina, "user", "gil@partner.example", ["*"])
    assert [p["name"] for p in (await door.ask("GET", "/channels/people", link))["people"]] == ["길동"]
    channel = (await door.ask("POST", "/channels", status=201, name="with-gil"))["channel"]["id"]
    await door.ask("POST", f"/channels/{channel}/members", users=[cast.gil.user])
    names = {p["name"] for p in (await door.ask("GET", "/channels/people", link))["people"]}
    assert names == {"길동", "김미나"}
