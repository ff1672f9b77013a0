"""Slack's own Python client, unmodified, against our door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.slack.door import slack_router
from dure.state import State
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.wire.server import serving

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Door:
    room: Room
    base: str

    def client(self, token: str) -> WebClient:
        return WebClient(token, base_url=f"{self.base}/slack/api/")

    async def call(self, method: Callable[..., SlackResponse], **arguments: Any) -> Any:
        """The client blocks, and the server answers in this loop."""
        answer = await asyncio.to_thread(method, **arguments)
        return answer.data

    async def error(self, method: Callable[..., SlackResponse], **arguments: Any) -> str:
        with pytest.raises(SlackApiError) as raised:
            await self.call(method, **arguments)
        return str(raised.value.response["error"])

    async def raw(self, method: str, **request: Any) -> httpx.Response:
        async with httpx.AsyncClient(base_url=f"{self.base}/slack/api/") as http:
            return await http.post(method, **request)


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    include(app, slack_router(room.services()))
    async with serving(app) as base:
        yield Door(room, base)


async def test_who_am_i(door: Door) -> None:
    cast = door.room.cast
    mina = await door.call(door.client(cast.token).auth_test)
    assert (mina["user_id"], mina["team_id"], mina["team"]) == (cast.mina.user, cast.tenant.workspace, "sorimaru")
    answer = await asyncio.to_thread(door.client(cast.bot_token).auth_test)
    assert answer["bot_id"].startswith("B")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    bot = await door.call(door.client(cast.bot_token).bots_info, bot=answer["bot_id"])
    assert (bot["bot"]["user_id"], bot["bot"]["name"]) == (answer["user_id"], "dure")


async def test_a_channel_is_made_filled_talked_in_and_closed(door: Door) -> None:
    cast = door.room.cast
    slack, joon = door.client(cast.token), cast.users["joon"]
    made = (await door.call(slack.conversations_create, name="deal-한빛커피"))["channel"]
    channel = made["id"]
    assert (made["name"], made["is_private"], made["creator"]) == ("deal-한빛커피", False, cast.mina.user)
    await door.call(slack.conversations_invite, channel=channel, users=[joon.id])
    await door.call(slack.conversations_setTopic, channel=channel, topic="Q1")
    await door.call(slack.conversations_setPurpose, channel=channel, purpose="Renewal")
    info = (await door.call(slack.conversations_info, channel=channel, include_num_members=True))["channel"]
    assert (info["topic"]["value"], info["purpose"]["value"], info["num_members"]) == ("Q1", "Renewal", 2)
    members = (await door.call(slack.conversations_members, channel=channel))["members"]
    assert set(members) == {cast.mina.user, joon.id}

    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Brief*"}}]
    said = await door.call(
        slack.chat_postMessage, channel="#deal-한빛커피", text="Brief", blocks=blocks,
        metadata={"event_type": "brief", "event_payload": {"deal": "d-1"}},
    )  # fmt: skip
    assert said["channel"] == channel
    assert said["message"]["metadata"]["event_payload"] == {"deal": "d-1"}
    ts = said["ts"]
    await door.call(slack.chat_postMessage, channel=channel, text="a reply", thread_ts=ts)
    await door.call(slack.reactions_add, channel=channel, timestamp=ts, name="eyes")
    await door.call(slack.chat_update, channel=channel, ts=ts, text="Brief, corrected", blocks=blocks)
    history = (await door.call(slack.conversations_history, channel=channel))["messages"]
    brief = next(message for message in history if message["ts"] == ts)
    assert (brief["text"], brief["reply_count"]) == ("Brief, corrected", 1)
    assert brief["blocks"] == [{**blocks[0], "block_id": brief["blocks"][0]["block_id"]}]
    assert brief["reactions"] == [{"name": "eyes", "users": [cast.mina.user], "count": 1}]
    assert brief["edited"]["user"] == cast.mina.user
    assert "metadata" not in brief
    thread = (await door.call(slack.conversations_replies, channel=channel, ts=ts))["messages"]
    assert [message["text"] for message in thread] == ["Brief, corrected", "a reply"]
    assert thread[1]["parent_user_id"] == cast.mina.user
    found = (await door.call(slack.reactions_get, channel=channel, timestamp=ts))["message"]["reactions"]
    assert found[0]["name"] == "eyes"
    await door.call(slack.reactions_remove, channel=channel, timestamp=ts, name="eyes")
    link = (await door.call(slack.chat_getPermalink, channel=channel, message_ts=ts))["permalink"]
    assert link == f"{door.base}/archives/{channel}/p{ts.replace('.', '')}"
    async with httpx.AsyncClient() as http:
        assert (await http.get(link)).headers["location"] == f"/channels/{channel}?ts={ts}"

    await door.call(slack.conversations_mark, channel=channel, ts=ts)
    await door.call(slack.chat_delete, channel=channel, ts=thread[1]["ts"])
    await door.call(slack.conversations_rename, channel=channel, name="won-한빛커피")
    await door.call(slack.conversations_kick, channel=channel, user=joon.id)
    await door.call(slack.conversations_archive, channel=channel)
    assert await door.error(slack.chat_postMessage, channel=channel, text="late") == "is_archived"
    assert (await door.call(slack.conversations_list, exclude_archived=True))["channels"] == []
    await door.call(slack.conversations_unarchive, channel=channel)
    assert [c["name"] for c in (await door.call(slack.conversations_list))["channels"]] == ["won-한빛커피"]


async def test_people_are_listed_found_and_written_to(door: Door) -> None:
    cast = door.room.cast
    slack, joon = door.client(cast.token), cast.users["joon"]
    names = {member["real_name"] for member in (await door.call(slack.users_list))["members"]}
    assert {"김미나", "박준", "길동", "dure"} <= names
    found = (await door.call(slack.users_lookupByEmail, email="JOON@sorimaru.example"))["user"]
    assert (found["id"], found["profile"]["email"]) == (joon.id, "joon@sorimaru.example")
    assert (await door.call(slack.users_info, user=joon.id))["user"]["tz"] == "Asia/Seoul"
    direct = (await door.call(slack.conversations_open, users=[joon.id]))["channel"]["id"]
    assert direct.startswith("D")
    assert (await door.call(slack.conversations_open, users=joon.id))["already_open"]
    assert (await door.call(slack.chat_postMessage, channel=joon.id, text="psst"))["channel"] == direct
    mine = (await door.call(slack.users_conversations, types="im"))["channels"]
    assert [(one["id"], one["user"]) for one in mine] == [(direct, joon.id)]
    assert (await door.call(slack.team_info))["team"]["domain"] == "sorimaru"


async def test_the_asynchronous_client_sends_differently_and_gets_the_same(door: Door) -> None:
    cast = door.room.cast
    slack = AsyncWebClient(cast.token, base_url=f"{door.base}/slack/api/")
    made = await slack.conversations_create(name="async", is_private=True)
    channel = made["channel"]["id"]
    assert made["channel"]["is_private"]
    await slack.chat_postMessage(channel=channel, text="안녕", unknown_argument="ignored")
    history = await slack.conversations_history(channel=channel, limit=1)
    assert history["messages"][0]["text"] == "안녕"
    assert (await slack.auth_test())["ok"]
    private = await slack.conversations_list(types=["private_channel"])
    assert [one["id"] for one in private["channels"]] == [channel]


async def test_pages_follow_each_other(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    channels = [(await door.room.channels.create(cast.mina, f"room-{n}")).id for n in range(5)]
    for n in range(7):
        await door.room.say(cast.mina, channels[0], f"{n}")

    def texts() -> list[str]:
        pages = slack.conversations_history(channel=channels[0], limit=3)
        return [message["text"] for page in pages for message in page["messages"]]

    def listed() -> list[str]:
        return [channel["id"] for page in slack.conversations_list(limit=2) for channel in page["channels"]]

    assert await asyncio.to_thread(texts) == ["6", "5", "4", "3", "2", "1", "0"]
    assert await asyncio.to_thread(listed) == sorted(channels)
    assert await door.error(slack.conversations_list, cursor="nonsense") == "invalid_cursor"
    between = await door.call(slack.conversations_history, channel=channels[0], oldest="1.000000", latest="2.000000")
    assert between["messages"] == []
    assert await door.error(slack.conversations_history, channel=channels[0], oldest="yesterday") == "invalid_ts_oldest"


async def test_a_rival_finds_no_channel(door: Door) -> None:
    cast = door.room.cast
    channel = (await door.room.channels.create(cast.mina, "ours")).id
    said = await door.room.say(cast.mina, channel, "secret plans")
    rival = door.client(cast.rival_token)
    ts = f"{said.ts // 1_000_000}.{said.ts % 1_000_000:06d}"
    for method, arguments in (
        (rival.conversations_info, {}),
        (rival.conversations_history, {}),
        (rival.conversations_replies, {"ts": ts}),
        (rival.conversations_members, {}),
        (rival.conversations_join, {}),
        (rival.chat_postMessage, {"text": "hi"}),
        (rival.chat_update, {"ts": ts, "text": "hi"}),
        (rival.chat_delete, {"ts": ts}),
        (rival.reactions_add, {"timestamp": ts, "name": "eyes"}),
        (rival.conversations_archive, {}),
    ):
        assert await door.error(method, channel=channel, **arguments) == "channel_not_found"
    assert (await door.call(rival.conversations_list))["channels"] == []
    assert await door.error(rival.users_info, user=cast.mina.user) == "user_not_found"
    assert await door.error(rival.users_lookupByEmail, email="joon@sorimaru.example") == "users_not_found"


async def test_a_shared_channel_is_one_for_both(door: Door) -> None:
    cast = door.room.cast
    channel = await door.room.shared()
    ours, theirs = door.client(cast.token), door.client(cast.rival_token)
    await door.call(theirs.chat_postMessage, channel=channel, text="hello from outside")
    message = (await door.call(ours.conversations_history, channel=channel))["messages"][0]
    assert (message["text"], message["team"]) == ("hello from outside", cast.rina.tenant.workspace)
    info = (await door.call(ours.conversations_info, channel=channel))["channel"]
    assert (info["is_ext_shared"], info["connected_team_ids"]) == (True, [cast.rina.tenant.workspace])
    stranger = (await door.call(ours.users_info, user=cast.rina.user))["user"]
    assert (stranger["is_stranger"], stranger["real_name"]) == (True, "Rina")
    assert "email" not in stranger["profile"]


async def test_the_same_client_msg_id_is_one_message(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    channel = (await door.room.channels.create(door.room.cast.mina, "retry")).id
    message = {"channel": channel, "text": "once", "client_msg_id": "b7c1"}
    first = await door.call(slack.api_call, api_method="chat.postMessage", json=message)
    second = await door.call(slack.api_call, api_method="chat.postMessage", json=message)
    assert first["ts"] == second["ts"]
    assert len((await door.call(slack.conversations_history, channel=channel))["messages"]) == 1


async def test_refusals_have_slacks_names(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    channel = (await door.room.channels.create(cast.joon, "joons")).id
    assert await door.error(slack.conversations_create, name="joons") == "name_taken"
    assert await door.error(slack.conversations_create, name="Upper Case!") == "invalid_name_specials"
    assert await door.error(slack.chat_postMessage, channel=channel, text="hi") == "not_in_channel"
    assert await door.error(slack.chat_postMessage, channel="C0NOWHERE00", text="hi") == "channel_not_found"
    await door.call(slack.conversations_join, channel=channel)
    assert (await door.call(slack.conversations_join, channel=channel))["warning"] == "already_in_channel"
    assert await door.error(slack.chat_postMessage, channel=channel, text="x" * 40_001) == "msg_too_long"
    assert await door.error(slack.api_call, api_method="chat.postMessage", json={"channel": channel}) == "no_text"
    assert await door.error(slack.chat_delete, channel=channel, ts="1.000000") == "message_not_found"
    assert await door.error(slack.reactions_add, channel=channel, timestamp="x", name="eyes") == "bad_timestamp"
    assert await door.error(slack.conversations_invite, channel=channel, users=[cast.joon.user]) == "already_in_channel"
    assert await door.error(slack.conversations_invite, channel=channel, users=["U0NOBODY000"]) == "user_not_found"
    assert await door.error(slack.conversations_replies, channel=channel, ts="1.000000") == "thread_not_found"
    assert await door.error(slack.api_call, api_method="no.such") == "unknown_method"
    assert await door.error(door.client("xoxb-nonsense").auth_test) == "invalid_auth"


async def test_a_token_without_the_scope_is_told_which(door: Door) -> None:
    cast = door.room.cast
    token = await cast.governance.create_token(cast.mina, "bot", "reader", ["channels:read"])
    with pytest.raises(SlackApiError) as raised:
        await door.call(door.client(token).chat_postMessage, channel="C0X", text="hi")
    answer = raised.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "channels:read")
    assert answer.headers["x-oauth-scopes"] == "channels:read"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, "invalid_json"),
        ({"content": b"[]", "headers": {"content-type": "application/json"}}, "json_not_object"),
        ({"content": b'{"a":"\xff"}', "headers": {"content-type": "application/json"}}, "invalid_charset"),
        ({"content": b"a=%ff", "headers": {"content-type": "application/x-www-form-urlencoded"}}, "invalid_charset"),
        ({"content": b"x", "headers": {"content-type": "text/plain"}}, "invalid_post_type"),
        ({"content": b"--", "headers": {"content-type": "multipart/form-data; boundary=q"}}, "not_authed"),
        ({"content": b"[" * 100_000, "headers": {"content-type": "application/json"}}, "invalid_json"),
        ({"content": b"x" * 5_000_000, "headers": {"content-type": "application/json"}}, "request_too_large"),
        ({"params": {"cursor": "\0"}}, "not_authed"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_name(door: Door, request_: dict[str, Any], error: str) -> None:
    answer = await door.raw("conversations.list", **request_)
    assert (answer.status_code, answer.json()["error"]) == (200, error)


async def test_hostile_text_comes_back_as_it_was_sent(door: Door) -> None:
    cast = door.room.cast
    channel = (await door.room.channels.create(cast.mina, "hostile")).id
    token = {"authorization": f"Bearer {cast.token}"}
    text = "<script>alert(1)</script> '; drop table channels.message; --"
    said = await door.raw("chat.postMessage", data={"channel": channel, "text": text}, headers=token)
    assert said.json()["message"]["text"] == text
    odd = await door.raw(
        "chat.postMessage", content=b'{"channel":"%b","text":"a\\u0000b\\ud800"}' % channel.encode(),
        headers={**token, "content-type": "application/json"},
    )  # fmt: skip
    assert odd.json()["message"]["text"] == "ab\ufffd\ufffd\ufffd"
    for arguments in (
        {"channel": "\0", "text": "x"},
        {"channel": channel, "text": "x", "blocks": "{"},
        {"channel": channel, "text": "x", "blocks": '{"a":1}'},
        {"channel": channel, "text": "x", "thread_ts": "9" * 40},
        {"channel": channel, "text": "x", "thread_ts": "1e5"},
        {"channel": "U" * 500, "text": "x"},
        {"channel": channel, "text": "x", "metadata": "[1]"},
    ):
        answer = await door.raw("chat.postMessage", data=arguments, headers=token)
        assert answer.status_code == 200
        assert answer.json()["ok"] is False
        assert answer.json()["error"] != "internal_error"


async def test_the_token_may_be_a_field_and_api_test_needs_none(door: Door) -> None:
    answer = await door.raw("auth.test", data={"token": door.room.cast.token})
    assert answer.json()["ok"]
    echo = await door.raw("api.test", data={"foo": "bar"})
    assert echo.json() == {"ok": True, "args": {"foo": "bar"}}
    assert (await door.raw("api.test", data={"error": "my_error"})).json()["error"] == "my_error"
    unknown = await door.raw("no/such.method", data={"token": door.room.cast.token})
    assert (unknown.status_code, unknown.json()["error"]) == (200, "unknown_method")
