"""The page where a letter leads, in a real Chromium: sent, not for me, taken."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.channels.house import COOKIE, House, open_house
from tests.channels.test_screens import pictured, quiet
from tests.databases import copied
from tests.web.browser import Browser


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as database, open_house(database) as house:
        yield house


def test_a_letters_link_is_shown_to_who_sends_it_and_taken_by_who_it_is_for(browser: Browser, house: House) -> None:
    channel, mail = house.rooms["q4-launch"], "nari@rival.example"
    house.enter(browser, "mina", f"/channels/{channel}", "en")
    browser.click('button[aria-label*="member"]')
    browser.click(".ch-pane button", "Share with another")
    browser.type("dialog input[type=text]", mail)
    browser.click("dialog button.pri")
    path = browser.text("dialog code").partition("/channels/")[2]
    pictured(browser, "invitation_sent_en")
    looks = (("ko", "light", 1360, "이 초대는"), ("en", "dark", 1024, "This invitation went to"))
    for lang, theme, width, words in looks:
        browser.size(width, 760)
        house.enter(browser, "rina", f"/channels/{path}", lang, theme)
        browser.sees("#q4-launch", ".li-page")
        browser.sees(words, ".li-page .notice")
        pictured(browser, f"invitation_other_{lang}_{theme}")
    browser.size(1360, 860)
    # Their company makes the account, and the link leads in.
    made = house.ask("rina", "POST", "/users", email=mail, name="나리", role="admin")
    link = house.ask("rina", "POST", f"/users/{made['id']}/sign-in-link")["url"]
    came = httpx.post(house.url + "/sign-in/" + link.rpartition("/")[2], headers={"x-dure-client": "web"})
    house.sessions["nari"] = came.cookies[COOKIE]
    house.enter(browser, "nari", f"/channels/{path}")
    browser.sees("초대했습니다", ".li-page")
    pictured(browser, "invitation_for_me_ko_light")
    browser.click(".li-form button", "받고 채널 열기")
    browser.until(lambda: "Rival" in {
        side["org_name"] for side in house.ask("mina", "GET", f"/channels/{channel}")["channel"]["shared_with"]
    } or house.ask("mina", "GET", "/channels/invites")["invites"])  # fmt: skip
    quiet(browser)
    # A link that leads nowhere says so; the browser notes the 404 of it.
    house.enter(browser, "rina", "/channels/invitation/I0NONE.x")
    browser.sees("쓸 수 없는 링크", ".page")
