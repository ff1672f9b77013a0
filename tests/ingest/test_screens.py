"""Events in, as an administrator sees them in a real Chromium on a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.frame.running import Server, found, server
from tests.ingest.conftest import track
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

GIFT = {"type": "object", "properties": {"amount": {"type": "integer"}}, "required": ["amount"]}


@dataclass
class Place:
    running: Server
    key: str
    session: str
    headers: dict[str, str]

    def send(self, *calls: dict[str, Any]) -> None:
        batch = {"batch": list(calls), "writeKey": self.key}
        assert httpx.post(f"{self.running.url}/v1/batch", json=batch).status_code == 200

    def put(self, path: str, **body: Any) -> None:
        answer = httpx.put(f"{self.running.url}/api/v1{path}", json=body, headers=self.headers)
        assert answer.is_success, answer.text

    def get(self, path: str) -> Any:
        answer = httpx.get(f"{self.running.url}/api/v1{path}", headers=self.headers)
        assert answer.is_success, answer.text
        return answer.json()

    def open(self, browser: Browser, path: str, lang: str = "ko", theme: str = "light") -> Browser:
        browser.size(1360, 860)
        browser.cookie(self.running.url, "dure_session", self.session)
        browser.open(self.running.url + path, lang=lang, theme=theme)
        return browser


@pytest.fixture(scope="module")
def place(run_folder: Path, chromium: object) -> Iterator[Place]:
    folder = run_folder / "rules"
    made = found(folder)
    with server(folder) as running:
        signed_in = httpx.post(running.url + "/sign-in/" + made["sign_in_url"].rsplit("/", 1)[1])
        yield Place(
            running, made["write_key"], signed_in.cookies["dure_session"],
            {"authorization": "Bearer " + made["user_token"]},
        )  # fmt: skip


def test_refusals_are_counted_by_source_and_reason_and_open_to_their_newest_example(
    place: Place, browser: Browser
) -> None:
    place.send(*(track(user="null") for _ in range(3)), track(" "))
    place.open(browser, "/sources?tab=rejects")
    browser.sees("자리표시 ID", ".table")
    rows = [row.text for row in browser.all(".table tbody tr")]
    assert len(rows) == 2
    assert "3" in rows[0]
    browser.click(".table tbody tr", "자리표시 ID")
    browser.sees('"userId": "null"', ".ingest-code")
    browser.press("escape")
    browser.click(".ingest-bar select[aria-label='이유'] option", "이벤트 이름이 없습니다")
    browser.misses("자리표시 ID", ".table")
    assert browser.complaints() == []


def test_sources_show_what_came_lately(place: Place, browser: Browser) -> None:
    place.send(track("Quiz Won"), track(user="null"))
    place.open(browser, "/sources", lang="en", theme="dark")
    browser.sees("Quiz Won", ".table")
    browser.press("2")
    browser.sees("A placeholder that many would share", ".table")
    assert browser.complaints() == []


def test_an_event_is_planned_and_its_violations_are_seen(place: Place, browser: Browser) -> None:
    place.open(browser, "/sources?tab=plan")
    browser.sees("아직 추적 계획이 없습니다")
    browser.press("n")
    browser.type("input[name=event]", "Gift Sent")
    browser.type("textarea[name=schema]", json.dumps(GIFT))
    browser.click(".dialog .seg label", "거부")
    browser.click(".dialog button[type=submit]")
    browser.sees("Gift Sent", ".table")
    place.send(track("Gift Sent", properties={"amount": "many"}))
    assert place.get("/rejects?reason=breaks_plan")["total"] == 1
    browser.until(lambda: place.get("/tracking-plan/violations")["violations"])
    place.open(browser, "/sources?tab=plan&event=Gift Sent", lang="en", theme="dark")
    browser.sees('amount: … is not of type "integer"', ".plan-violations")
    browser.sees("v1", ".ingest-side")
    assert browser.complaints() == []


def test_a_schema_that_is_none_is_said_at_its_field(place: Place, browser: Browser) -> None:
    place.open(browser, "/sources?tab=plan", lang="en")
    browser.click(".ingest-bar button", "Add an event")
    browser.type("input[name=event]", "X")
    browser.type("textarea[name=schema]", '{"type": "nope"}')
    browser.click(".dialog button[type=submit]")
    browser.sees("no JSON Schema", ".field.is-textarea .wrong-text")


def test_a_name_waits_and_is_approved_by_one_key(place: Place, browser: Browser) -> None:
    place.put("/event-names/mode", mode="approve")
    place.send(track("Level Up", properties={"level": 7}), track("level up"))
    place.open(browser, "/sources?tab=names")
    browser.sees("Level Up", ".table")
    browser.click(".table tbody tr b", "Level Up")
    browser.sees('"level": 7', ".ingest-code")
    browser.press("a")
    browser.sees("승인, 1건이 들어갔습니다")
    browser.press("escape")
    browser.click(".table tbody tr button", "다른 이름으로 승인")
    browser.type("input[name=becomes]", "Level Up")
    browser.click(".dialog button[type=submit]")
    browser.sees("→ Level Up", ".table")
    assert {name["state"] for name in place.get("/event-names")["names"]} == {"approved"}
    place.put("/event-names/mode", mode="open")
    assert browser.complaints() == []


def test_a_rule_for_personal_data_is_added_and_taken_away(place: Place, browser: Browser) -> None:
    place.open(browser, "/sources?tab=privacy", lang="en", theme="dark")
    browser.type("input[name=name]", "anonymous_id")
    browser.click("form button[type=submit]")
    browser.sees("needed to know whose events", ".wrong-text")
    assert ["422" in complaint for complaint in browser.complaints()] == [True]
    browser.type("input[name=name]", "Email")
    browser.click("form button[type=submit]")
    browser.sees("email", ".table code")
    assert place.get("/privacy")["rules"] == [{"name": "email", "do": "drop", "where": "both"}]
    browser.click(".switch", "IP address")
    browser.sees("Saved")
    browser.click(".table button", "Remove")
    browser.sees("No rules yet")
    assert place.get("/privacy") == {"keep_address": True, "read_context": True, "rules": []}
    assert browser.complaints() == []


def test_the_status_says_that_all_is_fine(place: Place, browser: Browser) -> None:
    place.open(browser, "/status")
    browser.sees("모두 정상입니다")
    browser.sees("PostgreSQL 18", ".facts")
    browser.sees("log", ".table")
    assert browser.complaints() == []
