"""The reader's screen in a real Chromium: what was taught, a sample judged, names listened for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dure.governance.http import COOKIE
from tests.social.screen import Desk
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

TEACH = (
    "const found = (await (await fetch('/api/v1/mentions?limit=40')).json()).mentions.slice(0, 30);"
    " for (const one of found) await fetch('/api/v1/mentions/' + one.id, {method: 'PATCH', headers: {'x-dure-client':"
    " 'web', 'content-type': 'application/json'}, body: JSON.stringify({intent: 'hiring', topic: 'jobs'})});"
    " return found.length"
)


@pytest.fixture
def desk(fresh_database: str) -> Desk:
    return Desk(fresh_database, posts=120)


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with desk.served() as url:
        yield url


def test_people_teach_the_reader_judge_it_and_take_a_lesson_back(browser: Browser, desk: Desk, url: str) -> None:
    browser.cookie(url, COOKIE, desk.session)
    browser.open(url + "/social/reader", lang="en")
    browser.sees("as it came", ".reading")
    browser.sees("Nothing was judged yet", ".reading")
    assert browser.js(TEACH) == 30
    browser.sees("Reads", ".reading tbody tr:first-child")
    browser.sees("100%", ".reading-effect")
    browser.click(".reading tbody tr:last-child .btn", "Read with this")
    browser.sees("Read with this", ".reading tbody tr:first-child")
    browser.click("[role=tab]", "Judge a sample")
    browser.sees("Right", ".reading-judge")
    browser.press("y")
    browser.sees("19 left", ".reading-judge")
    browser.click("[role=tab]", "Names")
    browser.click(".reading .btn", "Add a name")
    browser.type("dialog input[type=text], dialog input:not([type])", "소리마루")
    browser.click("dialog button[type=submit]")
    browser.sees("소리마루", ".reading .table")
    browser.click("[role=tab]", "Model card")
    browser.sees("1 judged text", ".reading")
    assert browser.complaints() == []
