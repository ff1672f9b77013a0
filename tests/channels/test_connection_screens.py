"""Sharing seen from both sides, in a real Chromium: invited, asked, accepted, connected, handed over, disconnected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.house import House, open_house
from tests.channels.test_screens import pictured
from tests.web.browser import Browser


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    with open_house(fresh_database) as house:
        yield house


def test_both_sides_see_what_is_shared_and_what_becomes_of_it(browser: Browser, house: House) -> None:
    shared = house.rooms["광고주-라이벌"]
    house.ask("mina", "PUT", "/policies/connect.gate", value="admins")
    theirs = house.ask("rina", "POST", "/channels", name="rival-launch", purpose="같이 준비하는 런칭")["channel"]["id"]
    house.ask("rina", "POST", f"/channels/{theirs}/shares", workspace="sorimaru", limited=True)
    asked = house.ask("joon", "POST", f"/channels/{house.rooms['q4-launch']}/shares", email="rina@rival.example")
    assert asked["requested"] is True
    house.ask("mina", "POST", f"/channels/{house.rooms['deal-한빛커피']}/shares", workspace="rival")

    # Who waits for what, and what there is.
    house.enter(browser, "joon", "/channels/connections")
    browser.sees("요청 보냄", ".cn-part")
    assert browser.all(".cn-org .menu-at") == []  # a member changes nothing here
    for lang, theme, words in (("ko", "light", "보내기 전 승인 요청"), ("en", "dark", "Waiting for leave to be sent")):
        house.enter(browser, "mina", "/channels/connections", lang, theme)
        browser.sees(words, ".cn-part")
        browser.sees("Rival", ".cn-org")
        pictured(browser, f"connections_host_{lang}_{theme}")
        house.enter(browser, "rina", "/channels/connections", lang, theme)
        browser.sees("Sorimaru", ".cn-org")
        pictured(browser, f"connections_invited_{lang}_{theme}")
    browser.size(1024, 700)
    house.enter(browser, "mina", "/channels/connections")
    browser.sees("받은 초대", ".cn")
    pictured(browser, "connections_1024")
    browser.size(1360, 860)

    # An administrator lets one go, and accepts one; they are in it at once, to write only.
    browser.click(".cn-part button", "보내기 승인")
    browser.until(lambda: any(
        one["name"] == "q4-launch" for one in house.ask("rina", "GET", "/channels/offers")["offers"]))  # fmt: skip
    browser.click(".cn-part button", "수락")
    browser.type("dialog input[type=text]", "rival launch 2026")
    pictured(browser, "accept_asked")
    browser.click("dialog button.pri", "수락")

    # The writer sees who reads along, and what their side may.
    browser.sees("쓰기만 할 수 있습니다", ".ch-hint")
    browser.sees("Rival", ".ch-org")
    pictured(browser, "channel_write_only")
    house.enter(browser, "mina", f"/channels/{shared}")
    browser.sees("회사 밖의", ".ch-hint")
    browser.click('button[aria-label^="멤버"]')
    browser.sees("공유 중", ".ch-pane .notice")
    browser.click(".ch-pane .notice .menu-at button")
    pictured(browser, "channel_host")
    browser.click(".menu-item", "호스트 넘기기")
    browser.sees("Rival", "dialog")
    pictured(browser, "transfer_asked")
    browser.click("dialog button.pri")
    browser.until(lambda: house.ask("mina", "GET", f"/channels/{shared}")["channel"]["transfer_to"])
    house.enter(browser, "rina", f"/channels/{shared}", "en", "dark")
    browser.click('button[aria-label*="member"]')
    browser.sees("asks you to become", ".ch-pane")
    pictured(browser, "channel_invited_en_dark")
    browser.click(".ch-pane button", "Become host")
    browser.until(lambda: house.ask("rina", "GET", f"/channels/{shared}")["channel"]["home"])

    # The other way round now: who is disconnected keeps a copy, and is told so before.
    house.enter(browser, "mina", "/channels/connections")
    browser.click(f"tr:has(a[href='/channels/{shared}']) .menu-at button")
    browser.click(".menu-item", "연결 끊기")
    browser.sees("보관된 사본", "dialog")
    pictured(browser, "disconnect_asked")
    browser.click("dialog button.danger, dialog button.bad")

    def copies() -> list[str]:
        found = house.ask("mina", "GET", "/channels?archived=true")["channels"]
        return [one["id"] for one in found if one["copy_of"] == shared]

    browser.until(copies)
    house.enter(browser, "mina", f"/channels/{shared}")  # an old link leads to the copy
    browser.sees("연결이 끊어졌습니다", ".empty")
    browser.click(".empty .btn", "사본 열기")
    browser.sees("보관된 사본", ".ch-foot")
    browser.sees("이번 주 리포트", ".ch-list")
    pictured(browser, "copy_kept")
    house.enter(browser, "mina", "/channels/all")
    browser.one(".table b")
    assert not [it for it in browser.all(".table .tag") if it.text == "보관"]
    browser.click(".top .switch")
    browser.sees("보관", ".table .tag")


def test_an_invitation_is_seen_as_it_comes_and_as_it_is_taken_back(browser: Browser, house: House) -> None:
    house.enter(browser, "rina", "/channels/connections", "en")
    browser.until(lambda: browser.all(".top .state.live"))
    house.ask("mina", "POST", f"/channels/{house.rooms['deal-한빛커피']}/shares", workspace="rival")
    browser.sees("deal-한빛커피", ".cn-part")  # long before it would be asked for again
    (invite,) = house.ask("rina", "GET", "/channels/connections")["pending"]
    house.ask("mina", "POST", f"/channels/invites/{invite['id']}/decline")
    browser.until(lambda: "deal-한빛커피" not in browser.text(".cn"))


def test_a_share_dialog_and_what_is_empty(browser: Browser, house: House) -> None:
    house.ask("mina", "DELETE", f"/channels/connections/{_org(house)}")
    for lang, theme, words in (("ko", "dark", "아직 연결된 조직이 없습니다"), ("en", "light", "No organisations")):
        house.enter(browser, "rina", "/channels/connections", lang, theme)
        browser.sees(words)
        pictured(browser, f"connections_empty_{lang}_{theme}")
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}", "en")
    browser.click('button[aria-label*="member"]')
    browser.click(".ch-pane button", "Share with another")
    browser.type("dialog input[type=text]", "nowhere")
    browser.click("dialog .switch")
    pictured(browser, "share_dialog_en")
    browser.click("dialog button.pri")
    browser.sees("There is no such workspace", "dialog .wrong-text")  # and the dialog stays
    assert browser.all("dialog")


def _org(house: House) -> str:
    return str(house.ask("mina", "GET", "/channels/connections")["organisations"][0]["org"])
