"""Customers in a real Chromium: the list, a page, a charter on entry, who is needed, the agenda."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dure.log.api import Log
from tests.customers.house import CustomerHouse, open_customer_house
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str, run_folder: Path, engine: None) -> Iterator[CustomerHouse]:
    log = Log(f"chdb://{run_folder}/ch", database="customer_screens")
    log.open()
    with copied(postgres_url, template) as database, open_customer_house(database, log) as house:
        yield house
    log.drop()
    log.close()


def pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"{name}.png")


@pytest.mark.parametrize(("lang", "theme", "width"), [("ko", "light", 1360), ("en", "dark", 1024)])
def test_customers_are_listed_sorted_and_opened(
    browser: Browser, house: CustomerHouse, lang: str, theme: str, width: int
) -> None:
    browser.size(width, 800)
    house.enter(browser, "mina", "/customers", lang, theme)
    browser.sees("한빛커피", ".table")
    browser.sees("온담건설", ".table")
    judged = browser.all(".table tbody .badge.ok, .table tbody .badge.warn, .table tbody .badge.bad")
    assert len(judged) >= 2  # the relationship with 한빛커피, and the deal's health
    pictured(browser, f"list_{lang}_{theme}_{width}")
    waiting = {"ko": "답을 기다림", "en": "Waiting"}[lang]
    browser.click(".seg button", waiting)
    browser.until(lambda: len(browser.all(".table tbody tr")) == 1)
    browser.click(".table tbody tr")
    browser.sees({"ko": "주고받은 파일", "en": "Files exchanged"}[lang])
    browser.sees("소재 파일 이름을 어떻게 붙일까요?", ".cu")
    browser.sees({"ko": "지난 13주의 중앙값", "en": "the median of the last 13 weeks"}[lang], ".cu-rel")
    assert len(browser.all(".cu-rel .cu-row")) == 7
    assert 1 <= len(browser.all(".cu-rel .strong")) <= 3
    browser.sees("한지민", ".cu")
    browser.sees("오디오 스팟", ".cu")
    browser.sees("한빛커피 캠페인", ".cu")
    browser.until(lambda: browser.all(".cu-line li"), "the timeline is empty")
    pictured(browser, f"customer_{lang}_{theme}_{width}")
    assert browser.js(
        "return document.querySelector('.page').scrollWidth <= document.querySelector('.page').clientWidth"
    )
    browser.js("document.querySelector('.page').scrollTo(0, 9999)")
    pictured(browser, f"customer_end_{lang}_{theme}_{width}")
    browser.click(".cu-two[title]", "소재 파일")
    browser.sees("트래킹 태그는 언제", ".ch-list")
    assert browser.complaints() == []


@pytest.mark.parametrize(("lang", "theme"), [("ko", "light"), ("en", "dark")])
def test_a_charter_stands_before_whoever_has_not_read_it(
    browser: Browser, house: CustomerHouse, lang: str, theme: str
) -> None:
    browser.size(1360, 800)
    who = {"ko": "rina", "en": "joon"}[lang]
    launch = house.rooms["launch"]
    house.enter(browser, who, f"/channels/{launch}", lang, theme)
    browser.sees("하나씩 확인하는 곳", ".ct-first")
    pictured(browser, f"charter_card_{who}_{lang}_{theme}")
    browser.click(".ct-first button", {"ko": "모두 보기", "en": "Show all of it"}[lang])
    browser.sees("약속을 지킵니다", ".ch-pane")
    browser.sees({"ko": "2시간 안에 답합니다", "en": "within 2"}[lang], ".ch-pane")
    # The customer is not told the names of channels that they do not see.
    assert ("room-" in browser.text(".ct-places")) is (who == "joon")
    pictured(browser, f"charter_pane_{who}_{lang}_{theme}")
    browser.click(".ch-pane .notice button")
    browser.until(lambda: not browser.all(".ch-pane .notice"))
    house.enter(browser, who, f"/channels/{launch}", lang, theme)
    browser.sees("런칭 준비를", ".ch-list")
    assert not browser.all(".ct-first")
    assert browser.complaints() == []


def test_a_charter_is_written_from_a_template(browser: Browser, house: CustomerHouse) -> None:
    browser.size(1024, 800)
    support = house.rooms["support"]
    house.enter(browser, "mina", f"/channels/{support}", "en", "light")
    browser.click(".top button[aria-label='Charter']")
    browser.click(".ch-pane button", "Write a charter")
    browser.click(".ct-starts button", "Support")
    browser.until(lambda: "problems are told" in browser.one(".ct-edit textarea").get_attribute("value"))
    browser.click(".ct-edit button", "Add a person")
    browser.js("const s = document.querySelector('.ct-edit-row select'); s.value = arguments[0];"
               " s.dispatchEvent(new Event('change'))", house.users["mina"])  # fmt: skip
    browser.type(".ct-edit-row input", "Answers at night <b>too</b>")
    pictured(browser, "charter_editor_en_light_1024")
    browser.click(".ct-edit button[type=submit]")
    browser.sees("Answers at night <b>too</b>", ".ch-pane")
    browser.sees("within 1", ".ch-pane")
    assert house.ask("mina", "GET", f"/channels/{support}")["channel"]["response_minutes"] == 60
    assert browser.complaints() == []


def test_who_is_needed_is_looked_at_asked_and_told_when_inviting(browser: Browser, house: CustomerHouse) -> None:
    browser.size(1360, 800)
    launch = house.rooms["launch"]
    house.enter(browser, "mina", f"/channels/{launch}", "ko", "dark")
    browser.click(".top button[aria-label^='멤버']")
    browser.sees("한빛커피", ".ch-pane")  # whose channel it is
    pictured(browser, "details_ko_dark")
    browser.click(".tabs button", "멤버")
    browser.click(".nd button", "살펴보기")
    browser.sees("쓰지도 읽지도 않았습니다", ".nd-list")
    browser.sees("같은 팀(광고 운영) 2명이 더", ".nd-list")
    assert "Rina" not in browser.text(".nd-list")
    pictured(browser, "needed_ko_dark")
    browser.click(".nd-row button", "물어보기")
    browser.sees("따로 물었습니다")
    browser.click(".ch-pane button", "초대")
    browser.sees("영업 1명이 이미 있습니다", "dialog")
    pictured(browser, "invite_ko_dark")
    browser.press("ESCAPE")
    assert browser.complaints() == []


def test_the_agenda_is_added_to_and_folds_what_is_done(browser: Browser, house: CustomerHouse) -> None:
    browser.size(1360, 800)
    house.enter(browser, "mina", f"/channels/{house.rooms['launch']}", "ko", "light")
    browser.click(".top button[aria-label='채널 페이지']")
    browser.sees("시작일 정하기", ".pg-text")
    browser.sees("끝난 것 1개", ".pg-done")
    browser.click(".ag button", "안건 더하기")
    browser.type(".ag-form input.input", "보고서 받기")
    browser.click(".ag-form button[type=submit]")
    browser.sees("보고서 받기", ".pg-text")
    pictured(browser, "agenda_ko_light")
    browser.click(".ag button[aria-label]")
    browser.click(".ag button", "새 주 시작")
    browser.click("dialog button.pri", "새 주 시작")
    browser.sees("↪1", ".pg-text")
    assert browser.complaints() == []


def test_every_route_is_closed_to_who_may_not(house: CustomerHouse) -> None:
    launch, pricing, cafe = house.rooms["launch"], house.rooms["pricing"], house.office.cafe
    gil = house.ask("mina", "POST", "/tokens", kind="user", holder=house.office.room.cast.gil.user, scopes=["*"])
    house.tokens["gil"] = gil["token"]
    house.ask("mina", "POST", f"/channels/{launch}/members", users=[house.office.room.cast.gil.user])
    charter = {"purpose": "x", "version": 1}
    for who, method, path, body, status in (
        ("gil", "GET", "/customers", None, 403), ("gil", "GET", "/customers/week", None, 403),
        ("gil", "GET", f"/customers/{cafe}", None, 403), ("gil", "GET", f"/customers/{cafe}/timeline", None, 403),
        ("gil", "GET", f"/channels/{launch}/needed", None, 403),
        ("gil", "POST", f"/channels/{launch}/needed/{house.users['sera']}/ask", {}, 403),
        ("gil", "PUT", f"/channels/{launch}/customer", {"account": cafe}, 403),
        ("gil", "DELETE", f"/channels/{launch}/customer", None, 403),
        ("gil", "PUT", f"/channels/{launch}/charter", charter, 403),
        ("gil", "GET", f"/channels/{launch}/charter", None, 200),  # a guest reads what was promised to them
        ("rina", "GET", f"/customers/{cafe}", None, 404), ("rina", "GET", f"/customers/{cafe}/timeline", None, 404),
        ("rina", "PUT", f"/channels/{launch}/charter", charter, 403),
        ("rina", "PUT", f"/channels/{launch}/customer", {"account": cafe}, 422),
        ("rina", "GET", f"/channels/{pricing}/charter", None, 404),
        ("rina", "GET", f"/channels/{pricing}/customer", None, 404),
        ("rina", "GET", f"/channels/{pricing}/needed", None, 404),
        ("rina", "GET", f"/channels/{pricing}/agenda", None, 404),
        ("rina", "POST", f"/channels/{pricing}/agenda", {"text": "x"}, 404),
        ("rina", "POST", f"/channels/{pricing}/charter/read", {"version": 1}, 404),
        ("joon", "GET", f"/channels/{pricing}/customer", None, 404),
        ("mina", "PUT", f"/channels/{launch}/charter", {**charter, "purpose": ""}, 422),
        ("mina", "GET", "/customers/week?topic=gossip", None, 422),
        ("mina", "GET", "/customers/001000000000000AAA", None, 404),
    ):  # fmt: skip
        headers = {"authorization": f"Bearer {house.tokens[who]}"}
        answer = httpx.request(method, f"{house.url}/api/v1{path}", headers=headers, json=body)
        assert answer.status_code == status, f"{who} {method} {path}: {answer.text}"
    assert httpx.get(f"{house.url}/api/v1/customers").status_code == 401
    assert house.ask("rina", "GET", "/customers") == {"customers": []}
    assert house.ask("gil", "GET", f"/channels/{launch}/customer")["customer"] is None
    told = house.ask("gil", "GET", f"/channels/{launch}/charter")["charter"]["places"]
    assert {one["name"] for one in told} == {""}  # a guest is in none of the other channels
    theirs = house.ask("rina", "GET", f"/channels/{launch}/needed")
    assert all("messages" not in one and not one["why"] for one in theirs["members"] if one["outside"])
    house.ask("mina", "DELETE", f"/channels/{launch}/members/{house.office.room.cast.gil.user}")
