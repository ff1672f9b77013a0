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
    browser.sees("나중에 u-2도", ".people-ids")
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


def test_what_was_refused_is_shown_with_its_reason(place: Place, browser: Browser) -> None:
    place.open(browser, "/sources")
    browser.sees(place.key, ".table")
    browser.click(".tabs button", "거부된 이벤트")
    browser.sees("자리표시 ID", ".table")
    browser.click(".table tbody tr", "자리표시 ID")
    browser.sees('"userId":"null"', ".sources-how")
    assert browser.complaints() == []


def test_somebody_is_erased_by_typing_their_id_and_can_be_taken_back_until_it_begins(
    place: Place, browser: Browser
) -> None:
    place.send({"type": "identify", "userId": "u-erased", "traits": {"name": "Nomi", "email": "nomi@mail.example"}})
    place.open(browser, "/people/u-erased", lang="en", theme="dark")
    browser.sees("nomi@mail.example", ".people-side")
    browser.click("button[aria-label='Data requests']")
    browser.click(".menu-item", "Erase…")
    browser.type(".dialog input", "u-somebody")
    browser.click(".dialog button[type=submit]")
    browser.sees("That is something else.", ".dialog")
    browser.type(".dialog input", "u-erased")
    browser.click(".dialog button[type=submit]")
    browser.sees("Until then it can be taken back.", ".erase-progress")
    browser.click(".erase-progress button", "Take back")
    browser.sees("Nothing was erased.", "body")
    client = place.running.client
    (taken_back,) = client.get("/api/v1/erasures").json()["erasures"]
    assert taken_back["state"] == "cancelled"
    assert client.get("/api/v1/people/u-erased").status_code == 200
    assert browser.complaints() == []
