"""The door, My security and Signing in, in a real Chromium with a virtual authenticator."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

import dure
from dure import screens
from dure.feed.api import Bell
from dure.governance import organisation_routes
from dure.governance.api import Governance, Principal
from dure.governance.http import COOKIE
from dure.governance.page import PAGES
from dure.governance.signin import codes
from dure.kernel.clock import SystemClock
from dure.state import State
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.governance.signin.house import House, Mailbox
from tests.people_of import Cast, found_sori
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]
SHOTS = os.environ.get("DURE_SHOTS", "")


class Office:
    cast: Cast
    mail: Mailbox
    link = ""

    def __init__(self, database: str) -> None:
        self._database = database

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        app = FastAPI(lifespan=self._lifespan)
        with serving(app) as url:
            here = url.replace("127.0.0.1", "localhost")
            self.governance.signin.furnish(
                key=b"k" * 32, site=here, postman=self.mail, fetching=self.governance.signin.openid.fetching
            )
            yield here

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        state, hub = State(self._database, connections=6), Hub()
        await state.open()
        self.cast = await found_sori(state, SystemClock())
        self.governance: Governance = self.cast.governance
        house = House(self.cast, SystemClock())  # type: ignore[arg-type]
        self.mail, bell = house.mail, Bell(state)
        app.state.governance = self.governance
        include(
            house.app,
            organisation_routes.router(self.governance.organisation, self.governance.sign_out, self.governance.about),
        )

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(house.app, Assets(gather(Path(dure.__file__).parent)), PAGES, self.governance, hub, heard)
        app.mount("/", house.app)
        self.link = await self.governance.sign_in_link(self.cast.mina, self.cast.mina.user)
        self.session = await self.governance.follow_link(self.link)
        await self.governance.signin.invitations.invite(self.cast.mina, "sumi@sorimaru.example", name="수미")
        live = asyncio.gather(bell.run(), screens.broadcasting(state, bell, hub)())
        yield
        live.cancel()
        await asyncio.gather(live, return_exceptions=True)
        await state.close()


@pytest.fixture
def office(fresh_database: str) -> Office:
    return Office(fresh_database)


def shot(browser: Browser, name: str) -> None:
    if SHOTS:
        browser.picture(Path(SHOTS) / f"{name}.png")


def sign_in(browser: Browser, url: str) -> None:
    browser.open(url + "/sign-in", lang="ko")
    browser.type("[name=email]", "joon@sorimaru.example")
    browser.type("[name=password]", "correct horse")
    browser.click(".btn.pri", "로그인")


def test_from_the_door_to_a_second_factor_a_passkey_and_back(browser: Browser, office: Office) -> None:
    with office.served() as url:
        browser.driver.execute_cdp_cmd("WebAuthn.enable", {})
        browser.driver.execute_cdp_cmd(
            "WebAuthn.addVirtualAuthenticator",
            {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                         "hasUserVerification": True, "isUserVerified": True}},
        )  # fmt: skip
        sign_in(browser, url)
        browser.one(".side")
        browser.open(url + "/my-security", lang="ko")
        browser.click("button", "패스키 추가")
        browser.type("dialog [name=name]", "노트북")
        browser.click("dialog .btn.pri", "패스키 추가")
        browser.sees("복구 코드")
        shot(browser, "recovery-ko")
        browser.click("dialog .btn.pri", "보관했습니다")
        browser.sees("노트북", "tbody")
        browser.click("button", "인증 앱 쓰기")
        secret = browser.text("dialog code.mono").replace(" ", "")
        shot(browser, "authenticator-ko")
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        browser.type("dialog [name=code]", codes.code_at(key, int(time.time()) // 30))
        browser.click("dialog .btn.pri", "확인")
        browser.sees("인증 앱을 씁니다")
        shot(browser, "my-security-ko")
        if SHOTS:
            browser.open(url + "/my-security", lang="en", theme="dark")
            browser.size(1024, 760)
            shot(browser, "my-security-en-dark-1024")
            browser.size(1360, 860)
        browser.driver.delete_all_cookies()

        sign_in(browser, url)
        browser.sees("한 번 더 확인")
        shot(browser, "second-ko")
        browser.type("[name=code]", "000000")
        browser.click(".btn.pri", "확인")
        browser.sees("wrong", "[role=alert]")
        browser.click("button", "패스키로 확인")
        browser.one(".side")
        browser.driver.delete_all_cookies()
        browser.open(url + "/my-security", lang="en")
        shot(browser, "door-en")
        browser.click("button", "Sign in with a passkey")
        browser.sees("An authenticator app is on")
        home = "404"  # there is no page for today among those served here
        assert [one for one in browser.complaints() if home not in one and "401" not in one] == []


def test_an_invitation_a_forgotten_password_and_who_lacks_a_factor(browser: Browser, office: Office) -> None:
    with office.served() as url:
        browser.open(f"{url}/invitation/{office.mail.link('sumi@sorimaru.example')}", lang="ko")
        browser.sees("초대받았습니다")
        shot(browser, "invitation-ko")
        browser.type("[name=password]", "password")
        browser.click(".btn.pri", "들어가기")
        browser.sees("guesses")
        browser.type("[name=password]", "수미의 아주 긴 비밀번호")
        browser.click(".btn.pri", "들어가기")
        browser.one(".side")
        browser.driver.delete_all_cookies()
        browser.open(url + "/sign-in", lang="en", theme="dark")
        shot(browser, "door-en-dark")
        browser.click("button", "Forgot your password?")
        browser.type("[name=email]", "joon@sorimaru.example")
        browser.click(".btn.pri", "Send the link")
        browser.sees("a letter is on its way")
        browser.until(lambda: any(to.startswith("joon") for to, _, _ in office.mail.letters))
        browser.open(f"{url}/reset/{office.mail.link('joon@sorimaru.example')}", lang="en", theme="light")
        shot(browser, "reset-en")
        browser.type("[name=password]", "another correct horse")
        browser.click(".btn.pri", "Set the password")
        browser.one(".side")

        browser.cookie(url, COOKIE, office.session)
        browser.open(url + "/admin", lang="ko")
        browser.click("[role=tab]", "규칙")
        browser.sees("두 번째 확인 수단")
        shot(browser, "rules-ko")
        browser.click("[role=tab]", "로그인")
        browser.sees("joon@sorimaru.example")
        browser.sees("받음")
        browser.click("button", "제공자 추가")
        shot(browser, "provider-ko")
        browser.type("[name=name]", "소리마루 ID")
        browser.type("[name=issuer]", "https://id.sorimaru.example")
        browser.type("[name=client_id]", "dure")
        browser.click("dialog .btn.pri", "제공자 추가")
        browser.sees("https://id.sorimaru.example", "tbody")
        shot(browser, "signing-in-ko")
        if SHOTS:
            browser.open(url + "/admin", lang="en", theme="dark")
            browser.size(1024, 760)
            browser.click("[role=tab]", "Signing in")
            browser.sees("joon@sorimaru.example")
            shot(browser, "signing-in-en-dark-1024")
            browser.size(1360, 860)
