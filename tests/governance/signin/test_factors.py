"""Passwords, authenticators' codes and recovery codes, through the doors that browsers come to."""

from __future__ import annotations

from datetime import timedelta

import argon2
import pytest

from dure.feed.api import tail
from dure.governance import store
from dure.governance.api import Role
from dure.governance.signin import codes, passwords
from dure.kernel.errors import Invalid, NotSignedIn
from dure.state import State
from tests.governance.signin.house import house_of, me

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
     (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert codes.code_at(b"12345678901234567890", seconds // 30, digits=8) == code


@pytest.mark.parametrize(
    "password", ["short", "password", "Password123!", "12345678", "aaaaaaaa", "박준", "joon@sorimaru.example"]
)
def test_a_password_that_anybody_guesses_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as caught:
        passwords.check(password, about=("joon@sorimaru.example", "박준"))
    assert caught.value.field == "password"


async def test_a_second_factor_is_set_up_asked_for_and_good_once(state: State) -> None:
    house = await house_of(state)
    browser = await house.joon()
    assert await me(browser) == 200
    before = browser.cookies["dure_session"]
    secret, recovery = await house.with_authenticator(browser)
    assert len(set(recovery)) == 10

    # The password alone is half a sign-in now, with a secret of its own, which speaks for nobody.
    again = await house.joon()
    assert (await again.get("/api/v1/signin")).json() | {"providers": []} == {
        "owes": "second", "ways": ["code", "recovery"], "providers": [], "passkeys": True,
    }  # fmt: skip
    half = again.cookies["dure_session"]
    assert half != before
    assert await me(again) == 401
    assert (await again.get("/api/v1/security")).status_code == 401
    assert (await again.post("/api/v1/security/authenticator")).status_code == 401

    # The code that set it up was used; the next one works once, and the session gets another secret.
    assert (await again.post("/api/v1/signin/code", json={"code": house.code(secret)})).status_code == 401
    house.clock.advance(timedelta(seconds=30))
    code = house.code(secret)
    assert (await again.post("/api/v1/signin/code", json={"code": code})).status_code == 204
    assert await me(again) == 200
    assert again.cookies["dure_session"] not in (half, before)
    stolen = house.browser()
    stolen.cookies.set("dure_session", half)
    assert await me(stolen) == 401
    third = await house.joon()
    assert (await third.post("/api/v1/signin/code", json={"code": code})).status_code == 401

    # A recovery code works once; programs with a password alone are told no.
    assert (await third.post("/api/v1/signin/code", json={"code": recovery[0].upper()})).status_code == 204
    fourth = await house.joon()
    assert (await fourth.post("/api/v1/signin/code", json={"code": recovery[0]})).status_code == 401
    with pytest.raises(NotSignedIn):
        await house.cast.governance.sign_in("joon@sorimaru.example", "correct horse")


async def test_wrong_codes_are_counted_by_account_and_tries_by_address(state: State) -> None:
    house = await house_of(state)
    await house.with_authenticator(await house.joon())
    browser = await house.joon()
    tries = [(await browser.post("/api/v1/signin/code", json={"code": "000000"})).status_code for _ in range(6)]
    assert tries == [401] * 5 + [429]
    flood = house.browser("198.51.100.9")
    wrong = []
    for number in range(101):  # nobody of these is known, so none is slower than the others, and none is told apart
        async with state.begin_system() as tx:
            from dure.governance.signin import limits

            try:
                await limits.take(tx, "password", f"a{number}@x.example", "198.51.100.9", house.clock.now())
            except Exception as error:
                wrong.append((number, type(error).__name__))
    assert wrong == [(100, "TooMany")]
    refused = await flood.post("/api/v1/session", json={"email": "new@x.example", "password": "whatever"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many")


async def test_the_rules_bring_who_has_none_to_set_one_up_before_anything_else(state: State) -> None:
    house = await house_of(state)
    old = await house.joon()
    await house.rule("signin.second_factor", "admins")
    assert await me(old) == 200  # a member is not asked
    await house.rule("signin.second_factor", "everybody")
    assert await me(old) == 401
    browser = await house.joon()
    assert (await browser.get("/api/v1/signin")).json()["owes"] == "setup"
    assert await me(browser) == 401
    _, recovery = await house.with_authenticator(browser)
    assert await me(browser) == 200
    assert len(recovery) == 10
    removed = await browser.delete("/api/v1/security/authenticator")
    assert (removed.status_code, "rules" in removed.text) == (403, True)
    listed = (await (await house.mina()).get("/api/v1/signin/people")).json()["people"]
    assert {one["email"]: (one["code"], one["demanded"]) for one in listed} == {
        "mina@sorimaru.example": (False, True), "joon@sorimaru.example": (True, True),
        "gil@partner.example": (False, True),
    }  # fmt: skip


async def test_who_becomes_an_administrator_owes_what_administrators_owe(state: State) -> None:
    house = await house_of(state)
    browser = await house.joon()
    await house.rule("signin.second_factor", "admins")
    async with state.begin(house.cast.tenant) as tx:
        await store.seat(tx, house.cast.tenant.workspace, house.cast.joon.user, Role.ADMIN, house.clock.now())
    assert await me(browser) == 401


async def test_old_hashes_are_made_anew_at_the_next_sign_in(state: State) -> None:
    house = await house_of(state)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("correct horse")
    async with state.begin(house.cast.tenant) as tx:
        await store.set_password(tx, house.cast.joon.user, weak)
    await house.joon()
    async with state.begin(house.cast.tenant) as tx:
        (row,) = await store.passwords(tx, "joon@sorimaru.example")
    assert row["password"] != weak
    assert not passwords.outdated(row["password"])


async def test_what_one_proves_oneself_with_is_changed_only_by_who_showed_it_lately(state: State) -> None:
    house = await house_of(state)
    browser, other = await house.joon(), await house.joon()
    house.clock.advance(timedelta(minutes=16))
    for act in (
        browser.put("/api/v1/security/password", json={"password": "a new long one"}),
        browser.post("/api/v1/security/authenticator"), browser.post("/api/v1/security/passkeys/begin"),
    ):  # fmt: skip
        answer = await act
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "proof_needed")
    assert (await browser.post("/api/v1/security/proof", json={"password": "guess"})).status_code == 401
    assert (await browser.post("/api/v1/security/proof", json={"password": "correct horse"})).status_code == 204
    assert (await browser.put("/api/v1/security/password", json={"password": "a new long one"})).status_code == 204
    assert (await me(browser), await me(other)) == (200, 401)
    token = await house.mina()  # a token gets at nobody's proofs
    assert (await token.get("/api/v1/security")).status_code == 401


async def test_devices_are_seen_and_ended_by_their_owner_and_by_who_looks_after_people(state: State) -> None:
    house = await house_of(state)
    browser, other, third = await house.joon(), await house.joon(), await house.joon()
    seen = (await browser.get("/api/v1/security")).json()["devices"]
    assert sorted((one["device"], one["means"], one["here"]) for one in seen) == [
        ("Chrome · Linux", "password", False), ("Chrome · Linux", "password", False),
        ("Chrome · Linux", "password", True),
    ]  # fmt: skip
    assert "203.0.113" not in str(seen)
    theirs = next(one["id"] for one in seen if not one["here"])
    assert (await browser.delete(f"/api/v1/security/devices/{theirs}")).status_code == 204
    assert sorted([await me(other), await me(third)]) == [200, 401]
    assert (await browser.delete("/api/v1/security/devices")).json() == {"ended": 1}
    assert (await me(browser), await me(other), await me(third)) == (200, 401, 401)
    joon = house.cast.joon.user
    assert (await browser.get(f"/api/v1/users/{house.cast.mina.user}/devices")).status_code == 403
    rina = house.browser()
    rina.headers["authorization"] = f"Bearer {house.cast.rival_token}"
    assert (await rina.delete(f"/api/v1/users/{joon}/devices")).status_code == 404
    mina = await house.mina()
    assert len((await mina.get(f"/api/v1/users/{joon}/devices")).json()["devices"]) == 1
    assert (await mina.delete(f"/api/v1/users/{joon}/devices")).json() == {"ended": 1}
    assert await me(browser) == 401
    async with state.begin_system() as tx:
        told = [batch.body for batch in await tail(tx, 0)]
    assert sum(body.count(b'"Signed Out"') for body in told) == 3


async def test_an_administrator_helps_who_lost_everything(state: State) -> None:
    house = await house_of(state)
    browser = await house.joon()
    await house.with_authenticator(browser)
    mina = await house.mina()
    path = f"/api/v1/users/{house.cast.joon.user}/second-factor"
    assert (await browser.delete(path)).status_code == 403
    assert (await mina.delete(path)).status_code == 204
    assert await me(browser) == 401
    assert await me(await house.joon()) == 200
