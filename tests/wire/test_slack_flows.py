"""What Slack's own client does in its own ways, from one call to the next, as programs written with it do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from slack_bolt import App
from slack_sdk.oauth.installation_store import FileInstallationStore, Installation
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.files.door import file_door
from dure.channels.interaction.api import Press
from dure.channels.plugs import Answer
from dure.channels.slack.door import slack_router
from dure.web.routing import include
from tests.channels.desk_app import Bolted, open_desk
from tests.channels.room import room_of
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def door(postgres_url: str, template: str) -> AsyncIterator[Door]:
    async with room_of(postgres_url, template) as room:
        app = FastAPI()
        app.state.governance = room.cast.governance
        include(app, file_door(room.files))
        include(app, slack_router(room.services()))
        async with serving(app) as base:
            yield Door(room, base)


async def test_one_channel_given_as_several_gets_the_file(door: Door) -> None:
    """`files_upload_v2(channels="C…")` arrives as `C,…`: the client joins the letters of a text with commas."""
    channel = await door.room.channel(door.room.cast.mina)
    both = [channel, await door.room.channel(door.room.cast.mina)]
    token, base = door.room.cast.bot_token, f"{door.base}/slack/api/"
    sent = await door.call(door.client(token).files_upload_v2, channels=channel, content="a,b", filename="list.csv")
    assert (sent["file"]["channels"], sent["files"][0]["title"]) == ([channel], "list.csv")
    again = await AsyncWebClient(token, base_url=base).files_upload_v2(channels=channel, content=b"x", filename="x.txt")
    said = (await door.call(door.client(token).conversations_history, channel=channel))["messages"]
    assert [one["files"][0]["id"] for one in said] == [again["file"]["id"], sent["file"]["id"]]
    several = await door.call(door.client(token).files_upload_v2, channels=both, content="y", filename="y.txt")
    assert sorted(several["file"]["channels"]) == sorted(both)
    await door.call(door.client(token).files_delete, file=several["file"]["id"])


async def test_the_lines_that_acts_leave_say_what_was_done(door: Door) -> None:
    """A program that reads a history reads these as it reads what people said."""
    cast = door.room.cast
    slack, bot = door.client(cast.token), (await door.call(door.client(cast.bot_token).auth_test))["user_id"]
    channel = await door.room.channel(cast.mina)
    await door.call(slack.conversations_invite, channel=channel, users=[bot])
    await door.call(slack.conversations_setTopic, channel=channel, topic="Q4")
    await door.call(slack.conversations_rename, channel=channel, name="q4-lines")
    await door.call(slack.conversations_kick, channel=channel, user=bot)
    said = (await door.call(slack.conversations_history, channel=channel))["messages"][::-1]
    assert [(one["subtype"], one["text"]) for one in said] == [
        ("channel_join", f"<@{bot}> has joined the channel"),
        ("channel_topic", "set the channel topic: Q4"),
        ("channel_name", "has renamed the channel to q4-lines"),
        ("channel_leave", f"<@{bot}> has left the channel"),
    ]
    assert (said[1]["topic"], said[2]["name"]) == ("Q4", "q4-lines")


async def test_an_app_clears_its_home(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.bot_token)
    for blocks in ([{"type": "divider"}], []):
        view = {"type": "home", "blocks": blocks}
        shown = (await door.call(slack.views_publish, user_id=cast.mina.user, view=view))["view"]
        assert [one["type"] for one in shown["blocks"]] == [one["type"] for one in blocks]


class Late:
    """An app that is there once it is made."""

    app: Bolted

    async def ask(self, app: str, workspace: str, kind: Any, payload: Any) -> Answer:
        return await self.app.ask(app, workspace, kind, payload)


async def test_an_app_of_many_workspaces_finds_its_token_for_every_act(door: Door, tmp_path: Path) -> None:
    """Bolt keeps what `oauth.v2.access` told it by organisation and workspace, and looks both up in each payload."""
    late, cast = Late(), door.room.cast
    desk = await open_desk(door.room, late, channel="many-orders")
    space = await cast.governance.workspace(cast.tenant)
    kept = FileInstallationStore(base_dir=str(tmp_path))
    it = Installation(
        app_id=desk.bot.app, enterprise_id=space.org, team_id=space.id, user_id=cast.mina.user, bot_token=desk.token,
        bot_id="B0", bot_user_id=desk.bot.user, bot_scopes=["chat:write", "commands"],
    )  # fmt: skip
    kept.save(it)
    client = WebClient(base_url=f"{door.base}/slack/api/")
    app = await asyncio.to_thread(
        lambda: App(client=client, installation_store=kept, signing_secret="signed", process_before_response=True)
    )
    spoke: list[tuple[str, str, str]] = []

    @app.command("/order")
    def order(ack: Any, command: Any, context: Any, client: WebClient) -> None:
        spoke.append((command["enterprise_name"], context.enterprise_id, client.auth_test()["user_id"]))
        ack()

    @app.action("approve")
    def approve(ack: Any, body: Any, context: Any, client: WebClient) -> None:
        spoke.append((body["enterprise"]["name"], context.enterprise_id, client.auth_test()["user_id"]))
        ack()

    late.app = Bolted(app)
    await desk.interaction.command(cast.joon, "/order", "mugs", desk.channel)
    await desk.interaction.act(cast.joon, Press("acts", "approve", channel=desk.channel, ts=await desk.post()))
    assert spoke == [(space.org_name, space.org, desk.bot.user)] * 2


async def test_the_first_apps_own_token_opens_sockets_and_says_who_may_see_an_event(door: Door) -> None:
    governance = door.room.cast.governance
    made = await governance.found("Late", "late", "late@late.example")
    assert (await governance.principal(made.app_token)).scopes == {"connections:write", "authorizations:read"}
