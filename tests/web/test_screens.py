"""The kit in a real Chromium: the frame, keys, palette, tables, forms, toasts, live changes, errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.browser import Browser, browser, chromium, serving
from tests.web.gallery import Gallery

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery()


@pytest.fixture(scope="module")
def url(gallery: Gallery) -> Iterator[str]:
    with serving(gallery.app) as url:
        yield url
        gallery.release()


def opened(browser: Browser, url: str, path: str = "/", lang: str = "ko", theme: str = "light") -> Browser:
    browser.open(url + path, lang=lang, theme=theme)
    return browser


def asked(browser: Browser, gallery: Gallery, name: str) -> object:
    """What a module of the gallery answers about the pure parts of the kit."""
    return browser.js("return (await import(args[0])).default()", gallery.assets.url(f"show/{name}.js"))


def no_complaints(browser: Browser) -> None:
    assert [line for line in browser.complaints() if "503" not in line] == []


def test_the_frame_stands_and_nothing_is_refused_or_logged(browser: Browser, url: str) -> None:
    for path in ("/", "/deals", "/analytics", "/channels/C1"):
        opened(browser, url, path)
        browser.sees("소리마루", ".brand")
        browser.sees("실시간", ".state")
    browser.sees("q4-launch", ".side")
    no_complaints(browser)


def test_ctrl_k_finds_a_page_by_its_first_sounds_and_a_channel_by_its_name(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.press("ctrl+k")
    browser.type(".palette input", "ㅈㅍ")
    browser.sees("지표", ".palette [aria-selected=true]")
    browser.press("ENTER")
    browser.sees("지표", ".top h1")
    browser.press("ctrl+k")
    browser.type(".palette input", "한빛")
    browser.sees("한빛모빌리티-계약", ".palette li")
    browser.press("ENTER")
    browser.sees("C3", "#channel")
    no_complaints(browser)


def test_g_and_a_letter_goes_there_even_with_a_korean_input_method(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.press("g", "d")
    browser.sees("딜", ".top h1")
    browser.js(
        "for (const [key, code] of [['ㅎ', 'KeyG'], ['ㅡ', 'KeyM']])"
        " document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}));"
    )
    browser.sees("지표", ".top h1")
    browser.driver.back()
    browser.sees("딜", ".top h1")


def test_the_question_mark_shows_the_keys_and_escape_gives_the_focus_back(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.js("document.querySelector('.find').focus()")
    browser.press("?")
    browser.sees("단축키", "dialog h2")
    browser.sees("페이싱", ".keyhelp")
    browser.press("ESCAPE")
    browser.until(lambda: not browser.all("dialog"))
    assert browser.js("return document.activeElement.className") == "find"


def test_language_and_theme_change_without_loading_anew(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.js("window.same = true")
    browser.click(".btn.lang")
    browser.sees("Channels", ".side")
    browser.click("[aria-label='Light or dark']")
    assert browser.js("return document.documentElement.dataset.theme") == "dark"
    assert browser.js("return getComputedStyle(document.body).backgroundColor") == "rgb(20, 21, 25)"
    assert browser.js("return window.same && document.documentElement.lang") == "en"
    browser.driver.refresh()
    browser.sees("Channels", ".side")
    assert browser.js("return document.documentElement.dataset.theme") == "dark"


def test_a_table_is_sorted_walked_opened_and_picked_with_keys(browser: Browser, url: str) -> None:
    opened(browser, url, "/deals")
    browser.sees("4억 866만원", "tbody tr:first-child")
    browser.click("th button", "머문 날")
    browser.sees("46", "tbody tr:first-child")
    browser.press("j")
    browser.press("j", "j", "k", "x")
    browser.sees("1개 선택됨", ".bulk")
    assert browser.js("return document.activeElement.rowIndex") in (2, 3)
    name = browser.js("return document.activeElement.cells[1].textContent")
    browser.press("ENTER")
    browser.until(lambda: browser.js("return document.querySelector('#opened').textContent") == name)


def test_a_form_names_the_wrong_field_and_keeps_what_was_typed(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.click("#add")
    browser.press("ctrl+ENTER")
    browser.sees("입력해 주세요.", ".is-text .wrong-text")
    browser.type("dialog [name=name]", "있는 딜")
    browser.type("dialog [name=amount]", "12,000")
    browser.press("ctrl+ENTER")
    browser.sees("같은 이름의 딜이 이미 있습니다.", ".is-text .wrong-text")
    assert browser.js("return document.activeElement.name") == "name"
    assert browser.js("return document.querySelector('[name=amount]').value") == "12000"
    browser.type("dialog [name=name]", "새 딜")
    browser.press("ctrl+ENTER")
    browser.until(lambda: not browser.all("dialog"))


def test_enter_where_something_is_offered_sends_nothing_and_what_is_being_sent_stays_as_it_is(
    browser: Browser, url: str
) -> None:
    opened(browser, url)
    browser.js(
        "const real = window.fetch; window.sent = 0; window.fetch = (...of) => of[1]?.method !== 'POST' ? real(...of)"
        " : new Promise(done => { window.sent++; window.answer = () => done(real(...of)); })"
    )
    browser.click("#add")
    browser.type("dialog [name=name]", "있는 딜")
    browser.type("dialog [name=source]", "모르는 곳")
    browser.press("ENTER")
    assert browser.js("return window.sent") == 0
    browser.type("dialog [name=amount]", "30")
    browser.press("ENTER")
    browser.until(lambda: browser.js("return window.sent") == 1, "nothing was sent")
    fields = "return [...document.querySelectorAll('dialog .field [name]')].map(one => one.disabled)"
    browser.until(lambda: all(browser.js(fields)), "the fields can still be changed")
    browser.js("window.answer()")
    browser.sees("같은 이름의 딜이 이미 있습니다.", ".is-text .wrong-text")
    assert not any(browser.js(fields))
    assert browser.js("return document.activeElement.name") == "name"


def test_enter_while_composing_sends_nothing(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.click("#add")
    browser.one("dialog [name=name]")
    browser.js(
        "document.querySelector('[name=name]').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true}))"
    )
    assert browser.all("dialog .wrong-text") == []


def test_what_was_deleted_can_be_undone(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.click("[aria-label='더 보기']")
    browser.press("DOWN", "ENTER")
    browser.sees("지웠습니다", ".toast")
    browser.click(".toast button", "되돌리기")
    browser.sees("되돌렸습니다", ".toast")
    browser.sees("undone", "#heard")


def test_a_question_is_answered(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.click("#ask")
    browser.sees("1,204명에게 나갑니다.", "dialog")
    browser.press("ENTER")
    browser.sees("true", "#heard")
    browser.click("#ask")
    browser.press("ESCAPE")
    browser.sees("true false", "#heard")


def test_live_changes_arrive_and_none_is_missed_after_a_break(browser: Browser, url: str, gallery: Gallery) -> None:
    opened(browser, url)
    browser.sees("실시간", ".state")
    gallery.publish(["deals"], {"n": 1})
    browser.sees("1", "#heard")
    browser.js(f"const live = await import('{gallery.assets.url('web/live.js')}'); live.breakForTest();")
    gallery.publish(["deals"], {"n": 2})
    gallery.publish(["pacing"], {"n": 99})
    gallery.publish(["deals"], {"n": 3})
    browser.sees("1 2 3", "#heard")
    browser.sees("실시간", ".state")
    assert browser.text("#resets") == "0"
    assert browser.text("#heard") == "1 2 3"


def test_a_view_hears_the_topic_of_its_address(browser: Browser, url: str, gallery: Gallery) -> None:
    opened(browser, url, "/channels/C1")
    browser.sees("실시간", ".state")
    browser.click(".side a", "광고운영")
    browser.sees("C2", "#channel")
    gallery.publish(["channel:C1"], {"text": "for one"})
    gallery.publish(["channel:C2"], {"text": "for two"})
    browser.sees("for two", "#lines")
    assert "for one" not in browser.text("#lines")


def test_a_view_that_throws_leaves_the_rest_alive(browser: Browser, url: str) -> None:
    opened(browser, url, "/broken")
    browser.sees("이 화면을 그리다가 문제가 생겼습니다.", "[role=alert]")
    browser.click(".side a", "딜")
    browser.sees("Northwind", "tbody")


def test_an_error_in_a_click_is_told_and_the_view_stays(browser: Browser, url: str) -> None:
    opened(browser, url)
    browser.click("#later")
    browser.sees("문제가 생겼습니다", ".toast")
    browser.sees("할 일", ".panel")


def test_failure_emptiness_and_waiting_each_say_so(browser: Browser, url: str, gallery: Gallery) -> None:
    gallery.fails = True
    opened(browser, url)
    browser.sees("지금은 할 수 없습니다.", "#failing")
    browser.sees("받은 소식이 없습니다")
    assert browser.all("#slow .skel")
    gallery.fails = False
    browser.click("#failing button", "다시 시도")
    browser.sees("다시 왔습니다", "#failing")
    gallery.release()
    browser.sees("느린 답이 왔습니다", "#slow")


def test_an_unknown_address_offers_the_way_home(browser: Browser, url: str) -> None:
    opened(browser, url, "/nothing/here")
    browser.sees("이 주소에는 아무것도 없습니다")
    browser.click(".empty a", "홈으로")
    browser.sees("할 일")


def test_a_chart_is_read_with_keys_and_as_a_table(browser: Browser, url: str) -> None:
    opened(browser, url, "/analytics")
    browser.one(".chart svg[role=img]")
    browser.js("document.querySelector('.chart svg[role=img]').focus()")
    browser.press("RIGHT", "RIGHT")
    browser.sees("11/2", ".tip")
    browser.js("document.querySelector('.chart-turn').click()")
    browser.sees("1,200만원", ".chart-table")


def test_a_narrow_window_has_a_drawer(browser: Browser, url: str) -> None:
    browser.size(420, 800)
    opened(browser, url)
    assert browser.js("return document.documentElement.scrollWidth") <= 420
    browser.click(".burger")
    browser.click(".side a", "딜")
    browser.sees("딜", ".top h1")
    browser.until(lambda: not browser.all(".shell.drawer"))


def test_signing_in_says_what_is_wrong_and_goes_where_one_wanted(browser: Browser, url: str) -> None:
    opened(browser, url, "/sign-in?next=/deals")
    browser.type("[name=email]", "mina@sorimaru.test")
    browser.type("[name=password]", "wrong")
    browser.press("ENTER")
    browser.sees("이메일이나 비밀번호가 맞지 않습니다.", ".wrong-text")
    browser.type("[name=password]", "right")
    browser.press("ENTER")
    browser.sees("딜", ".top h1")
    assert browser.driver.current_url == url + "/deals"


def test_numbers_money_and_times_are_written_as_they_are_read(browser: Browser, url: str, gallery: Gallery) -> None:
    opened(browser, url)
    assert asked(browser, gallery, "formats") == [
        ["12억 3,040만원", "₩1.23B"],
        ["950원", "₩950"],
        ["12조 3,400억원", "₩12.3T"],
        ["-2,500만원", "-₩25M"],
        ["$1,234.50", "$1,234.50"],
        ["1,234,567원", "₩1,234,567"],
        ["1,234,567", "1,234,567"],
        ["–", "–"],
        ["31.5%", "31.5%"],
        ["-2.1%p", "-2.1 pts"],
        ["2025년 11월 15일 (토)", "Sat, Nov 15, 2025"],
        ["2025년 11월 15일 (토)", "Sat, Nov 15, 2025"],
        ["14:03", "14:03"],
        ["11/15", "11/15"],
        ["14:03", "14:03"],
        ["2025-11-15", "2025-11-15"],
        ["3분 전", "3 min. ago"],
        ["방금", "just now"],
        ["어제", "yesterday"],
        ["1분 35초", "1m 35s"],
        ["1일 1시간", "1d 1h"],
        ["1.2만", "12.3K"],
        ["Acme", "가람", "다온"],
    ]


def test_words_bend_to_what_stands_in_them(browser: Browser, url: str, gallery: Gallery) -> None:
    opened(browser, url)
    assert asked(browser, gallery, "words") == [
        "한빛을 1,200건",
        "새벽커머스를 1건",
        "서울로 옮겼습니다",
        "제안으로 옮겼습니다",
        "1 deal of Acme",
        "2 deals of Acme",
        "x.c",
    ]


def test_the_template_makes_what_it_says(browser: Browser, url: str, gallery: Gallery) -> None:
    opened(browser, url)
    assert asked(browser, gallery, "template") == [
        '<p class="a" data-x="1-2">&lt;i&gt; &amp; 0<!----><!----></p>',
        "<ul><li>1</li><li>2</li></ul>",
        '<b title="3">in</b>',
        '<a href="/x/4">b</a>',
        '<svg><path d="M0 0"></path><text>t</text></svg>',
        '<input disabled="" value="v"><br> end',
        ["SyntaxError", "SyntaxError"],
    ]
