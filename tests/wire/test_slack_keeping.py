"""Rules of what may not be said and how long it is kept, as Slack's own client meets them."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.files.door import file_door
from dure.channels.guarding.api import Guards, Rule
from dure.channels.slack.door import slack_router
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import open_room
from tests.wire.server import serving

pytestmark = pytest.mark.anyio
NUMBER = "880101-1123452"


async def error(call: object) -> str:
    with pytest.raises(SlackApiError) as raised:
        await call  # type: ignore[misc]
    return str(raised.value.response["error"])


async def test_slacks_client_meets_guards_and_lengths_by_slacks_names(state: State) -> None:
    room = await open_room(state)
    app = FastAPI()
    app.state.governance = room.cast.governance
    front.install(app)
    include(app, file_door(room.files))
    include(app, slack_router(room.services()))
    mina, policies = room.cast.mina, room.cast.governance.policies
    async with serving(app) as base:
        admin = AsyncWebClient(room.cast.token, base_url=f"{base}/slack/api/")
        bot = AsyncWebClient(room.cast.bot_token, base_url=f"{base}/slack/api/")
        channel = str((await admin.conversations_create(name="kept"))["channel"]["id"])
        await bot.conversations_join(channel=channel)
        guards = Guards(state, room.clock, room.cast.governance, room.channels)
        found = Rule("", "", "", "n", "refuse", detectors=("resident_number",), confidence="likely", enabled=True)
        await guards.put(mina, found, whole=True)
        for call in (
            bot.chat_postMessage(channel=channel, text=NUMBER), bot.chat_meMessage(channel=channel, text=NUMBER),
            bot.chat_postEphemeral(channel=channel, user=mina.user, text=NUMBER),
            bot.chat_scheduleMessage(channel=channel, text=NUMBER, post_at=int(room.clock.now().timestamp()) + 900),
            bot.files_upload_v2(channel=channel, filename="n.txt", content=NUMBER),
            bot.conversations_setTopic(channel=channel, topic=NUMBER),
        ):  # fmt: skip
            assert await error(call) == "restricted_action"
        said = await bot.chat_postMessage(channel=channel, text="https://example.com/a")
        assert await error(bot.chat_update(channel=channel, ts=said["ts"], text=NUMBER)) == "restricted_action"
        links = {"https://example.com/a": {"text": NUMBER}}
        assert await error(bot.chat_unfurl(channel=channel, ts=said["ts"], unfurls=links)) == "restricted_action"
        history = await bot.conversations_history(channel=channel)
        assert NUMBER not in str(history.data)

        refused = admin.admin_conversations_setCustomRetention(channel_id=channel, duration_days=30)
        assert await error(refused) == "retention_override_not_allowed"
        await policies.set(mina, "retention.override", "allowed", whole=True)
        await admin.admin_conversations_setCustomRetention(channel_id=channel, duration_days=30)
        got = await admin.admin_conversations_getCustomRetention(channel_id=channel)
        assert (got["is_policy_enabled"], got["duration_days"]) == (True, 30)
        await admin.admin_conversations_removeCustomRetention(channel_id=channel)
        assert (await admin.admin_conversations_getCustomRetention(channel_id=channel))["is_policy_enabled"] is False
        await policies.set(mina, "messages.delete", "refused", whole=True)
        gone = bot.chat_delete(channel=channel, ts=said["ts"])
        assert await error(gone) == "compliance_exports_prevent_deletion"
