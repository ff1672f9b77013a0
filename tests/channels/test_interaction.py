"""What people do with apps: who may, what the app is told, and what becomes of its answer."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.channels.apps.store import installations
from dure.channels.interaction import elements
from dure.channels.interaction.api import Press
from dure.channels.interaction.checking import check_view
from dure.channels.interaction.refusals import (
    AccessDenied,
    AppNotFound,
    AppSilent,
    AppWrong,
    CannotUnfurlMessage,
    CannotUnfurlUrl,
    CommandNotFound,
    DuplicateExternalId,
    ElementNotFound,
    ExchangedTrigger,
    ExecutionOver,
    ExpiredTrigger,
    ExpiredUrl,
    FunctionNotFound,
    HashConflict,
    InvalidTrigger,
    InvalidView,
    NobodyNamed,
    ParametersWrong,
    PictureNotFound,
    PushLimit,
    ShortcutNotFound,
    UsedUrl,
    ViewNotFound,
    ViewTooLarge,
)
from dure.channels.interaction.steps import steps
from dure.channels.interaction.telling import TELLERS
from dure.channels.model import Draft, ts_text
from dure.channels.plugs import Answer, Asked, Telling
from dure.channels.refusals import ChannelNotFound, NoText
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.channels.desk_app import BUTTON, Desk, install, modal, open_desk
from tests.channels.room import Room, open_room
from tests.databases import copied

pytestmark = pytest.mark.anyio


_channels = itertools.count(1)


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    """One Sorimaru for all tests here: each has a channel of its own."""
    with copied(postgres_url, template) as url:
        state = State(url, connections=8)
        await state.open()
        yield await open_room(state)
        await state.close()


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def desk(room: Room, asked: Asked) -> Desk:
    return await open_desk(room, asked, channel=f"orders-{next(_channels)}")


def press(desk: Desk, ts: int, action: str = "approve", value: Any = None, **more: Any) -> Press:
    return Press("acts", action, value, desk.channel, ts, **more)


def secrets_of(url: str) -> tuple[str, str, str]:
    workspace, number, secret = url.split("/")[-3:]
    return workspace, number, secret


async def test_a_pressed_button_tells_the_app_who_where_and_what(desk: Desk, asked: Asked) -> None:
    ts, joon = await desk.post(), desk.room.cast.joon
    await desk.interaction.act(joon, press(desk, ts, "size", "M", state={"acts": {"size": "L"}}))
    app, workspace, kind, told = asked.heard[0]
    assert (app, workspace, kind) == (desk.bot.app, joon.tenant.workspace, "interactive")
    assert told["type"] == "block_actions"
    assert told["user"] == {"id": joon.user, "username": "joon", "name": "joon", "team_id": joon.tenant.workspace}
    assert (told["team"]["id"], told["team"]["domain"]) == (joon.tenant.workspace, "sorimaru")
    assert told["team"]["enterprise_id"] == told["enterprise"]["id"] == joon.tenant.org
    assert (told["api_app_id"], told["token"]) == (desk.bot.app, "verified")
    assert told["container"] == {
        "type": "message", "message_ts": ts_text(ts), "channel_id": desk.channel, "is_ephemeral": False,
    }  # fmt: skip
    assert told["channel"] == {"id": desk.channel, "name": desk.name}
    assert told["message"]["ts"] == ts_text(ts)
    [action] = told["actions"]
    assert action["selected_option"] == BUTTON["elements"][1]["options"][1]
    assert (action["type"], action["block_id"], action["action_id"]) == ("static_select", "acts", "size")
    assert action["action_ts"]
    assert told["state"]["values"]["acts"]["size"]["selected_option"]["value"] == "L"
    assert told["response_url"].startswith(f"http://dure.example/slack/actions/{joon.tenant.workspace}/")
    assert len(told["trigger_id"].split(".")) == 3


async def test_only_what_is_there_and_was_offered_can_be_chosen(desk: Desk, asked: Asked) -> None:
    ts, cast = await desk.post(), desk.room.cast
    with pytest.raises(ElementNotFound):
        await desk.interaction.act(cast.joon, press(desk, ts, "delete_everything"))
    with pytest.raises(Invalid) as wrong:
        await desk.interaction.act(cast.joon, press(desk, ts, "size", "XXL"))
    assert wrong.value.field == "value"
    said = await desk.room.channels.post(cast.mina, desk.channel, Draft("no app's", blocks=[BUTTON]))
    with pytest.raises(AppNotFound):
        await desk.interaction.act(cast.joon, press(desk, said.ts))
    for stranger in (cast.gil, cast.rina):
        with pytest.raises(ChannelNotFound):
            await desk.interaction.act(stranger, press(desk, ts))
    with pytest.raises(NotAllowed):
        await desk.interaction.act(desk.bot, press(desk, ts))
    assert asked.heard == []


async def test_an_app_that_does_not_answer_is_said_so(desk: Desk, asked: Asked) -> None:
    asked.answers.append(Answer(False, why="timeout"))
    with pytest.raises(AppSilent, match="desk did not answer"):
        await desk.interaction.act(desk.room.cast.joon, press(desk, await desk.post()))


async def test_in_a_shared_channel_the_other_sides_app_is_asked_where_it_is_installed(desk: Desk, asked: Asked) -> None:
    cast = desk.room.cast
    await desk.room.channels.offer(cast.mina, desk.channel, cast.rina.tenant.workspace)
    await desk.room.channels.accept(cast.rina, desk.channel, "sorimaru")
    await desk.interaction.act(cast.rina, press(desk, await desk.post()))
    app, workspace, _, told = asked.heard[0]
    assert (app, workspace) == (desk.bot.app, cast.tenant.workspace)
    assert (told["team"]["id"], told["user"]["team_id"]) == (cast.tenant.workspace, cast.rina.tenant.workspace)
    view = await desk.interaction.open_view(desk.bot, told["trigger_id"], modal())
    assert (await desk.interaction.view(cast.rina, view.id)).team == cast.rina.tenant.workspace
    with pytest.raises(ViewNotFound):
        await desk.interaction.view(cast.mina, view.id)


async def trigger_of(desk: Desk, asked: Asked, view: str = "") -> str:
    joon = desk.room.cast.joon
    if view:
        await desk.interaction.act(joon, Press("more", "b0.more", view=view))
    else:
        await desk.interaction.shortcut(joon, desk.bot.app, "new_order")
    return str(asked.heard[-1][3]["trigger_id"])


async def test_a_trigger_opens_one_view_within_three_seconds(desk: Desk, asked: Asked) -> None:
    trigger = await trigger_of(desk, asked)
    other, _ = await install(desk.room, "other")
    with pytest.raises(InvalidTrigger):
        await desk.interaction.open_view(other, trigger, modal())
    tries = [desk.interaction.open_view(desk.bot, trigger, modal()) for _ in range(4)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == [*["ExchangedTrigger"] * 3, "View"]
    with pytest.raises(ExchangedTrigger):
        await desk.interaction.open_view(desk.bot, trigger, modal())
    with pytest.raises(InvalidTrigger):
        await desk.interaction.open_view(desk.bot, "1.2.3", modal())
    late = await trigger_of(desk, asked)
    desk.room.clock.advance(timedelta(seconds=3.1))
    with pytest.raises(ExpiredTrigger):
        await desk.interaction.open_view(desk.bot, late, modal())


def more(title: str = "Order") -> dict[str, Any]:
    """A modal with a button in it."""
    made = modal(title)
    button = {"type": "button", "action_id": "b0.more", "text": {"type": "plain_text", "text": "More"}}
    return {**made, "blocks": [*made["blocks"], {"type": "actions", "block_id": "more", "elements": [button]}]}


async def test_at_most_three_views_lie_one_over_the_other(desk: Desk, asked: Asked) -> None:
    joon = desk.room.cast.joon
    root = await desk.interaction.open_view(desk.bot, await trigger_of(desk, asked), more("1"))
    second = await desk.interaction.push_view(desk.bot, await trigger_of(desk, asked, root.id), more("2"))
    assert (second.root, second.previous) == (root.id, root.id)
    third = await desk.interaction.push_view(desk.bot, await trigger_of(desk, asked, second.id), more("3"))
    with pytest.raises(PushLimit):
        await desk.interaction.push_view(desk.bot, await trigger_of(desk, asked, third.id), more("4"))
    with pytest.raises(InvalidTrigger):
        await desk.interaction.push_view(desk.bot, await trigger_of(desk, asked), more())
    done = await desk.interaction.submit(joon, third.id, {"what": {"text": "Mugs"}})
    assert (done.action, done.view and done.view.id) == ("close", second.id)
    await desk.interaction.close(joon, second.id, cleared=True)
    for gone in (root, second, third):
        with pytest.raises(ViewNotFound):
            await desk.interaction.view(joon, gone.id)


async def test_a_view_changes_only_from_what_its_app_has_seen(desk: Desk, asked: Asked) -> None:
    view = await desk.interaction.open_view(desk.bot, await trigger_of(desk, asked), modal(external_id="o-1"))
    changed = await desk.interaction.update_view(desk.bot, modal("Again", external_id="o-1"), external_id="o-1")
    assert (changed.id, changed.hash != view.hash) == (view.id, True)
    with pytest.raises(HashConflict):
        await desk.interaction.update_view(desk.bot, modal(), id=view.id, hash=view.hash)
    await desk.interaction.update_view(desk.bot, modal(external_id="o-1"), id=view.id, hash=changed.hash)
    with pytest.raises(DuplicateExternalId):
        await desk.interaction.open_view(desk.bot, await trigger_of(desk, asked), modal(external_id="o-1"))
    with pytest.raises(ViewNotFound):
        await desk.interaction.update_view((await install(desk.room, "other"))[0], modal(), id=view.id)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({**modal(), "title": {"type": "plain_text", "text": "x" * 25}}, "/view/title/text"),
        ({**modal(), "title": None}, "missing required field: title"),
        ({**modal(), "submit": None}, "`submit` is required"),
        ({**modal(), "blocks": [{"type": "divider"}] * 101}, "no more than 100 items"),
        ({**modal(), "private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({**modal(), "callback_id": "x" * 256}, "/view/callback_id"),
        ({**modal(), "blocks": [{"type": "marquee"}]}, "unsupported type: marquee"),
        ({**modal(), "blocks": [{"type": "divider", "block_id": "a"}] * 2}, 'block_id "a" already exists'),
        ({**modal(), "type": "home"}, "`type` must be `modal`"),
        ("a text", "must provide an object"),
    ],
)
def test_a_view_beyond_slacks_bounds_is_refused_with_its_place(view: Any, said: str) -> None:
    with pytest.raises(InvalidView) as wrong:
        check_view(view, "modal")
    assert said in wrong.value.messages[0]


def test_a_view_has_at_most_250_kilobytes() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "가" * 3000}}] * 40
    with pytest.raises(ViewTooLarge):
        check_view(modal(blocks=blocks), "modal")


async def test_a_modal_is_sent_with_its_state_and_does_what_the_app_says(desk: Desk, asked: Asked) -> None:
    joon, interaction = desk.room.cast.joon, desk.interaction
    view = await interaction.open_view(desk.bot, await trigger_of(desk, asked), modal())
    before = len(asked.heard)
    missing = await interaction.submit(joon, view.id, {"what": {"text": ""}, "many": {"n": "12"}})
    assert (missing.action, missing.errors) == (
        "errors", {"what": "Please fill this in.", "many": "It must be at most 9."},
    )  # fmt: skip
    assert len(asked.heard) == before
    filled = {"what": {"text": "Mugs"}, "many": {"n": "4"}}

    asked.answers.append(Answer(True, {"response_action": "errors", "errors": {"what": "Sold out"}}))
    assert (await interaction.submit(joon, view.id, filled)).errors == {"what": "Sold out"}
    told = asked.heard[-1][3]
    assert told["type"] == "view_submission"
    assert told["view"]["state"]["values"] == {
        "what": {"text": {"type": "plain_text_input", "value": "Mugs"}},
        "many": {"n": {"type": "number_input", "value": "4"}},
    }
    assert (told["view"]["callback_id"], told["view"]["private_metadata"]) == ("order", "kept")
    assert (told["view"]["root_view_id"], told["view"]["app_installed_team_id"]) == (view.id, view.workspace)

    asked.answers.append(Answer(True, {"response_action": "errors", "errors": {"nowhere": "?"}}))
    with pytest.raises(AppWrong):
        await interaction.submit(joon, view.id, filled)
    asked.answers.append(Answer(True, {"response_action": "update", "view": modal("Sure?")}))
    sure = await interaction.submit(joon, view.id, filled)
    assert (sure.action, sure.view and sure.view.body["title"]["text"]) == ("update", "Sure?")
    asked.answers.append(Answer(True, {"response_action": "push", "view": modal("Over it")}))
    over = await interaction.submit(joon, view.id, filled)
    assert over.view is not None
    assert over.view.previous == view.id
    asked.answers.append(Answer(True, {"response_action": "push", "view": {"type": "modal"}}))
    with pytest.raises(AppWrong, match="title"):
        await interaction.submit(joon, over.view.id, filled)
    asked.answers.append(Answer(True, {"response_action": "clear"}))
    assert (await interaction.submit(joon, over.view.id, filled)).action == "clear"
    with pytest.raises(ViewNotFound):
        await interaction.submit(joon, view.id, filled)


async def test_an_app_hears_of_a_closed_view_where_it_asked_to(desk: Desk, asked: Asked) -> None:
    joon = desk.room.cast.joon
    silent = await desk.interaction.open_view(desk.bot, await trigger_of(desk, asked), modal())
    await desk.interaction.close(joon, silent.id)
    assert asked.heard[-1][3]["type"] == "shortcut"
    loud = await desk.interaction.open_view(desk.bot, await trigger_of(desk, asked), modal(notify_on_close=True))
    await desk.interaction.close(joon, loud.id, cleared=True)
    told = asked.heard[-1][3]
    assert (told["type"], told["view"]["id"], told["is_cleared"]) == ("view_closed", loud.id, True)


async def test_a_chosen_conversation_can_be_answered_to(desk: Desk, asked: Asked) -> None:
    select = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    block = {"type": "input", "block_id": "to", "label": {"type": "plain_text", "text": "To"}, "element": select}
    view = await desk.interaction.open_view(desk.bot, await trigger_of(desk, asked), modal(blocks=[block]))
    await desk.interaction.submit(desk.room.cast.joon, view.id, {"to": {"where": desk.channel}})
    [at] = asked.heard[-1][3]["response_urls"]
    assert (at["channel_id"], at["block_id"], at["action_id"]) == (desk.channel, "to", "where")
    await desk.interaction.reply(*secrets_of(at["response_url"]), {"text": "Done", "response_type": "in_channel"})
    said, _ = await desk.room.channels.history(desk.room.cast.joon, desk.channel, limit=1)
    assert (said[0].text, said[0].app) == ("Done", desk.bot.app)


async def test_an_answer_goes_to_the_person_to_all_or_in_the_originals_place(desk: Desk, asked: Asked) -> None:
    joon, ts = desk.room.cast.joon, await desk.post()
    await desk.interaction.act(joon, press(desk, ts))
    at = secrets_of(asked.heard[0][3]["response_url"])
    await desk.interaction.reply(*at, {"text": "only you"})
    assert desk.asides.texts == [(joon.user, "only you")]
    await desk.interaction.reply(*at, {"text": "Approved by joon", "replace_original": True})
    assert (await desk.room.channels.message(joon, desk.channel, ts)).text == "Approved by joon"
    with pytest.raises(NoText):
        await desk.interaction.reply(*at, {"text": " "})
    await desk.interaction.reply(*at, {"text": "to all", "response_type": "in_channel"})
    await desk.interaction.reply(*at, {"delete_original": True})
    found, _ = await desk.room.channels.history(joon, desk.channel)
    assert [said.text for said in found] == ["to all"]
    with pytest.raises(UsedUrl):
        await desk.interaction.reply(*at, {"text": "a sixth"})
    with pytest.raises(ExpiredUrl):
        await desk.interaction.reply(at[0], at[1], "guessed", {"text": "x"})


async def test_an_answer_is_taken_for_half_an_hour(desk: Desk, asked: Asked) -> None:
    await desk.interaction.act(desk.room.cast.joon, press(desk, await desk.post()))
    desk.room.clock.advance(timedelta(minutes=30, seconds=1))
    with pytest.raises(ExpiredUrl):
        await desk.interaction.reply(*secrets_of(asked.heard[0][3]["response_url"]), {"text": "late"})


async def test_what_one_person_alone_sees_has_buttons_too(desk: Desk, asked: Asked) -> None:
    cast, joon = desk.room.cast, desk.room.cast.joon
    await desk.interaction.command(joon, "/order", "mugs", desk.channel)
    at = secrets_of(asked.heard[0][3]["response_url"])
    await desk.interaction.reply(*at, {"text": "Sure?", "blocks": [BUTTON]})
    [ts] = desk.asides.said
    await desk.interaction.act(joon, press(desk, ts))
    told = asked.heard[-1][3]
    assert told["container"]["is_ephemeral"] is True
    await desk.interaction.reply(*secrets_of(told["response_url"]), {"text": "Ordered", "replace_original": True})
    assert desk.asides.texts == [(joon.user, "Ordered")]
    with pytest.raises(Exception, match="no such message"):
        await desk.interaction.act(cast.mina, press(desk, next(iter(desk.asides.said))))


async def test_a_command_is_a_flat_form_and_its_acknowledgement_is_shown(desk: Desk, asked: Asked) -> None:
    cast = desk.room.cast
    asked.answers += [Answer(True, "Ordered"), Answer(True, {"text": "To all", "response_type": "in_channel"})]
    typed = f"mugs for <@{cast.mina.user}> &amp; <#{desk.channel}>"
    ran = await desk.interaction.command(cast.joon, "/order", typed, desk.channel)
    assert (ran.command, ran.app) == ("/order", desk.bot.app)
    app, _, kind, told = asked.heard[0]
    assert (app, kind) == (desk.bot.app, "slash_commands")
    assert all(isinstance(value, str) for value in told.values())
    assert told["text"] == f"mugs for @mina & #{desk.name}"
    assert {key: told[key] for key in ("token", "team_domain", "channel_id", "channel_name", "user_id", "user_name",
            "command", "is_enterprise_install")} == {
        "token": "verified", "team_domain": "sorimaru", "channel_id": desk.channel, "channel_name": desk.name,
        "user_id": cast.joon.user, "user_name": "joon", "command": "/order", "is_enterprise_install": "false",
    }  # fmt: skip
    assert "/slack/commands/" in told["response_url"]
    await desk.interaction.command(cast.joon, "/raw", typed, desk.channel)
    assert asked.heard[1][3]["text"] == typed
    assert desk.asides.texts == [(cast.joon.user, "Ordered")]
    said, _ = await desk.room.channels.history(cast.joon, desk.channel)
    assert [one.text for one in said] == ["To all"]


async def test_an_answer_for_all_in_a_conversation_of_others_is_seen_by_who_asked(desk: Desk, asked: Asked) -> None:
    cast = desk.room.cast
    direct, _ = await desk.room.channels.open_direct(cast.joon, [cast.mina.user])
    asked.answers.append(Answer(True, {"text": "Hm", "response_type": "in_channel"}))
    await desk.interaction.command(cast.joon, "/order", "", direct.id)
    assert asked.heard[0][3]["channel_name"] == "directmessage"
    assert desk.asides.texts == [(cast.joon.user, "Hm")]


async def test_an_unknown_command_goes_to_the_connected_app_that_has_no_manifest(desk: Desk, asked: Asked) -> None:
    joon = desk.room.cast.joon
    await desk.interaction.command(joon, "/anything", "at all", desk.channel)
    app, _, _, told = asked.heard[0]
    assert app not in ("", desk.bot.app)
    assert (told["command"], told["text"]) == ("/anything", "at all")
    asked.answers.append(Answer(False, why="no_connection"))
    with pytest.raises(CommandNotFound, match="/nothing"):
        await desk.interaction.command(joon, "/nothing", "", desk.channel)
    with pytest.raises(Invalid):
        await desk.interaction.command(joon, "no slash", "", desk.channel)


async def test_built_in_commands_act_in_channels(desk: Desk, asked: Asked) -> None:
    cast, run = desk.room.cast, desk.interaction.command
    await run(cast.mina, "/topic", "Mugs &amp; more", desk.channel)
    assert (await desk.room.channels.info(cast.mina, desk.channel)).topic == "Mugs & more"
    await run(cast.mina, "/me", "waves", desk.channel)
    said, _ = await desk.room.channels.history(cast.mina, desk.channel, limit=1)
    assert (said[0].text, said[0].subtype) == ("waves", "me_message")
    await run(cast.mina, "/invite", f"<@{cast.gil.user}>", desk.channel)
    assert (await desk.room.channels.info(cast.gil, desk.channel)).is_member
    opened = await run(cast.mina, "/dm", f"<@{cast.joon.user}> lunch?", desk.channel)
    direct, _ = await desk.room.channels.history(cast.joon, opened.go)
    assert direct[0].text == "lunch?"
    with pytest.raises(NobodyNamed):
        await run(cast.mina, "/invite", "nobody", desk.channel)
    await run(cast.mina, "/archive", "", desk.channel)
    assert (await desk.room.channels.info(cast.mina, desk.channel)).side.archived
    assert asked.heard == []
    offered = {one.command: one.app_name for one in await desk.interaction.commands(cast.joon)}
    assert (offered["/order"], offered["/topic"]) == ("desk", "")


async def test_shortcuts_are_told_with_their_message(desk: Desk, asked: Asked) -> None:
    cast = desk.room.cast
    said = await desk.room.say(cast.mina, desk.channel, "Forty mugs please")
    await desk.interaction.shortcut(cast.joon, desk.bot.app, "order_this", channel=desk.channel, ts=said.ts)
    told = asked.heard[0][3]
    assert (told["type"], told["callback_id"], told["message_ts"]) == ("message_action", "order_this", ts_text(said.ts))
    assert (told["message"]["text"], told["channel"]["name"]) == ("Forty mugs please", desk.name)
    with pytest.raises(ShortcutNotFound):
        await desk.interaction.shortcut(cast.joon, desk.bot.app, "order_this")
    offered = await desk.interaction.shortcuts(cast.joon)
    assert [(one.kind, one.name) for one in offered] == [("global", "New order"), ("message", "Order this")]
    # The app may answer, but not change what mina said.
    answer = {"text": "x", "delete_original": True}
    with pytest.raises(Invalid):
        await desk.interaction.reply(*secrets_of(told["response_url"]), answer)


async def test_external_options_are_the_apps_own(desk: Desk, asked: Asked) -> None:
    ts, joon = await desk.post(), desk.room.cast.joon
    seoul = {"text": {"type": "plain_text", "text": "Seoul"}, "value": "seoul"}
    asked.answers.append(Answer(True, {"options": [seoul, "not one"]}))
    assert await desk.interaction.suggest(joon, press(desk, ts, "city"), "se") == {"options": [seoul]}
    told = asked.heard[0][3]
    assert (told["type"], told["value"], told["action_id"], told["block_id"]) == (
        "block_suggestion", "se", "city", "acts",
    )  # fmt: skip
    with pytest.raises(ElementNotFound):
        await desk.interaction.suggest(joon, press(desk, ts, "size"), "M")
    asked.answers.append(Answer(True))
    with pytest.raises(AppWrong):
        await desk.interaction.suggest(joon, press(desk, ts, "city"), "se")


async def test_a_button_of_an_old_attachment_works(desk: Desk, asked: Asked) -> None:
    buttons = [{"name": "go", "text": "Go", "type": "button", "value": "yes"}]
    attachment = {"text": "Old", "callback_id": "old", "actions": buttons}
    said = await desk.room.channels.post(desk.bot, desk.channel, Draft("Old", attachments=[attachment]))
    joon = desk.room.cast.joon
    await desk.interaction.act_on_attachment(joon, desk.channel, said.ts, 0, "go", "yes")
    told = asked.heard[0][3]
    assert (told["type"], told["callback_id"]) == ("interactive_message", "old")
    assert told["actions"] == [{"name": "go", "type": "button", "value": "yes"}]
    with pytest.raises(ElementNotFound):
        await desk.interaction.act_on_attachment(joon, desk.channel, said.ts, 0, "go", "no")


async def test_a_home_is_made_for_each_person_and_its_opening_told(desk: Desk) -> None:
    cast, interaction = desk.room.cast, desk.interaction
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Your orders*"}}]
    first = await interaction.publish_view(desk.bot, cast.joon.user, {"type": "home", "blocks": blocks})
    again = await interaction.publish_view(
        desk.bot, cast.joon.user, {"type": "home", "blocks": blocks}, hash=first.hash
    )
    assert again.id == first.id
    with pytest.raises(HashConflict):
        await interaction.publish_view(desk.bot, cast.joon.user, {"type": "home", "blocks": blocks}, hash=first.hash)
    assert (await interaction.home(cast.joon, desk.bot.user)).view is not None
    assert (await interaction.home(cast.mina, desk.bot.user)).view is None
    direct, _ = await desk.room.channels.open_direct(cast.joon, [desk.bot.user])
    await interaction.open_home(cast.joon, desk.bot.user, "home", direct.id)
    with pytest.raises(Invalid):
        await interaction.open_home(cast.joon, desk.bot.user, "home", desk.channel)
    event = (await desk.room.told(cast.tenant.workspace))[-1]
    assert event.event == "App Home Opened"
    async with desk.room.state.begin(cast.tenant) as tx:
        [told] = await TELLERS[event.event](Telling(tx, cast.governance), event)
    assert (told.kind, told.app) == ("app_home_opened", desk.bot.app)
    assert (told.body["user"], told.body["channel"], told.body["tab"]) == (cast.joon.user, direct.id, "home")
    assert told.body["view"]["id"] == first.id


async def test_apps_are_told_of_links_of_their_domains_and_show_what_is_behind(desk: Desk) -> None:
    cast, url = desk.room.cast, "https://www.shop.example/mugs?a=1&b=2"
    said = await desk.room.say(
        cast.mina, desk.channel, "<https://www.shop.example/mugs?a=1&amp;b=2|mugs> https://elsewhere.example/x"
    )
    posted = [one for one in await desk.room.told(cast.tenant.workspace) if one.event == "Message Posted"][-1]
    async with desk.room.state.begin(cast.tenant) as tx:
        apps = await installations(tx, cast.governance, cast.tenant)
        [told] = await TELLERS["Message Posted"](Telling(tx, cast.governance, apps=apps), posted)
    assert (told.kind, told.app, told.body["message_ts"]) == ("link_shared", desk.bot.app, ts_text(said.ts))
    assert told.body["links"] == [{"url": url, "domain": "shop.example"}]
    await desk.interaction.unfurl(desk.bot, desk.channel, said.ts, {url: {"title": "Mugs", "text": "12,000원"}})
    seen = await desk.room.channels.message(cast.joon, desk.channel, said.ts)
    assert seen.unfurls is not None
    assert [(one["title"], one["from_url"], one["app_id"]) for one in seen.unfurls] == [("Mugs", url, desk.bot.app)]
    last = (await desk.room.told(cast.tenant.workspace))[-1]
    assert (last.event, last.properties["ts"]) == ("Message Changed", ts_text(said.ts))
    with pytest.raises(CannotUnfurlUrl):
        await desk.interaction.unfurl(desk.bot, desk.channel, said.ts, {"https://elsewhere.example/x": {"text": "x"}})
    with pytest.raises(CannotUnfurlMessage):
        await desk.interaction.unfurl(desk.bot, desk.channel, said.ts, {"https://shop.example/not": {"text": "x"}})


async def test_an_automation_runs_a_function_of_an_app_that_says_how_it_ended(desk: Desk) -> None:
    cast, interaction = desk.room.cast, desk.interaction
    system = cast.governance.system(cast.tenant, "automation", "run-1")
    [kind] = steps(interaction)

    async def run(**inputs: Any) -> str:
        call = StepCall(cast.tenant, system, "run-1", "prices", "run-1:a:1", "d-1", desk.room.clock.now())
        async with desk.room.state.begin(cast.tenant) as tx:
            given = msgspec.convert({"app": "desk", "function": "price", **inputs}, kind.inputs)
            return str((await kind.run(tx, call, given)).execution)

    with pytest.raises(ParametersWrong, match="`what` is missing"):
        await run()
    with pytest.raises(FunctionNotFound):
        await run(function="refund", inputs={"what": "mugs"})
    execution = await run(inputs={"what": "mugs"})
    event = (await desk.room.told(cast.tenant.workspace))[-1]
    async with desk.room.state.begin(cast.tenant) as tx:
        [told] = await TELLERS["Function Executed"](Telling(tx, cast.governance), event)
    assert (told.kind, told.app, told.body["function_execution_id"]) == ("function_executed", desk.bot.app, execution)
    assert (told.body["inputs"], told.body["function"]["callback_id"]) == ({"what": "mugs"}, "price")
    other, _ = await install(desk.room, "other")
    with pytest.raises(AccessDenied):
        await interaction.complete(other, execution, {"won": 1})
    with pytest.raises(ParametersWrong):
        await interaction.complete(desk.bot, execution, {})
    await interaction.complete(desk.bot, execution, {"won": 12_000})
    done = (await desk.room.told(cast.tenant.workspace))[-1]
    assert (done.event, done.properties["outputs"], done.properties["by_run"]) == (
        "Function Completed", {"won": 12_000}, "run-1",
    )  # fmt: skip
    with pytest.raises(ExecutionOver):
        await interaction.fail(desk.bot, execution, "too late")
    await interaction.fail(desk.bot, await run(inputs={"what": "hats"}), "No hats")
    failed = (await desk.room.told(cast.tenant.workspace))[-1]
    assert (failed.event, failed.properties["error"]) == ("Function Failed", "No hats")


async def test_only_pictures_that_a_message_shows_are_fetched_for_who_sees_it(desk: Desk) -> None:
    cast, urls = desk.room.cast, [f"https://x.example/{name}" for name in ("a.png", "b.svg", "gone")]
    ts = await desk.post(*({"type": "image", "image_url": url, "alt_text": "?"} for url in urls))

    async def fetched(who: Principal, url: str) -> Any:
        return await desk.interaction.picture(who, url, channel=desk.channel, ts=ts)

    assert (await fetched(cast.joon, urls[0])).kind == "image/png"
    for refused in (urls[1], urls[2], "http://127.0.0.1/a.png"):
        with pytest.raises(PictureNotFound):
            await fetched(cast.joon, refused)
    with pytest.raises(ChannelNotFound):
        await fetched(cast.gil, urls[0])


def element(kind: str, **more: Any) -> list[dict[str, Any]]:
    block = {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "?"}}
    return [{**block, "element": {"type": kind, "action_id": "a", **more}}]


OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("x", "y", "z")]


@pytest.mark.parametrize(
    ("blocks", "raw", "value"),
    [
        (element("plain_text_input"), "안녕", {"value": "안녕"}),
        (element("plain_text_input"), "", {"value": None}),
        (element("datepicker"), "2026-11-23", {"selected_date": "2026-11-23"}),
        (element("timepicker"), "09:30", {"selected_time": "09:30"}),
        (element("datetimepicker"), 1763866800, {"selected_date_time": 1763866800}),
        (element("static_select", options=OPTIONS), "y", {"selected_option": OPTIONS[1]}),
        (element("static_select", option_groups=[{"options": OPTIONS}]), "z", {"selected_option": OPTIONS[2]}),
        (element("radio_buttons", options=OPTIONS), None, {"selected_option": None}),
        (element("checkboxes", options=OPTIONS), ["x", "z"], {"selected_options": [OPTIONS[0], OPTIONS[2]]}),
        (element("multi_static_select", options=OPTIONS), [], {"selected_options": []}),
        (element("users_select"), "U0ABC", {"selected_user": "U0ABC"}),
        (element("multi_users_select"), ["U0ABC"], {"selected_users": ["U0ABC"]}),
        (element("conversations_select"), "D0ABC", {"selected_conversation": "D0ABC"}),
        (element("multi_channels_select"), ["C0ABC"], {"selected_channels": ["C0ABC"]}),
        (element("file_input"), ["F0ABC"], {"files": [{"id": "F0ABC"}]}),
    ],
)
def test_state_is_told_in_the_words_of_each_element(blocks: Any, raw: Any, value: Any) -> None:
    kind = blocks[0]["element"]["type"]
    assert elements.values(blocks, {"b": {"a": raw}}) == {"b": {"a": {"type": kind, **value}}}


@pytest.mark.parametrize(
    ("blocks", "raw"),
    [
        (element("datepicker"), "23.11.2026"),
        (element("timepicker"), "25:00"),
        (element("users_select"), "<script>"),
        (element("checkboxes", options=OPTIONS), ["q"]),
        (element("multi_users_select", max_selected_items=1), ["U0A", "U0B"]),
        (element("plain_text_input", max_length=3), "four"),
        (element("datetimepicker"), "soon"),
        (element("external_select"), "a bare value"),
    ],
)
def test_what_an_element_does_not_hold_is_refused_by_its_block(blocks: Any, raw: Any) -> None:
    with pytest.raises(Invalid) as wrong:
        elements.values(blocks, {"b": {"a": raw}})
    assert wrong.value.field == "b"


def test_the_buttons_below_a_bots_answer_are_told_by_what_was_pressed() -> None:
    thumbs = {"type": "feedback_buttons", "action_id": "fb", "positive_button": {"text": {}, "value": "good"},
              "negative_button": {"text": {}, "value": "bad"}}  # fmt: skip
    waste = {"type": "icon_button", "icon": "trash", "text": {"type": "plain_text", "text": "Delete"}, "value": "x"}
    blocks = elements.placed([{"type": "context_actions", "elements": [thumbs, waste]}])
    found = elements.find(blocks, "b0", "fb")
    assert found is not None
    assert elements.chosen(found[1], "bad") == {"text": {}, "value": "bad"}
    with pytest.raises(Invalid):
        elements.chosen(found[1], "so so")
    deleted = elements.find(blocks, "b0", "b0.1")
    assert deleted is not None
    assert elements.chosen(deleted[1], None) == {"text": {"type": "plain_text", "text": "Delete"}, "value": "x"}
    assert elements.values(blocks, {}) == {}


def test_what_stands_there_from_the_start_counts_until_it_is_changed() -> None:
    blocks = element("plain_text_input", initial_value="Mugs")
    assert elements.values(blocks, {}) == {"b": {"a": {"type": "plain_text_input", "value": "Mugs"}}}
    assert elements.values(blocks, {"b": {"a": ""}}) == {"b": {"a": {"type": "plain_text_input", "value": None}}}
