"""Channels in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.house import House, open_house
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    """One for all: what is unread, and the wait of a partner, are looked at before others read and answer."""
    with copied(postgres_url, template) as url, open_house(url) as house:
        yield house


def quiet(browser: Browser) -> None:
    assert browser.complaints() == []


def pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"channels_{name}.png")


def test_what_is_unread_is_counted_marked_and_read(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.sees("86", ".side")
    browser.sees("새 메시지", ".ch-unread")
    browser.until(lambda: not browser.all(".side a[aria-current] .n"))
    house.say("joon", "deal-한빛커피", "새 소식입니다")
    # A number is what names me; of what does not, the name in bold tells.
    browser.until(lambda: any("1" in it.text for it in browser.all(".side a") if "deal-한빛커피" in it.text))
    browser.click(".side a", "deal-한빛커피")
    browser.sees("새 소식입니다", ".ch-list")
    browser.until(lambda: not browser.all(".side a[aria-current] .n"))
    listed = house.ask("mina", "GET", "/channels?mine=true")["channels"]
    assert {c["name"]: c["unread"] for c in listed}["deal-한빛커피"] == 0
    quiet(browser)


def test_a_partner_is_marked_and_their_wait_is_shown_until_the_answer(browser: Browser, house: House) -> None:
    for lang, theme in (("en", "dark"), ("ko", "light")):
        house.enter(browser, "mina", f"/channels/{house.rooms['광고주-라이벌']}", lang, theme)
        browser.sees("Rival", ".ch-msg .ch-org")
        browser.click(".tools .btn.sm:has(.num)")
        browser.sees("Rina", ".ch-people")
        pictured(browser, f"shared_{lang}_{theme}")
    browser.sees("안에 답해 주세요", ".ch-clock")
    browser.sees("임박", ".ch-responses")
    browser.type(".ch-main .ch-compose textarea", "금요일 오전에 드릴게요.")
    browser.press("ENTER")
    browser.misses("안에 답해 주세요", ".top")
    browser.sees("응답함", ".ch-responses")
    house.enter(browser, "rina", f"/channels/{house.rooms['광고주-라이벌']}")
    browser.sees("소리마루", ".top h1")
    browser.sees("Sorimaru", ".ch-msg .ch-org")
    assert not browser.all(".ch-clock")
    quiet(browser)


def test_it_is_the_customers_turn_and_the_report_counts_what_waits(browser: Browser, house: House) -> None:
    shared = house.rooms["광고주-라이벌"]
    house.say("rina", "광고주-라이벌", "소재를 다시 올렸는데 확인해 주시겠어요?")
    house.enter(browser, "mina", f"/channels/{shared}")
    browser.click(".tools .btn.sm:has(.num)")
    browser.sees("Rina", ".ch-wait")
    browser.click(".ch-wait .btn", "고객 차례로")
    browser.sees("고객 차례", ".ch-clock")
    browser.sees("우리 차례로", ".ch-wait")
    browser.click("[aria-label='수정: 업무 시간']")
    browser.one("dialog select")
    browser.js(
        "const at = document.querySelector('dialog select');"
        "at.value = [...at.options].find(one => one.textContent.trim() === '영업').value;"
        "at.dispatchEvent(new Event('change', { bubbles: true }));"
    )
    browser.click("dialog button[type=submit]")
    browser.sees("영업", ".ch-pane")
    pictured(browser, "waiting_ko_light")
    for lang, theme in (("ko", "light"), ("en", "dark")):
        house.enter(browser, "mina", "/answers?by=channel", lang, theme)
        browser.sees("광고주-라이벌", ".answers-now")
        browser.sees("광고주-라이벌", ".answers-name")
        pictured(browser, f"answers_{lang}_{theme}")
    browser.click(".seg button", "Customer")
    browser.sees("Rival", ".answers-name")
    browser.click(".top .seg button", "7 days")
    browser.until(lambda: "days=7" in browser.driver.current_url and "by=customer" in browser.driver.current_url)
    house.say("rina", "광고주-라이벌", "네, 이제 됩니다.")
    (held,) = [one for one in house.ask("mina", "GET", f"/channels/{shared}/responses")["responses"]
               if one["state"] != "answered"]  # fmt: skip
    assert held["state"] in ("waiting", "warned")
    house.say("mina", "광고주-라이벌", "확인했습니다")
    quiet(browser)


def test_a_deals_room_is_read_and_its_thread_opened(browser: Browser, house: House) -> None:
    for lang, theme in (("ko", "light"), ("en", "dark")):
        house.enter(browser, "mina", f"/channels/{house.rooms['deal-한빛커피']}", lang, theme)
        browser.sees("한빛커피 4분기 브랜딩", ".ch-b-header h3")
        browser.sees("@김미나", ".ch-fields .ch-at")
        browser.sees("deal-한빛커피", ".top h1")
        browser.sees("목요일에 드릴게요", ".ch-list")
        pictured(browser, f"room_{lang}_{theme}")
        browser.click(".ch-thread")
        browser.sees("확인했어요 👍", ".ch-pane")
        pictured(browser, f"thread_{lang}_{theme}")
    quiet(browser)


def test_what_is_said_elsewhere_arrives_and_what_is_written_is_kept(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.sees("<script>alert(1)</script> <b>", ".ch-text")
    browser.sees("실시간", ".state")
    house.say("joon", "q4-launch", "방금 *증액* 승인됐어요")
    browser.sees("방금 증액 승인됐어요", ".ch-msg")
    root = house.say("joon", "q4-launch", "이모지도 :rocket:")
    house.say("joon", "q4-launch", "답글", thread_ts=root)
    browser.sees("답글 1개", ".ch-thread")
    house.ask("joon", "PATCH", f"/channels/{house.rooms['q4-launch']}/messages/{root}", text="고친 말")
    browser.sees("고친 말", ".ch-msg")
    house.ask("joon", "PUT", f"/channels/{house.rooms['q4-launch']}/messages/{root}/reactions/eyes")
    browser.sees("1", ".ch-re")
    browser.click(".ch-re")
    browser.sees("2", ".ch-re .num")

    browser.type(".ch-compose textarea", "첫 줄")
    browser.press("shift+ENTER")
    browser.one(".ch-compose textarea").send_keys("둘째 <b>줄</b> & 끝")
    browser.press("ENTER")
    browser.sees("둘째 <b>줄</b> & 끝", ".ch-msg")
    browser.until(lambda: browser.one(".ch-compose textarea").get_attribute("value") == "")
    said = house.ask("joon", "GET", f"/channels/{house.rooms['q4-launch']}/messages")["messages"][-1]
    assert said["text"] == "첫 줄\n둘째 &lt;b&gt;줄&lt;/b&gt; &amp; 끝"

    browser.one(".ch-compose textarea").send_keys("@박")
    browser.sees("박준", ".ch-mentions")
    browser.press("ENTER")
    browser.one(".ch-compose textarea").send_keys("확인 부탁")
    browser.press("ENTER")
    browser.sees("@박준", ".ch-at")
    said = house.ask("joon", "GET", f"/channels/{house.rooms['q4-launch']}/messages")["messages"][-1]
    assert said["text"] == f"<@{house.users['joon']}> 확인 부탁"

    browser.one(".ch-compose textarea").send_keys("나중에 보낼 말")
    browser.click(".side a", "광고주-라이벌")
    browser.sees("광고주-라이벌", ".top h1")
    browser.click(".side a", "q4-launch")
    browser.until(lambda: browser.one(".ch-compose textarea").get_attribute("value") == "나중에 보낼 말")
    quiet(browser)


def test_what_is_unread_far_above_is_one_press_away(browser: Browser, house: House) -> None:
    house.enter(browser, "joon", f"/channels/{house.rooms['경영-비공개']}")
    browser.sees("안건 129", ".ch-list")
    browser.sees("처음부터 읽지 않은 메시지로", ".ch-behind")
    browser.click(".ch-behind .link")
    browser.sees("새 메시지", ".ch-unread")
    browser.sees("안건 0", ".ch-msg")
    house.say("mina", "경영-비공개", "아래에서 생긴 일")
    browser.sees("새 메시지 1개", ".ch-latest")
    browser.click(".ch-latest")
    browser.sees("아래에서 생긴 일", ".ch-list")
    quiet(browser)


def test_a_channel_is_made_browsed_and_joined(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", "/channels/all")
    browser.sees("deal-한빛커피", ".table-wrap, table")
    pictured(browser, "browse_ko_light")
    browser.click(".tools .btn.pri")
    browser.type("dialog input[name=name]", "새 프로젝트")
    browser.click("dialog .btn.pri")
    browser.sees("누구를 초대할까요?", "dialog")
    pictured(browser, "invite_ko_light")
    browser.click("dialog .ch-pick label", "박준")
    browser.click("dialog .btn.pri")
    browser.sees("새-프로젝트", ".top h1")
    browser.sees("박준 님이 들어왔습니다", ".ch-note")
    browser.sees("새-프로젝트", ".side")
    house.enter(browser, "joon", f"/channels/{house.rooms['q4-launch']}")
    browser.sees("새-프로젝트", ".side")
    house.ask("mina", "POST", "/channels", name="모두의-방")
    browser.press("ctrl+k")
    browser.type(".palette input", "모두의")
    browser.sees("모두의-방", ".palette li")
    browser.press("ENTER")
    browser.sees("메시지를 쓰려면 채널에 참여하세요", ".ch-foot")
    browser.click(".ch-foot .btn")
    browser.one(".ch-compose textarea")
    quiet(browser)


def test_a_channel_that_is_not_there_is_said_so(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", "/channels/C0NOWHERE00")
    browser.sees("볼 수 있는 채널이 없습니다")
    browser.click(".empty .btn", "채널 둘러보기")
    browser.sees("q4-launch", ".table")


def test_text_is_never_read_as_html_and_only_safe_addresses_become_links(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}")
    browser.sees("실시간", ".state")
    for text in (
        "<javascript:alert(1)|여기> <//evil.example|저기> <img src=x onerror=alert(1)>",
        "<https://example.com/a?b=1&amp;c=2|좋은 곳> 그리고 *굵게 _기울여_* ~지움~ `a*b*c`",
        "¯\\_(ツ)_/¯ \\_그대로_ 그리고 (_괄호 안_), *_둘 다_*",
        "```\ncode <b>\n```\n2 * 3 * 4 = 24, snake_case_name, :없는이모지:",
    ):
        house.say("joon", "q4-launch", text)
    browser.sees("snake_case_name", ".ch-list")
    links = browser.js("return [...document.querySelectorAll('.ch-list a')].map(a => [a.href, a.textContent, a.rel])")
    assert links == [["https://example.com/a?b=1&c=2", "좋은 곳", "noopener noreferrer"]]
    browser.sees("<javascript:alert(1)|여기> <//evil.example|저기> <img src=x onerror=alert(1)>", ".ch-text")
    assert not browser.all(".ch-list img")
    browser.sees("굵게 기울여", ".ch-text strong")
    browser.sees("¯\\_(ツ)_/¯ \\_그대로_ 그리고 (괄호 안), 둘 다", ".ch-text")
    browser.sees("a*b*c", ".ch-code")
    browser.sees("code <b>", ".ch-pre")
    browser.sees("2 * 3 * 4 = 24", ".ch-text")
    quiet(browser)


def test_a_telephone_shows_one_thing_at_a_time(browser: Browser, house: House) -> None:
    browser.size(390, 800)
    house.enter(browser, "mina", f"/channels/{house.rooms['deal-한빛커피']}")
    browser.sees("한빛커피 4분기 브랜딩", ".ch-list")
    pictured(browser, "phone")
    browser.js("document.querySelector('.ch-thread').click()")
    browser.sees("확인했어요", ".ch-pane")
    assert not browser.one(".ch-pane").get_attribute("hidden")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
    # Titles and buttons of the top bar are whole and within the screen.
    whole = """return [...document.querySelectorAll('.top h1 .cut, .top .tools .btn')].every(it => {
      const at = it.getBoundingClientRect();
      return at.width > 20 && at.right <= innerWidth && it.scrollWidth <= it.clientWidth + 1; })"""
    for path, seen in ((f"/channels/{house.rooms['광고주-라이벌']}", "광고주-라이벌"), ("/channels/all", "모든 채널")):
        house.enter(browser, "mina", path)
        browser.sees(seen, ".top h1")
        browser.one(".tools .btn")
        assert browser.js(whole)
    quiet(browser)


def test_an_app_is_made_from_a_manifest_installed_and_given_a_webhook(browser: Browser, house: House) -> None:
    house.enter(browser, "mina", "/apps", "en", "dark")
    browser.sees("dure", ".view table")
    browser.click(".top .btn.pri", "Create an app")
    browser.type("#apps-manifest", "display_information:\n  nam: x\nnonsense: 1")
    browser.sees("3 places to correct", ".apps-manifest")
    browser.sees("/nonsense", ".apps-wrong")
    pictured(browser, "app_wrong_en_dark")
    browser.click(".apps-wrong button", "/nonsense")
    assert (
        browser.js(
            "const f = document.querySelector('#apps-manifest'); return f.value.slice(f.selectionStart, f.selectionEnd)"
        )
        == "nonsense: 1"
    )
    browser.js("const f = document.querySelector('#apps-manifest'); f.value = ''; f.dispatchEvent(new Event('input'))")
    browser.click(".apps-manifest .btn", "Use an example")
    browser.sees("Send messages", ".apps-manifest")
    browser.click(".apps-manifest .btn.pri")
    browser.sees("Signing secret", ".dialog")
    pictured(browser, "app_secrets_en_dark")
    browser.click(".dialog .btn.pri", "Close")
    browser.sees("Deal Desk", ".top h1")
    browser.sees("It is not installed", ".apps-page")
    browser.sees("Once it is installed, what is sent", ".apps-page")
    quiet(browser)  # and what was sent is not asked for
    browser.click(".top .btn.pri", "Install")
    browser.sees("xoxb-", ".dialog code")
    browser.click(".dialog .btn.pri", "Close")
    browser.sees("Installed", ".top h1")
    browser.sees("does not show what was sent", ".apps-page")
    browser.click(".panel .btn", "Make a webhook")
    browser.one(".dialog .field input")
    offered = browser.js("return [...document.querySelectorAll('.dialog datalist option')].map(it => it.value)")
    assert offered.index("#deal-한빛커피") < offered.index("#q4-launch")
    browser.type(".dialog input", "#nowhere")
    browser.click(".dialog .btn.pri", "Make a webhook")
    browser.sees("There is no such channel", ".dialog .wrong-text")
    browser.type(".dialog input", "q4-launch")
    browser.click(".dialog .btn.pri", "Make a webhook")
    browser.sees("/slack/services/T", ".dialog code")
    browser.click(".dialog .btn.pri", "Close")
    browser.sees("#q4-launch", ".apps-page")
    pictured(browser, "app_en_dark")
    [app] = [one for one in house.ask("mina", "GET", "/apps")["apps"] if one["name"] == "Deal Desk"]
    house.enter(browser, "mina", f"/apps/{app['id']}", "ko", "light")
    browser.sees("메시지 보내기", ".apps-page")
    pictured(browser, "app_ko_light")
    browser.click(".top .btn.ico[aria-haspopup]")
    browser.click("[role=menuitem]", "제거")
    browser.click(".dialog .btn.danger", "제거")
    browser.sees("설치 안 됨", ".top h1")
    assert [one["state"] for one in house.ask("mina", "GET", "/apps")["apps"] if one["id"] == app["id"]] == [
        "available"
    ]
    house.enter(browser, "joon", "/apps", "ko", "light")
    browser.sees("dure", ".view table")
    browser.misses("앱 만들기")
    browser.misses("Deal Desk")
    assert [line for line in browser.complaints() if "404" not in line] == []  # deliveries are another part's
