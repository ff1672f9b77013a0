"""What reaches people, in a real Chromium: who writes, who is here, what is unread, and what they set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channels.house import House, open_house
from tests.channels.test_screens import pictured, quiet
from tests.web.browser import Browser


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    with open_house(fresh_database) as house:
        yield house


def test_who_writes_is_seen_and_what_concerns_me_is_kept(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.sees("실시간", ".state")
    browser.until(lambda: house.ask("mina", "GET", f"/channels/profiles?users={house.users['mina']}")["people"][
        house.users["mina"]]["presence"] == "active")  # fmt: skip

    def typing_is_seen() -> bool:  # who goes on typing says so again: a word is heard by who listens just then
        house.ask("joon", "POST", f"/channels/{house.rooms['q4-launch']}/typing", thread_ts="")
        return any("박준 님이 입력하고 있습니다" in it.text for it in browser.all(".pp-typing"))

    browser.until(typing_is_seen)
    house.say("joon", "q4-launch", f"<@{house.users['mina']}> 봐 주세요")
    browser.misses("입력하고 있습니다", ".pp-typing")
    house.ask("joon", "PATCH", "/channels/profile", status_text="휴가", status_emoji=":rocket:")
    browser.sees("🚀", ".pp-status")
    browser.click('button[aria-label^="멤버"]')
    browser.click(".ch-pane [role=tab]", "알림")
    browser.click(".pn-channel .switch")
    browser.until(lambda: house.ask("mina", "GET", f"/channels/{house.rooms['q4-launch']}/notices")["muted"])
    pictured(browser, "channel_notice")
    house.ask("mina", "PATCH", f"/channels/{house.rooms['q4-launch']}/notices", muted=False)
    house.say("joon", "deal-한빛커피", f"<@{house.users['mina']}> <script>alert(1)</script>")
    for lang, theme, text in (("ko", "light", "나를 언급했습니다"), ("en", "dark", "mentioned you")):
        house.enter(browser, "mina", "/activity", lang, theme)
        browser.sees(text, ".pn-row.new")
        browser.until(lambda: browser.text(".side a[href='/activity'] .n") == str(
            sum(house.ask("mina", "GET", "/channels/notices")["unread"].values())))  # fmt: skip
        pictured(browser, f"activity_{lang}_{theme}")
    browser.click(".pn-row.new")
    browser.sees("<script>alert(1)</script>", ".ch-list")
    quiet(browser)


def test_settings_and_groups_are_kept(browser: Browser, house: House) -> None:
    house.ask("mina", "POST", "/usergroups", name="퍼포먼스 마케팅", handle="perf", users=[house.users["joon"]])
    for lang, theme, title in (("en", "dark", "Quiet hours"), ("ko", "light", "방해받지 않는 시간")):
        house.enter(browser, "joon", "/settings/notifications", lang, theme)
        browser.sees(title, ".panel")
        browser.sees("멘션" if lang == "ko" else "mentions", ".view")
        pictured(browser, f"notifications_{lang}_{theme}")
    # The browser takes the worker under our content policy; the push service itself is its maker's.
    worker = "const it = await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready;"
    assert browser.js(f"{worker} return it.active.state !== 'redundant' && new URL(it.scope).pathname") == "/"
    browser.click(".panel .seg label", "모든 메시지")
    browser.until(lambda: house.ask("joon", "GET", "/channels/notices/settings")["level"] == "all")
    browser.type(".tokens input", "소진율\n")
    browser.until(lambda: house.ask("joon", "GET", "/channels/notices/settings")["keywords"] == ["소진율"])
    browser.click(".panel .switch", "일하는 시간에만 알리기")
    browser.until(lambda: house.ask("joon", "GET", "/channels/quiet")["enabled"])
    browser.click("button", "30분")
    browser.sees("까지 멈춤", ".badge")
    for lang, theme, text in (("en", "dark", "In use"), ("ko", "light", "사용 중")):
        house.enter(browser, "mina", "/admin/groups", lang, theme)
        browser.sees("@perf", "table")
        browser.sees(text, "table")
        pictured(browser, f"groups_{lang}_{theme}")
    browser.click("table b", "퍼포먼스 마케팅")
    browser.sees("박준", ".ch-people")
    pictured(browser, "group_ko_light")
    quiet(browser)
