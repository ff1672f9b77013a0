"""Passkeys: made, named, used alone and after a password, and what is refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dure.state import State
from tests.governance.signin.house import House, SoftKey, house_of, me

pytestmark = pytest.mark.anyio


async def made(browser: httpx.AsyncClient, key: SoftKey, name: str = "노트북") -> httpx.Response:
    options = (await browser.post("/api/v1/security/passkeys/begin")).json()
    return await browser.post("/api/v1/security/passkeys", json={"name": name, "credential": key.made(options)})


async def used(browser: httpx.AsyncClient, key: SoftKey, email: str = "", **how: Any) -> httpx.Response:
    options = (await browser.post("/api/v1/signin/passkey/begin", json={"email": email})).json()
    return await browser.post("/api/v1/signin/passkey", json={"credential": key.used(options, **how)})


async def test_a_passkey_signs_in_with_and_without_a_name_and_is_taken_away(state: State) -> None:
    house, key, spare = await house_of(state), SoftKey(), SoftKey()
    browser = await house.joon()
    first = await made(browser, key)
    assert (first.status_code, len(first.json()["recovery"])) == (200, 10)
    assert (await made(browser, spare, "보안 키")).json() == {"recovery": [], "signed_in": False}
    assert (await made(browser, key)).status_code == 409

    alone = house.browser()
    assert (await used(alone, key)).status_code == 204
    assert await me(alone) == 200
    named = house.browser()
    assert (await used(named, spare, "joon@sorimaru.example")).status_code == 204
    listed = {one["name"]: one["id"] for one in (await browser.get("/api/v1/security")).json()["passkeys"]}
    assert listed.keys() == {"노트북", "보안 키"}
    path = f"/api/v1/security/passkeys/{listed['노트북']}"
    assert (await browser.put(path, json={"name": "회사 노트북"})).status_code == 204
    assert (await browser.delete(path)).status_code == 204
    assert (await browser.delete(path)).status_code == 404
    assert (await used(house.browser(), key)).status_code == 401


@pytest.mark.parametrize(
    "key", [SoftKey(origin="https://evil.example"), SoftKey(rp="evil.example"), SoftKey(origin="http://localhost:9999")]
)
async def test_a_passkey_of_another_origin_is_refused(state: State, key: SoftKey) -> None:
    house = await house_of(state)
    browser = await house.joon()
    assert (await made(browser, key)).status_code == 422
    good = SoftKey()
    await made(browser, good)
    good.origin, good.rp = key.origin, key.rp
    assert (await used(house.browser(), good)).status_code == 401


async def test_copies_replays_and_others_keys_are_refused(state: State) -> None:
    house, key = await house_of(state), SoftKey()
    browser = await house.joon()
    await made(browser, key)
    key.counter = 7
    assert (await used(house.browser(), key)).status_code == 204
    key.counter = 3  # a copy that was made before
    assert (await used(house.browser(), key)).status_code == 401
    key.counter = 8

    # The same answer twice, in the same browser and in another one.
    one = house.browser()
    options = (await one.post("/api/v1/signin/passkey/begin", json={})).json()
    answer = {"credential": key.used(options)}
    ceremony = one.cookies["dure_ceremony"]
    assert (await one.post("/api/v1/signin/passkey", json=answer)).status_code == 204
    other = house.browser()
    other.cookies.set("dure_ceremony", ceremony)
    assert (await other.post("/api/v1/signin/passkey", json=answer)).status_code == 401

    # Another's key is no second factor of joon's.
    await house.rule("signin.second_factor", "everybody")
    gil = await house.cast.governance.sign_in_link(house.cast.mina, house.cast.gil.user)
    theirs, thief = house.browser(), SoftKey()
    await theirs.post(f"/sign-in/{gil}")
    assert (await made(theirs, thief)).status_code == 200
    half = await house.joon()
    assert (await half.get("/api/v1/signin")).json()["owes"] == "second"
    assert (await used(half, thief)).status_code == 401
    assert await me(half) == 401
    assert (await used(half, key)).status_code == 204
    assert await me(half) == 200


async def test_an_email_tells_nothing_of_whose_keys_there_are(state: State) -> None:
    house = await house_of(state)
    await made(await house.joon(), SoftKey())

    async def named(email: str) -> list[str]:
        answer = await house.browser().post("/api/v1/signin/passkey/begin", json={"email": email})
        return [one["id"] for one in answer.json()["allowCredentials"]]

    nobody = await named("nobody@sorimaru.example")
    assert nobody == await named("NOBODY@sorimaru.example")
    assert len(nobody[0]) == len((await named("joon@sorimaru.example"))[0])


async def test_where_the_rules_ask_for_passkeys_a_password_is_not_enough(state: State) -> None:
    house: House = await house_of(state)
    await house.rule("signin.methods", "passkey")
    key, browser = SoftKey(), await house.joon()
    assert (await browser.get("/api/v1/signin")).json()["owes"] == "setup"
    assert (await made(browser, key)).json()["signed_in"] is True
    assert await me(browser) == 200
    again = await house.joon()
    assert (await again.get("/api/v1/signin")).json()["ways"] == ["passkey", "recovery"]
    assert (await used(again, key)).status_code == 204
