"""Rules and the organisation in a real Chromium."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

import dure
from dure import screens
from dure.feed.api import Bell
from dure.governance import organisation_routes
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.governance.audit import routes as audit_routes
from dure.governance.barriers import routes as barrier_routes
from dure.governance.http import COOKIE
from dure.governance.page import PAGES
from dure.governance.policies import routes as policy_routes
from dure.governance.roles import routes as role_routes
from dure.kernel.clock import SystemClock
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import APIRouter, include
from tests.people_of import Cast, found_sori
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]


class Office:
    """Sorimaru with Mina signed in, and what a test needs to look behind the screen."""

    def __init__(self, database: str) -> None:
        self._database = database
        self.session = ""
        self.cast: Cast

    async def prepare(self, state: State, governance: Governance) -> None:
        """What a test wants to be there."""

    def more(self, state: State, governance: Governance) -> list[APIRouter]:
        """Other routes that its screens ask."""
        return []

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state, clock, hub = State(self._database, connections=6), SystemClock(), Hub()
        governance, bell = Governance(state, clock), Bell(state)

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await state.open()
            self.cast = await found_sori(state)
            link = await governance.sign_in_link(self.cast.mina, self.cast.mina.user)
            self.session = await governance.follow_link(link)
            await self.prepare(state, governance)
            live = asyncio.gather(bell.run(), screens.broadcasting(state, bell, hub)())
            yield
            live.cancel()
            await asyncio.gather(live, return_exceptions=True)
            await state.close()

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        for routes in (
            governance_routes.router(governance),
            organisation_routes.router(governance.organisation, governance.sign_out, governance.about),
            barrier_routes.router(governance.barriers),
            policy_routes.router(governance.policies),
            role_routes.router(governance),
            audit_routes.router(governance.audit),
            *self.more(state, governance),
        ):
            include(app, routes)

        @app.get("/readyz")
        async def ready() -> dict[str, object]:
            return {"ok": True, "parts": {}}

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)
        return app


@pytest.fixture
def office(fresh_database: str) -> Office:
    return Office(fresh_database)


def test_rules_are_set_and_a_second_workspace_is_opened_gone_to_and_left(browser: Browser, office: Office) -> None:
    with office.served() as url:
        browser.cookie(url, COOKIE, office.session)
        browser.open(url + "/admin", lang="ko")
        browser.click("[role=tab]", "규칙")
        browser.sees("다른 조직과 채널 공유")
        choose(browser, "people.invite.whole", "소유자만")
        browser.until(lambda: _holds(browser, "사람 초대") == "소유자만")
        assert _choices(browser, "people.invite.here") == ["정하지 않음", "소유자만", "아무도 못 함"]
        choose(browser, "people.invite.here", "아무도 못 함")
        browser.until(lambda: _holds(browser, "사람 초대") == "아무도 못 함")

        browser.click("[role=tab]", "조직")
        browser.sees("길동")
        browser.click(".btn.pri", "워크스페이스 만들기")
        browser.type("[name=name]", "소리마루 재팬")
        browser.click("dialog .btn.pri, .dialog .btn.pri", "워크스페이스 만들기")
        browser.sees("소리마루 재팬", ".side")
        browser.click("button.brand")
        browser.click("[role=menuitemcheckbox]", "sorimaru")
        browser.until(lambda: "소리마루 재팬" not in browser.text(".side .brand"))
        home = "404"  # there is no page for today among those served here
        assert [one for one in browser.complaints() if home not in one] == []


def test_a_role_is_made_given_and_read_in_the_table_and_a_guest_is_kept_longer(
    browser: Browser, office: Office
) -> None:
    with office.served() as url:
        browser.cookie(url, COOKIE, office.session)
        browser.open(url + "/admin", lang="en")
        browser.sees("Guest, several channels")
        browser.click("[role=tab]", "Roles")
        browser.sees("channel:oversee")
        browser.misses("Analyst")
        browser.click(".btn", "Make a role")
        browser.type("[name=name]", "Analyst")
        browser.click("dialog label", "See deals")
        browser.click("dialog .btn.pri", "Save")
        browser.sees("Analyst", ".roles-table")
        browser.click("[role=tab]", "People")
        browser.click("button[aria-label='박준']")
        browser.click("[role^=menuitem]", "Give a role")
        browser.click("dialog [role=option]", "Analyst")
        browser.click("dialog [role=option]", "this workspace")
        browser.sees("Analyst · this workspace", "table")
        browser.click("button[aria-label='길동']")
        browser.click("[role^=menuitem]", "Change the end")
        browser.sees("Last day", "dialog")
        browser.press("Escape")
        browser.click("button[aria-label='길동']")
        browser.click("[role^=menuitem]", "Guest, one channel")
        browser.click("dialog .btn", "Change")
        browser.sees("Guest, one channel", "table")
        none_here = "/api/v1/channels"  # no channels are served among these
        assert [one for one in browser.complaints() if none_here not in one] == []


def test_an_auditor_looks_through_the_trail_and_verifies_it(browser: Browser, office: Office) -> None:
    with office.served() as url:
        browser.cookie(url, COOKIE, office.session)
        browser.open(url + "/admin", lang="ko")
        browser.click("[role=tab]", "감사 기록")
        browser.sees("workspace_created")
        browser.until(lambda: len(browser.all("tbody tr[data-key]")) >= 7)
        browser.js(
            "const at = document.querySelector('[role=search] select'); at.value = 'guest_created';"
            "at.dispatchEvent(new Event('change', { bubbles: true }));"
        )
        browser.until(lambda: len(browser.all("tbody tr[data-key]")) == 1)
        assert "action=guest_created" in browser.js("return location.search")
        browser.click("tbody tr[data-key] td")
        browser.sees("User Created", "dialog, .dialog")
        browser.click("dialog .btn.pri", "닫기")
        browser.click(".btn.pri", "검증")
        browser.sees("모두 그대로입니다")
        browser.click("dialog .btn.pri", "닫기")
        browser.open(url + "/audit?action=nothing", lang="en")
        browser.sees("No entry fits")
        assert [one for one in browser.complaints() if "404" not in one] == []


def choose(browser: Browser, name: str, label: str) -> None:
    browser.one(f"select[name='{name}']")
    browser.js(
        "const at = document.querySelector(`select[name='${arguments[0]}']`);"
        "at.value = [...at.options].find(one => one.textContent.trim() === arguments[1]).value;"
        "at.dispatchEvent(new Event('change', { bubbles: true }));",
        name, label,
    )  # fmt: skip


def _choices(browser: Browser, name: str) -> list[str]:
    return [one.text.strip() for one in browser.all(f"select[name='{name}'] option")]


def _holds(browser: Browser, rule: str) -> str:
    """What a rule's last column says."""
    return next((row.text.split("\n")[-1] for row in browser.all("tbody tr") if rule in row.text), "")


def test_a_barrier_is_raised_changed_and_taken_away(browser: Browser, office: Office) -> None:
    with office.served() as url:
        browser.cookie(url, COOKIE, office.session)
        browser.open(url + "/admin", lang="en")
        browser.click("[role=tab]", "Barriers")
        browser.sees("No information barriers")
        browser.click(".btn.pri", "Add a barrier")
        choose(browser, "primary", "Sales (0)")
        browser.click("input[name='function:press']")
        browser.click("dialog .btn.pri, .dialog .btn.pri", "Save")
        browser.sees("Press", "tbody")
        browser.sees("Direct messages and calls", "tbody")
        _pictured(browser, "barriers_en")
        browser.click("[aria-label='Look after the barrier']")
        browser.click("[role=menuitem]", "Change")
        browser.click("input[name='function:care']")
        browser.js("document.querySelector(\"[name='rooms']\").click()")
        _pictured(browser, "barrier_dialog_en")
        browser.click("dialog .btn.pri, .dialog .btn.pri", "Save")
        browser.sees("Care", "tbody")
        browser.sees("One private channel", "tbody")
        browser.click("[aria-label='Look after the barrier']")
        browser.click("[role=menuitem]", "Remove")
        browser.click("dialog .btn.danger, .dialog .btn.danger", "Remove")
        browser.sees("No information barriers")
        assert [one for one in browser.complaints() if "404" not in one] == []


def _pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"governance_{name}.png")
