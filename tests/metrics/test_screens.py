"""The board and the question builder in a real Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from dure.log.api import Log
from tests.metrics.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]

FUNNEL = {
    "kind": "funnel", "window": "7d", "order": "ordered",
    "steps": [{"event": "Signed Up"}, {"event": "Listen Started"}, {"event": "Gift Sent"}],
}  # fmt: skip


@pytest.fixture
def screen(fresh_database: str, log: Log, browser: Browser) -> Iterator[tuple[Browser, str]]:
    house = House(fresh_database, log)
    with serving(house.app) as url:
        browser.size(1440, 900)
        browser.cookie(url, "dure_session", house.session)
        yield browser, url


def asked(question: dict[str, Any]) -> str:
    return "/explore?q=" + quote(json.dumps(question))


def test_a_number_of_the_board_opens_to_its_trend_and_down_to_its_events(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/analytics", lang="ko", theme="light")
    browser.until(lambda: len(browser.all(".mx-tile")) == 6)
    browser.sees("주간 청취자", ".mx-tile")
    browser.click(".mx-tile")
    browser.one(".mx-answer svg")
    browser.click(".mx-answer .table button.link")
    browser.sees("Listen Started", "dialog .table")
    assert browser.complaints() == []


def test_a_funnel_is_asked_by_its_steps_and_opens_to_people(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(FUNNEL), lang="en", theme="dark")
    browser.until(lambda: len(browser.all(".funnel-row")) == 3)
    browser.sees("How this was counted", ".mx-defs")
    browser.click(".funnel-step button")
    browser.sees("u-", "dialog .table")
    assert browser.complaints() == []


def test_retention_and_lifecycle_are_a_tab_away(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked({**FUNNEL, "steps": [{"event": "Listen Started"}]}), lang="ko", theme="light")
    browser.click(".mx-tabs button", "리텐션")
    browser.one("table.heat tbody tr")
    browser.click(".mx-tabs button", "생애주기")
    browser.sees("돌아옴", ".mx-answer")
    assert browser.complaints() == []


def test_an_empty_house_offers_to_begin(fresh_database: str, log: Log, browser: Browser) -> None:
    house = House(fresh_database, log, full=False)
    with serving(house.app) as url:
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/analytics", lang="ko", theme="light")
        browser.click(".btn", "시작하기")
        browser.until(lambda: len(browser.all(".mx-tile")) == 6)
        assert browser.complaints() == []


def test_those_who_left_a_funnel_are_kept_as_a_segment(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(FUNNEL), lang="en", theme="dark")
    browser.until(lambda: len(browser.all(".funnel-row")) == 3)
    browser.click(".funnel-step button")
    browser.click("dialog .mx-keep button", "Save as segment")
    browser.click("dialog .actions .btn.pri")
    browser.click("dialog .mx-keep a", "Left before Listen Started")
    browser.sees("funnel Signed Up → Listen Started → Gift Sent", ".panel")
    assert browser.complaints() == []
