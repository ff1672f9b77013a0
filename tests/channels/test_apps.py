"""Apps as they are made, installed, given tokens and webhooks, and taken away again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from dure.channels.apps import events, store
from dure.channels.apps.api import App, Apps, InvalidManifest
from dure.channels.apps.consents import fits
from dure.channels.apps.manifest import read_manifest
from dure.channels.apps.refusals import InvalidAppId
from dure.channels.apps.scopes import in_words
from dure.channels.apps.telling import TELLERS
from dure.channels.apps.webhooks import InvalidToken, NoService, NoTeam
from dure.channels.model import Draft
from dure.channels.plugs import Telling
from dure.channels.refusals import ChannelNotFound, IsArchived
from dure.governance.api import Principal
from dure.governance.events import TOKEN_REVOKED
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from dure.state import State
from tests.channels.room import Room, open_room, own_state

pytestmark = pytest.mark.anyio

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Deal Desk", "description": "Watches deals"},
    "features": {
        "bot_user": {"display_name": "dealdesk"},
        "slash_commands": [{"command": "/deal", "description": "Shows a deal", "usage_hint": "[name]"}],
        "shortcuts": [{"type": "global", "name": "New deal", "callback_id": "new_deal", "description": "Opens a form"}],
    },
    "oauth_config": {
        "redirect_urls": ["https://desk.example/slack/oauth_redirect"],
        "scopes": {"bot": ["chat:write", "commands", "channels:read"]},
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}, "socket_mode_enabled": True},
}


@pytest.fixture(scope="module")
async def state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    async with own_state(postgres_url, template) as state:
        yield state


@pytest.fixture
async def room(state: State) -> Room:
    return await open_room(state)


def changed(**parts: Any) -> dict[str, Any]:
    return {**MANIFEST, **parts}


async def made(room: Room, manifest: dict[str, Any] = MANIFEST) -> App:
    return (await room.apps.create(room.cast.mina, manifest))[0]


async def installed(room: Room) -> tuple[Apps, App, Principal, str]:
    """Apps, the app, its bot as a principal, and its token."""
    app = await made(room)
    token = await room.apps.install(room.cast.mina, app.id)
    return room.apps, app, await room.cast.governance.principal(token), token


# -- manifests ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manifest", "wrong"),
    [
        ({}, {"/display_information"}),
        ({"display_information": {"name": "x" * 36}}, {"/display_information/name"}),
        (changed(nonsense=1), {"/nonsense"}),
        (changed(features={"slash_commands": [{"command": "deal", "description": "d"}]}),
         {"/features/slash_commands/0/command"}),
        (changed(settings={"event_subscriptions": {"bot_events": ["app_mention"]}, "socket_mode_enabled": False}),
         {"/settings/event_subscriptions", "/features/slash_commands/0"}),
        (changed(settings={"event_subscriptions": {"bot_events": ["message.im", "no"]}, "socket_mode_enabled": True}),
         {"/settings/event_subscriptions/bot_events/1"}),
        (changed(settings={"interactivity": {"is_enabled": True}}),
         {"/settings/interactivity", "/features/slash_commands/0"}),
        (changed(oauth_config={"scopes": {"bot": ["chat:write", "people:erase"], "user": ["*"]}}),
         {"/oauth_config/scopes/bot/1", "/oauth_config/scopes/user/0"}),
        (changed(features={"slash_commands": [{"command": "/a", "description": "d"}] * 2}),
         {"/features/slash_commands/0/command", "/features/slash_commands/1/command"}),
        ([], {"/"}),
    ],
)  # fmt: skip
def test_a_manifest_says_where_it_is_wrong(manifest: object, wrong: set[str]) -> None:
    with pytest.raises(InvalidManifest) as refused:
        read_manifest(manifest)
    assert {problem.pointer for problem in refused.value.problems} == wrong
    assert all(problem.message and problem.korean for problem in refused.value.problems)


def test_a_manifest_may_be_written_as_json_or_yaml_and_says_the_line() -> None:
    text = "display_information:\n  name: Deal Desk\nsettings:\n  socket_mode_enabled: maybe\n"
    with pytest.raises(InvalidManifest) as refused:
        read_manifest(text)
    [problem] = refused.value.problems
    assert (problem.pointer, problem.line) == ("/settings/socket_mode_enabled", 4)
    assert read_manifest(text.replace("maybe", "true"))["settings"] == {"socket_mode_enabled": True}
    with pytest.raises(InvalidManifest) as refused:
        read_manifest('{"display_information": {"name": "x"},\n "extra": 1}')
    assert [(one.pointer, one.line) for one in refused.value.problems] == [("/extra", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "a: &x [1]\nb: *x\n",
        "[" * 100_000,
        "[" * 900 + "]" * 900,
        "a: 2026-13-45",
        "- \x00",
        "x" * 300_000,
        "!!python/object/apply:os.system ['true']",
    ],
)
def test_a_hostile_manifest_is_only_invalid(text: str) -> None:
    with pytest.raises(InvalidManifest):
        read_manifest(text)


def test_scopes_have_words_in_both_languages() -> None:
    assert in_words("chat:write", "ko") == "메시지 보내기"
    assert in_words("channels:history", "en") == "Read messages in public channels"
    assert in_words("admin.teams:write", "en") == "admin.teams:write"


# -- made and changed -----------------------------------------------------------------------------------------------


async def test_only_who_governs_makes_an_app_and_its_secrets_are_not_kept_readable(room: Room) -> None:
    for nobody in (room.cast.joon, room.cast.gil):
        with pytest.raises(NotAllowed):
            await room.apps.create(nobody, MANIFEST)
    app, secrets = await room.apps.create(room.cast.mina, MANIFEST)
    assert await room.apps.proven(app.client_id, secrets.client_secret) == app
    async with room.state.begin_system() as tx:
        assert secrets.client_secret not in str(await tx.rows("select * from channels.app"))
    [event] = await room.told(room.cast.tenant.workspace)
    assert (event.event, event.object, event.actor) == (events.CREATED, app.id, room.cast.mina.user)


async def test_two_apps_may_have_one_name(room: Room) -> None:
    first, second = await made(room), await made(room)
    assert first.id != second.id
    assert [known.name for known in await room.apps.known(room.cast.mina)] == ["Deal Desk", "Deal Desk", "dure"]


async def test_a_new_manifest_counts_at_once_but_for_scopes_which_are_given_by_installing_again(room: Room) -> None:
    apps, app, bot, whole = await installed(room)
    more = changed(
        features={"bot_user": {"display_name": "desk2"}},
        oauth_config={"scopes": {"bot": ["chat:write", "commands", "channels:read", "pins:write"]}},
    )
    _, wants_more = await apps.update(room.cast.mina, app.id, more)
    assert wants_more
    known = await apps.show(room.cast.mina, app.id)
    assert known.wants == {"pins:write"}
    assert known.installation is not None
    assert known.installation.commands == ()
    assert (await room.cast.governance.user(room.cast.tenant, bot.user)).name == "desk2"

    part = await apps.create_token(room.cast.mina, app.id, "bot", ["chat:write"])
    await apps.install(room.cast.mina, app.id)
    assert "pins:write" in (await room.cast.governance.principal(whole)).scopes
    assert (await room.cast.governance.principal(part)).scopes == {"chat:write"}
    assert (await apps.show(room.cast.mina, app.id)).wants == set()


async def test_a_new_secret_ends_the_one_before(room: Room) -> None:
    app, secrets = await room.apps.create(room.cast.mina, MANIFEST)
    fresh = await room.apps.rotate(room.cast.mina, app.id, "client_secret")
    with pytest.raises(Invalid):
        await room.apps.proven(app.client_id, secrets.client_secret)
    assert (await room.apps.proven(app.client_id, fresh)).id == app.id
    signing = await room.apps.rotate(room.cast.mina, app.id, "signing_secret")
    await room.apps.install(room.cast.mina, app.id)
    async with room.state.begin(room.cast.tenant) as tx:
        known = {one.app: one for one in await store.installations(tx, room.cast.governance, room.cast.tenant)}
    assert known[app.id].signing_secret == signing != secrets.signing_secret


async def test_another_organisation_neither_sees_nor_touches_an_app(room: Room) -> None:
    apps, app, _, _ = await installed(room)
    rina = room.cast.rina
    assert [known.name for known in await apps.known(rina)] == ["dure"]
    for attempt in (
        apps.show(rina, app.id), apps.update(rina, app.id, MANIFEST), apps.delete(rina, app.id),
        apps.install(rina, app.id), apps.uninstall(rina, app.id), apps.rotate(rina, app.id, "signing_secret"),
        apps.create_token(rina, app.id, "bot"), apps.create_webhook(rina, app.id, "C0X"),
    ):  # fmt: skip
        with pytest.raises(InvalidAppId):
            await attempt


# -- installed ------------------------------------------------------------------------------------------------------


async def test_an_installed_app_speaks_as_its_bot_within_its_scopes(room: Room) -> None:
    apps, app, bot, _ = await installed(room)
    assert (bot.kind, bot.app, bot.scopes) == ("bot", app.id, {"chat:write", "commands", "channels:read"})
    channel = (await room.channels.create(room.cast.mina, "deals")).id
    said = await room.say(bot, channel, "Hello")
    assert (said.user, said.app) == (bot.user, app.id)
    names = {user.id: user.name for user in await room.channels.people_of(room.cast.joon)}
    assert names[bot.user] == "dealdesk"
    [seat] = [known for known in await apps.known(room.cast.joon) if known.id == app.id]
    assert seat.installation is not None
    assert [one.command for one in seat.installation.commands] == ["/deal"]
    with pytest.raises(NotAllowed):
        await apps.known(room.cast.gil)


async def test_commands_and_sockets_alone_let_nobody_write(room: Room) -> None:
    apps, app, _, _ = await installed(room)
    channel = (await room.channels.create(room.cast.mina, "deals")).id
    for kind, scopes in (("bot", ["commands"]), ("app", ["connections:write"])):
        token = await apps.create_token(room.cast.mina, app.id, kind, scopes)
        with pytest.raises(NotAllowed):
            await room.say(await room.cast.governance.principal(token), channel, "Hello")


async def test_a_token_has_no_more_than_the_app_was_given(room: Room) -> None:
    apps, app, _, _ = await installed(room)
    with pytest.raises(Invalid) as refused:
        await apps.create_token(room.cast.mina, app.id, "bot", ["pins:write"])
    assert refused.value.field == "scopes"
    with pytest.raises(Invalid):
        await apps.create_token(room.cast.mina, app.id, "app", ["chat:write"])
    with pytest.raises(Conflict):
        await apps.create_token(room.cast.mina, (await made(room)).id, "bot")
    room.clock.advance(timedelta(seconds=1))
    socket = await apps.create_token(room.cast.mina, app.id, "app")
    assert socket.startswith("xapp-")
    listed = await apps.tokens(room.cast.mina, app.id)
    assert (listed[0].kind, listed[0].scopes) == ("app", ("connections:write",))
    assert socket not in str(listed)
    await apps.revoke_token(room.cast.mina, app.id, listed[0].id)
    with pytest.raises(NotSignedIn):
        await room.cast.governance.principal(socket)
    with pytest.raises(NotFound):
        await apps.revoke_token(room.cast.mina, app.id, listed[0].id)


async def test_uninstalling_ends_bot_tokens_and_webhooks_and_the_app_is_told(room: Room) -> None:
    apps, app, bot, token = await installed(room)
    channel = (await room.channels.create(room.cast.mina, "deals")).id
    said = await room.say(bot, channel, "I was here")
    hook, secret = await apps.create_webhook(room.cast.mina, app.id, channel)
    socket = await apps.create_token(room.cast.mina, app.id, "app")
    await apps.uninstall(room.cast.mina, app.id)
    with pytest.raises(NotSignedIn):
        await room.cast.governance.principal(token)
    with pytest.raises(NoService):
        await apps.post_by_webhook(hook.workspace, hook.id, secret, Draft("hi"))
    assert (await room.cast.governance.principal(socket)).app == app.id  # it may still hear that it is gone
    assert (await room.channels.message(room.cast.mina, channel, said.ts)).user == bot.user
    assert (await room.cast.governance.user(room.cast.tenant, bot.user)).deleted
    async with room.state.begin(room.cast.tenant) as tx:
        assert app.id not in {one.app for one in await store.installations(tx, room.cast.governance, room.cast.tenant)}
    assert [one.properties["user"] for one in await room.told_by("governance") if one.event == TOKEN_REVOKED] == [
        bot.user
    ]
    event = (await room.told(room.cast.tenant.workspace))[-1]
    async with room.state.begin(room.cast.tenant) as tx:
        tokens, gone = await TELLERS[event.event](Telling(tx, room.cast.governance), event)
    assert (tokens.kind, tokens.body["tokens"], tokens.app) == (
        "tokens_revoked",
        {"oauth": [], "bot": [bot.user]},
        app.id,
    )
    assert (gone.kind, gone.body["type"], gone.app) == ("app_uninstalled", "app_uninstalled", app.id)
    with pytest.raises(Conflict):
        await apps.uninstall(room.cast.mina, app.id)

    back = await room.cast.governance.principal(await apps.install(room.cast.mina, app.id))
    assert back.user == bot.user  # the same colleague comes back


async def test_an_app_is_told_of_a_token_that_was_revoked(room: Room) -> None:
    _, app, bot, token = await installed(room)
    await room.cast.governance.give_back(bot)
    with pytest.raises(NotSignedIn):
        await room.cast.governance.principal(token)
    [event] = [one for one in await room.told_by("governance") if one.event == TOKEN_REVOKED]
    async with room.state.begin(room.cast.tenant) as tx:
        [told] = await TELLERS[TOKEN_REVOKED](Telling(tx, room.cast.governance), event)
    assert (told.app, told.body["tokens"]) == (app.id, {"oauth": [], "bot": [bot.user]})


async def test_a_deleted_app_is_gone_and_its_name_is_free(room: Room) -> None:
    apps, app, _, token = await installed(room)
    socket = await apps.create_token(room.cast.mina, app.id, "app")
    await apps.delete(room.cast.mina, app.id)
    for one in (token, socket):
        with pytest.raises(NotSignedIn):
            await room.cast.governance.principal(one)
    with pytest.raises(InvalidAppId):
        await apps.show(room.cast.mina, app.id)
    assert (await room.told(room.cast.tenant.workspace))[-1].event == events.DELETED
    ended = [one.properties["kind"] for one in await room.told_by("governance") if one.event == TOKEN_REVOKED]
    assert sorted(ended) == ["app", "bot"]  # open sockets are closed by these
    assert (await made(room)).name == "Deal Desk"


async def test_what_the_command_line_made_is_listed_and_may_have_webhooks_but_no_manifest(room: Room) -> None:
    [dure] = await room.apps.known(room.cast.mina)
    assert (dure.name, dure.app) == ("dure", None)
    channel = (await room.channels.create(room.cast.mina, "deals")).id
    hook, secret = await room.apps.create_webhook(room.cast.mina, dure.id, channel)
    said = await room.apps.post_by_webhook(hook.workspace, hook.id, secret, Draft("Backup done"))
    assert (said.app, said.subtype) == (dure.id, "bot_message")
    with pytest.raises(InvalidAppId, match="command line"):
        await room.apps.delete(room.cast.mina, dure.id)


# -- webhooks -------------------------------------------------------------------------------------------------------


async def test_a_webhook_posts_to_its_channel_even_a_private_one_and_nowhere_else(room: Room) -> None:
    apps, app, bot, _ = await installed(room)
    private = (await room.channels.create(room.cast.mina, "board", private=True)).id
    hook, secret = await apps.create_webhook(room.cast.mina, app.id, private)
    said = await apps.post_by_webhook(hook.workspace, hook.id, secret, Draft("Minutes"))
    assert (said.channel, said.user) == (private, bot.user)
    [listed] = await apps.webhooks(room.cast.mina, app.id)
    assert listed.used_at == room.clock.now()
    assert secret not in str(listed)
    for team, id_, wrong in ((hook.workspace, hook.id, "x"), (hook.workspace, "B0", secret), ("T0", hook.id, secret)):
        with pytest.raises((InvalidToken, NoService, NoTeam)):
            await apps.post_by_webhook(team, id_, wrong, Draft("hi"))
    with pytest.raises(NoService):
        await apps.post_by_webhook(room.cast.rina.tenant.workspace, hook.id, secret, Draft("hi"))
    await room.channels.archive(room.cast.mina, private)
    with pytest.raises(IsArchived):
        await apps.post_by_webhook(hook.workspace, hook.id, secret, Draft("hi"))
    await room.channels.unarchive(room.cast.mina, private)
    await apps.revoke_webhook(room.cast.mina, app.id, hook.id)
    with pytest.raises(NoService):
        await apps.post_by_webhook(hook.workspace, hook.id, secret, Draft("hi"))
    with pytest.raises(ChannelNotFound):
        await apps.create_webhook(room.cast.mina, app.id, "C0NOWHERE")


# -- where an answer may go -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "may"),
    [
        ("https://desk.example/oauth", True),
        ("https://desk.example/oauth/two?x=1", True),
        ("https://desk.example/oauthevil", False),
        ("https://desk.example/oauth/../evil", False),
        ("https://desk.example.evil/oauth", False),
        ("https://desk.example@evil.example/oauth", False),
        ("http://desk.example/oauth", False),
        ("https://desk.example:444/oauth", False),
        ("https://desk.example/oauth\r\nset-cookie: x", False),
        ("https://desk.example\\@evil.example/oauth", False),
        ("javascript:alert(1)", False),
        ("//desk.example/oauth", False),
        ("https://[::1/oauth", False),
    ],
)
def test_an_answer_goes_to_a_registered_address_or_one_below_it(uri: str, may: bool) -> None:
    assert fits(uri, "https://desk.example/oauth") is may
