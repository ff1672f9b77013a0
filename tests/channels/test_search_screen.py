"""The search's screen in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.house import House, open_house
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    with open_house(fresh_database) as house:
        yield house


def pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"search_{name}.png")


def test_what_was_said_is_found_as_one_types_and_opened_where_it_stands(browser: Browser, house: House) -> None:
    house.say("joon", "q4-launch", "벚꽃엔딩광고 집행이 <b>끝났어요</b> https://example.com/x :tada:")
    for lang, theme in (("en", "dark"), ("ko", "light")):
        house.enter(browser, "mina", "/search", lang, theme)
        browser.sees("from:@", ".se-how")
        pictured(browser, f"start_{lang}_{theme}")
        browser.type(".se-field input", "광고")
        browser.sees("광고", ".se-list mark")
        browser.sees("벚꽃엔딩광고 집행이 <b>끝났어요</b>", ".se-text")
        browser.until(lambda: "q=" in browser.driver.current_url)
        pictured(browser, f"found_{lang}_{theme}")
        browser.click(".se-chip button", "보낸 사람" if lang == "ko" else "From")
        browser.sees("박준", ".se-pop li")
        pictured(browser, f"chip_{lang}_{theme}")
        browser.click(".se-pop li", "박준")
        browser.until(lambda: browser.one(".se-field input").get_attribute("value") == "광고 from:@박준")
        browser.sees("벚꽃엔딩광고", ".se-text")
        browser.click(".se-chip .btn.ico")
        browser.until(lambda: browser.one(".se-field input").get_attribute("value") == "광고")
        browser.type(".se-field input", "없는말씀이오 in:#nowhere")
        browser.sees("nowhere", ".se-main")
        pictured(browser, f"none_{lang}_{theme}")
    browser.type(".se-field input", "단가표")
    browser.sees("단가표", ".se-list mark")
    browser.press("DOWN")
    browser.one(".se-list [aria-selected=true]")
    browser.press("ENTER")
    browser.sees("제안서 v3 공유드립니다", ".ch-list")
    assert house.rooms["deal-한빛커피"] in browser.driver.current_url
    browser.driver.back()
    browser.until(lambda: browser.one(".se-field input").get_attribute("value") == "단가표")
    browser.sees("단가표", ".se-list mark")
    browser.click(".tabs button", "사람")
    browser.type(".se-field input", "박")
    browser.sees("박준", ".se-list")
    browser.click(".tabs button", "채널")
    browser.type(".se-field input", "커피")
    browser.sees("deal-한빛커피", ".se-list")
    browser.type(".se-field input", "")
    browser.sees("단가표", ".se-recent")
    pictured(browser, "recent")
    assert browser.complaints() == []


def test_search_is_entered_from_a_channel_and_from_the_palette(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.sees("소진율", ".ch-list")
    browser.one("body").click()
    browser.press("/")
    browser.until(lambda: browser.one(".se-field input").get_attribute("value").strip() == "in:#q4-launch")
    browser.sees("소진율", ".se-list")
    browser.press("ctrl+k")
    browser.type(".palette input", "제안서")
    browser.click(".palette li", "“제안서” 메시지 검색")
    browser.sees("제안서", ".se-list mark")
    browser.size(390, 800)
    pictured(browser, "phone")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.complaints() == []
