"""Pins, bookmarks, later messages and earlier versions in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.house import House, open_house
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    with open_house(fresh_database) as house:
        yield house


def pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"kept_{name}.png")


def test_what_a_channel_keeps_is_seen_and_changed(browser: Browser, house: House) -> None:
    room = house.rooms["q4-launch"]
    ts = house.say("joon", "q4-launch", "*의제*: 증액 여부, 소재 교체 <script>alert(1)</script>")
    house.ask("joon", "PATCH", f"/channels/{room}/messages/{ts}", text="*의제*: 증액 여부, 소재 교체, 일정")
    house.ask("joon", "PUT", f"/channels/{room}/messages/{ts}/pin")
    for title, link in (("캠페인 브리프", "https://example.com/brief"), ("소재 폴더", "https://example.com/assets")):
        house.ask("joon", "POST", f"/channels/{room}/bookmarks", title=title, link=link, emoji=":memo:")
    for lang, theme in (("ko", "light"), ("en", "dark")):
        house.enter(browser, "mina", f"/channels/{room}", lang, theme)
        browser.sees("캠페인 브리프", ".ch-bookmarks")
        pins = {"ko": "고정된 메시지", "en": "Pinned messages"}[lang]
        browser.click(f".top button[aria-label='{pins}']")
        browser.sees("의제", ".ch-pinned")
        pictured(browser, f"pins_{lang}_{theme}")
        browser.click(".ch-list .ch-edited")
        browser.sees("<script>alert(1)</script>", ".ch-versions")
        pictured(browser, f"edits_{lang}_{theme}")
        browser.press("Escape")
    house.ask("joon", "DELETE", f"/channels/{room}/messages/{ts}/pin")
    browser.sees("Nothing is pinned", ".ch-pane")
    house.ask("joon", "POST", f"/channels/{room}/bookmarks", title="일정표", link="https://example.com/plan")
    browser.sees("일정표", ".ch-bookmarks")
    assert browser.complaints() == []


def test_a_message_is_kept_for_later_and_listed(browser: Browser, house: House) -> None:
    room = house.rooms["q4-launch"]
    for lang, theme in (("ko", "light"), ("en", "dark")):
        house.enter(browser, "mina", f"/channels/{room}", lang, theme)
        browser.type(".ch-compose textarea", f"내일 아침에 볼 수치 정리 ({lang})")
        later, hour, listed = {
            "ko": ("나중에 보내기", "1시간 뒤", "예약된 메시지"),
            "en": ("Send later", "In one hour", "Scheduled messages"),
        }[lang]
        browser.click(f".ch-compose button[aria-label='{later}']")
        browser.sees(hour, "[role=menu]")
        pictured(browser, f"later_menu_{lang}_{theme}")
        browser.click("[role=menuitem]", hour)
        browser.until(lambda: browser.one(".ch-compose textarea").get_attribute("value") == "")
        browser.click(f".ch-compose button[aria-label='{later}']")
        browser.click("[role=menuitem]", listed)
        browser.sees(f"내일 아침에 볼 수치 정리 ({lang})", ".ch-waits")
        pictured(browser, f"later_list_{lang}_{theme}")
    kept = house.ask("mina", "GET", "/channels/scheduled")["scheduled"]
    assert [one["text"][-4:] for one in kept] == ["(ko)", "(en)"]
    browser.click(".ch-waits button[aria-label='Cancel']")
    browser.until(lambda: len(browser.all(".ch-waits")) == 1)
    assert browser.complaints() == []
