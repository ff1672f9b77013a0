"""Slack's own clients, unmodified, as apps: manifests, OAuth with Bolt's installer, incoming webhooks."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from slack_bolt import App as BoltApp
from slack_bolt import BoltRequest
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web import SlackResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from dure import main
from dure.channels.routes import apps as app_routes
from dure.channels.slack.door import slack_router
from dure.channels.slack.incoming import incoming_router
from dure.channels.slack.install import install_router
from dure.governance.http import COOKIE
from dure.governance.model import Principal
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.routing import include
from tests.channels.room import Room, open_room, own_state
from tests.channels.test_apps import MANIFEST
from tests.wire.server import serving

pytestmark = pytest.mark.anyio

ENDED = ("invalid_auth", "token_revoked", "account_inactive")
_GUIDE = (Path(__file__).resolve().parents[2] / "docs/how-to/make-an-app.md").read_text(encoding="utf-8")
_BACK = "https://desk.example/slack/oauth_redirect"


@dataclass(frozen=True)
class Door:
    room: Room
    base: str

    def client(self, token: str = "") -> WebClient:
        return WebClient(token, base_url=f"{self.base}/slack/api/")

    async def call(self, method: Callable[..., SlackResponse], **arguments: Any) -> Any:
        """The client blocks, and the server answers in this loop."""
        return (await asyncio.to_thread(method, **arguments)).data

    async def refused(self, method: Callable[..., SlackResponse], **arguments: Any) -> Any:
        with pytest.raises(SlackApiError) as raised:
            await self.call(method, **arguments)
        return raised.value.response

    async def session(self, who: Principal) -> str:
        governance = self.room.cast.governance
        return await governance.follow_link(await governance.sign_in_link(self.room.cast.mina, who.user))

    def browser(self, session: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.base, cookies={COOKIE: session, "lang": "en"})

    async def channel(self, name: str = "deals") -> str:
        return (await self.room.channels.create(self.room.cast.mina, name)).id

    async def last(self, channel: str) -> Any:
        found, _ = await self.room.channels.history(self.room.cast.mina, channel, limit=1)
        return found[0]


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(gather(main.PACKAGE))


@pytest.fixture(scope="module")
async def state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    async with own_state(postgres_url, template) as state:
        yield state


@pytest.fixture
async def door(state: State, assets: Assets) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    app.state.governance = room.cast.governance
    front.install(app)
    services = room.services()
    include(app, slack_router(services))
    include(app, app_routes.router(room.apps, room.channels))
    include(app, incoming_router(room.apps))
    include(app, install_router(room.apps, room.channels, assets))
    async with serving(app) as base:
        yield Door(room, base)


def fields(page: str) -> dict[str, str]:
    """What a form would send."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def answer_of(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 303, response.text
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


async def allow(door: Door, url: str, **more: str) -> dict[str, str]:
    """Mina opens an address, reads and presses Allow; what the app is told."""
    async with door.browser(await door.session(door.room.cast.mina)) as http:
        page = await http.get(url)
        assert page.status_code == 200, page.text
        answered = await http.post("/slack/oauth/v2/authorize", data={**fields(page.text), "decision": "allow", **more})
    return answer_of(answered)


async def code_for(door: Door, client_id: str, scope: str = "chat:write", **more: str) -> str:
    asked = urlencode({"client_id": client_id, "scope": scope, **{k: v for k, v in more.items() if k != "channel"}})
    chosen = {"channel": more["channel"]} if "channel" in more else {}
    return (await allow(door, f"/slack/oauth/v2/authorize?{asked}", **chosen))["code"]


# -- apps.manifest.* ------------------------------------------------------------------------------------------------


async def test_an_app_lives_from_its_manifest(door: Door) -> None:
    mina = door.client(door.room.cast.token)
    await door.call(mina.apps_manifest_validate, manifest=MANIFEST)
    made = await door.call(mina.apps_manifest_create, manifest=MANIFEST)
    assert set(made["credentials"]) == {"client_id", "client_secret", "verification_token", "signing_secret"}
    assert "scope=chat%3Awrite%2Ccommands%2Cchannels%3Aread" in made["oauth_authorize_url"]
    app = made["app_id"]
    assert (await door.call(mina.apps_manifest_export, app_id=app))["manifest"] == MANIFEST
    renamed = {**MANIFEST, "display_information": {"name": "Desk"}}
    assert (await door.call(mina.apps_manifest_update, app_id=app, manifest=renamed))["permissions_updated"] is False
    exported = await AsyncWebClient(door.room.cast.token, base_url=f"{door.base}/slack/api/").apps_manifest_export(
        app_id=app
    )
    assert exported["manifest"]["display_information"] == {"name": "Desk"}
    await door.call(mina.apps_manifest_delete, app_id=app)
    assert (await door.refused(mina.apps_manifest_export, app_id=app))["error"] == "invalid_app_id"


async def test_a_wrong_manifest_is_answered_with_places(door: Door) -> None:
    mina = door.client(door.room.cast.token)
    wrong = {**MANIFEST, "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}}
    for method in (mina.apps_manifest_validate, mina.apps_manifest_create):
        refused = await door.refused(method, manifest=wrong)
        assert refused["error"] == "invalid_manifest"
        assert {
            "message": "Event Subscription requires either Request URL or Socket Mode Enabled",
            "pointer": "/settings/event_subscriptions",
        } in refused["errors"]
    assert (await door.refused(mina.apps_manifest_create, manifest="{"))["errors"][0]["pointer"] == "/"
    bot = door.client(door.room.cast.bot_token)
    assert (await door.refused(bot.apps_manifest_create, manifest=MANIFEST))["error"] == "not_allowed_token_type"
    joon = await door.room.cast.governance.create_token(door.room.cast.mina, "user", door.room.cast.joon.user, ["*"])
    assert (await door.refused(door.client(joon).apps_manifest_create, manifest=MANIFEST))["error"] == "no_permission"


async def test_a_token_for_nothing_but_configuring_makes_apps_and_no_more(door: Door) -> None:
    cast = door.room.cast
    token = await cast.governance.create_token(cast.mina, "user", cast.mina.user, ["app_configurations:write"])
    made = await door.call(door.client(token).apps_manifest_create, manifest=MANIFEST)
    assert made["app_id"].startswith("A0")
    refused = await door.refused(door.client(token).chat_postMessage, channel="C0", text="x")
    assert (refused["error"], refused["needed"], refused["provided"]) == (
        "missing_scope", "chat:write", "app_configurations:write",
    )  # fmt: skip


# -- OAuth ----------------------------------------------------------------------------------------------------------


async def test_bolts_own_installer_lets_an_app_in(door: Door, tmp_path: Path) -> None:
    app, secrets = await door.room.apps.create(door.room.cast.mina, MANIFEST)
    bolt = BoltApp(
        signing_secret=secrets.signing_secret,
        client=door.client(),
        oauth_settings=OAuthSettings(
            client_id=secrets.client_id,
            client_secret=secrets.client_secret,
            scopes=["chat:write", "channels:read", "incoming-webhook"],
            user_scopes=["search:read"],
            redirect_uri=_BACK,
            authorization_url=f"{door.base}/slack/oauth/v2/authorize",
            installation_store=FileInstallationStore(base_dir=str(tmp_path), client_id=secrets.client_id),
            state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(tmp_path)),
            install_page_rendering_enabled=False,
        ),
    )
    flow = bolt.oauth_flow
    assert flow is not None
    begun = flow.handle_installation(BoltRequest(body="", mode="http"))
    where, cookie = begun.headers["location"][0], begun.headers["set-cookie"][0].split(";")[0]

    channel = await door.channel()
    told = await allow(door, where, channel=channel)
    callback = BoltRequest(body="", query=urlencode(told), headers={"cookie": [cookie]}, mode="http")
    ended = await asyncio.to_thread(flow.handle_callback, callback)
    assert ended.status == 200, ended.body

    workspace = await door.room.cast.governance.workspace(door.room.cast.tenant)
    store = flow.settings.installation_store
    found = store.find_installation(enterprise_id=workspace.org, team_id=workspace.id)
    assert found is not None
    assert (found.app_id, found.user_id, found.is_enterprise_install) == (app.id, door.room.cast.mina.user, False)
    assert found.bot_token is not None
    assert found.user_token is not None
    me = await asyncio.to_thread(door.client(found.bot_token).auth_test)
    assert (me["bot_id"], me["user_id"], me["app_id"]) == (found.bot_id, found.bot_user_id, app.id)
    assert me["enterprise_id"] == found.enterprise_id  # Bolt looks installations up by what events say of both
    assert me.headers["x-oauth-scopes"] == "channels:read,chat:write,incoming-webhook"
    bot = await door.call(door.client(door.room.cast.token).bots_info, bot=me["bot_id"])
    assert (bot["bot"]["name"], bot["bot"]["app_id"]) == ("dealdesk", app.id)
    user = await door.call(door.client(found.user_token).auth_test)
    assert user["user_id"] == door.room.cast.mina.user

    assert found.incoming_webhook_channel == "#deals"
    said = await asyncio.to_thread(WebhookClient(str(found.incoming_webhook_url)).send, text="Let in")
    assert (said.status_code, said.body) == (200, "ok")
    assert (await door.last(channel)).text == "Let in"

    again = await asyncio.to_thread(
        flow.handle_callback, BoltRequest(body="", query=urlencode(told), headers={"cookie": [cookie]}, mode="http")
    )
    assert again.status == 401  # the state was used, and so was the code


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # Slack's asynchronous client uses it
async def test_a_code_works_once_for_its_app_within_ten_minutes(door: Door) -> None:
    apps, mina = door.room.apps, door.room.cast.mina
    app, secrets = await apps.create(mina, MANIFEST)
    _, others = await apps.create(mina, MANIFEST)
    client, pair = door.client(), {"client_id": secrets.client_id, "client_secret": secrets.client_secret}

    async def error(**arguments: str) -> str:
        return str((await door.refused(client.oauth_v2_access, **{**pair, **arguments}))["error"])

    code = await code_for(door, app.client_id)
    assert await error(code=code, client_id="1.2") == "invalid_client_id"
    assert await error(code=code, client_secret="no") == "bad_client_secret"
    assert await error(code=code, redirect_uri=_BACK) == "bad_redirect_uri"
    assert await error(code=code, client_id=others.client_id, client_secret=others.client_secret) == "invalid_code"
    assert await error(code=code, grant_type="password") == "invalid_grant_type"
    assert await error(grant_type="refresh_token", refresh_token="xoxe-1-x") == "invalid_refresh_token"
    with pytest.raises(SlackApiError) as raised:
        await AsyncWebClient(base_url=f"{door.base}/slack/api/").oauth_v2_access(code="1.x", **pair)
    assert raised.value.response["error"] == "invalid_code"
    granted = await door.call(client.oauth_v2_access, code=code, **pair)
    assert set(granted) == {
        "ok", "app_id", "authed_user", "scope", "token_type", "access_token", "bot_user_id", "team", "enterprise",
        "is_enterprise_install",
    }  # fmt: skip
    assert (granted["token_type"], granted["scope"], granted["authed_user"]) == ("bot", "chat:write", {"id": mina.user})
    assert granted["team"] == {"id": mina.tenant.workspace, "name": "sorimaru"}
    assert await error(code=code) == "invalid_code"
    late = await code_for(door, app.client_id)
    door.room.clock.advance(timedelta(minutes=10, seconds=1))
    assert await error(code=late) == "invalid_code"

    code = await code_for(door, app.client_id, "", user_scope="search:read", redirect_uri=_BACK)
    form = {**pair, "code": code, "redirect_uri": _BACK}
    async with httpx.AsyncClient(base_url=f"{door.base}/slack/api/") as http:  # id and secret as arguments
        alone = (await http.post("oauth.v2.access", data=form)).json()
    assert alone["ok"]
    assert "access_token" not in alone
    assert (alone["authed_user"]["token_type"], alone["authed_user"]["scope"]) == ("user", "search:read")
    assert (await door.call(door.client(alone["authed_user"]["access_token"]).auth_test))["user_id"] == mina.user


async def test_nothing_is_let_in_without_this_sessions_own_page(door: Door) -> None:
    cast = door.room.cast
    app, _ = await door.room.apps.create(cast.mina, MANIFEST)
    asked = {"client_id": app.client_id, "scope": "chat:write", "state": 's"><script>1</script>'}
    where = "/slack/oauth/v2/authorize"
    async with door.browser(await door.session(cast.mina)) as http:
        page = await http.get(where, params=asked)
        assert "<script>" not in page.text
        assert "form-action 'self' https://desk.example;" in page.headers["content-security-policy"]
        form = {**fields(page.text), "decision": "allow"}
        for wrong in ({**form, "mark": ""}, {**form, "scope": "chat:write,users:read"}, {**form, "state": "other"}):
            assert (await http.post(where, data=wrong)).status_code == 403
        denied = answer_of(await http.post(where, data={**form, "decision": "deny"}))
        assert denied == {"error": "access_denied", "state": asked["state"]}
        for bad, why in (
            ({"client_id": "1.1"}, "invalid_client_id"), ({"client_id": "1\0"}, "invalid_client_id"),
            ({"scope": "people:erase"}, "invalid_scope"),
            ({"scope": ""}, "no_scopes"), ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        ):  # fmt: skip
            refused = await http.get(where, params={**asked, **bad})
            assert (refused.status_code, why in refused.text) == (400, True)
    async with door.browser(await door.session(cast.joon)) as http:
        assert (await http.post(where, data=form)).status_code == 403  # another's page
        page = await http.get(where, params=asked)
        assert (page.status_code, "administrator" in page.text) == (400, True)
        page = await http.get(where, params={"client_id": app.client_id, "user_scope": "search:read"})
        assert "Allow" in page.text  # for oneself any member may speak
    async with httpx.AsyncClient(base_url=door.base) as http:
        assert (await http.post(where, data=form)).status_code == 401
        assert "web/signin.js" in (await http.get(where, params=asked)).text


async def test_an_app_of_another_organisation_is_not_let_in(door: Door) -> None:
    cast = door.room.cast
    app, _ = await door.room.apps.create(cast.mina, MANIFEST)
    link = await cast.governance.sign_in_link(cast.rina, cast.rina.user)
    async with door.browser(await cast.governance.follow_link(link)) as http:
        page = await http.get("/slack/oauth/v2/authorize", params={"client_id": app.client_id, "scope": "chat:write"})
    assert "invalid_team_for_non_distributed_app" in page.text


async def test_slacks_scopes_open_slacks_door_and_not_our_own(door: Door) -> None:
    apps, mina = door.room.apps, door.room.cast.mina
    app, _ = await apps.create(mina, MANIFEST)
    token = await apps.install(mina, app.id)
    channel = await door.channel()
    refused = await door.refused(door.client(token).conversations_history, channel=channel)
    assert (refused["error"], "channels:history" in refused["needed"]) == ("missing_scope", True)
    async with httpx.AsyncClient(base_url=door.base, headers={"authorization": f"Bearer {token}"}) as http:
        assert (await http.get("/api/v1/apps")).status_code == 403
    whole = {"authorization": f"Bearer {door.room.cast.bot_token}"}
    async with httpx.AsyncClient(base_url=door.base, headers=whole) as http:
        assert (await http.get("/api/v1/apps")).status_code == 200


async def test_a_token_gives_itself_back_and_an_app_takes_itself_out(door: Door) -> None:
    apps, mina = door.room.apps, door.room.cast.mina
    app, secrets = await apps.create(mina, MANIFEST)
    token, other = await apps.install(mina, app.id), await apps.create_token(mina, app.id, "bot")
    bot = door.client(token)
    assert (await door.call(bot.auth_revoke, test=True))["revoked"] is False
    person = await door.room.cast.governance.create_token(mina, "user", mina.user, ["*"])
    await door.call(door.client(person).auth_revoke)
    assert (await door.refused(door.client(person).auth_test))["error"] in ENDED
    teams = (await door.call(bot.auth_teams_list))["teams"]
    assert teams == [{"id": mina.tenant.workspace, "name": "sorimaru"}]
    assert (await door.call(bot.auth_revoke))["revoked"] is True
    assert (await door.refused(bot.auth_test))["error"] in ENDED
    pair = {"client_id": secrets.client_id, "client_secret": secrets.client_secret}
    dure = door.client(door.room.cast.bot_token)
    assert (await door.refused(dure.apps_uninstall, **pair))["error"] == "client_id_token_mismatch"
    wrong = await door.refused(door.client(other).apps_uninstall, **{**pair, "client_secret": "x"})
    assert wrong["error"] == "bad_client_secret"
    await door.call(door.client(other).apps_uninstall, **pair)
    assert (await door.refused(door.client(other).auth_test))["error"] in ENDED


# -- incoming webhooks ----------------------------------------------------------------------------------------------


async def webhook(door: Door) -> tuple[str, str]:
    """A channel and the address that posts to it."""
    channel = await door.channel()
    [dure] = await door.room.apps.known(door.room.cast.mina)
    headers = {"authorization": f"Bearer {door.room.cast.token}"}
    async with httpx.AsyncClient(base_url=door.base, headers=headers) as http:
        made = (await http.post(f"/api/v1/apps/{dure.id}/webhooks", json={"channel": channel})).json()
        listed = (await http.get(f"/api/v1/apps/{dure.id}")).text
    assert made["url"].rpartition("/")[2] not in listed
    return channel, made["url"]


async def test_both_webhook_clients_say_things(door: Door) -> None:
    channel, url = await webhook(door)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Won*"}}]
    said = await asyncio.to_thread(WebhookClient(url).send, text="하나", blocks=blocks, unfurl_links=False)
    assert (said.status_code, said.body, said.headers["content-type"]) == (200, "ok", "text/plain; charset=utf-8")
    first = await door.last(channel)
    kept = [{name: part for name, part in block.items() if name != "block_id"} for block in first.blocks or ()]
    assert (first.text, kept, first.subtype) == ("하나", blocks, "bot_message")
    said = await AsyncWebhookClient(url).send(text="둘", attachments=[{"text": "more"}])
    assert (said.status_code, said.body) == (200, "ok")
    assert (await door.last(channel)).attachments == [{"text": "more", "id": 1}]
    reply = {"text": "in a thread", "thread_ts": f"{first.ts // 10**6}.{first.ts % 10**6:06}"}
    said = await asyncio.to_thread(WebhookClient(url).send_dict, {**reply, "channel": "#other", "username": "Boss"})
    assert said.body == "ok"
    _, [answer], _ = await door.room.channels.replies(door.room.cast.mina, channel, first.ts)
    assert (answer.text, answer.username) == ("in a thread", "")
    async with httpx.AsyncClient() as http:
        form = await http.post(url, data={"payload": json.dumps({"text": "by form"})})
    assert (form.status_code, form.text) == (200, "ok")


async def test_a_webhook_says_in_slacks_words_what_is_wrong(door: Door) -> None:
    channel, url = await webhook(door)
    root, team, hook, secret = *url.rsplit("/", 3)[:1], *url.rsplit("/", 3)[1:]
    async with httpx.AsyncClient() as http:

        async def word(body: object, to: str = url) -> tuple[int, str]:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            said = await http.post(to, content=content, headers={"content-type": "application/json"})
            assert said.headers["content-type"].startswith("text/plain")
            return said.status_code, said.text

        assert await word({}) == (400, "no_text")
        assert await word({"text": "  "}) == (400, "no_text")
        assert await word({"text": ["x"]}) == (400, "invalid_payload")
        deep = b'{"text":"x","metadata":' + b'{"a":' * 900 + b"1" + b"}" * 901
        for junk in (b"", b"hello", b"{", b"[1]", b"payload=1", b"\xff\xfe", b"[" * 90_000, b'{"a":' * 90_000):
            assert await word(junk) == (400, "invalid_payload")
        assert await word(deep) == (400, "msg_blocks_too_long")
        assert await word({"text": "x", "blocks": "no"}) == (400, "invalid_blocks")
        assert await word({"text": "x", "attachments": [1]}) == (400, "invalid_attachments")
        assert await word({"text": "x", "attachments": [{}] * 101}) == (400, "too_many_attachments")
        assert await word({"text": "x", "thread_ts": "soon"}) == (400, "invalid_thread_ts")
        assert await word({"text": "x" * 40_001}) == (400, "msg_too_long")
        assert await word(b"{" + b" " * 1_100_000 + b"}") == (413, "request_too_large")
        assert await word({"text": "x"}, f"{root}/T0NOWHERE/{hook}/{secret}") == (404, "no_team")
        assert await word({"text": "x"}, f"{root}/{team}/B0NOWHERE/{secret}") == (404, "no_service")
        assert await word({"text": "x"}, f"{root}/{team}%00/{hook}/{secret}") == (404, "no_team")
        assert await word({"text": "x"}, f"{root}/{team}/{hook}%00x/{secret}") == (404, "no_service")
        assert await word({"text": "x"}, f"{root}/{team}/{hook}/wrong") == (403, "invalid_token")
        assert (await http.get(url)).status_code == 400
        await door.room.channels.archive(door.room.cast.mina, channel)
        assert await word({"text": "x"}) == (410, "channel_is_archived")
    found, _ = await door.room.channels.history(door.room.cast.mina, channel)
    assert all(one.subtype != "bot_message" for one in found)  # nothing of it was said


# -- the guide ------------------------------------------------------------------------------------------------------


async def test_the_app_of_the_guide_is_one(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its manifest is taken, and its program answers a mention and a command when these are put into Bolt's hands."""
    manifest = re.search(r"^```yaml\n(.*?)^```", _GUIDE, re.MULTILINE | re.DOTALL)
    program = next(code for code in re.findall(r"^```python\n(.*?)^```", _GUIDE, re.M | re.S) if "@app.event" in code)
    assert manifest is not None
    mina = door.client(door.room.cast.token)
    app = (await door.call(mina.apps_manifest_create, manifest=manifest[1]))["app_id"]
    monkeypatch.setenv("BOT_TOKEN", await door.room.apps.install(door.room.cast.mina, app))
    monkeypatch.setenv("DURE_URL", door.base)
    made: dict[str, Any] = {"__name__": "desk"}
    await asyncio.to_thread(exec, compile(program, "desk.py", "exec"), made)

    channel = await door.channel()
    asked = await door.room.say(door.room.cast.mina, channel, "@dealdesk how is it?")
    ts = f"{asked.ts // 10**6}.{asked.ts % 10**6:06}"
    common = {"team_id": door.room.cast.tenant.workspace, "api_app_id": app, "token": "x"}
    event = {"type": "app_mention", "user": door.room.cast.mina.user, "channel": channel, "ts": ts, "event_ts": ts}
    told = {**common, "type": "event_callback", "event_id": "Ev0", "event": {**event, "text": "?"}}
    heard = await asyncio.to_thread(made["app"].dispatch, BoltRequest(body=told, mode="socket_mode"))
    assert heard.status == 200
    command = {**common, "command": "/deal", "text": "Hanbit", "user_id": door.room.cast.mina.user,
               "channel_id": channel, "trigger_id": "1.2.x", "response_url": door.base}  # fmt: skip
    answered = await asyncio.to_thread(made["app"].dispatch, BoltRequest(body=command, mode="socket_mode"))
    assert "Looking for Hanbit…" in answered.body

    # Bolt runs its listeners on threads of its own.
    await asyncio.to_thread(made["app"].listener_runner.listener_executor.shutdown)
    _, [reply], _ = await door.room.channels.replies(door.room.cast.mina, channel, asked.ts)
    assert reply.text == f"<@{door.room.cast.mina.user}> I am on it."
