"""Pacing's screens in a real Chromium: the board of risks, the tables, a line item's page."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.databases import copied
from tests.deals.house import House
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[tuple[House, str]]:
    with copied(postgres_url, template) as database:
        house = House(database)
        with house.served() as url:
            yield house, url


@pytest.fixture
def screen(house: tuple[House, str], browser: Browser) -> Browser:
    made, url = house
    browser.size(1440, 900)
    browser.cookie(url, "dure_session", made.session)
    browser.open(url + "/pacing", lang="ko", theme="light")
    browser.one(".table tbody tr[data-key]")
    return browser


def test_the_board_has_the_worst_first_and_takes_a_reason_in_bulk(screen: Browser) -> None:
    words = ["심각", "주의", "관찰"]
    shown = [badge.text for badge in screen.all(".table tbody td:nth-child(2) .badge")]
    assert shown == sorted(shown, key=words.index)
    kinds = [one.text for one in screen.all(".pacing-why b")]
    assert kinds.count("미송출") == 3
    assert kinds.count("미달 위험") == 5
    screen.click(".table tbody tr:nth-child(1) input[type=checkbox]")
    screen.click(".table tbody tr:nth-child(2) input[type=checkbox]")
    screen.sees("2개 선택됨", ".bulk")
    screen.click(".bulk .btn", "확인")
    screen.click("dialog .btn.pri, [role=dialog] .btn.pri", "확인")
    screen.sees("2건 처리했습니다", ".toast")
    screen.until(lambda: len(screen.all(".table tbody tr[data-key]")) == len(shown) - 2)
    screen.click(".tabs button", "확인됨")
    screen.sees("조치 중", ".table")
    assert screen.complaints() == []


def test_a_line_items_page_has_its_course_its_alert_and_its_history(screen: Browser) -> None:
    definition = {"trigger": {"record": {"type": "line_item"}}, "nodes": [{"id": "end", "kind": "end"}]}
    screen.js(
        "return fetch('/api/v1/automations', {method: 'POST', headers: {'x-dure-client': 'web',"
        " 'content-type': 'application/json'}, body: arguments[0]}).then(r => r.status)",
        json.dumps({"name": "점검 요청", "definition": definition}),
    )
    screen.click(".table tbody tr", "미달 위험")
    screen.click(".pacing-head [aria-label='자동화 실행']")
    screen.click("[role=menuitem]", "점검 요청")
    screen.sees("점검 요청을 시작했습니다", ".toast")
    screen.sees("종료 예상", ".pacing-stats")
    screen.sees("하루 필요", ".pacing-line .facts")
    assert screen.one(".pacing-line svg[role=img] .pacing-mark")
    screen.sees("미달 위험", ".pacing-head .notice")
    screen.sees("미달 위험 알림", ".pacing-history")
    screen.click(".pacing-stack .btn", "보상 제안")
    screen.click("dialog .btn.pri, [role=dialog] .btn.pri", "보상 제안")
    screen.click(".pacing-list .btn.pri", "승인")
    screen.click(".pacing-list .btn.pri", "라인아이템으로 예약")
    screen.sees("보상 라인 열기", ".pacing-list")
    assert screen.complaints() == []


def test_the_table_has_what_needs_a_look_first_and_a_pause_shows_without_a_reload(screen: Browser) -> None:
    screen.click(".pacing-ways a", "라인아이템")
    screen.until(lambda: len(screen.all(".table tbody tr[data-key]")) > 30)
    shown = [badge.text for badge in screen.all(".table .badge")]
    words = ["미달 위험", "미송출", "초과 예상", "정상"]
    assert shown == sorted(shown, key=words.index)
    screen.click(".tabs button", "살펴볼 것")
    screen.until(lambda: "정상" not in [badge.text for badge in screen.all(".table .badge")])
    screen.click(".table tbody tr", "초과 예상")
    screen.click(".pacing-head [aria-label='더 하기']")
    screen.click("[role=menuitem]", "일시정지")
    screen.sees("일시정지", ".pacing-head .badge")
    assert screen.complaints() == []
