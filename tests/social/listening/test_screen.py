"""The listening board in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dure.governance.http import COOKIE
from dure.log.api import Log
from tests.social.listening.screen import Desk
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def desk(fresh_database: str, log: Log) -> Desk:
    return Desk(fresh_database, log, posts=300)


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with desk.served() as url:
        yield url


def test_a_query_is_tried_refused_saved_compared_and_opened(browser: Browser, desk: Desk, url: str) -> None:
    browser.cookie(url, COOKIE, desk.session)
    browser.open(url + "/listening", lang="ko")
    browser.sees("결제 문제", ".hear")
    browser.press("/")
    browser.type(".hear-field textarea", "방송 OR (구독")
    browser.sees("이 괄호가 닫히지 않았습니다", ".hear-wrong")
    browser.type(".hear-field textarea", "방송 -버퍼링")
    browser.sees("정확한 수", ".hear-caught")
    browser.until(lambda: len(browser.all(".hear-post mark")) > 2)
    browser.click(".hear-acts .pri")
    browser.type(".dialog input[name=name]", "방송 이야기")
    browser.click(".dialog .pri")
    browser.sees("방송 이야기", "table")
    browser.click(".tabs [role=tab]", "점유율")
    browser.sees("파도라디오", ".hear-share")
    browser.sees("–", ".hear-share")
    browser.click(".tabs [role=tab]", "급증")
    browser.sees("두드러진 말", ".hear-spikes")
    browser.sees("일주일에 0.02번까지", ".hear-page")
    browser.click(".tabs [role=tab]", "효과")
    browser.sees("언급에서 가입까지", ".hear-page")
    browser.sees("한빛커피 연간 제휴", ".hear-page")
    # A query that makes no sense is refused by the server, which Chromium notes.
    assert [one for one in browser.complaints() if "422" not in one] == []
