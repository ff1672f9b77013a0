"""What Slack's own client does in its own ways, from one call to the next, as programs written with it do."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.files.door import file_door
from dure.channels.slack.door import slack_router
from tests.channels.room import room_of
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def door(postgres_url: str, template: str) -> AsyncIterator[Door]:
    async with room_of(postgres_url, template, "slack_flows") as room:
        app = FastAPI()
        app.state.governance = room.cast.governance
        app.include_router(file_door(room.files))
        app.include_router(slack_router(room.services()))
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
