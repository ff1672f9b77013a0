"""Writing a segment, its page, and a list out of a file, in a real Chromium over one house."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.log.api import Log
from tests.databases import copied
from tests.metrics.house import House
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]

PICTURES = os.environ.get("DURE_PICTURES", "")
"""A folder: what the tests see is kept there, to be looked at."""


@pytest.fixture(scope="module")
def site(postgres_url: str, template: str, run_folder: Path) -> Iterator[tuple[str, str]]:
    with copied(postgres_url, template) as database:
        log = Log(f"chdb://{run_folder}/ch", database="segment_screens")
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


def look(browser: Browser, name: str) -> None:
    if PICTURES:
        browser.picture(Path(PICTURES) / f"{name}.png")


def complaints(browser: Browser) -> list[str]:
    """This house has no campaigns; and a number that is asked for anew is a question refused first."""
    return [line for line in browser.complaints() if "/campaigns" not in line and "422" not in line]


def wear(browser: Browser, url: str, language: str, theme: str) -> None:
    browser.cookie(url, "lang", language)
    browser.cookie(url, "theme", theme)


def choose(browser: Browser, name: str, value: str, at: int = 0) -> None:
    """Types into a field that offers names, and takes what was typed."""
    field = [it for it in browser.all(f'input[aria-label="{name}"]') if it.is_displayed()][at]
    field.click()
    field.send_keys(value)
    browser.press("enter")


def test_a_segment_is_written_and_its_size_follows(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    wear(browser, url, "ko", "light")
    browser.open(url + "/segments/new")
    browser.one(".seg-names input").send_keys("선물한 청취자")
    browser.sees("규칙을 채우면 인원이 보입니다")
    choose(browser, "이벤트", "Listen Started")
    browser.until(lambda: browser.text(".seg-size").split()[0].isdigit(), "no size")
    listeners = int(browser.text(".seg-size").split()[0])
    assert listeners > 50
    browser.js("document.querySelector('.seg-outer + ol ~ .seg-add select').value = 'did'; "
               "document.querySelector('.seg-add select').dispatchEvent(new Event('change'))")  # fmt: skip
    browser.until(lambda: len(browser.all(".seg-node")) == 2, "no second condition")
    choose(browser, "이벤트", "Gift Sent", at=1)
    browser.sees("‘Gift Sent’", ".seg-live")
    browser.until(lambda: int(browser.text(".seg-size").split()[0]) < listeners, "not fewer")
    both = int(browser.text(".seg-size").split()[0])
    browser.click(".seg-node:nth-child(2) .seg-not")
    browser.until(lambda: int(browser.text(".seg-size").split()[0]) == listeners - both, "not the others")
    browser.sees("없음", ".seg-live")
    browser.one(".seg-course")
    choose(browser, "나눠 보기", "plan")
    browser.sees("%", ".seg-broken ol")
    shown = [int(one.text.replace(",", "")) for one in browser.all(".seg-broken li .num:not(.mut)")]
    assert sum(shown) == listeners - both
    look(browser, "builder-ko")
    browser.press("ctrl+enter")
    browser.sees("선물한 청취자", "h1")
    browser.sees(f"{listeners - both}", ".stats")
    look(browser, "segment-ko")
    browser.click('[role="tab"]', "드나듦")
    browser.sees("드나든", ".seg-tab")
    browser.open(url + "/segments")
    browser.sees("선물한 청취자")
    look(browser, "list-ko")
    assert complaints(browser) == []


def test_what_makes_no_sense_is_marked_where_it_stands(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    wear(browser, url, "en", "dark")
    browser.open(url + "/segments/new")
    choose(browser, "Event", "Listen Started")
    browser.until(lambda: browser.text(".seg-size").split()[0].isdigit(), "no size")
    browser.one('input[aria-label="At most"]').send_keys("0")
    browser.sees("not below", ".seg-node.wrong")
    look(browser, "builder-wrong-en")


def test_groups_stand_in_one_another_and_conditions_move(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    wear(browser, url, "en", "dark")
    browser.open(url + "/segments/new")
    choose(browser, "Event", "Listen Started")
    browser.click(".seg-add .btn", "Add group")
    browser.one(".seg-isgroup")
    choose(browser, "Event", "Gift Sent", at=1)
    browser.sees("“Listen Started” at least 1 time in the last 28 days and did “Gift Sent”", ".seg-live")
    browser.js("document.querySelectorAll('.seg-group > ol > li')[0].querySelector('button').focus()")
    browser.press("alt+arrow_down")
    browser.sees("“Gift Sent” at least 1 time in the last 28 days and did “Listen Started”", ".seg-live")
    choose(browser, "Broken down by", "plan")
    browser.sees("%", ".seg-broken ol")
    look(browser, "builder-groups-en")
    assert complaints(browser) == []


def test_every_kind_of_condition_can_be_written(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    wear(browser, url, "en", "dark")
    browser.open(url + "/segments/new")
    kinds = browser.js("return [...document.querySelectorAll('.seg-kind option')].map(one => one.value)")
    assert len(kinds) == 12
    for kind in kinds:
        browser.js(
            "const kind = document.querySelector('.seg-kind'); kind.value = arguments[0];"
            " kind.dispatchEvent(new Event('change'))".replace("arguments[0]", "args[0]"), kind,
        )  # fmt: skip
        browser.until(
            lambda kind=kind: browser.js("return document.querySelector('.seg-kind').value") == kind,  # type: ignore[misc]
            f"no {kind}",
        )
        look(browser, f"kind-{kind}-en")
    assert complaints(browser) == []


def test_how_long_ago_reads_in_the_order_of_the_language(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    for language, said in (("ko", "L넘게 지남L이내"), ("en", "more thanLagowithinL")):
        wear(browser, url, language, "light")
        browser.open(url + "/segments/new")
        browser.one(".seg-kind")
        browser.js(
            "const kind = document.querySelector('.seg-kind'); kind.value = 'last_seen';"
            " kind.dispatchEvent(new Event('change'))"
        )
        order = "return [...document.querySelectorAll('.seg-more > .row > *')]"
        order += ".map(one => one.matches('.seg-len') ? 'L' : one.textContent.trim()).join('')"
        browser.until(lambda said=said, order=order: browser.js(order) == said, said)  # type: ignore[misc]
        look(browser, f"last-seen-{language}")
    # No hand touched the first draft, so nothing may ask before it is left.
    assert [line for line in complaints(browser) if "beforeunload" not in line] == []


def test_a_list_comes_out_of_a_file_with_a_report(screen: tuple[Browser, str]) -> None:
    browser, url = screen
    wear(browser, url, "en", "dark")
    browser.open(url + "/segments/new?by=hand")
    browser.one(".seg-names input").send_keys("Invited")
    browser.click(".btn.pri", "Make")
    browser.sees("Invited", "h1")
    browser.click(".btn", "CSV")
    browser.one("textarea").send_keys("distinct_id\nu-1\nu-2\nu-1\nnobody-here\n")
    browser.click(".btn", "Look first")
    browser.sees("2 come in", ".seg-report")
    browser.sees("1 unknown id", ".seg-report")
    browser.sees("1 line names somebody again", ".seg-report")
    look(browser, "csv-en")
    browser.click(".btn.pri", "Do it")
    browser.sees("2", ".stats")
    browser.until(lambda: len(browser.all(".seg-tab tbody tr")) == 2, "not two in it")
    # Both sizes are of today: the chart says at which hours.
    marks = "return [...document.querySelectorAll('.seg-line text.ax')].map(one => one.textContent)"
    marks += ".filter(one => /[:/]/.test(one))"
    browser.until(lambda: browser.js(marks), "the chart has no marks")
    assert all(re.fullmatch(r"\d\d:\d\d", mark) for mark in browser.js(marks))
    browser.sees("–", ".stats")
    look(browser, "hand-made-en")
    assert complaints(browser) == []
