"""Recommendations and demand tests in a real Chromium. `DURE_PICTURES=DIR` keeps what was seen."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from dure import screens
from dure.campaigns.page import PAGES as CAMPAIGN_PAGES
from dure.governance.http import COOKIE
from dure.people import routes as people_routes
from dure.segments import routes as segment_routes
from dure.segments.page import PAGES as SEGMENT_PAGES
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.campaigns.demand_house import app_of, assets, demand_of
from tests.campaigns.recommending.company import happened, heard, item, read
from tests.campaigns.studio import Studio
from tests.campaigns.test_demand import ASK, writing
from tests.web.browser import Browser, browser, chromium
from tests.web.here import serving_here

__all__ = ["browser", "chromium"]

pytestmark = pytest.mark.anyio


async def with_a_past(studio: Studio) -> None:
    api, joon, now = studio.campaigns.recommending, studio.cast.joon, studio.clock.now()
    titles = ["밤의 낭독", "새벽 라디오", "빗소리 한 시간", "퇴근길 수다", "책장 넘기는 밤", "고양이 이야기"]
    await api.load_items(joon, [
        item(f"b-{n}", ("story", "talk", "asmr")[n % 3], f"c-{n % 4}", live_from=now - timedelta(hours=n),
             live_to=now - timedelta(minutes=5) if n == 5 else None)
        for n in range(len(titles))
    ])  # fmt: skip
    await studio.know(*(f"u-{n}" for n in range(60)))
    await happened(studio, [
        *(heard(f"u-{n}", f"b-{(n * m) % 6}", creator=f"c-{(n * m) % 4}") for n in range(60) for m in (1, 3)),
        *((f"u-{n}", "Recommendation Shown", "b-2", {"kind": ("together", "popular")[n % 2]}, 3) for n in range(60)),
        *((f"u-{n}", "Recommendation Clicked", "b-2", {}, 2.9) for n in range(0, 60, 6)),
    ])  # fmt: skip
    await read(studio)
    await api.count(studio.cast.tenant)
    await api.block_creator(joon, "c-3", True)


async def launched(studio: Studio) -> str:
    demand = demand_of(studio)
    async with writing(studio):
        test, _, _ = await demand.create(studio.cast.joon, {**ASK, "people": [f"u-{n}" for n in range(60)]})
    await demand.launch(studio.cast.joon, test.id)
    await studio.settle()
    for number, letter in enumerate(studio.postbox.taken):
        secret = letter.text.split("/d/")[1].split()[0]
        if number % 3 == 0:
            await demand.seen(secret)
        if number % 6 == 0:
            await demand.want(secret)
    await studio.later(hours=1)
    sent = [letter.to.split("@")[0] for letter in studio.postbox.taken]
    await studio.happen("Listen Started", *sent[: len(sent) // 2], object="b-1")
    return test.id


async def test_what_one_sees_of_recommendations_and_demand_tests(studio: Studio, browser: Browser) -> None:
    await with_a_past(studio)
    done, loop = await launched(studio), asyncio.get_running_loop()
    session = await studio.cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    pictures = os.environ.get("DURE_PICTURES")
    files = assets()
    app = app_of(studio, demand_of(studio), files)
    for router in (segment_routes.router(studio.segments), people_routes.router(studio.people)):
        include(app, router)

    async def may_hear(principal: object, topic: str) -> bool:
        return True

    pages = in_order([*SEGMENT_PAGES, *CAMPAIGN_PAGES])
    screens.install(app, files, pages, studio.cast.governance, Hub(), may_hear)

    def look(url: str) -> None:
        browser.size(1360, 900)
        browser.cookie(url, COOKIE, session)
        for lang, theme in (("ko", "light"), ("en", "dark")):
            ko = lang == "ko"

            def seen(name: str, path: str, *texts: str) -> None:
                browser.open(url + path, lang=lang, theme=theme)  # noqa: B023
                for text in texts:
                    browser.sees(text)
                keep(name)

            def keep(name: str) -> None:
                if pictures:
                    browser.picture(Path(pictures) / f"{name}-{lang}-{theme}.png")  # noqa: B023

            seen("kinds", "/recommendations", "취향이 비슷함" if ko else "Similar taste", "%")
            seen("catalogue", "/recommendations?tab=catalogue", "c-3", "막은 크리에이터" if ko else "Blocked creators")
            seen("try", "/recommendations?tab=try", "이름 u-", "섞어서" if ko else "Blend")
            seen("setup", "/recommendations?tab=setup", "저장하고 새로 읽기" if ko else "Save and read anew")
            if ko:
                seen("demand-early", "/demand-tests", "아직 세는 중")
                seen("demand-test-early", f"/demand-tests/{done}", "아직 세는 중", "기간이 남았으니")
                asyncio.run_coroutine_threadsafe(studio.later(days=4), loop).result(60)
            seen("demand", "/demand-tests", "낭독" if ko else "bedtime")
            seen(
                "demand-test",
                f"/demand-tests/{done}",
                "끝남" if ko else "Finished",
                "받은 쪽" if ko else "Got it",
                "피셔" if ko else "Fisher",
            )
            browser.open(url + "/demand-tests/new", lang=lang, theme=theme)
            browser.type("input[name=question]", "새벽 라디오를 들으실까요?")
            browser.type("textarea[name=people]", "u-1\nu-2\nnobody")
            browser.sees("2명" if ko else "2 people")
            browser.sees("찾을 수 없는 1줄" if ko else "1 line nobody is known by")
            browser.type("textarea[name=body]", "{{ person.name }}, 새벽 다섯 시에 만나요.")
            browser.type("textarea[name=door]", "새벽 라디오")
            browser.sees("새벽 다섯 시에 만나요.")
            browser.sees("https://dure.example/d/preview")
            keep("demand-new")
        browser.size(420, 900)
        browser.open(url + "/d/preview", lang="ko", theme="light")
        browser.sees("관심 있어요")
        if pictures:
            browser.picture(Path(pictures) / "door.png")
        assert [line for line in browser.complaints() if "live" not in line and "/events/names" not in line] == []

    async with serving_here(app) as url:
        await asyncio.to_thread(look, url)
