"""Forms and approvals in a real Chromium: a command asks, a card is answered and decided; a form made and filled in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.house import House
from tests.channels.office_house import open_office_house
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    with open_office_house(fresh_database) as house:
        yield house


def pictured(browser: Browser, name: str) -> None:
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"forms_{name}.png")


def test_a_command_asks_a_card_is_answered_and_another_decided(browser: Browser, house: House) -> None:
    house.enter(browser, "joon", f"/channels/{house.rooms['deal']}")
    browser.sees("실시간", ".state")
    browser.one(".ch-compose textarea").send_keys("/pit")
    browser.sees("새 피치를 시작합니다")
    pictured(browser, "command_ko_light")
    browser.press("ENTER")
    browser.one(".ch-compose textarea").send_keys("한빛커피 Q4")
    browser.press("ENTER")
    browser.sees("자동화에 넘겼습니다")
    browser.click(".el-button button", "답하기")
    browser.sees("한빛커피 Q4 브리프", ".md-head h2")
    browser.type(".md-body textarea", "매장 방문")
    browser.click(".md-foot .btn.pri")
    browser.sees("입력해 주세요", ".md-body .wrong-text")
    pictured(browser, "modal_ko_light")
    browser.type(".md-body .el-number_input input", "120000000")
    browser.click(".md-foot .btn.pri")
    browser.sees("답함: @박준", ".ch-msg")
    browser.sees("120,000,000", ".ch-msg")
    pictured(browser, "approval_ko_light")
    browser.click(".el-button button", "메모와 함께")
    browser.sees("제안서를 보낼까요?", ".md-head h2")
    browser.click(".md-body label", "반려")
    browser.type(".md-body textarea", "단가가 높습니다")
    browser.click(".md-foot .btn.pri")
    browser.sees("반려함: @박준", ".ch-msg")
    browser.sees("단가가 높습니다", ".ch-msg")
    browser.sees("결정: no", ".ch-text")
    pictured(browser, "decided_ko_light")
    assert browser.complaints() == []


def test_a_form_is_made_changed_and_filled_in(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", "/forms", "en", "dark")
    browser.sees("No forms yet")
    browser.click(".btn", "New form")
    browser.type("dialog input[name=title]", "Pitch brief")
    browser.press("ENTER")
    browser.sees("Fields", ".panel, section, h2")
    browser.click(".btn", "Add a field")
    browser.type("dialog input[name=title]", "Budget")
    browser.one("dialog select").send_keys("Number")
    pictured(browser, "field_en_dark")
    browser.click("dialog .btn.pri")
    browser.sees("budget", ".forms-fields code")
    pictured(browser, "edit_en_dark")
    browser.click("[role=tab]", "Answer")
    browser.type(".forms-fill textarea", "An audio campaign")
    browser.click(".forms-fill .btn.pri")
    browser.sees("Please fill this in", ".wrong-text")
    pictured(browser, "fill_en_dark")
    browser.type(".forms-fill .el-number_input input", "1200")
    browser.click(".forms-fill .btn.pri")
    browser.sees("Sent", "[role=status] h2")
    browser.click("[role=tab]", "Answers")
    browser.sees("1,200", "table")
    browser.sees("An audio campaign", "table")
    pictured(browser, "answers_en_dark")
    assert house.ask("mina", "GET", "/forms/pitch-brief")["answers"] == 1
    browser.click("[role=tab]", "Edit")
    browser.click(".btn", "Close")
    browser.click("[role=tab]", "Answer")
    browser.sees("takes no more answers")
    assert browser.complaints() == []
