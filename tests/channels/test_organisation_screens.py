"""The organisation's channels, writing rules and barriers in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.house import House, open_house
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as database, open_house(database) as opened:
        opened.rooms["japan"] = opened.ask("mina", "POST", "/workspaces", name="소리마루 재팬")["id"]
        yield opened


def test_channels_are_looked_after_over_all_workspaces(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", "/admin/channels")
    browser.sees("q4-launch", "table")
    browser.sees("경영-비공개", "table")
    browser.type("input[type=search]", "q4")
    browser.until(lambda: "경영-비공개" not in browser.text("table"))

    browser.click("[aria-label='채널 관리: q4-launch']")
    browser.click("[role=menuitem]", "워크스페이스 바꾸기")
    browser.click("input[name=whole]")
    browser.click("dialog .btn.pri, .dialog .btn.pri", "저장")
    browser.sees("조직 전체", "tbody")
    assert house.ask("mina", "GET", f"/organisation/channels/{house.rooms['q4-launch']}")["reach"] == "whole"

    browser.click("[aria-label='채널 관리: q4-launch']")
    browser.click("[role=menuitemcheckbox]", "자동으로 들어옵니다")
    browser.sees("기본 채널", "tbody")
    house.ask("mina", "PATCH", f"/organisation/channels/{house.rooms['q4-launch']}", standing="")

    for n in range(2):
        house.ask("mina", "POST", "/organisation/channels", name=f"지난-캠페인-{n}", workspace=house.rooms["japan"])
    browser.type("input[type=search]", "지난")
    browser.sees("지난-캠페인-1", "tbody")
    browser.click("thead input[type=checkbox]")
    browser.click(".btn.sm", "보관")
    browser.click("dialog .btn.pri, .dialog .btn.pri, dialog .btn, .dialog .btn", "보관")
    browser.sees("맞는 채널이 없습니다")
    found = house.ask("mina", "GET", "/organisation/channels?kinds=archived")
    assert {one["name"] for one in found["channels"]} == {"지난-캠페인-0", "지난-캠페인-1"}
    assert browser.complaints() == []


def test_a_rule_keeps_somebody_from_writing_and_says_so(browser: Browser, house: House) -> None:
    room = house.rooms["deal-한빛커피"]
    house.enter(browser, "mina", f"/channels/{room}", lang="en")
    browser.one(".ch-compose textarea")
    browser.js("document.activeElement.blur()")
    browser.press("i")
    browser.click(".ch-pane .btn", "Writing rules")
    browser.one("select[name='prefs.post']")
    browser.js(
        "const at = document.querySelector(\"select[name='prefs.post']\");"
        "at.value = [...at.options].find(one => one.textContent.trim() === 'Workspace admins').value;"
        "at.dispatchEvent(new Event('change', { bubbles: true }));"
    )
    browser.sees("Who else may write")
    browser.click("dialog .btn.pri, .dialog .btn.pri", "Save")
    browser.sees("The writing rules were changed")
    assert house.ask("joon", "GET", f"/channels/{room}")["channel"]["silent"] == (
        "restricted_action_thread_only_channel"
    )
    house.enter(browser, "joon", f"/channels/{room}", lang="en")
    browser.sees("Only certain people begin here", ".ch-foot")
    assert not browser.all(".ch-main .ch-compose textarea")
    house.ask("mina", "PUT", f"/channels/{room}/prefs", who_can_post=None)
    assert browser.complaints() == []


def test_who_does_not_look_after_the_organisation_sees_nothing(browser: Browser, house: House) -> None:
    house.enter(browser, "joon", "/channels/all")
    browser.sees("q4-launch")
    assert "조직의 채널" not in browser.text(".side")
