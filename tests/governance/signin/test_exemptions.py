"""Who is exempted from a rule of how people come in: said by Slack's method, asked by every way in."""

from __future__ import annotations

import json

import httpx
import pytest

from dure.channels.slack.door import slack_router
from dure.state import State
from dure.web.routing import include
from tests.channels.room import open_room
from tests.governance.signin.house import House, me
from tests.governance.signin.test_providers import Saying, provided

pytestmark = pytest.mark.anyio
JOON, GIVEN = "joon@sorimaru.example", {"email": "joon@sorimaru.example", "password": "correct horse"}


async def exemptions_house(state: State) -> House:
    room = await open_room(state)
    house = House(room.cast, room.clock, Saying())
    include(house.app, slack_router(room.services()))
    return house


async def exempts(house: House, method: str, user: str, token: str = "") -> str:
    """The error of `admin.auth.policy.METHOD`, "" for none."""
    given = {"policy_name": "email_password", "entity_type": "USER", "entity_ids": json.dumps([user])}
    headers = {"authorization": f"Bearer {token or house.cast.token}"}
    answer = await house.browser().post(f"/slack/api/admin.auth.policy.{method}", data=given, headers=headers)
    return str(answer.json().get("error", ""))


async def comes(house: House) -> tuple[httpx.AsyncClient, int, str]:
    """A browser that gave joon's password: what it was answered, and what is owed."""
    browser = house.browser()
    answer = await browser.post("/api/v1/session", json=GIVEN)
    return browser, answer.status_code, answer.json().get("owes", "") if answer.content else ""


@pytest.mark.parametrize("rule", ["provider", "passkey"])
async def test_who_is_exempted_comes_in_by_password_whatever_way_the_rules_say(state: State, rule: str) -> None:
    house = await exemptions_house(state)
    await provided(house)
    await house.rule("signin.methods", rule, whole=True)
    joon = house.cast.joon.user
    shut = (403, "") if rule == "provider" else (200, "setup")
    assert (await comes(house))[1:] == shut

    # Nobody exempts themselves, and another company exempts nobody here.
    joons = await house.cast.governance.create_token(house.cast.mina, "user", joon, ["*"])
    assert await exempts(house, "assignEntities", joon, joons) == "not_an_admin"
    assert await exempts(house, "assignEntities", joon, house.cast.rival_token) == "entity_not_found"
    assert (await comes(house))[1:] == shut

    assert await exempts(house, "assignEntities", joon) == ""
    browser, status, owes = await comes(house)
    assert (status, owes, await me(browser)) == (204, "", 200)
    # A new password by letter, and one set by themselves, are theirs again too.
    await house.browser().post("/api/v1/signin/reset", json={"email": JOON})
    assert [to for to, _, _ in house.mail.letters] == [JOON]
    own = await browser.put("/api/v1/security/password", json={"password": "correct horse"})
    assert own.status_code == 204
    # The others are bound as before.
    sumi = await house.cast.governance.create_user(house.cast.mina, "sumi@sorimaru.example", "Sumi")
    await house.cast.governance.set_password(house.cast.mina, sumi.id, "battery staple")
    other = await house.browser().post(
        "/api/v1/session", json={"email": "sumi@sorimaru.example", "password": "battery staple"}
    )
    assert other.status_code == shut[0]

    assert await exempts(house, "removeEntities", joon) == ""
    assert (await comes(house))[1:] == shut


@pytest.mark.parametrize(("rule", "owed"), [("off", ""), ("admins", ""), ("everybody", "setup")])
async def test_a_second_factor_is_asked_of_who_is_exempted_as_of_everybody(state: State, rule: str, owed: str) -> None:
    house = await exemptions_house(state)
    await provided(house)
    await house.rule("signin.methods", "provider", whole=True)
    await house.rule("signin.second_factor", rule)
    assert await exempts(house, "assignEntities", house.cast.joon.user) == ""
    browser, _, owes = await comes(house)
    assert (owes, await me(browser)) == (owed, 401 if owed else 200)
    if owed:  # set up, it lets them in, by password and code from then on
        await house.with_authenticator(browser)
        assert await me(browser) == 200
        assert (await comes(house))[2] == "second"
