"""The journey map and its editor in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dure.log.api import Log
from tests.metrics.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]


@pytest.fixture
def screen(fresh_database: str, log: Log, browser: Browser) -> Iterator[tuple[Browser, str]]:
    house = House(fresh_database, log)
    with serving(house.app) as url:
        browser.size(1440, 900)
        browser.cookie(url, "dure_session", house.session)
        yield browser, url


def test_a_journey_is_read_opened_and_drawn_anew(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/journey", lang="ko", theme="light")
    browser.until(lambda: len(browser.all(".jmap-head")) == 7)
    browser.sees("영업", ".jmap-team")
    browser.sees("이렇게 셌습니다", ".mx-defs")

    # A drop opens to its people, by Enter as by a click; a flow does too.
    browser.js("[...document.querySelectorAll('.jmap-foot')][2].querySelectorAll('button')[2].focus()")
    browser.press("Enter")
    browser.sees("u-", "dialog .table")
    browser.press("Escape")
    browser.js("document.querySelector('.jmap-flow[role=button]').focus()")
    browser.sees("→", ".jmap-said")
    browser.press("Enter")
    browser.sees("u-", "dialog .table")
    browser.press("Escape")
    browser.until(lambda: not browser.all("dialog"))

    # Edit, move the second stage before the first by its key, see it counted before it is saved, and save.
    browser.press("e")
    browser.until(lambda: len(browser.all(".jn-item")) == 7)
    browser.click(".jn-item", "둘러봄")
    browser.press("[")
    browser.until(lambda: "둘러봄" in browser.all(".jn-item")[0].text)
    browser.sees("300", ".jn-side [role=status]")
    browser.type("input[name=name_ko]", "들여다봄")
    browser.click(".jn-editor button.pri")
    browser.until(lambda: not browser.all("dialog") and "들여다봄" in browser.all(".jmap-head")[0].text)
    assert browser.complaints() == []


def test_a_new_journey_says_what_is_missing(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/journey", lang="en", theme="dark")
    browser.click("[aria-label='More journeys']")
    browser.click(".menu-item", "New journey")
    browser.click(".jn-editor button.pri")
    browser.sees("Please fill this in.", "dialog [role=alert]")
    browser.type("input[name=name_ko]", "짧은 여정")
    browser.type("input[name=name_en]", "A short one")
    browser.click(".jn-editor .seg button", "Stages")
    browser.sees("Cannot be counted yet", "dialog")
    browser.type("input[name=name_ko]", "가입")
    browser.type("input[name=name_en]", "Signed up")
    browser.type("input[list=jn-events]", "Signed Up")
    browser.press("Enter")
    browser.sees("300", ".jn-item")
    browser.click(".jn-editor button.pri")
    browser.until(lambda: len(browser.all(".jmap-head")) == 1 and "300" in browser.text(".jmap-count"))
