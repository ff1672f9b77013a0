"""The Social screen in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dure.governance.http import COOKIE
from tests.social.screen import OURS, Desk
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def desk(fresh_database: str) -> Desk:
    return Desk(fresh_database, posts=600)


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with desk.served() as url:
        yield url


def signed_in(browser: Browser, desk: Desk, url: str, path: str, lang: str = "ko") -> Browser:
    browser.cookie(url, COOKIE, desk.session)
    browser.open(url + path, lang=lang)
    return browser


def test_the_spike_is_seen_narrowed_to_and_a_mention_is_set_right(browser: Browser, desk: Desk, url: str) -> None:
    signed_in(browser, desk, url, "/social")
    browser.sees("진행 중", ".social-spikes")
    browser.click(".social-spike")
    browser.sees("시간당 말한 사람 · 결제", ".social-chart")
    browser.until(lambda: len(browser.all(".social-row")) > 10)
    browser.click(".social-label", "결제 문제")
    browser.until(lambda: browser.js("return location.search").count("theme="))
    browser.until(
        lambda: (
            len(browser.all(".social-row")) > 10
            and len(browser.all(".social-row")) == len(browser.all(".social-row .social-label"))
        )
    )
    browser.press("/")
    browser.type(".social-find", "결제")
    browser.until(lambda: browser.js("return location.search").count("text="))
    browser.click(".social-row")
    browser.sees("담당에게 보내기", ".social-detail")
    browser.click(".social-routes .btn", "프로덕트")
    browser.sees("#product", ".social-detail")
    browser.js(
        "const one = document.querySelectorAll('.social-fields select')[1]; one.value = 'refund';"
        " one.dispatchEvent(new Event('change'));"
    )
    browser.sees("사람이 바로잡음", ".social-detail")
    browser.js("document.activeElement.blur()")
    browser.press("e")
    browser.sees("다시 열기", ".social-detail")
    browser.press("ESCAPE")
    browser.sees("최근 7일", ".social-side")
    browser.open(url + "/social")
    browser.sees("남이 쓴 글", ".social-bar")
    browser.until(lambda: len(browser.all(".social-row")) > 10)
    browser.misses(OURS, ".social-rows")
    browser.js("const one = [...document.querySelectorAll('.social-bar select')].at(-1); one.value = 'only';"
               " one.dispatchEvent(new Event('change'));")  # fmt: skip
    browser.until(lambda: len(browser.all(".social-row")) == 1)
    browser.sees(OURS, ".social-row")
    browser.sees("우리가 쓴 글", ".social-row .social-state")
    assert browser.complaints() == []


def test_a_post_is_only_ever_text_and_comes_in_live(browser: Browser, desk: Desk, url: str) -> None:
    signed_in(browser, desk, url, "/social?network=forum", lang="en")
    browser.sees("No mention fits")
    told = browser.js(
        "return (await fetch('/api/v1/mentions', {method: 'POST', headers: {authorization: 'Bearer ' + args[0]},"
        " body: JSON.stringify({network: 'forum', id: '1', text: '<img src=x onerror=alert(1)> <b>bold</b>',"
        " author: '<i>me</i>', url: 'javascript:alert(1)'})})).json()",
        desk.token,
    )
    assert told["added"] == 1
    browser.sees("<img src=x onerror=alert(1)> <b>bold</b>", ".social-row")
    browser.click(".social-row")
    browser.sees("<i>me</i>", ".social-detail")
    assert browser.all(".social-detail img, .social-detail i, .social-link") == []
    assert browser.complaints() == []
