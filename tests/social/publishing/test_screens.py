"""Publishing's screens in a real Chromium: the calendar and the queue, then two writers of one post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dure.governance.http import COOKIE
from dure.social.publishing.graphemes import graphemes
from tests.databases import copied
from tests.social.publishing.screen import Desk
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

_TYPE = (
    "const [css, text] = arguments; const at = document.querySelector(css); at.value = text;"
    " at.dispatchEvent(new Event('input', {bubbles: true}));"
)
_DRAG = (
    "const [post, css] = arguments; const from = document.querySelector(`[data-post='${post}']`);"
    " const to = document.querySelector(css); const dataTransfer = new DataTransfer();"
    " for (const [at, name] of [[from, 'dragstart'], [to, 'dragover'], [to, 'drop'], [from, 'dragend']])"
    " at.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer}));"
)
_COUNT = "return [...new Intl.Segmenter('en', {granularity: 'grapheme'}).segment(arguments[0])].length;"


@pytest.fixture(scope="module")
def served(postgres_url: str, template: str, run_folder: Path) -> Iterator[tuple[Desk, str]]:
    with copied(postgres_url, template) as database:
        desk = Desk(database, f"chdb://{run_folder}/ch")
        with desk.served() as url:
            yield desk, url


def test_posts_are_moved_approved_and_halted(browser: Browser, served: tuple[Desk, str]) -> None:
    desk, url = served
    browser.cookie(url, COOKIE, desk.session)
    ahead = (datetime.now(UTC) + timedelta(days=8)).date()  # a week that is wholly to come
    browser.open(f"{url}/publishing?view=week&at={ahead}", lang="ko")
    browser.until(lambda: browser.all(".pub-tray .pub-chip"))
    loose = desk.posts[5]
    browser.js(_DRAG, loose, ".pub-day:last-of-type")
    browser.sees("옮겼습니다", "body")
    browser.until(lambda: not browser.all(".pub-tray .pub-chip"))
    browser.js(f"document.querySelector('[data-post=\"{loose}\"]').focus()")
    browser.js(
        f"document.querySelector('[data-post=\"{loose}\"]').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ArrowRight', shiftKey: true, bubbles: true}))"
    )
    browser.until(lambda: not browser.all(f"[data-post='{loose}']"))  # into the week that follows
    browser.press("3")
    browser.until(lambda: len(browser.all("tbody tr")) == 6)
    browser.press("a")
    browser.sees("진행자 인터뷰", ".pub-asked")
    browser.sees("utm_campaign=autumn-live", ".pub-asked")
    browser.press("e")
    browser.sees("기다리는 글이 없습니다", "body")
    browser.open(url + "/publishing", lang="en")
    browser.click(".pub-pause")
    browser.sees("All posts are paused", ".pub-paused")
    browser.click(".pub-paused .btn")
    browser.click("dialog .btn", "Resume")
    browser.until(lambda: not browser.all(".pub-paused"))
    for text in ("안녕하세요", "👨‍👩‍👧‍👦🇰🇷", "café नमस्", "각ㄱ한", "a\r\nb\u200d👋🏽"):
        assert browser.js(_COUNT, text) == graphemes(text), text
    assert browser.complaints() == []


def test_two_writers_of_one_post_meet_and_neither_loses_a_word(browser: Browser, served: tuple[Desk, str]) -> None:
    desk, url = served
    browser.cookie(url, COOKIE, desk.session)
    browser.open(f"{url}/publishing/{desk.posts[4]}", lang="en")
    browser.until(lambda: len(browser.all(".pub-look")) == 3)
    browser.js(_TYPE, ".pub-main textarea[name=text]", "We are hiring 🎧 https://sorimaru.example/jobs")
    browser.sees("Saved", ".pub-kept")
    browser.sees("https://go.sorimaru.example/l/", ".pub-columns")
    browser.js(
        "return fetch(`/api/v1/publishing/posts/${arguments[0]}`).then(a => a.json()).then(({plan}) =>"
        " fetch(`/api/v1/publishing/posts/${plan.id}`, {method: 'PUT', headers: {'x-dure-client': 'web',"
        " 'content-type': 'application/json'}, body: JSON.stringify({version: plan.version,"
        " content: {...plan.content, text: 'Another text'}})})).then(a => a.status)",
        desk.posts[4],
    )
    browser.js(_TYPE, ".pub-main textarea[name=text]", "My own text")
    browser.sees("Another text", "dialog")
    browser.sees("My own text", "dialog")
    browser.click("dialog .btn", "Go on with theirs")
    browser.until(lambda: browser.js("return document.querySelector('textarea[name=text]').value") == "Another text")
    browser.click(".pub-talk .btn", "Versions")
    browser.sees("kept aside", ".pub-talk")
    browser.sees("My own text", ".pub-talk")
    browser.open(f"{url}/publishing/{desk.posts[2]}", lang="en")
    browser.sees("not sent again by itself", ".pub-fate.f-unknown")
    browser.sees("몇 시까지인가요?", ".pub-answers")
    browser.click(".pub-fate .btn", "It is not there")
    browser.click(".btn", "Try again")
    browser.sees("Published", ".pub-fate.f-said")
    assert [one for one in browser.complaints() if "409 (Conflict)" not in one] == []
