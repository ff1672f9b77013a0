"""`search.*` through Slack's own Python client, unmodified."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.api import Draft, ts_text
from dure.channels.search.api import Search
from dure.channels.search.index import Indexer
from dure.channels.slack.door import slack_router
from dure.state import State
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.wire.server import serving

pytestmark = pytest.mark.anyio


class Door:
    def __init__(self, room: Room, base: str) -> None:
        self.room, self.base = room, base
        self.mina = self.client(room.cast.token)

    def client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=f"{self.base}/slack/api/")

    async def say(self, channel: str, *texts: str) -> list[str]:
        said = []
        for text in texts:
            self.room.clock.advance(timedelta(seconds=1))
            said.append(ts_text((await self.room.say(self.room.cast.mina, channel, text)).ts))
        while await Indexer(self.room.state).step():
            pass
        return said


async def refused(client: AsyncWebClient, method: str = "search.messages", **params: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, params=params)
    return str(raised.value.response["error"])


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room = await open_room(state)
    search = Search(state, room.clock, room.cast.governance, room.channels)
    app = FastAPI()
    include(app, slack_router(room.services(search=search)))
    async with serving(app) as base:
        yield Door(room, base)


async def test_messages_are_found_in_slacks_shape(door: Door) -> None:
    made = await door.room.channels.create(door.room.cast.mina, "q4", private=True)
    said = await door.say(made.id, "앞의 앞", "앞", "한빛커피가 *재계약*했어요", "뒤", "뒤의 뒤")
    found = (await door.mina.search_messages(query="한빛 재계약", highlight=True)).data
    assert found["query"] == "한빛 재계약"
    messages = found["messages"]
    assert messages["total"] == 1
    assert messages["paging"] == {"count": 20, "total": 1, "page": 1, "pages": 1}
    assert messages["pagination"] == {
        "total_count": 1, "page": 1, "per_page": 20, "page_count": 1, "first": 1, "last": 1
    }  # fmt: skip
    (match,) = messages["matches"]
    assert match["text"] == "\ue000한빛\ue001커피가 *\ue000재계약\ue001*했어요"
    assert (match["type"], match["ts"], match["username"]) == ("message", said[2], "mina")
    assert match["user"] == door.room.cast.mina.user
    assert match["permalink"] == f"{door.base}/archives/{made.id}/p{said[2].replace('.', '')}"
    channel = match["channel"]
    assert (channel["id"], channel["name"], channel["is_private"], channel["is_im"]) == (made.id, "q4", True, False)
    sides = {name: match[name]["text"] for name in ("previous_2", "previous", "next", "next_2")}
    assert sides == {"previous_2": "앞의 앞", "previous": "앞", "next": "뒤", "next_2": "뒤의 뒤"}
    both = (await door.mina.search_all(query="한빛")).data
    assert (both["messages"]["total"], both["messages"]["matches"][0]["text"]) == (1, "한빛커피가 *재계약*했어요")
    assert both["posts"] == {"total": 0, "matches": []}


async def test_the_two_clients_say_the_same(door: Door) -> None:
    made = await door.room.channels.create(door.room.cast.mina, "q4")
    await door.say(made.id, "단가 하나", "단가 둘")
    blocking = WebClient(door.room.cast.token, base_url=f"{door.base}/slack/api/")
    one = await asyncio.to_thread(blocking.search_messages, query="단가", sort="timestamp", sort_dir="asc")
    two = await door.mina.search_messages(query="단가", sort="timestamp", sort_dir="asc")
    assert one.data == two.data
    assert [match["text"] for match in two["messages"]["matches"]] == ["단가 하나", "단가 둘"]


async def test_pages_by_number_and_by_cursor(door: Door) -> None:
    made = await door.room.channels.create(door.room.cast.mina, "q4")
    await door.say(made.id, *(f"단가 {n}" for n in range(5)))

    async def page(**params: Any) -> tuple[list[str], Any]:
        got = (await door.mina.search_messages(query="단가", sort="timestamp", count=2, **params)).data
        return [match["text"][-1] for match in got["messages"]["matches"]], got

    assert (await page())[0] == ["4", "3"]
    texts, third = await page(page=3)
    assert texts == ["0"]
    assert third["messages"]["pagination"]["page_count"] == 3
    assert (third["messages"]["pagination"]["first"], third["messages"]["pagination"]["last"]) == (5, 5)
    assert (await page(page=9))[0] == []
    cursor, read = "*", []
    while cursor:
        texts, got = await page(cursor=cursor)
        read += texts
        cursor = got["response_metadata"]["next_cursor"]
    assert read == ["4", "3", "2", "1", "0"]
    assert await refused(door.mina, query="단가", cursor="bm9wZTox") == "invalid_cursor"


async def test_files_are_found_in_slacks_shape(door: Door) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"12,000"

    cast = door.room.cast
    made = await door.room.channels.create(cast.mina, "q4")
    file = await door.room.files.upload(cast.mina, "단가표-v3.csv", content())
    await door.room.channels.post(cast.mina, made.id, Draft("보세요", files=(file.id,)))
    await door.say(made.id, "단가표 이야기")
    found = (await door.mina.search_files(query="단가")).data["files"]
    assert (found["total"], found["paging"]["pages"], found["pagination"]["last"]) == (1, 1, 1)
    (match,) = found["matches"]
    assert (match["id"], match["name"], match["channels"]) == (file.id, "단가표-v3.csv", [made.id])
    both = (await door.mina.search_all(query="단가")).data
    assert (both["files"]["total"], both["messages"]["total"]) == (1, 2)


async def test_who_may_not_search(door: Door) -> None:
    cast = door.room.cast
    made = await door.room.channels.create(cast.mina, "secret", private=True)
    await door.say(made.id, "비밀")
    for method in ("search.messages", "search.all", "search.files"):
        assert await refused(door.client(cast.bot_token), method, query="비밀") == "not_allowed_token_type"
        assert await refused(door.mina, method) == "no_query"
    narrow = await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["chat:write"])
    assert await refused(door.client(narrow), query="비밀") == "missing_scope"
    joon = await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["search:read"])
    for token in (joon, cast.rival_token):
        assert (await door.client(token).search_messages(query="비밀"))["messages"]["total"] == 0
    await door.room.channels.invite(cast.mina, made.id, [cast.joon.user])
    assert (await door.client(joon).search_messages(query="비밀"))["messages"]["total"] == 1
    await door.room.channels.kick(cast.mina, made.id, cast.joon.user)
    assert (await door.client(joon).search_messages(query="비밀"))["messages"]["total"] == 0
