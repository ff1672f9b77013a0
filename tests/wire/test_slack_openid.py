"""Sign in with Slack, Dure being Slack: slack_sdk's own methods, and authlib as an app that checks the id token."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request

from dure import main
from dure.channels.apps.api import App, Credentials
from dure.channels.slack.door import slack_router
from dure.channels.slack.openid_page import openid_router
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

_WHERE = "/slack/openid/connect/authorize"
_BACK = "https://desk.example/slack/oauth_redirect"


@dataclass(frozen=True)
class Door:
    room: Room
    base: str
    app: App
    secrets: Credentials

    @property
    def pair(self) -> dict[str, str]:
        return {"client_id": self.app.client_id, "client_secret": self.secrets.client_secret}

    def sdk(self, token: str = "") -> WebClient:
        return WebClient(token, base_url=f"{self.base}/slack/api/")

    async def token(self, **arguments: Any) -> Any:
        """The client blocks, and the server answers in this loop."""
        given = {**self.pair, "redirect_uri": _BACK, **arguments}
        return (await asyncio.to_thread(self.sdk().openid_connect_token, **given)).data

    async def info(self, token: str) -> Any:
        return (await asyncio.to_thread(self.sdk(token).openid_connect_userInfo)).data

    def asked(self, **more: str) -> dict[str, str]:
        return {
            "response_type": "code", "client_id": self.app.client_id, "scope": "openid email profile",
            "redirect_uri": _BACK, "state": "st", "nonce": "n-1", **more,
        }  # fmt: skip

    async def browser(self, who: Principal, lang: str = "en") -> httpx.AsyncClient:
        governance = self.room.cast.governance
        keeper = who if who == self.room.cast.rina else self.room.cast.mina
        session = await governance.follow_link(await governance.sign_in_link(keeper, who.user))
        return httpx.AsyncClient(base_url=self.base, cookies={COOKIE: session, "lang": lang})

    async def allow(self, url: str, who: Principal, **asked: str) -> dict[str, str]:
        """Somebody opens an address, reads and goes on; what the app is told."""
        async with await self.browser(who) as http:
            page = await http.get(url, params=asked or None)
            assert page.status_code == 200, page.text
            answered = await http.post(_WHERE, data={**fields(page.text), "decision": "allow"})
        assert answered.status_code == 303, answered.text
        return {k: v[0] for k, v in parse_qs(urlsplit(answered.headers["location"]).query).items()}

    async def refused(self, **arguments: Any) -> str:
        with pytest.raises(SlackApiError) as raised:
            await self.token(**arguments)
        return str(raised.value.response["error"])


def fields(page: str) -> dict[str, str]:
    """What a form would send."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(gather(main.PACKAGE))


@pytest.fixture(scope="module")
async def state(postgres_url: str, template: str, anyio_backend: str) -> AsyncIterator[State]:
    async with own_state(postgres_url, template) as state:
        yield state


@pytest.fixture(scope="module")
async def door(state: State, assets: Assets, anyio_backend: str) -> AsyncIterator[Door]:
    room = await open_room(state)
    app = FastAPI()
    app.state.governance = room.cast.governance
    front.install(app)
    services = room.services()
    include(app, slack_router(services))
    include(app, openid_router(services, assets))
    made, secrets = await room.apps.create(room.cast.mina, MANIFEST)
    async with serving(app) as base:
        yield Door(room, base, made, secrets)


def request(session: dict[str, Any], query: str = "") -> Request:
    return Request(
        {"type": "http", "method": "GET", "path": "/back", "query_string": query.encode(), "headers": [],
         "session": session, "server": ("desk.example", 443), "scheme": "https"}
    )  # fmt: skip


def desk(door: Door, **more: Any) -> Any:
    """An app elsewhere that knows nothing of Dure but the address of its discovery document."""
    oauth = OAuth()
    oauth.register(
        "dure", **door.pair, server_metadata_url=f"{door.base}/slack/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", **more},
    )  # fmt: skip
    return oauth.dure


@pytest.mark.parametrize(
    "more", [{}, {"code_challenge_method": "S256"}, {"token_endpoint_auth_method": "client_secret_post"}]
)
async def test_an_openid_client_signs_somebody_in_and_checks_who_it_is(door: Door, more: dict[str, str]) -> None:
    joon, client, session = door.room.cast.joon, desk(door, **more), dict[str, Any]()
    led = await client.authorize_redirect(request(session), _BACK)
    assert ("code_challenge=" in led.headers["location"]) is ("code_challenge_method" in more)
    answer = await door.allow(led.headers["location"], joon)
    back = f"code={answer['code']}&state={answer['state']}"
    # Checks signature by the published keys, issuer, audience, time and nonce.
    token = await client.authorize_access_token(request(session, back), leeway=10**9)
    told = token["userinfo"]
    person = await door.room.cast.governance.user(joon.tenant, joon.user)
    assert (told["sub"], told["email"], told["email_verified"]) == (joon.user, person.email, True)
    assert (told["name"], told["locale"]) == (person.name, "ko-KR")
    assert told["https://slack.com/team_id"] == joon.tenant.workspace
    assert told["exp"] - told["iat"] == 300
    again = await client.userinfo(token=token)
    assert (again["sub"], again["https://slack.com/user_id"], again["ok"]) == (joon.user, joon.user, True)
    with pytest.raises(OAuthError, match="invalid_code"):  # a code is good for one time
        await client.fetch_access_token(code=answer["code"], redirect_uri=_BACK)


async def test_slacks_own_client_signs_somebody_in(door: Door) -> None:
    answer = await door.allow(_WHERE, door.room.cast.mina, **door.asked())
    assert answer["state"] == "st"
    found = await door.token(code=answer["code"])
    assert (found["ok"], found["token_type"], found["access_token"][:5]) == (True, "Bearer", "xoxp-")
    assert found["id_token"].count(".") == 2
    info = await door.info(found["access_token"])
    assert (info["sub"], info["https://slack.com/team_name"]) == (door.room.cast.mina.user, "sorimaru")
    assert info["https://slack.com/user_image_72"] == info["https://slack.com/user_image_24"]
    asynchronous = AsyncWebClient(found["access_token"], base_url=f"{door.base}/slack/api/")
    assert (await asynchronous.openid_connect_userInfo()).data == info
    with pytest.raises(SlackApiError, match="missing_scope"):  # it opens nothing else
        await asyncio.to_thread(door.sdk(found["access_token"]).conversations_list)
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {found['access_token']}"}) as http:
        assert (await http.get(f"{door.base}/slack/api/openid.connect.userInfo")).json()["ok"] is True
        assert (await http.get(f"{door.base}/api/v1/me")).status_code in (401, 403, 404)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await door.info(door.room.cast.bot_token)


async def test_no_more_is_told_than_was_allowed_and_a_guest_may_sign_in(door: Door) -> None:
    answer = await door.allow(_WHERE, door.room.cast.gil, **door.asked(scope="openid"))
    info = await door.info((await door.token(code=answer["code"]))["access_token"])
    assert {key.removeprefix("https://slack.com/") for key in info} == {
        "ok", "sub", "user_id", "team_id", "enterprise_id"
    }  # fmt: skip


async def test_a_code_is_for_one_app_one_address_one_purpose_and_ten_minutes(door: Door) -> None:
    cast, clock = door.room.cast, door.room.clock
    code = (await door.allow(_WHERE, cast.joon, **door.asked()))["code"]
    other, secrets = await door.room.apps.create(cast.mina, MANIFEST)
    for wrong, why in (
        ({"code": "1.x"}, "invalid_code"), ({"client_id": "1.1"}, "invalid_client_id"),
        ({"client_secret": "x"}, "bad_client_secret"), ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        ({"redirect_uri": ""}, "bad_redirect_uri"), ({"grant_type": "password"}, "invalid_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_refresh_token"),
        ({"client_id": other.client_id, "client_secret": secrets.client_secret}, "invalid_code"),
        ({"code_verifier": "v" * 43}, "invalid_code_verifier"),  # it began without
    ):  # fmt: skip
        assert await door.refused(**{"code": code, **wrong}) == why
    with pytest.raises(SlackApiError, match="invalid_code"):  # it installs nothing
        await asyncio.to_thread(door.sdk().oauth_v2_access, **door.pair, code=code, redirect_uri=_BACK)
    await door.token(code=code)
    assert await door.refused(code=code) == "invalid_code"
    late = (await door.allow(_WHERE, cast.joon, **door.asked()))["code"]
    clock.advance(timedelta(minutes=11))
    assert await door.refused(code=late) == "invalid_code"


async def test_who_did_not_begin_a_sign_in_cannot_end_it(door: Door) -> None:
    verifier = "a-secret-of-the-app-that-nobody-else-has-seen-0"
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = door.asked(code_challenge=challenge, code_challenge_method="S256")
    code = (await door.allow(_WHERE, door.room.cast.joon, **asked))["code"]
    for wrong in ({}, {"code_verifier": "x" * 43}, {"code_verifier": challenge}):
        assert await door.refused(code=code, **wrong) == "invalid_code_verifier"
    assert (await door.token(code=code, code_verifier=verifier))["ok"]


async def test_what_cannot_be_asked_is_refused_on_the_page_and_leads_nowhere(door: Door) -> None:
    cast = door.room.cast
    async with await door.browser(cast.joon) as http:
        page = await http.get(_WHERE, params=door.asked(state='s"><script>1</script>'))
        assert "<script>" not in page.text
        assert "form-action 'self' https://desk.example;" in page.headers["content-security-policy"]
        form = {**fields(page.text), "decision": "allow"}
        for wrong in ({"mark": ""}, {"nonce": "other"}, {"redirect_uri": f"{_BACK}/x"}, {"scope": "openid"}):
            assert (await http.post(_WHERE, data={**form, **wrong})).status_code == 403
        denied = await http.post(_WHERE, data={**form, "decision": "deny"})
        assert "error=access_denied" in denied.headers["location"]
        for bad, why in (
            ({"client_id": "1.1"}, "invalid_client_id"), ({"scope": "email"}, "invalid_scope"),
            ({"scope": "openid chat:write"}, "invalid_scope"), ({"redirect_uri": ""}, "bad_redirect_uri"),
            ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"), ({"team": "T0OTHER"}, "invalid_team"),
            ({"response_type": "token"}, "invalid_response_type"), ({"nonce": "x" * 1_001}, "invalid_nonce"),
            ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_code_challenge"),
            ({"code_challenge": "x" * 43}, "invalid_code_challenge"),
        ):  # fmt: skip
            refused = await http.get(_WHERE, params=door.asked(**bad))
            assert (refused.status_code, why in refused.text) == (400, True), why
    async with await door.browser(cast.mina) as http:
        assert (await http.post(_WHERE, data=form)).status_code == 403  # another's page
    async with await door.browser(cast.rina) as http:
        page = await http.get(_WHERE, params=door.asked())
        assert "invalid_team_for_non_distributed_app" in page.text
    async with httpx.AsyncClient(base_url=door.base) as http:
        assert (await http.post(_WHERE, data=form)).status_code == 401
        assert "web/signin.js" in (await http.get(_WHERE, params=door.asked())).text


async def test_an_app_that_is_kept_out_learns_nothing_and_who_left_is_nobody(door: Door) -> None:
    cast, apps = door.room.cast, door.room.apps
    code = (await door.allow(_WHERE, cast.joon, **door.asked()))["code"]
    await apps.decide(cast.mina, "restricted", app_id=door.app.id)
    assert await door.refused(code=code) == "access_denied"
    async with await door.browser(cast.joon) as http:
        page = await http.get(_WHERE, params=door.asked())
        refused = await http.post(_WHERE, data={**fields(page.text), "decision": "allow"})
        assert (refused.status_code, "keeps this app out" in refused.text) == (400, True)
    await apps.clear(cast.mina, door.app.id)
    gone = await cast.governance.create_user(cast.mina, "soon@sorimaru.example", "Soon Gone")
    code = (await door.allow(_WHERE, Principal(cast.mina.tenant, gone.id, cast.joon.role), **door.asked()))["code"]
    await cast.governance.deactivate(cast.mina, gone.id)
    assert await door.refused(code=code) == "invalid_code"


async def test_keys_change_and_the_last_ones_are_shown_for_a_while(door: Door) -> None:
    clock = door.room.clock

    async def shown() -> list[str]:
        async with httpx.AsyncClient(base_url=door.base) as http:
            answer = await http.get("/slack/openid/connect/keys")
        assert all("d" not in key and key["alg"] == "RS256" for key in answer.json()["keys"])
        return [key["kid"] for key in answer.json()["keys"]]

    async def sign() -> None:
        code = (await door.allow(_WHERE, door.room.cast.joon, **door.asked()))["code"]
        await door.token(code=code)

    await sign()
    (first,) = await shown()
    clock.advance(timedelta(days=90))
    await sign()
    assert (len(await shown()), first in await shown()) == (2, True)
    clock.advance(timedelta(days=2))
    assert (len(await shown()), first in await shown()) == (1, False)
