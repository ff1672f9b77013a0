"""The board and Explore in a real Chromium, over one house."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlparse

import httpx
import pytest

from dure.log.api import Log
from tests.databases import copied
from tests.metrics.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]

FUNNEL = {
    "kind": "funnel", "window": "7d", "order": "ordered",
    "steps": [{"event": "Signed Up"}, {"event": "Listen Started"}, {"event": "Gift Sent"}],
}  # fmt: skip
TREND = {"kind": "trend", "series": [{"event": "Signed Up", "math": "count"}]}


@pytest.fixture(scope="module")
def site(postgres_url: str, template: str, run_folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a full house and its owner's session, for all tests of this file."""
    with copied(postgres_url, template) as database:
        log = Log(f"chdb://{run_folder}/ch", database="test_screens")
        log.open()
        house = House(database, log)
        with serving(house.app) as url:
            yield url, house.session
        log.drop()
        log.close()


@pytest.fixture
def screen(site: tuple[str, str], browser: Browser) -> tuple[Browser, str]:
    url, session = site
    browser.size(1440, 900)
    browser.cookie(url, "dure_session", session)
    return browser, url


def asked(question: dict[str, Any]) -> str:
    return "/explore?q=" + quote(json.dumps(question))


def held(browser: Browser) -> dict[str, Any]:
    """The question that the address holds."""
    question: dict[str, Any] = json.loads(parse_qs(urlparse(browser.driver.current_url).query)["q"][0])
    return question


def complaints(browser: Browser) -> list[str]:
    """A question that is answered just when one asks how far it is has no progress any more; and there are no
    campaigns in this house, whose names the screens of segments ask for."""
    passing = ("/query/progress/", "/api/v1/campaigns - ")
    return [line for line in browser.complaints() if not any(part in line for part in passing)]


def test_a_number_of_the_board_opens_to_its_trend_and_down_to_its_events(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/analytics", lang="ko", theme="light")
    browser.until(lambda: len(browser.all(".mx-tile")) == 6)
    browser.sees("주간 청취자", ".mx-tile")
    browser.click(".mx-tile:first-child button.bd-value")
    browser.sees("Listen Started", "dialog .table")
    browser.press("Escape")
    browser.click(".mx-tile [aria-haspopup=menu]")
    browser.click(".menu-item", "질문으로 열기")
    browser.one(".mx-answer svg")
    assert complaints(browser) == []


def test_a_funnel_is_asked_by_its_steps_and_opens_to_people(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(FUNNEL), lang="en", theme="dark")
    browser.until(lambda: len(browser.all(".funnel-col")) == 3)
    browser.click(".mx-about-line button", "How this was counted")
    browser.sees("All steps lie within 7d", ".mx-defs")
    browser.click(".funnel-step button")
    browser.sees("u-", "dialog .table")
    assert complaints(browser) == []


def test_a_name_is_typed_with_help_and_the_answer_comes_by_itself(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(TREND), lang="en", theme="light")
    browser.one(".mx-answer svg")
    browser.press("/")
    browser.driver.switch_to.active_element.send_keys("gift")
    browser.sees("Gift Sent", ".cb-list")
    browser.js(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert held(browser)["series"][0]["event"] == "Signed Up"
    browser.press("ENTER")
    browser.sees("Gift Sent", ".mx-answer .table")
    assert held(browser)["series"][0]["event"] == "Gift Sent"
    browser.press("TAB", "ENTER")
    browser.one(".b-filter input").send_keys("amo")
    browser.sees("amount", ".cb-list")
    browser.press("DOWN", "ENTER")
    browser.until(lambda: held(browser)["series"][0]["where"] == [{"prop": "amount", "op": "=", "value": ""}])
    assert complaints(browser) == []


def test_every_kind_is_a_tab_away_and_keeps_the_events(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked({**FUNNEL, "steps": [{"event": "Listen Started"}]}), lang="ko", theme="light")
    drawn = {
        "리텐션": "table.heat tbody tr", "생애주기": ".chart svg .zero", "고착도": ".chart svg rect",
        "경로": ".chart svg .flow", "SQL": ".sql textarea",
    }  # fmt: skip
    for name, css in drawn.items():
        browser.click(".mx-tabs button", name)
        browser.until(lambda css=css: browser.all(css), f"{name} was not drawn")
        if name == "리텐션":
            assert held(browser)["start"]["event"] == "Listen Started"
    assert complaints(browser) == []


def test_sql_runs_when_it_is_told_to_and_says_what_is_wrong_with_it(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked({"kind": "sql", "sql": "select 41 + 1 as answer"}), lang="en", theme="dark")
    browser.sees("42", ".mx-answer")
    browser.type(".sql textarea", "select nothing from elsewhere")
    browser.sees("42", ".mx-answer")
    browser.press("ctrl+ENTER")
    browser.sees("elsewhere", ".sql .wrong-text")
    browser.one(".mx-answered.old")


def test_what_is_refused_is_marked_at_its_field_over_the_last_answer(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    series = [{"event": "Signed Up"}, {"event": "Gift Sent"}]
    browser.open(url + asked({"kind": "trend", "series": series, "formula": "A/B"}), lang="en", theme="light")
    browser.one(".mx-answer svg")
    browser.type("[placeholder^='such as']", "A/C")
    browser.press("ENTER")
    browser.sees("the letters AB", ".mx-choice.wrong")
    browser.sees("This cannot be asked as it is", ".mx-pane .notice")
    browser.one(".mx-answered.old svg")


def test_what_is_still_to_be_chosen_is_said_at_its_field(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    series = [{"event": "Gift Sent", "math": "average"}]
    browser.open(url + asked({"kind": "trend", "series": series}), lang="ko", theme="light")
    browser.sees("무엇의 평균인지 속성을 고르세요.", ".mx-choice.wrong")
    browser.sees("무엇의 평균인지 속성을 고르세요.", ".mx-pane .empty")
    browser.one(".mx-choice.wrong [aria-invalid=true]")
    assert complaints(browser) == []


def test_a_refusal_is_read_in_korean(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(TREND | {"from": "2026-11-09", "to": "2026-11-01"}), lang="ko", theme="light")
    browser.sees("시작이 끝보다 뒤입니다.", ".mx-choice.wrong")
    browser.sees("시작이 끝보다 뒤입니다.", ".mx-pane")


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "lifetime_value", "purchase": {"event": "Gift Sent"}, "prop": "amount"},
        {"kind": "retention", "start": {"event": "Signed Up"}},
    ],
)
def test_an_address_without_dates_is_asked_as_it_is(
    site: tuple[str, str], screen: tuple[Browser, str], question: dict[str, Any]
) -> None:
    browser, url = screen
    cookies = {"dure_session": site[1]}
    headers = {"x-dure-client": "test"}
    answer = httpx.post(url + "/api/v1/query", json=question, cookies=cookies, headers=headers, timeout=60).json()
    days = [answer["question"][name][:10] for name in ("from", "to")]
    browser.open(url + asked(question), lang="ko", theme="light")
    browser.one(".mx-answer .heat")
    browser.until(lambda: [it.get_attribute("value") for it in browser.all(".mx-builder [type=date]")] == days)


def test_a_correlation_gives_all_the_same_time_when_asked_to(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    question = {"kind": "correlation", "start": {"event": "Signed Up"}, "goal": {"event": "Gift Sent"}, "minimum": 1}
    browser.open(url + asked(question), lang="en", theme="light")
    browser.js(
        "const all = [...document.querySelectorAll('.mx-builder select')];"
        " const it = all.find(one => one.textContent.includes('Matched'));"
        " it.value = 'matched'; it.dispatchEvent(new Event('change'));"
    )
    browser.until(lambda: held(browser).get("exposure") == "matched")


def test_a_long_question_shows_how_far_it_is_and_is_stopped_with_escape(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(TREND), lang="en", theme="light")
    browser.one(".mx-answer svg")
    browser.js("""
      const real = window.fetch;
      window.fetch = (url, options) => {
        const far = '{"rows_read": 250, "rows_total": 1000}';
        if (/query\\/progress/.test(url)) return Promise.resolve(new Response(far));
        if (!/\\/query$/.test(url)) return real(url, options);
        window.named = options.headers['x-query-id'];
        const { signal } = options;
        return new Promise((_, fail) => signal.addEventListener('abort', () => {
          window.left = true;
          fail(signal.reason);
        }));
      };""")
    browser.press("r")
    browser.sees("250 of 1,000 rows read", ".mx-progress")
    assert browser.js("return document.querySelector('.mx-progress progress').value") == 0.25
    assert browser.js("return /^[0-9a-f-]{36}$/.test(window.named)")
    browser.press("ESCAPE")
    browser.sees("Stopped", ".mx-pane .notice")
    assert browser.js("return window.left")
    browser.one(".mx-answer svg")


def test_a_question_is_kept_on_a_board(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(FUNNEL), lang="en", theme="light")
    browser.one(".funnel")
    browser.click(".tools .btn", "Keep")
    browser.click(".menu-item", "Add to a board")
    browser.one("dialog [name=title_ko]")
    browser.press("ctrl+ENTER")
    browser.sees("Put on the board", ".toast")
    boards = browser.js("return (await (await fetch('/api/v1/boards')).json()).boards")
    assert boards[0]["tiles"][-1]["question"]["steps"][2]["event"] == "Gift Sent"
    assert complaints(browser) == []


def test_what_happened_stands_on_the_line_and_a_metric_is_watched_from_its_page(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + "/metrics/catalogue/weekly-listeners", lang="en", theme="light")
    browser.one(".mc-stand")
    body = "JSON.stringify({at: new Date().toISOString().slice(0, 10), text: 'Version 2.0'})"
    post = f"{{method: 'POST', headers: {{'content-type': 'application/json', 'x-dure-client': 'web'}}, body: {body}}}"
    assert browser.js(f"return (await fetch('/api/v1/annotations', {post})).status") == 201
    browser.click(".tools .btn", "Alerts")
    browser.sees("No alerts yet", "dialog")
    browser.press("Escape")
    browser.open(url + asked({"kind": "trend", "series": [{"event": "Listen Started"}]}), lang="en", theme="light")
    browser.sees("Version 2.0", ".mx-answer svg")
    assert complaints(browser) == []


def test_an_empty_house_offers_to_begin(fresh_database: str, log: Log, browser: Browser) -> None:
    house = House(fresh_database, log, full=False)
    with serving(house.app) as url:
        browser.cookie(url, "dure_session", house.session)
        browser.open(url + "/analytics", lang="ko", theme="light")
        browser.click(".btn", "시작하기")
        browser.until(lambda: len(browser.all(".mx-tile")) == 6)
        assert browser.complaints() == []


def test_those_who_left_a_funnel_are_kept_as_a_segment(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    browser.open(url + asked(FUNNEL), lang="en", theme="dark")
    browser.until(lambda: len(browser.all(".funnel-col")) == 3)
    browser.click(".funnel-step button")
    browser.click("dialog .mx-keep button", "Save as segment")
    browser.click("dialog .actions .btn.pri")
    browser.click("dialog .mx-keep a", "Listen Started")
    browser.sees("funnel Signed Up → Listen Started → Gift Sent", ".seg-about")
    assert complaints(browser) == []
