"""The rules of sending in a real Chromium: read, changed, and everything stopped and let go on by a person."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from fastapi import FastAPI

import dure
from dure import screens
from dure.campaigns.gate import routes as gate_routes
from dure.campaigns.page import PAGES
from dure.campaigns.playground import routes as playground_routes
from dure.campaigns.playground.api import Playground
from dure.experiments import routes as experiment_routes
from dure.experiments.api import Experiments, Holdout
from dure.governance import routes as governance_routes
from dure.governance.http import COOKIE
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.campaigns.safety.letters import demand, launched
from tests.campaigns.studio import Studio
from tests.web.browser import Browser, browser, chromium
from tests.web.here import serving_here

__all__ = ["browser", "chromium"]

pytestmark = pytest.mark.anyio


def app_of(studio: Studio) -> FastAPI:
    app, governance = FastAPI(), studio.cast.governance
    app.state.governance = governance
    front.install(app)
    playground = Playground(
        studio.state, studio.clock, governance, studio.segments, studio.people, studio.campaigns
    )  # fmt: skip
    include(app, governance_routes.router(governance))
    include(app, gate_routes.router(studio.campaigns.safety.gate))
    include(app, experiment_routes.router(_experiments(studio)))
    include(app, playground_routes.router(playground, governance))

    async def heard(principal: object, topic: str) -> bool:
        return True

    assets = Assets(gather(Path(dure.__file__).parent))
    screens.install(app, assets, in_order(PAGES), governance, Hub(), heard)
    return app


def _experiments(studio: Studio) -> Experiments:
    return Experiments(studio.state, studio.log, studio.clock, studio.cast.governance, studio.segments)


async def test_the_rules_are_read_changed_and_everything_is_stopped(sori: Studio, browser: Browser) -> None:
    await demand(
        sori, caps=[{"most": 1, "per": "rolling", "hours": 24}, {"most": 3, "per": "week", "channel": "email"}],
        quiet={"start": "21:00", "end": "08:00"}, rates={"email": {"second": 14, "minute": 600}},
        choices={"marketing/sms": "opt_in"}, seeds=["seed@sorimaru.example"],
    )  # fmt: skip
    live = await launched(sori)
    await sori.campaigns.pause(sori.cast.joon, live.id)
    await sori.cast.governance.set_password(sori.cast.mina, sori.cast.mina.user, "correct horse battery")
    app, governance = app_of(sori), sori.cast.governance
    email = next(one.email for one in await governance.users(sori.cast.tenant) if one.id == sori.cast.mina.user)
    pictures = os.environ.get("DURE_PICTURES")
    async with sori.state.begin_system() as tx:
        # Other companies of this module have owners of the same address.
        await tx.run("update governance.account set password = null where lower(email) = lower(%s) and workspace <> %s",
                     (email, sori.cast.tenant.workspace))  # fmt: skip
    session = await governance.sign_in(email, "correct horse battery")

    def look(url: str) -> None:
        browser.size(1360, 2100)
        browser.cookie(url, COOKIE, session)
        for lang, theme in (("ko", "light"), ("en", "dark")):
            ko = lang == "ko"
            browser.open(url + "/sending", lang=lang, theme=theme)
            browser.sees("빈도 제한" if ko else "Frequency caps")
            browser.sees("시드 목록" if ko else "Seed list")
            browser.sees("놀이터 만들기" if ko else "Make a playground")
            if pictures:
                browser.picture(Path(pictures) / f"rules-{lang}-{theme}.png")
            browser.click("button.danger", "모든 발송 멈추기" if ko else "Stop all sending")
            browser.sees("모든 발송이 멈춰 있습니다" if ko else "All sending is stopped")
            if pictures:
                browser.picture(Path(pictures) / f"stopped-{lang}-{theme}.png")
            browser.click(".gate-state button", "발송 다시 시작" if ko else "Let sending go on")
            browser.type("dialog input[name=reason]", "문안을 고쳤습니다" if ko else "The words are right now")
            browser.click("dialog button.pri")
            browser.sees("1초 안에" if ko else "within a second")
            browser.sees("문안을 고쳤습니다" if ko else "The words are right now")
        browser.type('input[name="caps[0].most"]', "0")
        browser.click("button.pri", "Save")
        browser.sees("from 1 to 1000", ".gate-cap .wrong-text")
        browser.type('input[name="caps[0].most"]', "2")
        browser.type('input[name="share"]', "5")
        browser.type('input[name="rotate_days"]', "90")
        browser.click("button.pri", "Save")
        browser.sees("Saved.")
        assert [line for line in browser.complaints() if "live" not in line and "422" not in line] == []

    async with serving_here(app) as url:
        await asyncio.to_thread(look, url)
    assert (await sori.campaigns.safety.gate.policy(sori.cast.joon)).caps[0].most == 2
    assert await _experiments(sori).holdout(sori.cast.joon) == Holdout(0.05, 1, 90)
    stopped = await sori.campaigns.safety.gate.halting.stopped(sori.cast.joon)
    assert [one["ended_reason"] for one in stopped.past if not one["campaign"]] == [
        "The words are right now", "문안을 고쳤습니다",
    ]  # fmt: skip
