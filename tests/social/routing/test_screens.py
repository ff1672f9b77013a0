"""Routing and the idea board in a real Chromium, each in one long visit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.governance.http import COOKIE
from tests.social.routing.screen import Desk
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def desk(fresh_database: str, run_folder: Path) -> Desk:
    return Desk(fresh_database, f"chdb://{run_folder}/ch")


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with desk.served() as url:
        yield url


def test_one_key_routes_a_change_is_tried_first_and_the_results_are_shown(
    browser: Browser, desk: Desk, url: str
) -> None:
    browser.cookie(url, COOKIE, desk.session)
    browser.open(url + "/routing", lang="ko")
    browser.until(lambda: len(browser.all(".route-row")) >= 3)
    before = len(browser.all(".route-row"))
    browser.press("2")
    browser.until(lambda: len(browser.all(".route-row")) == before - 1)
    browser.sees("마케팅으로 보냈습니다", "body")
    browser.press("0")
    browser.until(lambda: len(browser.all(".route-row")) == before - 2)
    browser.click("[role=tab]", "확인 요청")
    browser.sees("무작위", ".route-note")
    browser.click("[role=tab]", "규칙")
    browser.until(lambda: len(browser.all(".route-rule")) == 6)
    # Values are shown in words: an intent and a network of the rules that are there.
    browser.sees("위기", ".route-rule .picks")
    browser.sees("잡플래닛", ".route-rules")
    assert "jobplanet" not in browser.js("return document.querySelector('.route-rules').innerText")
    assert browser.js("return [...document.querySelectorAll('.route-save .btn')].at(-1).disabled")
    browser.click(".btn", "규칙 추가")
    browser.js(
        "const row = [...document.querySelectorAll('.route-rule')].at(-1);"
        " const said = row.querySelectorAll('.route-if select')[2];"
        " said.value = 'community'; said.dispatchEvent(new Event('change'));"
    )
    browser.click(".route-save .btn", "지난 7일로 해 보기")
    browser.sees("달라지는 것", ".route-page")
    browser.click(".route-save .btn", "저장")
    browser.sees("저장했습니다", "body")
    saved = browser.js("return (await (await fetch('/api/v1/mention-rules')).json()).rules.at(-1).where")
    assert saved == [{"prop": "network", "op": "=", "value": "community"}]
    browser.click("[role=tab]", "성적")
    browser.sees("스스로 보낸 비율", ".stats")
    browser.sees("쓰는 중", ".route-page")
    assert browser.complaints() == []


def test_an_idea_is_moved_voted_for_made_of_a_mention_and_merged(browser: Browser, desk: Desk, url: str) -> None:
    browser.cookie(url, COOKIE, desk.session)
    browser.open(url + "/ideas", lang="en")
    browser.until(lambda: len(browser.all(".idea-card")) == 7)
    browser.js(f"document.querySelector('[data-idea=\"{desk.idea}\"]').focus()")
    browser.press("]")
    browser.sees("Moved to Planned", "body")
    browser.press("v")
    browser.until(lambda: len(browser.all(".idea-vote.on")) == 1)
    browser.click(f'[data-idea="{desk.idea}"] .idea-main')
    browser.sees("Who asked", ".idea-detail")
    browser.sees("꼭 있었으면 한대요", ".idea-askings")
    browser.sees("화면에서 가사 보기", ".idea-detail")
    browser.press("t")
    browser.until(lambda: len(browser.all("tbody tr")) >= 7)
    browser.open(url + "/social?mention=" + desk.mention, lang="en")
    browser.sees("윤한결", ".social-detail")
    browser.sees("가을 캠페인", ".social-detail")
    browser.click(".social-detail button", "Make it")
    browser.click("[role=menuitem]", "A task")
    browser.click("dialog .btn", "Create")
    browser.until(lambda: len(browser.all(".route-became li")) == 1)
    browser.click(".social-detail button", "Make it")
    browser.click("[role=menuitem]", "Put into a segment")
    browser.click("dialog [role=option]", "To interview")
    browser.sees("To interview", ".route-became")
    listed = browser.js(
        "return (await (await fetch(`/api/v1/segments/${args[0]}/people`)).json()).people", desk.segment
    )
    assert [one["name"] for one in listed] == ["윤한결"]
    assert browser.complaints() == []
