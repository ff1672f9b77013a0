"""People at Slack's door, by Slack's own client: profiles, presence, groups, do-not-disturb, reminders, the team."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from slack_sdk.web.async_client import AsyncWebClient

from dure.channels.plugs import Telling
from dure.channels.profile.telling import TELLERS
from dure.channels.routes import router
from dure.channels.slack import connect, people, profiles, quiet, reminders, teams, usergroups
from dure.channels.slack.door import slack_router
from dure.state import State
from dure.web.routing import include
from tests.channels.room import open_room
from tests.wire.server import serving
from tests.wire.test_slack_sdk import Door

pytestmark = pytest.mark.anyio


@pytest.fixture
async def door(state: State) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    include(app, slack_router(room.services()))
    include(app, router(room.channels))
    async with serving(app) as base:
        yield Door(room, base)


async def test_a_profile_is_set_shown_and_told(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    until = int((door.room.clock.now() + timedelta(hours=1)).timestamp())
    given = {
        "real_name": "김민아", "display_name": "mina", "title": "대표", "phone": "010-1234", "pronouns": "she/her",
        "status_text": "<script>회의</script>", "status_emoji": ":calendar:", "status_expiration": until,
        "fields": {"Xf01": {"value": "판교", "alt": ""}},
    }  # fmt: skip
    answer = await door.call(slack.users_profile_set, profile=given)
    assert answer["profile"]["status_text"] == "<script>회의</script>"
    shown = (await door.call(slack.users_profile_get))["profile"]
    assert (shown["real_name"], shown["phone"], shown["status_expiration"]) == ("김민아", "010-1234", until)
    assert shown["fields"] == {"Xf01": {"value": "판교", "alt": ""}}
    joon = door.client(await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["*"]))
    user = (await door.call(joon.users_info, user=cast.mina.user))["user"]
    assert (user["real_name"], user["profile"]["title"], user["tz_offset"]) == ("김민아", "대표", 32400)
    assert user["updated"] > 0
    fields = (await door.call(slack.team_profile_get))["profile"]["fields"]
    assert [field["id"] for field in fields] == ["Xf01"]

    changes = [event for event in await door.room.told(cast.tenant.workspace) if event.event == "Profile Changed"]
    async with door.room.state.begin(cast.tenant) as tx:
        told = await TELLERS["Profile Changed"](Telling(tx, cast.governance), changes[0])
    assert [one.kind for one in told] == ["user_change", "user_status_changed"]
    assert told[0].body["user"]["profile"]["status_emoji"] == ":calendar:"

    door.room.clock.advance(timedelta(hours=1))
    assert (await door.call(slack.users_profile_get))["profile"]["status_text"] == ""
    assert await door.room.channels.colleagues.profiles.tick() == 1


async def test_a_profile_that_makes_no_sense_is_refused_by_name(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    for profile, error in (
        ({"status_text": "x" * 101}, "profile_status_set_failed_too_long"),
        ({"status_text": "x", "status_emoji": "palm"}, "profile_status_set_failed_not_emoji_syntax"),
        ({"real_name": " "}, "invalid_profile"),
        ({"phone": ["1"]}, "invalid_profile"),
        ({"fields": {"<b>": "x"}}, "invalid_profile"),
        ({"status_text": "x", "status_expiration": "soon"}, "invalid_profile"),
    ):
        assert await door.error(slack.users_profile_set, profile=profile) == error, profile


async def test_another_ones_profile_is_an_administrators_to_change(door: Door) -> None:
    cast = door.room.cast
    joon = door.client(await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["*"]))
    assert await door.error(joon.users_profile_set, user=cast.mina.user, name="title", value="CEO") == "not_admin"
    await door.call(door.client(cast.token).users_profile_set, user=cast.joon.user, name="title", value="팀장")
    assert (await door.call(joon.users_profile_get))["profile"]["title"] == "팀장"
    assert await door.error(joon.users_profile_get, user="U0NOBODY") == "user_not_found"


async def test_a_photograph_is_checked_made_small_and_served(door: Door) -> None:
    slack = door.client(door.room.cast.token)
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(picture, "JPEG", exif=b"Exif\0\0secret place")
    answer = await door.call(slack.users_setPhoto, image=io.BytesIO(picture.getvalue()), crop_x=0, crop_y=0, crop_w=600)
    async with httpx.AsyncClient() as http:
        large = await http.get(answer["profile"]["image_512"])
        small = await http.get(answer["profile"]["image_48"])
    assert (large.headers["content-type"], b"secret" in large.content) == ("image/png", False)
    assert [Image.open(io.BytesIO(one.content)).size for one in (large, small)] == [(512, 512), (72, 72)]
    assert await door.error(slack.users_setPhoto, image=io.BytesIO(b"<svg onload=alert(1)>")) == "bad_image"
    huge = io.BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")  # 10 kB that would unpack to 300 MB
    assert await door.error(slack.users_setPhoto, image=io.BytesIO(huge.getvalue())) == "too_large"
    await door.call(slack.users_deletePhoto)
    plain = (await door.call(slack.users_profile_get))["profile"]
    assert (plain["is_custom_image"], "image_original" in plain) == (False, False)
    async with httpx.AsyncClient() as http:
        figure = await http.get(plain["image_72"])
    assert Image.open(io.BytesIO(figure.content)).size == (72, 72)


async def test_presence_by_hand_and_by_being_there(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    mina = cast.mina.user
    assert (await door.call(slack.users_getPresence, user=mina))["presence"] == "away"
    await door.room.channels.colleagues.presence.here(cast.mina)
    mine = await door.call(slack.users_getPresence, user=mina)
    assert (mine["presence"], mine["online"], mine["manual_away"]) == ("active", True, False)
    await door.call(slack.users_setPresence, presence="away")
    assert (await door.call(slack.users_getPresence, user=mina))["presence"] == "away"
    await door.call(slack.users_setPresence, presence="auto")
    joons = door.client(await cast.governance.create_token(cast.mina, "user", cast.joon.user, ["*"]))
    assert set(await door.call(joons.users_getPresence, user=cast.mina.user)) == {"ok", "presence"}
    assert await door.error(slack.users_setPresence, presence="gone") == "invalid_presence"
    bot = (await door.call(door.client(cast.bot_token).auth_test))["user_id"]
    assert (await door.call(slack.users_getPresence, user=bot))["presence"] == "active"


async def test_who_is_there_by_both_clients(door: Door) -> None:
    cast = door.room.cast
    slack, calm = door.client(cast.token), AsyncWebClient(cast.token, base_url=f"{door.base}/slack/api/")
    everybody = (await door.call(slack.users_list))["members"]
    assert (await calm.users_list())["members"] == everybody
    bot = next(one for one in everybody if one["is_bot"])
    assert bot["profile"]["bot_id"].startswith("B")
    assert (await door.call(door.client(cast.bot_token).bots_info))["bot"]["user_id"] == bot["id"]
    assert (await calm.users_lookupByEmail(email="joon@sorimaru.example"))["user"]["id"] == cast.joon.user
    assert await door.error(slack.users_lookupByEmail, email="nobody@x.example") == "users_not_found"
    assert (await calm.users_identity())["user"]["email"] == "mina@sorimaru.example"
    assert await door.error(door.client(cast.bot_token).users_identity) == "not_allowed_token_type"
    mine = await calm.users_conversations(types="public_channel,private_channel,im,mpim")
    assert mine["channels"] == []


async def test_a_user_group_lives_and_dies(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    channel = (await door.room.channels.create(cast.mina, "marketing")).id
    made = (await door.call(slack.usergroups_create, name="마케팅", handle="mkt", channels=[channel]))["usergroup"]
    assert (made["handle"], made["prefs"]["channels"], made["user_count"]) == ("mkt", [channel], 0)
    assert await door.error(slack.usergroups_create, name="마케팅", handle="other") == "name_already_exists"
    assert await door.error(slack.usergroups_create, name="x", handle="MKT") == "handle_already_exists"
    assert await door.error(slack.usergroups_create, name="y", handle="joon") == "handle_already_exists"
    assert await door.error(slack.usergroups_create, name="z", handle="<b>") == "invalid_handle"
    assert await door.error(slack.usergroups_users_update, usergroup=made["id"], users=["U0NO"]) == "invalid_users"
    users = (await door.call(slack.usergroups_users_update, usergroup=made["id"], users=[cast.joon.user]))["usergroup"]
    assert users["users"] == [cast.joon.user]
    members = (await door.call(slack.conversations_members, channel=channel))["members"]
    assert set(members) == {cast.mina.user, cast.joon.user}
    await door.call(slack.usergroups_update, usergroup=made["id"], description="캠페인을 만드는 사람들")
    await door.call(slack.usergroups_disable, usergroup=made["id"])
    assert (await door.call(slack.usergroups_list))["usergroups"] == []
    assert await door.error(slack.usergroups_users_list, usergroup=made["id"]) == "no_such_subteam"
    await door.call(slack.usergroups_enable, usergroup=made["id"])
    [listed] = (await door.call(slack.usergroups_list, include_users=True, include_count=True))["usergroups"]
    assert (listed["user_count"], listed["description"], listed["date_delete"]) == (1, "캠페인을 만드는 사람들", 0)
    assert await door.error(slack.usergroups_update, usergroup="S0NO", name="x") == "no_such_subteam"
    guest = door.client(await cast.governance.create_token(cast.mina, "user", cast.gil.user, ["*"]))
    assert await door.error(guest.usergroups_create, name="guests") == "permission_denied"


async def test_do_not_disturb(door: Door) -> None:
    cast, clock = door.room.cast, door.room.clock
    slack = door.client(cast.token)
    assert (await door.call(slack.dnd_info))["dnd_enabled"] is False
    assert await door.error(slack.dnd_endSnooze) == "snooze_not_active"
    paused = await door.call(slack.dnd_setSnooze, num_minutes=60)
    assert (paused["snooze_enabled"], paused["snooze_remaining"]) == (True, 3600)
    assert (await door.call(slack.dnd_endSnooze))["snooze_enabled"] is False
    assert await door.error(slack.dnd_setSnooze, num_minutes="a lot") == "snooze_failed"
    assert await door.error(slack.dnd_setSnooze, num_minutes=999_999) == "too_long"
    hours = {"enabled": True, "days": [1, 2, 3, 4, 5], "from_minute": 540, "until_minute": 1080}
    await door.room.channels.colleagues.quiet.set_hours(cast.mina, **hours)  # type: ignore[arg-type]
    team = (await door.call(slack.dnd_teamInfo, users=[cast.mina.user, cast.joon.user]))["users"]
    evening = int((clock.now() + timedelta(hours=6)).timestamp())  # it is noon in Seoul
    assert team[cast.mina.user] == {
        "dnd_enabled": True, "next_dnd_start_ts": evening, "next_dnd_end_ts": evening + 15 * 3600,
    }  # fmt: skip
    assert team[cast.joon.user]["dnd_enabled"] is False
    clock.advance(timedelta(hours=7))
    await door.call(slack.dnd_endDnd)
    standing = (await door.room.channels.colleagues.quiet.of(cast.tenant, [cast.users["mina"]]))[cast.mina.user]
    assert not standing.quiet_now
    clock.advance(timedelta(hours=24))
    standing = (await door.room.channels.colleagues.quiet.of(cast.tenant, [cast.users["mina"]]))[cast.mina.user]
    assert standing.quiet_now


async def test_reminders_are_said_once_by_the_bot(door: Door) -> None:
    cast, room = door.room.cast, door.room
    slack = door.client(cast.token)
    made = (await door.call(slack.reminders_add, text="견적 보내기", time="30분 뒤"))["reminder"]
    assert made["time"] == int((room.clock.now() + timedelta(minutes=30)).timestamp())
    for_joon = (await door.call(slack.reminders_add, text="회의", time="in 20 minutes", user=cast.joon.user))[
        "reminder"
    ]
    errors = {
        "whenever": "cannot_parse", "2020-01-01": "time_in_past", "100000": "time_in_past", "내일 25시": "cannot_parse",
    }  # fmt: skip
    for when, error in errors.items():
        assert await door.error(slack.reminders_add, text="x", time=when) == error, when
    assert await door.error(slack.reminders_complete, reminder=for_joon["id"]) == "cannot_complete_others"
    assert await door.error(slack.reminders_info, reminder="Rm0NO") == "not_found"
    bot = (await door.call(door.client(cast.bot_token).auth_test))["user_id"]
    assert await door.error(slack.reminders_add, text="x", time="내일", user=bot) == "cannot_add_bot"

    room.clock.advance(timedelta(minutes=30))
    assert await room.channels.colleagues.reminders.tick() == 2
    assert await room.channels.colleagues.reminders.tick() == 0
    [direct] = [one for one in await room.channels.listed(cast.mina, mine=True) if one.kind == "im"]
    said, _ = await room.channels.history(cast.mina, direct.id)
    assert [(one.user, one.text) for one in said] == [(bot, ":bell: 알림: 견적 보내기")]
    await door.call(slack.reminders_complete, reminder=made["id"])
    [mine, other] = sorted(
        (await door.call(slack.reminders_list))["reminders"], key=lambda one: one["id"] != made["id"]
    )
    assert (mine["complete_ts"] > 0, other["complete_ts"]) == (True, 0)
    await door.call(slack.reminders_delete, reminder=made["id"])
    assert len((await door.call(slack.reminders_list))["reminders"]) == 1


async def test_the_team_in_slacks_words(door: Door) -> None:
    cast = door.room.cast
    slack, bot = door.client(cast.token), door.client(cast.bot_token)
    assert (await door.call(slack.team_info))["team"]["domain"] == "sorimaru"
    assert await door.error(slack.team_info, team="T0OTHER") == "team_not_found"
    await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    logins = await door.call(slack.team_accessLogs)
    assert [(one["user_id"], one["count"]) for one in logins["logins"]] == [(cast.joon.user, 1)]
    assert await door.error(bot.team_accessLogs) == "not_allowed_token_type"
    active = (await door.call(slack.team_billableInfo))["billable_info"]
    assert active[cast.joon.user] == {"billing_active": True}
    assert (await door.call(slack.team_integrationLogs))["paging"]["total"] == 0
    preferences = await door.call(bot.team_preferences_list)
    assert preferences["display_real_names"] is True
    assert (await door.call(bot.team_billing_info))["plan"] is not None


async def test_conversations_for_people(door: Door) -> None:
    cast = door.room.cast
    slack = door.client(cast.token)
    channel = (await door.call(slack.conversations_create, name="team"))["channel"]["id"]
    joon, gil = cast.joon.user, cast.gil.user
    everything = {"channel": channel, "users": [joon, "U0NOBODY", cast.mina.user]}
    refused = await door.raw(
        "conversations.invite", data={**everything, "users": ",".join(everything["users"])},
        headers={"authorization": f"Bearer {cast.token}"},
    )  # fmt: skip
    assert [one["error"] for one in refused.json()["errors"]] == ["user_not_found", "cant_invite_self"]
    assert (await door.call(slack.conversations_members, channel=channel))["members"] == [cast.mina.user]
    some = await door.call(slack.conversations_invite, **everything, force=True)
    assert (some["channel"]["num_members"], len(some["errors"])) == (2, 2)
    assert await door.error(slack.conversations_invite, channel=channel, users=[joon]) == "already_in_channel"
    assert await door.error(slack.conversations_kick, channel=channel, user="U0NOBODY") == "user_not_found"
    assert await door.error(slack.conversations_kick, channel=channel, user=gil) == "not_in_channel"
    assert (await door.call(slack.conversations_join, channel=channel))["warning"] == "already_in_channel"
    first = await door.call(slack.conversations_members, channel=channel, limit=1)
    rest = await door.call(
        slack.conversations_members, channel=channel, limit=1, cursor=first["response_metadata"]["next_cursor"]
    )
    assert {*first["members"], *rest["members"]} == {cast.mina.user, joon}
    for name, error in (
        ("---", "invalid_name_punctuation"), ("A B", "invalid_name_specials"), ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"), ("team", "name_taken"),
    ):  # fmt: skip
        assert await door.error(slack.conversations_create, name=name) == error
    assert await door.error(slack.conversations_setTopic, channel=channel, topic="x" * 251) == "too_long"

    direct = (await door.call(slack.conversations_open, users=[joon], return_im=True))["channel"]
    assert (direct["is_im"], direct["user"]) == (True, joon)
    assert "no_op" not in await door.call(slack.conversations_close, channel=direct["id"])
    assert (await door.call(slack.conversations_close, channel=direct["id"]))["already_closed"] is True
    assert (await door.call(slack.users_conversations, types="im"))["channels"] == []
    await door.call(slack.conversations_open, channel=direct["id"])
    assert len((await door.call(slack.users_conversations, types="im"))["channels"]) == 1
    await door.call(slack.conversations_close, channel=direct["id"])
    await door.room.say(cast.joon, direct["id"], "still there?")
    assert len((await door.call(slack.users_conversations, types="im"))["channels"]) == 1
    error = await door.error(slack.conversations_close, channel=channel)
    assert error == "method_not_supported_for_channel_type"
    assert "not_in_channel" not in await door.call(slack.conversations_leave, channel=channel)
    assert (await door.call(slack.conversations_leave, channel=channel))["not_in_channel"] is True


async def test_no_method_falls_over_whatever_it_is_sent(door: Door) -> None:
    cast = door.room.cast
    names = (
        "action", "bot", "channel", "channel_id", "channel_name", "channels", "count", "crop_w", "cursor",
        "description", "domain", "email", "emails", "handle", "image", "invite_id", "leaving_team_ids", "limit", "name",
        "num_minutes", "page", "presence", "profile", "reminder", "target_team", "team", "text", "time", "user",
        "user_ids", "usergroup", "users", "value",
    )  # fmt: skip
    hostile = ["\0\ud800", "[[1,{}]", '{"a":{"b":[1]}}', "9" * 400]
    tables = (connect, people, profiles, quiet, reminders, teams, usergroups)
    fell = []
    async with httpx.AsyncClient(base_url=f"{door.base}/slack/api/") as http:
        for method in (name for table in tables for name in table.METHODS):
            for sent in ({}, *({name: hostile[(n + turn) % 4] for n, name in enumerate(names)} for turn in range(2))):
                answer = await http.post(
                    method, content=json.dumps({"token": cast.token, **sent}).encode(),
                    headers={"content-type": "application/json"},
                )  # fmt: skip
                if answer.status_code != 200 or answer.json().get("error") == "internal_error":
                    fell.append((method, sent))
    assert fell == []
