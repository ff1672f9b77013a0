"""Messages in depth through Slack's own client: the same errors, warnings, shapes and pages as Slack's."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.web import SlackResponse, WebClient
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request

from dure.channels.slack.arguments import Refused, read_arguments
from dure.channels.slack.door import slack_router
from dure.channels.slack.limits import Limits
from dure.channels.slack.methods import METHODS
from dure.channels.slack.tiers import T1, tier_of
from dure.kernel.errors import TooMany
from dure.state import State
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state
from tests.wire.server import serving

__all__ = ["shared_database", "state"]
pytestmark = [
    pytest.mark.anyio,
    # The client warns of messages without a text; some here have none on purpose.
    pytest.mark.filterwarnings("ignore:.*`(text|fallback)` argument is missing"),
]

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Brief*"}}
_names = itertools.count(1)


@dataclass(frozen=True)
class Door:
    room: Room
    base: str

    def client(self, token: str = "") -> WebClient:
        return WebClient(token or self.room.cast.token, base_url=f"{self.base}/slack/api/")

    def later(self, token: str = "") -> AsyncWebClient:
        return AsyncWebClient(token or self.room.cast.token, base_url=f"{self.base}/slack/api/")

    async def call(self, method: Callable[..., SlackResponse], **arguments: Any) -> Any:
        """The client blocks, and the server answers in this loop."""
        return (await asyncio.to_thread(method, **arguments)).data

    async def refusal(self, method: Callable[..., SlackResponse], **arguments: Any) -> Any:
        with pytest.raises(SlackApiError) as raised:
            await self.call(method, **arguments)
        return raised.value.response

    async def error(self, method: Callable[..., SlackResponse], **arguments: Any) -> str:
        return str((await self.refusal(method, **arguments))["error"])

    async def raw(self, method: str, token: str = "", **request: Any) -> Any:
        headers = {"authorization": f"Bearer {token or self.room.cast.token}", **request.pop("headers", {})}
        async with httpx.AsyncClient(base_url=f"{self.base}/slack/api/") as http:
            answer = await http.post(method, headers=headers, **request)
        assert answer.status_code == 200
        return answer.json()

    async def channel(self) -> str:
        made = await self.room.channels.create(
            self.room.cast.mina, f"room-{next(_names)}", members=[self.room.cast.joon.user]
        )
        return made.id


@pytest.fixture(scope="module")
async def door(state: State) -> AsyncIterator[Door]:
    """One house for all: each test talks in a channel of its own."""
    room = await open_room(state)
    app = FastAPI()
    include(app, slack_router(room.services()))
    async with serving(app) as base:
        yield Door(room, base)


# -- shapes -----------------------------------------------------------------------------------------------------------

MESSAGE = {"type", "user", "ts", "text", "team"}
BOT = {*MESSAGE, "bot_id", "app_id", "bot_profile"}
PROFILE = {"id", "app_id", "user_id", "name", "icons", "deleted", "updated", "team_id"}
ROOT = {
    "thread_ts", "reply_count", "reply_users_count", "reply_users", "latest_reply", "is_locked", "subscribed",
    "last_read", "unread_count",
}  # fmt: skip


async def test_answers_have_slacks_fields_and_no_others(door: Door) -> None:
    bot, channel = door.client(door.room.cast.bot_token), await door.channel()
    await door.call(bot.conversations_join, channel=channel)
    said = await door.call(
        bot.chat_postMessage, channel=channel, text="Brief", blocks=[SECTION],
        metadata={"event_type": "brief", "event_payload": {"deal": "d-1"}},
    )  # fmt: skip
    assert set(said) == {"ok", "channel", "ts", "message"}
    assert set(said["message"]) == {*BOT, "blocks", "metadata"}
    assert set(said["message"]["bot_profile"]) == PROFILE
    assert said["message"]["bot_profile"]["name"] == "dure"
    assert said["message"]["blocks"][0].keys() == {"type", "text", "block_id"}
    reply = await door.call(bot.chat_postMessage, channel=channel, text="more", thread_ts=said["ts"])
    assert set(reply["message"]) == {*BOT, "thread_ts", "parent_user_id"}
    await door.call(bot.chat_update, channel=channel, ts=said["ts"], text="Brief 2")
    await door.call(bot.reactions_add, channel=channel, timestamp=said["ts"], name="eyes")
    await door.call(bot.pins_add, channel=channel, timestamp=said["ts"])
    page = await door.call(bot.conversations_history, channel=channel, limit=1, include_all_metadata=True)
    assert set(page) == {
        "ok", "messages", "has_more", "pin_count", "channel_actions_ts", "channel_actions_count", "response_metadata",
    }  # fmt: skip
    [root] = page["messages"]
    assert set(root) == {*BOT, *ROOT, "blocks", "metadata", "edited", "reactions", "pinned_to"}
    assert (set(root["edited"]), set(root["reactions"][0])) == ({"user", "ts"}, {"name", "users", "count"})
    assert (page["pin_count"], root["pinned_to"], root["subscribed"]) == (1, [channel], True)
    thread = await door.call(bot.conversations_replies, channel=channel, ts=said["ts"])
    assert set(thread) == {"ok", "messages", "has_more"}
    assert thread["messages"][1]["parent_user_id"] == root["user"]


CHANNEL = {
    "id", "name", "name_normalized", "is_channel", "is_group", "is_im", "is_mpim", "is_private", "is_archived",
    "is_general", "created", "updated", "creator", "is_member", "num_members", "topic", "purpose", "previous_names",
    "last_read", "is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared", "shared_team_ids",
    "internal_team_ids", "connected_team_ids", "connected_limited_team_ids", "pending_shared",
    "pending_connected_team_ids", "conversation_host_id", "context_team_id", "is_global_shared", "is_org_default",
    "is_org_mandatory", "is_moved", "is_read_only", "is_thread_only", "properties",
}  # fmt: skip
USER = {
    "id", "team_id", "name", "deleted", "color", "real_name", "tz", "profile", "is_admin", "is_owner",
    "is_primary_owner", "is_restricted", "is_ultra_restricted", "is_bot", "is_app_user", "updated",
}  # fmt: skip


async def test_channels_users_and_who_one_is_have_slacks_fields(door: Door) -> None:
    bot, channel = door.client(door.room.cast.bot_token), await door.channel()
    found = await door.call(bot.conversations_info, channel=channel, include_num_members=True)
    assert set(found["channel"]) >= CHANNEL
    assert set(found["channel"]["topic"]) == set(found["channel"]["purpose"]) == {"value", "creator", "last_set"}
    listed = await door.call(bot.conversations_list, limit=1)
    assert set(listed["channels"][0]) >= CHANNEL
    person = await door.call(bot.users_info, user=door.room.cast.joon.user)
    assert set(person["user"]) >= USER
    me = await door.call(bot.auth_test)
    assert set(me) == {
        "ok", "url", "team", "user", "team_id", "user_id", "bot_id", "enterprise_id", "is_enterprise_install", "app_id",
    }  # fmt: skip


async def test_a_message_of_many_kinds_of_content_comes_back_whole(door: Door) -> None:
    slack, channel = door.client(), await door.channel()
    said = await door.call(
        slack.chat_postMessage, channel=channel, blocks='[{"type":"divider"}]',
        attachments=[{"color": "#36a64f", "text": "old", "fields": [{"title": "a", "value": "b"}]}],
        unfurl_links=False, unfurl_media=False, mrkdwn=True, parse="none", client_msg_id="c-1",
    )  # fmt: skip
    assert said["response_metadata"]["warnings"] == ["missing_text_in_message"]
    assert said["message"]["attachments"][0]["color"] == "#36a64f"
    again = await door.call(slack.chat_postMessage, channel=channel, blocks=[{"type": "divider"}], client_msg_id="c-1")
    assert again["ts"] == said["ts"]
    marked = await door.call(slack.chat_postMessage, channel=channel, markdown_text="**bold**")
    assert marked["message"]["blocks"][0]["type"] == "markdown"
    assert await door.error(slack.chat_postMessage, channel=channel, markdown_text="a", text="b") == (
        "markdown_text_conflict"
    )
    about = {"entities": [{"entity_type": "slack#/entities/task", "url": "https://example.com", "entity_payload": {}}]}
    work = await door.call(slack.chat_postMessage, channel=channel, text="work", metadata=about)
    assert (work["message"]["metadata"], "warning" in work) == (about, False)
    root = await door.call(slack.chat_postMessage, channel=channel, text="root")
    cast = await door.call(
        slack.chat_postMessage, channel=channel, text="all", thread_ts=root["ts"], reply_broadcast=True
    )
    assert cast["message"]["subtype"] == "thread_broadcast"
    named = await door.call(slack.chat_postMessage, channel=channel, text="hi @joon and @nobody", link_names=True)
    assert named["message"]["text"] == f"hi <@{door.room.cast.joon.user}> and @nobody"
    me = await door.call(slack.chat_meMessage, channel=channel, text="waves")
    history = (await door.call(slack.conversations_history, channel=channel))["messages"]
    assert [(m["text"], m["subtype"]) for m in history if m["ts"] == me["ts"]] == [("waves", "me_message")]


async def test_a_name_and_picture_of_ones_own_need_a_scope(door: Door) -> None:
    cast, channel = door.room.cast, await door.channel()
    plain = door.client(await cast.governance.create_token(cast.mina, "bot", "dure", ["chat:write", "channels:join"]))
    await door.call(plain.conversations_join, channel=channel)
    refused = await door.refusal(plain.chat_postMessage, channel=channel, text="x", username="Deal bot")
    assert (refused["error"], refused["needed"]) == ("missing_scope", "chat:write.customize")
    assert refused.headers["x-accepted-oauth-scopes"] == "chat:write"
    bot = door.client(cast.bot_token)
    said = (await door.call(
        bot.chat_postMessage, channel=channel, text="x", username="Deal bot", icon_emoji=":moneybag:"
    ))["message"]  # fmt: skip
    assert (said["subtype"], said["username"], said["icons"]) == ("bot_message", "Deal bot", {"emoji": ":moneybag:"})


# -- what is refused --------------------------------------------------------------------------------------------------


async def test_wrong_blocks_are_refused_with_their_place(door: Door) -> None:
    slack, channel = door.client(), await door.channel()
    wrong = [{"type": "section", "text": "hi"}, {"type": "poem"}]
    refused = await door.refusal(slack.chat_postMessage, channel=channel, blocks=wrong)
    assert refused["error"] == "invalid_blocks"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] must provide an object [json-pointer:/blocks/0/text]",
        "[ERROR] unsupported type: poem [json-pointer:/blocks/1/type]",
    ]
    assert refused["errors"][0] == "must provide an object [json-pointer:/blocks/0/text]"
    inside = await door.refusal(slack.chat_postMessage, channel=channel, attachments=[{"blocks": [{"type": "header"}]}])
    assert inside["errors"] == ["missing required field: text [json-pointer:/attachments/0/blocks/0]"]
    assert (await door.call(slack.api_call, api_method="blocks.validate", json={"blocks": [SECTION]}))["ok"]
    assert await door.error(slack.api_call, api_method="blocks.validate", json={"blocks": wrong}) == "invalid_blocks"
    view = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": wrong[1:]}
    refused = await door.refusal(slack.api_call, api_method="blocks.validate", json={"view": view})
    assert refused["errors"] == ["unsupported type: poem [json-pointer:/view/blocks/0/type]"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": " "}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "가" * 2999}}] * 8}, "msg_blocks_too_long"),
        ({"attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"attachments": "[1]"}, "invalid_attachments"),
        ({"text": "x", "metadata": "[1]"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"entities": [1]}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": "b" * 17_000}}}, "metadata_too_large"),
        ({"text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "channel": "C0NOWHERE"}, "channel_not_found"),
    ],
)
async def test_a_post_is_refused_by_slacks_names(door: Door, arguments: dict[str, Any], error: str) -> None:
    body = {"channel": await door.channel(), **arguments}
    answer = await door.raw("chat.postMessage", json=body)
    assert (answer["ok"], answer["error"]) == (False, error)


async def test_changing_and_taking_back_are_refused_by_slacks_names(door: Door) -> None:
    cast, slack, channel = door.room.cast, door.client(), await door.channel()
    joon = door.client(await cast.governance.create_token(cast.mina, "user", "joon@sorimaru.example", ["*"]))
    ts = (await door.call(slack.chat_postMessage, channel=channel, text="one", blocks=[SECTION]))["ts"]
    kept = await door.call(slack.chat_update, channel=channel, ts=ts, text="two")
    assert (kept["text"], len(kept["message"]["blocks"])) == ("two", 1)
    bare = await door.call(slack.chat_update, channel=channel, ts=ts, text="three", blocks=[])
    assert "blocks" not in bare["message"]
    assert await door.error(slack.chat_update, channel=channel, ts=ts) == "no_text"
    assert await door.error(joon.chat_update, channel=channel, ts=ts, text="x") == "cant_update_message"
    assert await door.error(joon.chat_delete, channel=channel, ts=ts) == "cant_delete_message"
    assert await door.error(slack.chat_update, channel=channel, ts="1.000001", text="x") == "message_not_found"
    await door.call(slack.chat_delete, channel=channel, ts=ts, as_user=True)
    assert await door.error(slack.chat_delete, channel=channel, ts=ts) == "message_not_found"
    assert await door.error(slack.chat_postEphemeral, channel=channel, user="U0NOBODY", text="x") == (
        "user_not_in_channel"
    )
    await door.call(slack.conversations_archive, channel=channel)
    assert await door.error(slack.chat_update, channel=channel, ts=ts, text="x") == "is_inactive"


async def test_a_token_that_is_none_says_why(door: Door) -> None:
    cast = door.room.cast
    governance = cast.governance
    leaver = await governance.create_user(cast.mina, "leaver@sorimaru.example", "떠난이")
    gone = await governance.create_token(cast.mina, "user", leaver.id, ["*"])
    revoked = await governance.create_token(cast.mina, "user", cast.joon.user, ["users:read"])
    [info] = [token for token in await governance.tokens(cast.mina) if token.scopes == ("users:read",)]
    await governance.revoke_token(cast.mina, info.id)
    await governance.deactivate(cast.mina, leaver.id)
    app = await governance.create_token(cast.mina, "app", "dure", ["connections:write"])
    for token, error in (
        (revoked, "token_revoked"), (gone, "account_inactive"), ("xoxp-unknown", "invalid_auth"),
        (app, "not_allowed_token_type"),
    ):  # fmt: skip
        assert await door.error(door.client(token).users_list) == error


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"data": {"users[]": "U1"}}, "invalid_array_arg"),
        ({"params": {"users[0]": "U1"}}, "invalid_array_arg"),
        ({"data": {"a b": "1"}}, "invalid_arg_name"),
        ({"content": b"x=1", "headers": {"content-type": ""}}, "missing_post_type"),
        ({"content": b"{}", "headers": {"content-type": "application/json; charset=utf-16"}}, "invalid_charset"),
    ],
)
async def test_odd_requests_are_refused_by_slacks_names(door: Door, request_: dict[str, Any], error: str) -> None:
    assert (await door.raw("conversations.list", **request_))["error"] == error


async def test_a_body_that_does_not_arrive_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing() -> Any:
        await asyncio.Event().wait()

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    monkeypatch.setattr("dure.channels.slack.arguments._PATIENCE", 0)
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    for receive in (nothing, gone):
        with pytest.raises(Refused) as refused:
            await read_arguments(Request(scope, receive))
        assert refused.value.error == "request_timeout"


async def test_a_body_without_a_charset_is_warned_of_and_latin_letters_are_read(door: Door) -> None:
    channel = await door.channel()
    plain = await door.raw("chat.postMessage", json={"channel": channel, "text": "x"})
    assert (plain["warning"], plain["response_metadata"]) == ("missing_charset", {"warnings": ["missing_charset"]})
    latin = {"content-type": "application/x-www-form-urlencoded; charset=iso-8859-1"}
    said = await door.raw("chat.postMessage", content=f"channel={channel}&text=caf%E9", headers=latin)
    assert said["message"]["text"] == "café"


@pytest.mark.parametrize(
    ("method", "error"),
    [
        ("channels.list", "method_deprecated"),
        ("groups.history", "method_deprecated"),
        ("im.open", "method_deprecated"),
        ("mpim.list", "method_deprecated"),
        ("files.upload", "method_deprecated"),
        ("rtm.start", "method_deprecated"),
        ("stars.add", "method_deprecated"),
        ("workflows.stepCompleted", "method_deprecated"),
        ("no.such.method", "unknown_method"),
        ("slackLists.create", "unknown_method"),
    ],
)
async def test_what_is_not_offered_says_so(door: Door, method: str, error: str) -> None:
    answer = await door.raw(method)
    assert answer["error"] == error
    if error == "unknown_method":
        assert answer == {"ok": False, "error": error, "req_method": method}


async def test_every_method_that_is_offered_answers_a_bare_call_by_name(door: Door) -> None:
    """Each refuses or answers; none is a 404 or an internal error."""
    calls = [name for name in METHODS if name != "auth.revoke"]
    async with httpx.AsyncClient(base_url=f"{door.base}/slack/api/") as http:
        for name in calls:
            answer = await http.post(name, headers={"authorization": f"Bearer {door.room.cast.token}"})
            assert answer.status_code == 200, name
            assert answer.json().get("error") != "internal_error", name


# -- the rest of chat, pins, bookmarks, reactions, emoji --------------------------------------------------------------


async def test_what_is_said_later_is_listed_page_by_page_and_taken_back(door: Door) -> None:
    slack, channel = door.later(), await door.channel()
    start = int(door.room.clock.now().timestamp())
    made = [
        await slack.chat_scheduleMessage(channel=channel, text=f"{n}", post_at=start + 600 * n) for n in range(1, 4)
    ]
    first = made[0].data
    assert isinstance(first, dict)
    assert set(first) == {"ok", "channel", "scheduled_message_id", "post_at", "message"}
    assert (first["post_at"], first["message"]["type"]) == (start + 600, "delayed_message")
    page = await slack.chat_scheduledMessages_list(channel=channel, limit=2)
    assert [one["text"] for one in page["scheduled_messages"]] == ["1", "2"]
    assert page["scheduled_messages"][0].keys() == {"id", "channel_id", "post_at", "date_created", "text"}
    rest = await slack.chat_scheduledMessages_list(
        channel=channel, limit=2, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [one["text"] for one in rest["scheduled_messages"]] == ["3"]
    late = await slack.chat_scheduledMessages_list(channel=channel, oldest=str(start + 1000))
    assert [one["text"] for one in late["scheduled_messages"]] == ["2", "3"]
    await slack.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=first["scheduled_message_id"])
    door.room.clock.advance(timedelta(hours=1))
    assert await door.room.channels.say_due(door.room.clock.now()) == 2
    history = await slack.conversations_history(channel=channel)
    assert [m["text"] for m in history["messages"]] == ["3", "2"]
    sync = door.client()
    for arguments, error in (
        ({"post_at": start - 1}, "time_in_past"),
        ({"post_at": start + 121 * 86_400}, "time_too_far"),
        ({"post_at": "soon"}, "invalid_time"),
    ):
        assert await door.error(sync.chat_scheduleMessage, channel=channel, text="x", **arguments) == error
    assert await door.error(sync.chat_deleteScheduledMessage, channel=channel, scheduled_message_id="Q1") == (
        "invalid_scheduled_message_id"
    )


async def test_an_ephemeral_message_has_a_timestamp_and_no_history(door: Door) -> None:
    channel, joon = await door.channel(), door.room.cast.joon
    for client in (door.client(), door.later()):
        shown = client.chat_postEphemeral
        answer = (
            await door.call(shown, channel=channel, user=joon.user, text="psst")
            if isinstance(client, WebClient)
            else (await shown(channel=channel, user=joon.user, text="psst")).data
        )
        assert set(answer) == {"ok", "message_ts"}
    history = await door.call(door.client().conversations_history, channel=channel)
    assert history["messages"] == []
    assert [m.text for m in await door.room.channels.shown(joon, channel)] == ["psst", "psst"]


async def test_pins_and_bookmarks(door: Door) -> None:
    slack, channel = door.client(), await door.channel()
    ts = (await door.call(slack.chat_postMessage, channel=channel, text="agenda"))["ts"]
    await door.call(slack.pins_add, channel=channel, timestamp=ts)
    assert await door.error(slack.pins_add, channel=channel, timestamp=ts) == "already_pinned"
    [item] = (await door.later().pins_list(channel=channel))["items"]
    assert set(item) == {"type", "channel", "created", "created_by", "message"}
    assert (item["message"]["ts"], item["message"]["pinned_to"]) == (ts, [channel])
    await door.call(slack.pins_remove, channel=channel, timestamp=ts)
    assert await door.error(slack.pins_remove, channel=channel, timestamp=ts) == "no_pin"
    assert await door.error(slack.pins_add, channel=channel, timestamp="1.000001") == "message_not_found"
    assert await door.error(slack.pins_add, channel=channel, timestamp="x") == "bad_timestamp"
    assert await door.error(slack.pins_add, channel=channel) == "no_item_specified"

    made = (await door.call(
        slack.bookmarks_add, channel_id=channel, title="Brief", type="link", link="https://example.com", emoji=":memo:"
    ))["bookmark"]  # fmt: skip
    assert set(made) == {
        "id", "channel_id", "title", "link", "emoji", "icon_url", "type", "entity_id", "date_created", "date_updated",
        "rank", "last_updated_by_user_id", "last_updated_by_team_id", "shortcut_id", "app_id",
    }  # fmt: skip
    await door.call(slack.bookmarks_edit, bookmark_id=made["id"], channel_id=channel, title="The brief")
    [found] = (await door.call(slack.bookmarks_list, channel_id=channel))["bookmarks"]
    assert (found["title"], found["link"]) == ("The brief", "https://example.com")
    assert await door.error(slack.bookmarks_add, channel_id=channel, title="x", type="link", link="ftp://x") == (
        "invalid_link"
    )
    assert await door.error(slack.bookmarks_add, channel_id=channel, title="x", type="page") == "invalid_bookmark_type"
    await door.call(slack.bookmarks_remove, bookmark_id=made["id"], channel_id=channel)
    assert await door.error(slack.bookmarks_remove, bookmark_id=made["id"], channel_id=channel) == "not_found"


async def test_reactions_of_somebody_are_listed_where_one_may_read(door: Door) -> None:
    cast, slack, channel = door.room.cast, door.client(), await door.channel()
    hidden = (await door.room.channels.create(cast.mina, f"hidden-{channel.lower()}", private=True)).id
    places = (channel, hidden, channel)
    for n, place in enumerate(places):
        door.room.clock.advance(timedelta(seconds=1))
        ts = (await door.call(slack.chat_postMessage, channel=place, text=f"{n}"))["ts"]
        await door.call(slack.reactions_add, channel=place, timestamp=ts, name="eyes")
    mine = await door.call(slack.reactions_list, limit=2)
    assert [item["message"]["text"] for item in mine["items"]] == ["2", "1"]
    rest = await door.call(slack.reactions_list, limit=2, cursor=mine["response_metadata"]["next_cursor"])
    assert rest["items"][0]["message"]["text"] == "0"
    joon = door.client(await cast.governance.create_token(cast.mina, "user", "joon@sorimaru.example", ["*"]))
    seen = await door.call(joon.reactions_list, user=cast.mina.user, count=2)
    assert [item["message"]["text"] for item in seen["items"]] == ["2", "0"]
    full = await door.call(slack.reactions_get, channel=channel, timestamp=ts, full=True)
    assert full["message"]["reactions"] == [{"name": "eyes", "users": [cast.mina.user], "count": 1}]
    await door.call(slack.api_call, api_method="admin.emoji.addAlias", params={"name": "sori", "alias_for": "tada"})
    assert (await door.later().emoji_list())["emoji"] == {"sori": "alias:tada"}


async def test_pages_of_a_channel_stay_whole_while_it_changes(door: Door) -> None:
    slack, channel = door.client(), await door.channel()
    said = [(await door.call(slack.chat_postMessage, channel=channel, text=f"{n}"))["ts"] for n in range(7)]
    first = await door.call(slack.conversations_history, channel=channel, limit=3)
    assert ([m["text"] for m in first["messages"]], first["has_more"]) == (["6", "5", "4"], True)
    await door.call(slack.chat_postMessage, channel=channel, text="new")
    await door.call(slack.chat_delete, channel=channel, ts=said[4])  # where the page ended
    await door.call(slack.chat_delete, channel=channel, ts=said[2])
    await door.call(slack.chat_update, channel=channel, ts=said[1], text="1!")
    cursor = first["response_metadata"]["next_cursor"]
    rest = await door.call(slack.conversations_history, channel=channel, limit=3, cursor=cursor)
    assert ([m["text"] for m in rest["messages"]], rest["has_more"]) == (["3", "1!", "0"], False)
    assert "response_metadata" not in rest
    both = await door.later().conversations_history(channel=channel, oldest=said[3], latest=said[5], inclusive=True)
    assert [m["text"] for m in both["messages"]] == ["5", "3"]
    none = await door.later().conversations_history(channel=channel, oldest=said[3], latest=said[5])
    assert none["messages"] == []
    assert await door.error(slack.conversations_history, channel=channel, latest="x") == "invalid_ts_latest"
    assert await door.error(slack.conversations_history, channel=channel, limit=-1) == "invalid_limit"

    for n in range(5):
        await door.call(slack.chat_postMessage, channel=channel, text=f"r{n}", thread_ts=said[0])

    def threads() -> list[list[str]]:
        pages = slack.conversations_replies(channel=channel, ts=said[0], limit=2)
        return [[m["text"] for m in page["messages"]] for page in pages]

    assert await asyncio.to_thread(threads) == [["0", "r0", "r1"], ["0", "r2", "r3"], ["0", "r4"]]


async def test_reading_is_set_forward_and_back_but_not_into_the_future(door: Door) -> None:
    slack, channel = door.client(), await door.channel()
    said = [(await door.call(slack.chat_postMessage, channel=channel, text=f"{n}"))["ts"] for n in range(2)]
    for ts in (said[1], said[0]):
        await door.call(slack.conversations_mark, channel=channel, ts=ts)
        assert (await door.call(slack.conversations_info, channel=channel))["channel"]["last_read"] == ts
    future = f"{int(float(said[1])) + 999_999}.000000"
    assert await door.error(slack.conversations_mark, channel=channel, ts=future) == "invalid_timestamp"


# -- limits -----------------------------------------------------------------------------------------------------------


async def test_one_hot_channel_is_slowed_with_whole_seconds_and_the_client_waits(door: Door) -> None:
    hot, calm = await door.channel(), await door.channel()
    asked = itertools.count(1)
    # Time stands still until the seventh call is counted, and is a second later from then on.
    limits = Limits(1, now=lambda: 0.0 if next(asked) < 7 else 1.0)
    app = FastAPI()
    include(app, slack_router(door.room.services(limits=limits)))
    async with serving(app) as base:
        slack = WebClient(door.room.cast.token, base_url=f"{base}/slack/api/")
        for n in range(5):
            await door.call(slack.chat_postMessage, channel=hot, text=f"{n}")
        refused = await door.refusal(slack.chat_postMessage, channel=hot, text="too fast")
        assert (refused.status_code, refused["error"], refused.headers["retry-after"]) == (429, "ratelimited", "1")
        await door.call(slack.chat_postMessage, channel=calm, text="another channel")  # the seventh
        await door.call(slack.chat_postMessage, channel=hot, text="after a second")
        slack.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        limits.now = itertools.chain([1.0], itertools.repeat(2.0)).__next__
        waited = await door.call(slack.chat_postMessage, channel=hot, text="the client waited")
    assert waited["ok"]
    history = await door.call(door.client().conversations_history, channel=hot)
    assert [m["text"] for m in history["messages"]][:2] == ["the client waited", "after a second"]


async def test_tiers_are_counted_by_method_and_app() -> None:
    now = [0.0]
    limits = Limits(1, now=lambda: now[0])
    for _ in range(6):
        limits.take(T1, "apps.connections.open", "T1", "A1")
    with pytest.raises(TooMany) as slowed:
        limits.take(T1, "apps.connections.open", "T1", "A1")
    assert slowed.value.retry_after == 60
    limits.take(T1, "apps.connections.open", "T1", "A2")
    limits.take(T1, "team.externalTeams.disconnect", "T1", "A1")
    now[0] = 60.0
    limits.take(T1, "apps.connections.open", "T1", "A1")
    assert (tier_of("pins.add").a_minute, tier_of("chat.update").a_minute, tier_of("users.info").a_minute) == (
        20,
        50,
        100,
    )
    generous = Limits(10_000, now=lambda: 0.0)
    for _ in range(600):
        generous.take(tier_of("users.list"), "users.list", "T1", "A1")
    with pytest.raises(TooMany):
        generous.take(tier_of("users.list"), "users.list", "T1", "A1")
    for _ in range(20_000):
        generous.take(tier_of("chat.postMessage"), "chat.postMessage", "T1", "A1", "C1")
