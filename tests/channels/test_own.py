"""What a person keeps for themselves: drafts that several devices write, and their sidebar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels.api import Draft
from dure.channels.routes import router
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.channels.test_routes import Door

pytestmark = pytest.mark.anyio


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room: Room = await open_room(state)
    app = FastAPI()
    app.state.governance = room.cast.governance
    front.install(app)
    include(app, router(room.channels))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure") as http:
        yield Door(room, http)


async def channel(door: Door, name: str = "q4") -> str:
    return (await door.room.channels.create(door.room.cast.mina, name, members=[door.room.cast.joon.user])).id


async def write(door: Door, place: str, text: str, base: int, status: int = 200, **more: Any) -> Any:
    return await door.ask("PUT", f"/api/v1/channels/{place}/draft", status=status, text=text, base=base, **more)


async def kept(door: Door) -> list[dict[str, Any]]:
    return list((await door.ask("GET", "/api/v1/drafts"))["drafts"])


async def test_a_draft_is_on_every_device_with_what_its_names_mean(door: Door) -> None:
    place = await channel(door)
    await write(door, place, "@박준 확인", 0, mentions=[["@박준", "<@U1>"]])
    [draft] = await kept(door)
    assert (draft["channel"], draft["text"], draft["mentions"]) == (place, "@박준 확인", [["@박준", "<@U1>"]])
    assert (draft["thread_ts"], draft["version"], draft["other"]) == (None, 1, "")


async def test_the_last_writing_wins_and_what_the_other_device_wrote_stays_beside_it(door: Door) -> None:
    place = await channel(door)
    await write(door, place, "휴대폰에서", 0)
    answer = await write(door, place, "책상에서", 0)
    assert (answer["draft"]["text"], answer["draft"]["other"]) == ("책상에서", "휴대폰에서")
    answer = await write(door, place, "책상에서 더", 2)
    assert answer["draft"]["other"] == "휴대폰에서"
    answer = await write(door, place, "책상에서 더\n\n휴대폰에서", 3, taken=True)
    assert answer["draft"]["other"] == ""


async def test_writing_on_takes_nothing_away(door: Door) -> None:
    place = await channel(door)
    await write(door, place, "안녕", 0)
    answer = await write(door, place, "안녕하세요", 0)
    assert (answer["draft"]["text"], answer["draft"]["other"]) == ("안녕하세요", "")


async def test_a_device_that_did_not_hear_that_it_was_kept_is_not_another_one(door: Door) -> None:
    place = await channel(door)
    await write(door, place, "첫 문장", 0, device="desk")
    answer = await write(door, place, "다른 문장", 0, device="desk")
    assert answer["draft"]["other"] == ""
    answer = await write(door, place, "전화의 문장", 0, device="phone")
    assert answer["draft"]["other"] == "다른 문장"


async def test_a_thread_has_a_draft_of_its_own_and_one_that_is_not_there_has_none(door: Door) -> None:
    place = await channel(door)
    root = await door.room.say(door.room.cast.mina, place, "어디서 만날까요?")
    ts = f"{root.ts // 1_000_000}.{root.ts % 1_000_000:06d}"
    await write(door, place, "여기서", 0, thread_ts=ts)
    await write(door, place, "저기서", 0)
    assert {(one["thread_ts"], one["text"]) for one in await kept(door)} == {(ts, "여기서"), (None, "저기서")}
    assert (await write(door, place, "x", 0, status=404, thread_ts="1.000001"))["error"]["field"] == "thread_ts"


async def test_drafts_are_nobody_elses_and_go_with_ones_seat(door: Door) -> None:
    place, cast = await channel(door), door.room.cast
    await write(door, place, "비밀", 0)
    assert await door.room.channels.drafts(cast.joon) == []
    rival = await door.ask("PUT", f"/api/v1/channels/{place}/draft", cast.rival_token, 404, text="x", base=0)
    assert rival["error"]["code"] == "channel_not_found"
    await door.room.channels.leave(cast.mina, place)
    assert await kept(door) == []
    assert (await write(door, place, "x", 1, status=403))["error"]["code"] == "not_in_channel"


async def test_a_bad_draft_is_refused_by_the_name_of_its_field(door: Door) -> None:
    place = await channel(door)
    for status, field, more in (
        (413, "text", {"text": "가" * 40_001}),
        (422, "mentions", {"mentions": [["@a"]]}),
        (422, "mentions", {"mentions": [["@a", "x" * 201]]}),
        (422, "thread_ts", {"thread_ts": "gestern"}),
    ):
        body = {"text": "a", "base": 0, **more}
        answer = await door.ask("PUT", f"/api/v1/channels/{place}/draft", status=status, **body)
        assert answer["error"]["field"] == field


async def test_nothing_of_it_is_in_the_log(door: Door) -> None:
    place = await channel(door)
    before = len(await door.room.told(door.room.cast.tenant.workspace))
    await write(door, place, "아무도 모르게", 0)
    await door.ask("PUT", "/api/v1/sidebar", sections=[], base=0)
    assert len(await door.room.told(door.room.cast.tenant.workspace)) == before


async def test_a_sidebar_is_kept_in_its_order_and_an_older_one_does_not_overwrite_it(door: Door) -> None:
    place = await channel(door)
    sections = [
        {"id": "own-1", "name": " 분기 ", "rooms": [place, place], "folded": True, "sort": "own"},
        {"id": "starred", "rooms": []},
    ]
    made = await door.ask("PUT", "/api/v1/sidebar", sections=sections, base=0)
    assert made == await door.ask("GET", "/api/v1/sidebar")
    assert made["sections"][0] == {"id": "own-1", "name": "분기", "rooms": [place], "folded": True, "sort": "own"}
    late = await door.ask("PUT", "/api/v1/sidebar", status=409, sections=[], base=0)
    assert late["error"]["data"] == {"version": 1}


async def test_a_section_that_makes_no_sense_is_refused(door: Door) -> None:
    for section in (
        {"id": "nowhere"},
        {"id": "own-1", "name": ""},
        {"id": "own-1", "name": "x" * 81},
        {"id": "own-1", "name": "x", "sort": "size"},
        {"id": "starred", "rooms": ["<script>"]},
        {"id": "own-1", "name": "x", "color": "red"},
    ):
        answer = await door.ask("PUT", "/api/v1/sidebar", status=422, sections=[section], base=0)
        assert answer["error"]["field"]
    same = [{"id": "starred"}, {"id": "starred"}]
    await door.ask("PUT", "/api/v1/sidebar", status=422, sections=same, base=0)
    await door.ask("GET", "/api/v1/sidebar", door.room.cast.bot_token, 403)  # an app has none


async def test_a_screen_that_knows_the_people_asks_without_their_names(door: Door) -> None:
    place = await channel(door)
    await door.room.channels.post(door.room.cast.joon, place, Draft("새 말"))
    page = f"/api/v1/channels/{place}/messages?after=1"
    assert (await door.ask("GET", page))["people"]
    assert (await door.ask("GET", page + "&names=false"))["people"] == {}
