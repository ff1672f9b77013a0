"""People and sources in a real Chromium, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.frame.running import Server, found, server
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@dataclass
class Place:
    running: Server
    key: str
    session: str

    def send(self, *calls: dict[str, Any]) -> None:
        batch = {"batch": list(calls), "writeKey": self.key}
        assert httpx.post(f"{self.running.url}/v1/batch", json=batch).status_code == 200

    def open(self, browser: Browser, path: str, lang: str = "ko", theme: str = "light") -> Browser:
        browser.size(1360, 860)
        browser.cookie(self.running.url, "dure_session", self.session)
        browser.open(self.running.url + path, lang=lang, theme=theme)
        return browser


@pytest.fixture(scope="module")
def place(run_folder: Path, chromium: object) -> Iterator[Place]:
    folder = run_folder / "people-screens"
    made = found(folder)
    with server(folder) as running:
        signed_in = httpx.post(running.url + "/sign-in/" + made["sign_in_url"].rsplit("/", 1)[1])
        place = Place(running, made["write_key"], signed_in.cookies["dure_session"])
        traits = {"name": "김민준", "email": "minjun@mail.example", "plan": "plus"}
        place.send(
            {"type": "page", "anonymousId": "d-1", "properties": {"path": "/"}},
            {"type": "identify", "userId": "u-1", "anonymousId": "d-1", "traits": traits, "timestamp": "2026-11-01"},
            {"type": "identify", "userId": "u-2", "anonymousId": "d-1", "traits": {"name": "Alice Archer"}},
            {"type": "track", "event": "Listen Started", "userId": "null"},
            {"type": "identify", "userId": "u-3", "anonymousId": "d-3", "traits": {"name": "남궁민수", "amount": 120}},
            {"type": "track", "event": "Gift Sent", "anonymousId": "d-3"},
            {"type": "identify", "userId": "u-3", "traits": {"plan": "free"}, "timestamp": "2026-11-02"},
            {"type": "identify", "userId": "u-3", "traits": {"plan": "plus"}, "timestamp": "2026-11-03"},
            {"type": "group", "userId": "u-3", "groupId": "hanbit", "traits": {"name": "한빛커피", "seats": 40}},
        )
        yield place


def test_somebody_is_found_and_their_ids_are_explained(place: Place, browser: Browser) -> None:
    place.open(browser, "/people")
    browser.sees("Alice Archer", ".table")
    browser.type(".people-find", "plan:plus")
    browser.misses("Alice Archer", ".table")
    browser.click(".table tbody tr", "김민준")
    browser.sees("minjun@mail.example", ".people-side")
    browser.sees("u-1로 로그인하며", ".people-ids")
    browser.sees("u-2도 이 기기를 썼지만", ".people-ids")
    browser.sees("Page Viewed", ".people-line")
    assert browser.complaints() == []


def test_a_new_event_comes_into_the_timeline_by_itself(place: Place, browser: Browser) -> None:
    place.open(browser, "/people/u-2", lang="en", theme="dark")
    browser.sees("Identified", ".people-line")
    place.send({"type": "track", "event": "Gift Sent", "userId": "u-2", "properties": {"amount": 3000}})
    browser.sees("Gift Sent", ".people-line")
    browser.click(".people-event button", "Gift Sent")
    browser.sees("3000", ".people-open")
    assert browser.complaints() == []


def test_a_link_is_undone_and_taken_back_on_the_page(place: Place, browser: Browser) -> None:
    place.open(browser, "/people?q=궁민 amount>100", lang="en", theme="dark")
    browser.sees("amount 120", ".table")
    browser.one(".table tbody tr").send_keys("\ue007")
    browser.sees("d-3", ".people-ids")
    browser.sees("Because of: Identified · ", ".people-ids")
    browser.click(".people-ids button", "Undo link")
    browser.type("dialog input", "somebody else's tablet")
    browser.click("dialog button.pri", "Undo link")
    browser.sees("somebody else's tablet", ".people-parted")
    browser.misses("Gift Sent", ".people-line")
    browser.click(".people-parted a", "d-3")
    browser.sees("parted this device from u-3", ".people-ids")
    browser.click(".people-ids button", "Undo")
    browser.sees("Joined when it signed in as u-3", ".people-ids")
    browser.sees("Undone by", ".people-undone")
    assert browser.complaints() == []


def test_a_trait_tells_how_it_became_what_it_is(place: Place, browser: Browser) -> None:
    place.open(browser, "/people/u-3")
    browser.sees("속성", ".people-side h2")
    browser.sees("free", ".people-changes")
    browser.click(".people-trait", "plan")
    browser.misses("amount", ".people-changes")
    assert [row.text.split("\n")[0] for row in browser.all(".people-changes .people-value")] == [
        "free plus",
        "없음 free",
    ]
    assert browser.complaints() == []


def test_the_line_shows_one_kind_and_goes_to_a_day(place: Place, browser: Browser) -> None:
    place.open(browser, "/people/u-3")
    browser.sees("Account Identified", ".people-line")
    browser.click(".people-line .seg button", "신원")
    browser.sees("Person Linked", ".people-line")
    browser.misses("Account Identified", ".people-line")
    browser.click(".people-line .seg button", "거래")
    browser.sees("여기에 맞는 이벤트가 없습니다", ".people-line")
    browser.click(".people-line .seg button", "전체")
    browser.js(
        "const it = document.querySelector('.people-line input[type=date]'); it.value = '2026-11-02';"
        " it.dispatchEvent(new Event('change'))"
    )
    browser.misses("Account Identified", ".people-line")
    browser.sees("11월 2일", ".people-line")
    browser.click(".people-line button", "지금으로")
    browser.sees("Account Identified", ".people-line")
    assert browser.complaints() == []


def test_an_account_is_found_with_its_people(place: Place, browser: Browser) -> None:
    place.open(browser, "/accounts?q=커피 seats>39", lang="en")
    browser.sees("한빛커피", ".table")
    browser.click(".table tbody tr", "한빛커피")
    browser.sees("seats", ".people-side")
    browser.sees("남궁민수", ".people-side .table")
    browser.sees("Gift Sent", ".people-line")
    browser.click(".people-side .table tbody tr", "남궁민수")
    browser.sees("u-3", ".people-ids")
    place.open(browser, "/accounts?q=nothing", lang="ko", theme="dark")
    browser.sees("찾는 고객사가 없습니다")
    assert browser.complaints() == []


def test_what_was_refused_is_shown_with_its_reason(place: Place, browser: Browser) -> None:
    place.open(browser, "/sources")
    browser.sees(place.key, ".table")
    browser.click(".tabs button", "거부된 이벤트")
    browser.sees("자리표시 ID", ".table")
    browser.click(".table tbody tr", "자리표시 ID")
    browser.sees('"userId": "null"', ".sources-how")
    assert browser.complaints() == []


def test_somebody_is_erased_by_typing_their_id_and_can_be_taken_back_until_it_begins(
    place: Place, browser: Browser
) -> None:
    place.send({"type": "identify", "userId": "u-erased", "traits": {"name": "Nomi", "email": "nomi@mail.example"}})
    place.open(browser, "/people/u-erased", lang="en", theme="dark")
    browser.sees("nomi@mail.example", ".people-side")
    browser.click("button[aria-label='Data requests']")
    browser.click(".menu-item", "Erase…")
    browser.sees("For 30 seconds it can be taken back; once it has begun it cannot be undone.", ".dialog")
    assert not browser.one(".dialog button.danger[type=submit]").is_enabled()
    browser.type(".dialog input", "u-somebody")
    assert not browser.one(".dialog button[type=submit]").is_enabled()
    browser.press("ctrl+enter")
    browser.sees("That is something else.", ".dialog")
    browser.type(".dialog input", "u-erased")
    assert browser.one(".dialog button[type=submit]").is_enabled()
    browser.click(".dialog button[type=submit]")
    browser.sees("Until then it can be taken back.", ".erase-progress")
    browser.click(".erase-progress button", "Take back")
    browser.sees("Nothing was erased.", "body")
    client = place.running.client
    (taken_back,) = client.get("/api/v1/erasures").json()["erasures"]
    assert taken_back["state"] == "cancelled"
    assert client.get("/api/v1/people/u-erased").status_code == 200
    assert browser.complaints() == []


def test_nobody_is_said_once(place: Place, browser: Browser) -> None:
    place.open(browser, "/people/u-unheard-of", lang="en")
    browser.sees("There is nobody by this id", ".empty")
    browser.sees("u-unheard-of: no event or trait ever came", ".empty")
    assert [css for css in (".people-side", ".people-line", ".failed") if browser.all(css)] == []


def test_a_search_that_is_refused_says_why_and_shows_nobody(place: Place, browser: Browser) -> None:
    place.open(browser, "/people?q=alice", lang="en")
    browser.sees("Alice Archer", ".table")
    browser.type(".people-find", "amount>abc")
    browser.sees("`amount>abc` compares with what is no number.", ".failed")
    assert not browser.all(".table tbody tr")
    browser.type(".people-find", "alice")
    browser.sees("Alice Archer", ".table")


def test_who_has_no_name_is_called_by_their_id(place: Place, browser: Browser) -> None:
    place.send({"type": "track", "event": "Listen Started", "userId": "user-18"})
    browser.until(lambda: place.running.client.get("/api/v1/people/user-18").status_code == 200)
    place.open(browser, "/people?q=user-1", lang="en")
    browser.sees("user-18", ".table")
    browser.click(".table tbody tr", "user-18")
    browser.sees("Nothing says yet that somebody signed in under this id.", ".people-ids")
    assert {line.text.split("\n")[-1] for line in browser.all("h1")} == {"user-18"}
    browser.misses("device", ".people-ids")
    assert browser.complaints() == []


@pytest.mark.parametrize(("lang", "events"), [("en", "All events"), ("ko", "모든 이벤트")])
def test_the_line_is_narrowed_in_one_row(place: Place, browser: Browser, lang: str, events: str) -> None:
    place.open(browser, "/people/u-3", lang=lang)
    browser.size(1440, 900)
    browser.sees(events, ".people-line header select")
    height = "return document.querySelector('.people-line header').getBoundingClientRect().height"
    assert browser.js(height) < 50


def test_the_list_says_whom_it_shows(place: Place, browser: Browser) -> None:
    place.open(browser, "/people", lang="en")
    browser.sees("those here on the last day", ".people-note")
