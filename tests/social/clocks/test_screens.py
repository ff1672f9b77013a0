"""Response times in a real Chromium: opening hours, policies, the report and surveys in one visit, and the customer's
page."""

from __future__ import annotations

import pytest

from dure.governance.http import COOKIE
from tests.social.clocks.screen import Front
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

_TYPE = (
    "const box = document.querySelectorAll(arguments[0])[arguments[1]]; box.value = arguments[2];"
    " box.dispatchEvent(new Event('input', { bubbles: true }));"
)


@pytest.fixture
def front(fresh_database: str) -> Front:
    return Front(fresh_database)


def test_hours_are_set_promises_made_and_what_came_of_them_is_read(browser: Browser, front: Front) -> None:
    with front.served() as url:
        browser.cookie(url, COOKIE, front.session)
        browser.open(url + "/opening-hours", lang="ko")
        browser.sees("언제나 열려 있는", ".view")
        browser.click(".view .btn", "새 달력")
        browser.until(lambda: len(browser.all(".hours-block")) == 5)
        browser.js(_TYPE, ".hours-span .input", 1, "06:00")  # until tomorrow morning
        browser.sees("다음 날", ".hours-week")
        browser.js(_TYPE, ".hours-span .input", 1, "18:00")
        browser.click(".btn", "목록 붙여넣기")
        browser.until(lambda: browser.all("dialog textarea"))
        browser.js(_TYPE, "dialog textarea", 0, "2027-02-06 ~ 2027-02-08 설날")
        browser.click("dialog .btn.pri", "읽기")
        browser.until(lambda: len(browser.all(".hours-days tr")) == 3)
        browser.click(".actions .btn.pri", "저장")
        browser.sees("팀별 달력", ".page")
        browser.js(
            "const pick = document.querySelectorAll('.hours-teams select')[0]; pick.selectedIndex = 1;"
            " pick.dispatchEvent(new Event('change'));"
        )
        browser.sees("바꿨습니다", "body")

        browser.open(url + "/response-times?tab=policies", lang="en")
        browser.until(lambda: len(browser.all(".clock-policy")) == 2)
        browser.js(_TYPE, ".clock-times .input", 0, "soon")
        browser.click(".clock-save .btn.pri")
        browser.sees("This is no time: soon", "body")
        browser.js(_TYPE, ".clock-times .input", 0, "1h 15m")
        browser.click(".clock-save .btn.pri")
        browser.sees("Policies saved", "body")
        browser.until(lambda: browser.js("return document.querySelector('.clock-times .input').value") == "1h 15m")

        browser.click("[role=tab]", "Report")
        browser.until(lambda: len(browser.all(".clock-bar")) >= 4)
        browser.sees("Waiting still", ".clock-page")
        assert "박준" in browser.text(".clock-page")
        browser.click(".seg button", "All hours")
        browser.until(lambda: browser.text(".seg [aria-pressed=true]") == "All hours")

        browser.click("[role=tab]", "Satisfaction")
        browser.until(lambda: len(browser.all(".clock-survey")) == 3)
        browser.click(".clock-survey .btn", "Send…")
        browser.sees("Only the customer sees it", "dialog")
        browser.click("dialog .btn.pri", "Send")
        browser.until(lambda: len(browser.all(".clock-survey")) == 2)
        assert browser.complaints() == []


def test_a_customer_answers_with_a_score_and_a_word(browser: Browser, front: Front) -> None:
    with front.served() as url:
        browser.open(url + "/survey/" + front.survey.rpartition("/")[2], lang="en")
        browser.click("label", "4 · Satisfied")
        browser.type("textarea", "Quick answer")
        browser.click(".btn.pri", "Send")
        browser.sees("Thank you", ".notice")
        assert browser.js("return document.querySelector('[name=score]:checked').value") == "4"
        assert browser.complaints() == []
