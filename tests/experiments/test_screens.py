"""Experiments and flags in a real Chromium. `DURE_PICTURES=DIR` keeps what was seen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.governance.http import COOKIE
from tests.experiments.application import DESIGN, app_of
from tests.experiments.lab import Lab, names
from tests.web.browser import Browser
from tests.wire.server import serving

pytestmark = pytest.mark.anyio


async def with_a_past(lab: Lab) -> dict[str, str]:
    """Twelve days of an experiment that works, one that is broken, a draft, and flags."""
    good = await lab.running(**DESIGN)
    broken = await lab.running(
        name={"ko": "색을 바꾼 단추", "en": "Another button colour"}, exposure={"event": "Button"}
    )
    draft = await lab.experiments.create(lab.cast.joon, {**DESIGN, "name": {"ko": "짧은 가입", "en": "Short sign-up"}})
    rows: list[tuple[str, str, Any, str, dict[str, Any]]] = []
    for number, who in enumerate(names("u-", 1600)):
        at, arm = lab.clock.now() + timedelta(hours=1 + number * 0.13), ("control", "shows")[number % 2]
        rows.append(("Identified", who, at - timedelta(hours=1), "", {"plan": ("free", "pro")[number % 3 == 0]}))
        rows.append(("Screen Shown", who, at, "", {"arm": arm}))
        if number % 20 < (3 if arm == "control" else 6):
            rows.append(("Subscribed", who, at + timedelta(hours=3), "", {}))
        rows.append(("Listened", who, at + timedelta(hours=1), "", {"minutes": 10 + number // 2 % 7}))
        if number // 2 % 3 == 0:
            rows.append(("Listened", who, at + timedelta(hours=26), "", {"minutes": 5}))
        if number < 900:
            rows.append(("Button", who, at, "", {"arm": "treated" if number % 5 < 3 else "control"}))
    await lab.events_of(rows)
    await lab.flags.create(lab.cast.joon, "new-player", {
        "name": "새 재생기", "variants": [{"name": "control", "share": 0.5}, {"name": "large", "share": 0.5}],
        "conditions": [{"where": [{"prop": "plan", "op": "in", "value": ["pro", "team"]}], "rollout": 0.4}, {}],
        "payloads": {"large": {"height": 320}},
    })  # fmt: skip
    await lab.flags.override(lab.cast.joon, "new-player", "joon", "large")
    await lab.flags.create(lab.cast.joon, "first-screen", {"experiment": good.id})
    lab.clock.advance(timedelta(days=12))
    await lab.settle()
    await lab.experiments.tick()
    return {"good": good.id, "broken": broken.id, "draft": draft.id}


async def test_the_screens_show_what_there_is(lab: Lab, browser: Browser) -> None:
    made = await with_a_past(lab)
    session = await lab.cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    pictures = os.environ.get("DURE_PICTURES")

    def look(url: str) -> None:
        browser.size(1360, 1500)
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
            seen("list", "/experiments", "새 첫 화면" if ko else "New first screen", "더 나음" if ko else "Better")
            seen(
                "result", f"/experiments/{made['good']}", "크기 정상" if ko else "Sizes as planned",
                "지켜짐" if ko else "Safe",
                "‘방송 먼저’ 쪽이 낫습니다" if ko else "“Broadcasts first” is better",
                "나을 확률" if ko else "Chance to be better",
            )  # fmt: skip

            def split() -> None:
                browser.type("input[name=split]", "plan")
                browser.click("button", "나누어 보기" if ko else "Split")  # noqa: B023

            if ko or pictures:
                seen("split", f"/experiments/{made['good']}", "free", "pro", act=split)
                seen("broken", f"/experiments/{made['broken']}", "읽으면 안 됩니다" if ko else "nothing may be read")
                seen("draft", f"/experiments/{made['draft']}", "초안입니다" if ko else "A draft")

            def plan() -> None:
                browser.type("input[name=name]", "짧은 안내" if ko else "A shorter tour")  # noqa: B023
                browser.type("input[name=event]", "Subscribed")
                browser.type("input[name=from]", "Screen Shown")

            seen("new", "/experiments/new", "약 " if ko else "about ", act=plan)
            browser.click("button[type=submit]", "초안 만들기" if ko else "Make a draft")
            browser.sees("초안입니다" if ko else "A draft")
            if ko or pictures:
                seen("flags", "/feature-flags", "new-player", "large 50%")
                seen("linked", "/feature-flags/first-screen", "새 첫 화면" if ko else "New first screen")

            def trial() -> None:
                browser.type("input[name=trial]", "joon")
                browser.click("button", "보기" if ko else "Look")  # noqa: B023

            seen("flag", "/feature-flags/new-player", "이 사람의 예외" if ko else "set for this person", act=trial)
        browser.open(f"{url}/experiments/{made['good']}", lang="ko", theme="light")
        browser.sees("‘방송 먼저’ 쪽이 낫습니다")
        browser.click("button", "결정")
        browser.click("dialog button[type=submit]", "결정")  # the arm and the sentence are there already
        browser.sees("결정됨")
        assert [line for line in browser.complaints() if "live" not in line] == []

    async with serving(app_of(lab), ws="websockets-sansio") as url:
        await asyncio.to_thread(look, url)
    drafts = [one for one in await lab.experiments.experiments(lab.cast.joon) if one.state == "draft"]
    assert {one.design.name["ko"] for one in drafts} == {"짧은 가입", "짧은 안내", "A shorter tour"}
    (decided,) = [one for one in await lab.experiments.experiments(lab.cast.joon) if one.state == "decided"]
    assert decided.decision is not None
    assert decided.decision.arm == "shows"
