"""Automations in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.log.api import Log
from tests.automation.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]


@pytest.fixture
def house(fresh_database: str) -> House:
    return House(fresh_database)


@pytest.fixture
def screen(house: House, browser: Browser) -> Iterator[Browser]:
    with serving(house.app) as url:
        browser.size(1500, 900)
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/automations", lang="ko", theme="light")
        browser.sees("거래 채널 열기")
        yield browser


def keep(browser: Browser, name: str) -> None:
    """Keeps what is seen where somebody wants to look at it."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"automation-{name}.png")


def test_a_recipe_is_switched_on_and_off(screen: Browser) -> None:
    keep(screen, "list")
    screen.click("[role=tab]", "레시피")
    screen.sees("첫 청취 환영", ".auto-recipe")
    keep(screen, "recipes")
    screen.click(".auto-recipe .btn.pri", "켜기")
    screen.sees("첫 청취 환영", ".toast")
    screen.click("[role=tab]", "자동화")
    screen.sees("첫 청취 환영", "table")
    screen.js("document.querySelectorAll('table .switch input')[2].click()")
    screen.sees("껐습니다", ".toast")
    assert screen.complaints() == []


def test_the_flow_is_read_and_a_question_decided(screen: Browser) -> None:
    screen.click("table a", "거래 채널 열기")
    screen.sees("거래 단계가 바뀜", ".auto-flow")
    screen.sees("사람에게 묻기", ".auto-flow")
    screen.sees("대기", ".auto-runs")
    keep(screen, "detail")
    screen.js(
        "[...document.querySelectorAll('.auto-runs tbody tr')].find(row => row.textContent.includes('한빛')).click()"
    )
    screen.sees("임원 지원을 붙일까요", ".notice")
    keep(screen, "run-asks")
    screen.click(".notice .btn", "예")
    screen.sees("기다리기", ".auto-flow")
    screen.misses("임원 지원을 붙일까요?", ".notice")
    assert screen.complaints() == []


def test_a_failed_step_is_tried_again_from_its_run(screen: Browser, house: House) -> None:
    screen.click("[role=tab]", "실패한 실행")
    screen.sees("403", "table")
    screen.js("document.querySelector('tbody tr').click()")
    screen.sees("the key was revoked", ".notice")
    keep(screen, "run-failed")
    house.broken = False
    screen.click(".btn.pri", "다시 시도")
    screen.sees("끝남", ".badge")
    screen.misses("revoked", ".notice")
    assert screen.complaints() == []


def test_a_run_by_hand_appears(screen: Browser) -> None:
    screen.click("table a", "시트에 거래 적기")
    screen.click(".btn", "손으로 실행")
    screen.type("input[name=subject]", "006D9")
    screen.click("dialog button[type=submit]")
    screen.sees("006D9", ".auto-runs")
    assert screen.complaints() == []


def test_a_dry_run_over_the_past(fresh_database: str, log: Log, browser: Browser) -> None:
    house = House(fresh_database, log=log)
    with serving(house.app) as url:
        browser.size(1500, 900)
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/automations", lang="ko", theme="light")
        browser.click("table a", "거래 채널 열기")
        browser.click(".btn", "미리 돌려 보기")
        browser.sees("3번 실행되었을", "dialog")
        browser.sees("‹channels.create.channel›", "dialog")
        keep(browser, "dry")
        assert browser.complaints() == []


def test_in_english_and_dark(screen: Browser) -> None:
    screen.open(screen.driver.current_url, lang="en", theme="dark")
    screen.sees("Automations", ".top h1")
    keep(screen, "list-en")
    screen.click("table a", "거래 채널 열기")
    screen.sees("Ask a person", ".auto-flow")
    keep(screen, "detail-en")
    assert screen.complaints() == []


def test_empty(fresh_database: str, browser: Browser) -> None:
    house = House(fresh_database, full=False)
    with serving(house.app) as url:
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/automations", lang="ko", theme="light")
        browser.sees("아직 자동화가 없습니다")
        browser.click(".btn", "레시피 보기")
        browser.sees("첫 청취 환영", ".auto-recipe")
