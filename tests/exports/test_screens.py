"""The exports screen in a real Chromium, on a real server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.frame.running import Server, found, server
from tests.waiting import waited
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


MENU = (
    "[...document.querySelectorAll('.table tbody tr')].find(row => row.textContent.includes(arguments[0]))"
    ".querySelector('button').click()"
)


@dataclass
class Place:
    running: Server
    key: str
    session: str
    lake: Path

    def open(self, browser: Browser, lang: str, theme: str) -> Browser:
        browser.size(1360, 860)
        browser.cookie(self.running.url, "dure_session", self.session)
        browser.open(self.running.url + "/exports", lang=lang, theme=theme)
        return browser

    def listen(self, count: int) -> None:
        calls = [{"type": "track", "event": "Listen Started", "userId": f"u-{number}"} for number in range(count)]
        assert httpx.post(f"{self.running.url}/v1/batch", json={"batch": calls, "writeKey": self.key}).is_success

    def target(self, name: str) -> dict[str, object]:
        targets = self.running.client.get("/api/v1/exports").json()["targets"]
        found: dict[str, object] = next(target for target in targets if target["name"] == name)
        return found


@pytest.fixture(scope="module")
def place(run_folder: Path, chromium: object) -> Iterator[Place]:
    folder = run_folder / "exp-screens"
    made = found(folder)
    with server(folder) as running:
        signed_in = httpx.post(running.url + "/sign-in/" + made["sign_in_url"].rsplit("/", 1)[1])
        lake = folder / "exports" / made["workspace_id"]
        yield Place(running, made["write_key"], signed_in.cookies["dure_session"], lake)


def test_a_place_is_added_and_shows_what_it_got(place: Place, browser: Browser) -> None:
    place.open(browser, "ko", "light")
    browser.sees("이벤트를 보내는 곳이 없습니다")
    browser.click("button", "보낼 곳 추가")
    browser.type("dialog input[name=name]", "웨어하우스")
    browser.type("dialog input[name=folder]", "lake")
    browser.type("dialog input[name=max_events]", "100")
    browser.click("dialog button", "보낼 곳 추가")
    browser.sees("웨어하우스", ".table")
    place.listen(150)
    waited(lambda: place.target("웨어하우스")["objects"] != 0)
    place.open(browser, "ko", "light")
    browser.click(".table tbody tr", "웨어하우스")
    browser.sees("day=20", ".table")
    assert list((place.lake / "lake").glob("day=*/*.parquet"))
    assert browser.complaints() == []


def test_a_place_that_cannot_be_written_says_why_and_is_paused_and_removed(place: Place, browser: Browser) -> None:
    made = place.running.client.post(
        "/api/v1/exports", json={"name": "broken", "kind": "folder", "path": "broken", "max_events": 1}
    )
    assert made.status_code == 201, made.text
    shutil.rmtree(place.lake / "broken")
    (place.lake / "broken").write_text("a file where a folder was")
    place.listen(3)
    waited(lambda: place.target("broken")["error"] != "")
    place.open(browser, "en", "dark")
    browser.sees("Failed", ".table")
    browser.sees("cannot be written", ".exports-error")
    browser.js(MENU, "broken")
    browser.click("[role=menuitem]", "Pause")
    browser.click("dialog button", "Pause")
    browser.sees("Paused", ".table")
    assert place.running.client.get("/metrics").text.count(str(made.json()["id"])) == 0
    browser.js(MENU, "broken")
    browser.click("[role=menuitem]", "Remove")
    browser.click("dialog button", "Remove")
    browser.misses("broken", ".table")
    assert browser.complaints() == []
