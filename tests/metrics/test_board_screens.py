"""Boards in a real Chromium: the bar, rearranging, notes, views, alerts, and the page behind a link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dure.log.api import Log
from tests.metrics.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(shared_database: str, shared_log: Log) -> Iterator[tuple[House, str]]:
    """One house for all: what a test adds to its board is no hindrance to the next."""
    house = House(shared_database, shared_log)
    with serving(house.app) as url:
        yield house, url


@pytest.fixture
def screen(house: tuple[House, str], browser: Browser) -> tuple[Browser, str]:
    its, url = house
    browser.size(1440, 900)
    browser.cookie(url, "dure_session", its.session)
    browser.open(url + "/analytics", lang="ko", theme="light")
    browser.until(lambda: len(browser.all(".bd-value")) == 6)
    return browser, url


def names(browser: Browser) -> list[str]:
    return [it.text for it in browser.all(".mx-tile h2")]


def test_the_bar_narrows_every_tile_and_stays_in_the_address(screen: tuple[Browser, str]) -> None:
    browser, _ = screen
    browser.click(".bd-bar .seg button", "7일")
    browser.until(lambda: "last=7" in browser.driver.current_url)
    browser.type(".bd-split input", "country")
    browser.press("Enter")
    browser.until(lambda: "breakdown=country" in browser.driver.current_url)
    browser.until(lambda: any("KR" in it.text for it in browser.all(".mx-tile svg")))
    browser.open(browser.driver.current_url)
    browser.until(lambda: browser.one(".bd-bar .seg button[aria-pressed=true]").text == "최근 7일")
    browser.click(".bd-split button")
    browser.until(lambda: len(browser.all(".bd-value")) == 6)
    browser.click(".mx-tile:first-child button.bd-value")
    browser.sees("u-", "dialog .table")
    assert browser.complaints() == []


def test_a_chart_stands_whole_in_its_tile(screen: tuple[Browser, str]) -> None:
    browser, _ = screen
    browser.size(1360, 757)
    browser.until(lambda: len(browser.all(".bd-body svg.can")) > 0)
    scrolls = "getComputedStyle(it).overflowX !== 'visible' || getComputedStyle(it).overflowY !== 'visible'"
    assert browser.js(f"return [...document.querySelectorAll('.bd-body')].filter(it => {scrolls}).length") == 0
    below = "it.getBoundingClientRect().bottom > it.closest('.mx-tile').getBoundingClientRect().bottom"
    assert browser.js(f"return [...document.querySelectorAll('.bd-body svg')].filter(it => {below}).length") == 0


def test_an_address_of_no_board_says_so(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/analytics?board=nope", lang="ko", theme="light")
    browser.sees("이런 보드는 없습니다", ".empty")
    assert browser.all(".mx-tile") == []
    browser.click(".empty a")
    browser.until(lambda: len(browser.all(".bd-value")) == 6)


def test_tiles_are_moved_resized_added_and_taken_by_keyboard(screen: tuple[Browser, str]) -> None:
    browser, _ = screen
    first, second, *_ = names(browser)
    browser.js("document.querySelector('.mx-tile').focus()")
    browser.press("]")
    browser.until(lambda: names(browser)[:2] == [second, first])
    browser.until(
        lambda: (
            browser.js("return [...document.querySelector('.bd-grid').children].indexOf(document.activeElement)") == 1
        )
    )
    browser.press("+")
    browser.one(".mx-tile.bd-w2")
    browser.press("a")
    browser.click("dialog .seg label", "글")
    browser.type("dialog textarea", "# 이번 분기\n- 재청취")
    browser.press("ctrl+Enter")
    browser.sees("이번 분기", ".bd-text h3")
    assert len(names(browser)) == 7
    browser.js("[...document.querySelectorAll('.mx-tile')].at(-1).querySelector('[aria-haspopup=menu]').click()")
    browser.click(".menu-item", "타일 빼기")
    browser.until(lambda: len(names(browser)) == 6)
    browser.click(".toast button", "되돌리기")
    browser.until(lambda: len(names(browser)) == 7)
    assert browser.complaints() == []


def test_what_happened_and_a_view_are_kept_from_the_board(screen: tuple[Browser, str]) -> None:
    browser, _ = screen
    browser.press("n")
    browser.type("dialog input[name=text]", "2.0 배포")
    browser.press("Enter")
    browser.until(lambda: any("2.0 배포" in str(it.get_attribute("textContent")) for it in browser.all(".mark title")))
    browser.click(".bd-bar .seg button", "7일")
    browser.click(".top [aria-haspopup=menu]", "보기")
    browser.click(".menu-item", "지금 보기를 저장")
    browser.type("dialog input[name=name]", "지난주")
    browser.press("Enter")
    browser.sees("지난주", ".top")
    browser.click(".bd-bar .seg button", "90일")
    browser.misses("지난주", ".top .btn")
    browser.click(".top [aria-haspopup=menu]", "보기")
    browser.click(".menu-item", "지난주")
    browser.until(lambda: "last=7" in browser.driver.current_url)
    assert browser.complaints() == []


def test_an_alert_is_tried_on_the_past_and_kept(screen: tuple[Browser, str]) -> None:
    browser, _ = screen
    tile = "[...document.querySelectorAll('.mx-tile')].find(it => it.textContent.includes(args[0]))"
    open_menu = tile + ".querySelector('[aria-haspopup=menu]').click()"
    browser.js(open_menu, "가입 7일")
    browser.click(".menu-item", "알림")
    browser.sees("이 지표에는 알림을 걸 수 없습니다", "dialog")
    browser.press("Escape")
    browser.js(open_menu, "주간 청취자")
    browser.click(".menu-item", "알림")
    browser.click("dialog .btn", "새 알림")
    browser.click("dialog .seg label", "기준보다 위")
    browser.type("dialog input[name=threshold]", "3")
    browser.click("dialog .btn", "지난 기간에 견줘 보기")
    browser.sees("알렸을 것입니다", "dialog")
    browser.one("dialog .bd-alertform svg")
    browser.click("dialog button[type=submit]")
    browser.sees("기준보다 위 3", "dialog .bd-alerts")
    browser.press("Escape")
    browser.one(".mx-tile [aria-label^='알림']")
    # This house has no channels to choose from.
    assert [line for line in browser.complaints() if "/api/v1/channels" not in line] == []


def test_a_link_shows_the_numbers_without_an_account_and_then_no_more(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.click(".top [aria-haspopup=menu][aria-label=보드]")
    browser.click(".menu-item", "링크로 공유")
    browser.click("dialog button[type=submit]")
    address = browser.one("dialog .bd-address").get_attribute("value")
    assert address is not None
    browser.driver.delete_all_cookies()
    browser.open(url + address, lang="en", theme="dark")
    browser.until(lambda: len(browser.all(".bd-value")) == 6)
    browser.sees("Weekly listeners", ".mx-tile")
    assert browser.all("button.bd-value, .side, .bd-bar input") == []
    assert browser.complaints() == []
    browser.open(url + "/shared/nothing-of-the-kind")
    browser.sees("This link no longer opens")
    assert all("404" in line for line in browser.complaints())
