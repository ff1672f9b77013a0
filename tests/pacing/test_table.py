"""The pacing table in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deals.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]


@pytest.fixture
def table(fresh_database: str, browser: Browser) -> Iterator[Browser]:
    house = House(fresh_database)
    with serving(house.app) as url:
        browser.size(1440, 900)
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/pacing", lang="ko", theme="light")
        browser.one(".table tbody tr[data-key]")
        yield browser


def test_what_needs_a_look_stands_first_and_says_so_in_words(table: Browser) -> None:
    table.click(".tabs button", "집행 중")
    shown = [badge.text for badge in table.all(".table .badge")]
    words = ["미달 위험", "미송출", "초과 예상", "정상"]
    assert shown == sorted(shown, key=words.index)
    assert shown.count("미달 위험") >= 5
    assert shown.count("미송출") == 3
    table.click(".tabs button", "살펴볼 것")
    table.until(lambda: "정상" not in [badge.text for badge in table.all(".table .badge")])


def test_a_line_item_opens_with_its_course_its_reason_and_its_alert(table: Browser) -> None:
    table.click(".table tbody tr", "미달 위험")
    table.sees("종료 예상", ".pacing-pane .facts")
    table.sees("하루 필요", ".pacing-pane")
    assert table.one(".pacing-pane svg[role=img]")
    table.sees("열려 있음", ".pacing-alerts")
    table.press("ESCAPE")
    table.until(lambda: not table.all(".pacing-pane"))
    assert table.complaints() == []


def test_a_paused_line_item_says_so_without_a_reload(table: Browser) -> None:
    table.misses("일시정지", ".table")
    table.click(".table tbody tr", "미달 위험")
    table.click(".pacing-pane [aria-haspopup]")
    table.click("[role=menuitem]", "일시정지")
    table.sees("저장했습니다", ".toast")
    table.sees("일시정지", ".table")
