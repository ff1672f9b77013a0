"""The catalogue, a metric and the North Star tree in a real Chromium, from the keyboard where that is quickest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dure.log.api import Log
from dure.metrics.starters import METRICS
from tests.metrics.catalogue_room import own_database, own_log
from tests.metrics.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium", "own_database", "own_log"]


@pytest.fixture(scope="module")
def house(own_database: str, own_log: Log) -> Iterator[tuple[House, str]]:
    house = House(own_database, own_log)
    with serving(house.app) as url:
        yield house, url


@pytest.fixture
def screen(house: tuple[House, str], browser: Browser) -> tuple[Browser, str]:
    browser.size(1440, 900)
    browser.cookie(house[1], "dure_session", house[0].session)
    return browser, house[1]


def test_the_catalogue_is_searched_and_opened_by_keyboard(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/metrics/catalogue", lang="en", theme="dark")
    browser.until(lambda: len(browser.all(".mc tbody tr[data-key]")) == len(METRICS))
    browser.sees("Product", ".mc td")
    browser.sees("Value (last 30 days)", ".mc th")
    browser.press("/")
    browser.type(".mc-find", "gift")
    browser.until(lambda: 0 < len(browser.all(".mc tbody tr")) < 8)
    browser.sees("Average gift", ".mc")
    browser.click("tr[data-key=average-gift] .mx-defat button")
    browser.sees("Average amount of Gift Sent", ".mx-defbox")
    browser.press("escape")
    browser.until(lambda: not browser.all(".mx-defbox"))
    browser.js("document.querySelector('tr[data-key=\"average-gift\"]').focus()")
    browser.press("enter")
    browser.sees("Average gift", ".top")
    browser.sees("Gift revenue", ".mc-uses")


def test_an_edit_shows_who_is_affected_before_it_is_saved(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/metrics/catalogue/weekly-listeners", lang="ko", theme="light")
    browser.one(".mc-page svg")
    browser.press("v")
    browser.sees("한지우님이", ".facts")
    browser.press("e")
    browser.sees("아직 바뀐 것이 없습니다", ".mc-effect")
    assert not browser.one(".mc-save .pri").is_enabled()
    text = browser.one("textarea[name=question]").get_attribute("value") or ""
    browser.js(
        "const it = document.querySelector('textarea[name=question]'); it.value = args[0];"
        " it.dispatchEvent(new Event('input'));",
        text.replace('"people"', '"count"'),
    )
    browser.sees("확인 표시가 사라집니다", ".mc-effect")
    browser.sees("다섯 팀", ".mc-effect")
    browser.sees("한지우", ".mc-people")
    now, after = (it.text for it in browser.all(".mc-figure"))
    assert now != after
    browser.click(".mc-save .pri")
    browser.sees("질문 series[0].math", ".mc-history")
    browser.sees("예", ".mc-history del")
    browser.sees("아니요", ".mc-history ins")
    assert "verified" not in browser.one(".mc-history").text
    browser.sees("확인 전", ".facts")
    assert browser.complaints() == []


def test_the_tree_is_walked_read_and_changed_by_keyboard(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/metrics/trees/north-star", lang="ko", theme="light")
    browser.until(lambda: len(browser.all(".tree-card")) >= 11)
    browser.js("document.querySelector('.tree-card.root').focus()")
    browser.press("arrow_right")
    browser.sees("주간 청취자", ".mt-detail")
    browser.one(".mt-detail [aria-label='주간 청취자의 정의']")
    browser.press("arrow_right", "arrow_down")
    browser.sees("계속 듣는 청취자", ".mt-detail")
    browser.press("t")
    browser.sees("설명되지 않음", ".mt th")
    browser.press("t", "e")
    browser.sees("고치는 중", ".mt-editing")
    browser.js("document.querySelector('[data-node=\"time-per-listen\"]').focus()")
    browser.press("a")
    browser.js(
        "const it = document.querySelector('dialog select[name=metric]');"
        " it.value = String([...it.options].findIndex(o => o.text.trim() === '선물 횟수') - 1);"
        " it.dispatchEvent(new Event('change'));"
        " const how = document.querySelector('dialog select[name=how]');"
        " how.value = String(how.options.length - 1); how.dispatchEvent(new Event('change'));"
    )
    browser.click("dialog .btn.pri")
    browser.one("[data-node=gifts]")
    browser.press("ctrl+s")
    browser.until(lambda: not browser.all(".mt-editing"))
    browser.one("[data-node=gifts] .tree-row")
    assert browser.complaints() == []
