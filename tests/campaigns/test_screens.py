"""Segments in a real Chromium, with people in them. `DURE_PICTURES=DIR` keeps what was seen."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

import dure
from dure import screens
from dure.campaigns.ready import READY
from dure.governance.http import COOKIE
from dure.people import routes as people_routes
from dure.segments import routes as segment_routes
from dure.segments.page import PAGES as SEGMENT_PAGES
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from tests.campaigns.studio import Studio
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

pytestmark = pytest.mark.anyio


def app_of(studio: Studio) -> FastAPI:
    app, governance = FastAPI(), studio.cast.governance
    app.state.governance = governance
    front.install(app)
    for router in (
        segment_routes.router(studio.segments),
        people_routes.router(studio.people),
    ):  # fmt: skip
        app.include_router(router)

    async def heard(principal: object, topic: str) -> bool:
        return True

    assets = Assets(gather(Path(dure.__file__).parent))
    screens.install(app, assets, in_order(SEGMENT_PAGES), governance, Hub(), heard)
    return app


@asynccontextmanager
async def serving_here(app: FastAPI) -> AsyncIterator[str]:
    """Serves on this test's own loop, because the databases' connections live on it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="websockets-sansio",
                                               timeout_graceful_shutdown=1))  # fmt: skip
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await task


async def with_a_past(studio: Studio) -> str:
    """Listeners who tried and left, of whom more came back who got a letter; a segment of them, handed over."""
    everybody = [f"u-{n}" for n in range(260)]
    await studio.know(*everybody[:250])
    await studio.with_items([("b-1", "talk"), ("b-2", "asmr")])
    await studio.settle()
    made = await studio.campaigns.create(studio.cast.joon, READY["tried-and-left"])
    campaign = await studio.campaigns.launch(studio.cast.joon, made.id)
    await studio.happen("Listen Started", *everybody, object="b-1", genre="talk")
    await studio.happen("Listen Ended", *everybody, seconds=20, genre="talk")
    await studio.settle()
    await studio.later(hours=21)
    arms = {who: message.arm for who, message in (await studio.messages(campaign)).items()}
    back = [who for n, who in enumerate(everybody) if n % (3 if arms.get(who) == "treated" else 9) == 0]
    await studio.later(hours=3)
    await studio.happen("Listen Started", *back, object="b-2", genre="asmr")
    await studio.later(hours=30)
    rule = {"kind": "did", "event": "Listen Started", "within": "28d"}
    segment = await studio.segments.create(studio.cast.joon, {"ko": "최근 청취자", "en": "Recent listeners"}, rule)
    await studio.segments.compute(studio.cast.joon, segment.id)
    await studio.segments.hand_over(studio.cast.joon, segment.id, "marketing", "이번 주 추천 편지")
    await studio.happen("Listen Started", *(f"u-{n}" for n in range(300, 340)))
    await studio.settle()
    studio.clock.advance(studio.segments._every)
    await studio.segments.tick()
    return campaign.id


async def test_the_screens_show_what_there_is(studio: Studio, browser: Browser) -> None:
    await with_a_past(studio)
    session = await studio.cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    pictures = os.environ.get("DURE_PICTURES")

    def look(url: str) -> None:
        browser.size(1360, 860)
        browser.cookie(url, COOKIE, session)
        for lang, theme in (("ko", "light"), ("en", "dark")):

            def seen(name: str, path: str, *texts: str, act: Callable[[], None] | None = None) -> None:
                browser.open(url + path, lang=lang, theme=theme)  # noqa: B023
                if act:
                    act()
                for text in texts:
                    browser.sees(text)
                if pictures:
                    browser.picture(Path(pictures) / f"{name}-{lang}-{theme}.png")  # noqa: B023

            ko = lang == "ko"
            seen("segments", "/segments", "이탈 직전" if ko else "About to churn", "302")
            browser.click("td", "최근 청취자" if ko else "Recent listeners")
            browser.sees("인계 기록" if ko else "Handed over")
            browser.sees("이름 u-")
            if pictures:
                browser.picture(Path(pictures) / f"segment-{lang}-{theme}.png")

            def build() -> None:
                browser.click("button", "새 세그먼트" if ko else "New segment")  # noqa: B023
                browser.type("dialog input[name=event]", "Listen Started")

            seen("builder", "/segments", "지금 302명" if ko else "302 people now", act=build)
        assert [line for line in browser.complaints() if "live" not in line] == []

    async with serving_here(app_of(studio)) as url:
        await asyncio.to_thread(look, url)
