"""Automations in a real Chromium: ready ones, built ones, tried ones, those that ran and those that failed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.log.api import Log
from tests.automation.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(shared_database: str) -> House:
    """One for all: each test works on automations of its own, or leaves them as they were."""
    return House(shared_database)


@pytest.fixture(scope="module")
def url(house: House) -> Iterator[str]:
    with serving(house.app) as url:
        yield url


@pytest.fixture
def screen(house: House, url: str, browser: Browser) -> Browser:
    browser.size(1500, 900)
    browser.cookie(url, "dure_session", house.session)
    browser.open(url + "/automations", lang="ko", theme="light")
    browser.sees("거래 채널 열기")
    return browser


def keep(browser: Browser, name: str) -> None:
    """Keeps what is seen where somebody wants to look at it."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"automation-{name}.png")


def focus(browser: Browser, css: str) -> None:
    browser.one(css)
    browser.js("document.querySelector(args[0]).focus()", css)


def order(browser: Browser) -> list[str]:
    """The ids of the steps as they are drawn."""
    return list(browser.js("return [...document.querySelectorAll('[data-node]')].map(it => it.dataset.node)"))


def test_a_recipe_is_looked_at_switched_on_and_off(screen: Browser) -> None:
    screen.click("[role=tab]", "레시피")
    screen.sees("첫 청취 환영", ".auto-recipe")
    screen.type(".auto-bar input", "첫 청취")
    screen.misses("거래 채널 열기", ".auto-recipe")
    screen.click(".auto-recipe", "첫 청취 환영")
    screen.sees("기다리기", "dialog .auto-mini")
    keep(screen, "recipe")
    screen.click("dialog .btn.pri", "켜기")
    screen.sees("켰습니다", ".toast")
    screen.click("dialog .btn", "끄기")
    screen.sees("껐습니다", ".toast")
    screen.click("dialog header .btn")
    screen.click("[role=tab]", "자동화")
    screen.sees("첫 청취 환영", "table")
    rows = "[...document.querySelectorAll('tbody tr')]"
    switch = rows + ".find(row => row.textContent.includes('환영')).querySelector('input')"
    for checked in ("true", "false"):
        screen.until(lambda: not screen.js(f"return {switch}.disabled"))
        screen.js(f"{switch}.click()")
        screen.until(lambda checked=checked: screen.js(f"return {switch}.checked === {checked} && !{switch}.disabled"))
    assert screen.complaints() == []


def test_an_automation_is_built_by_keyboard_and_published(screen: Browser) -> None:
    screen.click(".btn", "새 자동화")
    focus(screen, ".auto-first")
    screen.press("enter", "enter")
    screen.sees("거래 단계가 바뀜", "dialog")
    screen.type("dialog input[type=search]", "거래 단계")
    screen.press("enter")
    screen.sees("거래 단계가 바뀜", ".auto-first")
    focus(screen, ".auto-first")
    screen.press("a")
    screen.type("dialog input[type=search]", "메시지 보내기")
    screen.press("enter")
    # What is missing is said at its field, of the very step.
    screen.sees("needs `channel`", ".auto-form .field.wrong")
    screen.type(".auto-form .field.wrong input", "general")
    screen.type(".auto-form textarea", "{{ event to")
    screen.sees("event.properties.to", ".holes-offer")
    screen.press("enter")
    screen.until(lambda: screen.one(".auto-form textarea").get_attribute("value") == "{{ event.properties.to }}")
    screen.sees("문제없음", ".auto-name")
    keep(screen, "builder-step")
    # A branch before it, moved behind it, and back by undo.
    focus(screen, ".auto-first")
    screen.press("a")
    screen.type("dialog input[type=search]", "갈림길")
    screen.press("enter")
    screen.until(lambda: order(screen) == ["branch", "post"])
    focus(screen, "[data-node=branch]")
    screen.press("shift+arrow_down")
    screen.until(lambda: order(screen) == ["post", "branch"])
    screen.press("ctrl+z")
    screen.until(lambda: order(screen) == ["branch", "post"])
    focus(screen, "[data-node=branch]")
    screen.press("delete")
    screen.sees("지웠습니다", ".toast")
    screen.click(".toast button", "되돌리기")
    screen.until(lambda: order(screen) == ["branch", "post"])
    screen.press("ctrl+z")
    screen.until(lambda: order(screen) == ["post"])
    # The same as JSON: either side follows the other.
    screen.click(".btn", "JSON")
    text = json.loads(screen.one(".auto-json-side textarea").get_attribute("value") or "")
    text["nodes"][0]["id"] = "told"
    screen.js(
        "const it = document.querySelector('.auto-json-side textarea'); it.value = args[0];"
        "it.dispatchEvent(new Event('input', {bubbles: true}))", json.dumps(text),
    )  # fmt: skip
    screen.until(lambda: order(screen) == ["told"])
    keep(screen, "builder-json")
    # Leaving is asked about; nothing is lost by staying.
    screen.click(".top a", "자동화")
    screen.sees("저장하지 않고 나갈까요", "dialog")
    screen.click("dialog .btn", "취소")
    screen.press("ctrl+s")
    screen.type("dialog input[name=name]", "단계를 알리기")
    screen.type("dialog textarea", "영업이 부탁함")
    screen.click("dialog button[type=submit]")
    screen.sees("단계를 알리기", ".top h1")
    screen.click("[role=tab]", "버전")
    screen.sees("영업이 부탁함", ".auto-version-list")
    assert screen.complaints() == []


def test_a_change_is_compared_and_taken_back(screen: Browser, house: House) -> None:
    screen.click("table a", "거래 채널 열기")
    screen.sees("사람에게 묻기", ".auto-canvas")
    screen.sees("3회", "[data-node=room]")
    keep(screen, "detail")
    screen.press("e")
    screen.click("[data-node=nudge]")
    screen.type(".auto-form textarea", "열흘이 지났습니다.")
    screen.press("ctrl+s")
    screen.type("dialog textarea", "열흘로")
    screen.click("dialog button[type=submit]")
    screen.sees("버전 2", ".toast")
    screen.click(".top a", "거래 채널 열기")
    screen.click("[role=tab]", "버전")
    screen.sees("일주일이 지났습니다.", ".auto-diff .was")
    screen.sees("열흘이 지났습니다.", ".auto-diff .is")
    keep(screen, "versions")
    screen.click(".auto-version-list .btn", "되돌리기")
    screen.click("dialog button[type=submit]")
    screen.sees("v3", ".auto-version-list")
    screen.sees("다른 것이 없습니다", ".auto-compare")
    assert screen.complaints() == []


def test_runs_are_found_decided_and_set_going_again(screen: Browser, house: House) -> None:
    screen.click("table a", "거래 채널 열기")
    screen.type(".auto-runs .auto-bar input[type=search]", "한빛")
    screen.misses("새벽커피", ".auto-runs tbody")
    screen.js("document.querySelector('.auto-runs tbody tr').click()")
    screen.click(".notice .btn", "예")
    screen.type("dialog textarea", "이사회가 좋다고 함")
    screen.click("dialog button[type=submit]")
    screen.sees("이사회가 좋다고 함", ".auto-flow")
    screen.sees("기다리기", ".auto-flow")
    keep(screen, "run")
    screen.click(".top a", "자동화")
    screen.click("[role=tab]", "실패한 실행")
    screen.sees("the key was revoked", "tbody")
    house.broken = False
    screen.click("thead input[type=checkbox]")
    keep(screen, "letters")
    screen.click(".bulk .btn", "다시 시도")
    screen.sees("3건을 다시 시작했습니다", ".toast")
    screen.sees("실패한 실행이 없습니다")
    screen.click("[role=tab]", "자동화")
    screen.click("table a", "시트에 거래 적기")
    screen.click(".btn", "손으로 실행")
    screen.type("dialog input[name=subject]", "006D9")
    screen.click("dialog button[type=submit]")
    screen.sees("006D9", ".auto-runs")
    assert screen.complaints() == []


def test_it_is_tried_with_one_event_and_over_the_past_month(fresh_database: str, log: Log, browser: Browser) -> None:
    house = House(fresh_database, log=log)
    with serving(house.app) as url:
        browser.size(1500, 900)
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/automations", lang="en", theme="dark")
        browser.sees("Automations", ".top h1")
        browser.click("table a", "거래 채널 열기")
        browser.sees("Ask a person", ".auto-canvas")
        browser.click(".btn", "Test")
        browser.sees("‹channels.create.channel›", "dialog .auto-flow")
        keep(browser, "trial")
        browser.js("document.querySelector('.auto-events li').focus()")
        browser.press("arrow_down")
        browser.until(lambda: browser.one(".auto-events [aria-selected=true]").text.startswith("새벽커피"))
        browser.sees("새벽커피", "dialog .auto-flow")
        browser.click("dialog [role=tab]", "past month")
        browser.sees("It would have run 3 times", "dialog")
        browser.sees("Looked at 3 of 3 events", "dialog")
        browser.click("dialog .auto-would summary")
        browser.sees("Create a channel", "dialog .auto-would")
        keep(browser, "month")
        assert browser.complaints() == []


def test_everything_is_paused_and_an_import_is_reviewed(screen: Browser) -> None:
    screen.click(".tools .menu-at button")
    screen.click("[role=menuitem]", "모두 멈춤")
    screen.type("dialog textarea", "메일이 쏟아져서")
    screen.click("dialog button[type=submit]")
    screen.sees("메일이 쏟아져서", ".auto-paused")
    keep(screen, "paused")
    screen.click(".auto-paused .btn", "다시 시작")
    screen.misses("메일이 쏟아져서")
    text = screen.js(
        "const it = await fetch('/api/v1/automations/export', {headers: {'x-dure-client': 'web'}}); return it.text()"
    )
    texts = json.loads(text)
    texts["automations"][1]["definition"]["nodes"][0]["retries"] = 3
    texts["automations"].append({**texts["automations"][1], "id": "", "name": "새로 온 것"})
    texts["automations"].append({"name": "틀린 것", "definition": {"trigger": {}, "nodes": [{"kind": "no.such"}]}})
    screen.click(".tools .menu-at button")
    screen.click("[role=menuitem]", "가져오기")
    screen.one("dialog textarea")
    screen.js(
        "const it = document.querySelector('dialog textarea'); it.value = args[0];"
        "it.dispatchEvent(new Event('input', {bubbles: true}))", json.dumps(texts),
    )  # fmt: skip
    screen.click("dialog .btn", "검토")
    screen.sees("버전 1 → 2", "dialog")
    screen.sees("가져올 수 없음", "dialog")
    keep(screen, "import")
    screen.click("dialog .btn.pri", "2개 가져오기")
    screen.sees("새로 온 것", "table")
    assert screen.complaints() == []


def test_empty(fresh_database: str, browser: Browser) -> None:
    house = House(fresh_database, full=False)
    with serving(house.app) as url:
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/automations", lang="ko", theme="light")
        browser.sees("아직 자동화가 없습니다")
        browser.click(".btn", "레시피 보기")
        browser.sees("첫 청취 환영", ".auto-recipe")
