"""Bringing in from Slack in a real Chromium: looked at, decided, brought in, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.channels import slack_export as slack
from tests.channels.house import House, open_house
from tests.channels.test_keeping_screens import pictured
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as database, open_house(database) as house:
        yield house


def given(house: House, content: bytes, name: str = "sorimaru slack export.zip") -> dict[str, Any]:
    """An export that was uploaded."""
    headers = {"authorization": f"Bearer {house.tokens['mina']}"}
    answer = httpx.put(f"{house.url}/api/v1/moving-files", params={"name": name}, content=content, headers=headers)
    answer.raise_for_status()
    made: dict[str, Any] = answer.json()
    return made


def state_of(house: House, moving: str) -> str:
    return str(house.ask("mina", "GET", f"/movings/{moving}")["state"])


def test_an_export_is_looked_at_decided_about_and_brought_in(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", "/admin/slack", "ko", "light")
    browser.sees("아직 가져온 것이 없습니다")
    pictured(browser, "empty_ko_light")
    house.ask("mina", "POST", "/channels", name="general")
    one = given(house, slack.zipped(slack.realistic() | {"../out.json": [], "general/2026-03-09.json": b'[{"type":'}))
    browser.until(lambda: state_of(house, one["id"]) == "ready", "it was read")
    for lang, theme, width, words in (
        ("ko", "light", 1360, ("이름 겹침", "이메일로 찾음", "깨져서 읽을 수 없음", "가져오기 시작")),
        ("en", "dark", 1024, ("Name taken", "Found by e-mail", "Broken, cannot be read", "Bring in")),
    ):
        browser.size(width, 900)
        house.enter(browser, "mina", f"/admin/slack/{one['id']}", lang, theme)
        browser.sees(words[0])
        pictured(browser, f"rooms_{lang}_{theme}")
        browser.click("[role=tab]", {"ko": "사람", "en": "People"}[lang])
        browser.sees(words[1])
        pictured(browser, f"people_{lang}_{theme}")
        browser.click("[role=tab]", {"ko": "빠지는 것", "en": "Will be left out"}[lang])
        browser.sees(words[2])
        pictured(browser, f"left_{lang}_{theme}")
    browser.click("label.switch", "Private channels, too (1)")
    browser.click("[role=tab]", "Conversations")
    browser.click("tbody tr:nth-child(3) .mv-menu")
    pictured(browser, "menu_en_dark")
    browser.click("[role=menuitem], [role=menuitemradio], [role=menuitemcheckbox]", "Nowhere")
    browser.click(".top button.pri", "Bring in")
    browser.sees("Nobody is notified")
    pictured(browser, "ask_en_dark")
    browser.click("dialog button.pri, [role=dialog] button.pri", "Bring in")
    browser.until(lambda: state_of(house, one["id"]) == "done", "it was brought in")
    browser.click("[role=tab]", "Left out")
    browser.sees("Direct messages were not chosen")
    pictured(browser, "done_en_dark")
    browser.size(1360, 900)
    house.enter(browser, "mina", f"/admin/slack/{one['id']}", "ko", "light")
    browser.sees("끝남")
    pictured(browser, "done_ko_light")
    house.enter(browser, "mina", "/admin/slack", "en", "dark")
    browser.sees("Done")
    pictured(browser, "list_en_dark")
    rooms = {each["name"]: each for each in house.ask("mina", "GET", "/channels?archived=true")["channels"]}
    assert "old-campaign" not in rooms
    assert rooms["경영-비공개-2"]["private"]
    house.enter(browser, "mina", f"/channels/{rooms['deal-한빛커피-2']['id']}", "ko", "light")
    browser.sees("카드")
    pictured(browser, "channel_ko_light")
    headers = {"authorization": f"Bearer {house.tokens['mina']}"}
    report = httpx.get(f"{house.url}/api/v1/movings/{one['id']}/left", headers=headers).text
    assert report.startswith("\ufeffwhat,why,room,day,ts,about")
    assert "day,broken,general,2026-03-09," in report
    assert "member,leads_out,,,,../out.json" in report


def test_what_failed_says_why_and_who_may_not_is_told(browser: Browser, house: House) -> None:
    one = given(house, slack.zipped({"readme.txt": b"hello"}), "not an export.zip")
    browser.until(lambda: state_of(house, one["id"]) == "failed", "it was read")
    for lang, theme in (("ko", "dark"), ("en", "light")):
        house.enter(browser, "mina", f"/admin/slack/{one['id']}", lang, theme)
        browser.sees("no channels.json")
        pictured(browser, f"failed_{lang}_{theme}")
    house.enter(browser, "joon", "/admin/slack", "ko", "light")
    browser.until(lambda: "zip" not in browser.js("return document.body.innerText"), "joon sees none of it")
    pictured(browser, "no_right_ko_light")
    assert browser.complaints() == []
