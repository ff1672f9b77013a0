"""The composer: words in each language beside how they look, as a chosen person gets them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.screens.conftest import Look, Screens
from tests.web.browser import Browser

pytestmark = pytest.mark.anyio

MJML = """<mjml><mj-body><mj-section background-color="#3451c6"><mj-column>
<mj-text color="#ffffff">{{ person.name }}님의 한 해</mj-text>
<mj-text><a href="{{ unsubscribe_url }}">수신거부</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""
DESIGN: dict[str, Any] = {
    "name": {"ko": "연말", "en": "Year’s end"},
    "kind": "journey",
    "entry": {"trigger": {"event": "Listen Ended"}},
    "start": "mail",
    "nodes": [
        {"id": "mail", "kind": "message", "channel": "email", "next": "card", "items": {"kind": "popular", "count": 2},
         "texts": {"ko": {"subject": "{{ person.name }}님께", "body": "{{ items[0].title }}"}}},
        {"id": "card", "kind": "message", "channel": "in_app", "next": "sms",
         "texts": {"ko": {"form": "card", "title": "단골이 되셨네요", "body": "팔로우해 두세요", "button": "팔로우"}}},
        {"id": "sms", "kind": "message", "channel": "sms",
         "texts": {"ko": {"body": "(광고) {{ person.nick }}님 무료수신거부 080"}}},
    ],
}  # fmt: skip


def inside(browser: Browser) -> str:
    """What stands in the letter's frame, which has no origin of its own; the driver may look into it all the same."""
    frame = browser.one("iframe.camp-frame")
    browser.driver.switch_to.frame(frame)
    try:
        return str(browser.driver.execute_script("return document.body.innerText"))
    finally:
        browser.driver.switch_to.default_content()


def choose(browser: Browser, name: str) -> None:
    browser.click(".camp-who input")
    browser.one(".camp-who input").send_keys(name)
    browser.click("#camp-who-list li", name)


async def test_a_message_is_written_and_seen_as_somebody_gets_it(look: Look) -> None:
    def see(here: Screens) -> None:
        studio = here.studio
        here.run(studio.know("u-1", name="김서연"))
        here.run(studio.know("u-2", name="박준"))
        here.run(studio.with_items())
        here.run(studio.settle())
        made = here.run(studio.campaigns.create(studio.cast.joon, DESIGN))
        browser = here.open(f"/campaigns/{made.id}?tab=words")
        browser.sees("{{ person.name }}님께", ".camp-subject")
        choose(browser, "김서연")
        browser.sees("김서연님께", ".camp-subject")
        browser.sees("u-1@listeners.example", ".camp-letter")
        browser.until(lambda: "방송 b-" in inside(browser))
        # What is typed is seen without being kept; nothing of a letter runs or leads away.
        browser.type("[data-field=subject] input", "{{ person.name }}님, 다시 만나요")
        browser.sees("김서연님, 다시 만나요", ".camp-subject")
        browser.sees("저장 전", ".tools")
        browser.click(".camp-write .seg button", "MJML")
        browser.js(
            "const f = document.querySelector('[data-field=mjml] textarea'); f.value = args[0];"
            " f.dispatchEvent(new Event('input'))",
            MJML,
        )
        browser.until(lambda: "김서연님의 한 해" in inside(browser))
        frame = browser.one("iframe.camp-frame")
        assert frame.get_attribute("sandbox") == "allow-scripts"
        browser.click(".camp-see .seg button", "휴대폰")
        browser.until(lambda: browser.one(".camp-letter").rect["width"] <= 330)
        here.keep("words-mail-ko-light")
        # Another language, in the other words of the same message.
        browser.click(".camp-langs button", "영어 추가")
        browser.type("[data-field=subject] input", "Hello {{ person.name }}")
        browser.sees("영어", ".camp-langs")
        browser.type("[data-field=body] textarea", "See you")
        browser.sees("Hello 김서연", ".camp-subject")
        browser.click(".camp-langs [role=tab]", "한국어")
        browser.sees("김서연님, 다시 만나요", ".camp-subject")

    await look(see)


async def test_a_phone_shows_cards_and_texts_and_what_is_missing(look: Look) -> None:
    def see(here: Screens) -> None:
        studio = here.studio
        here.run(studio.know("u-3", name="이준호"))
        made = here.run(studio.campaigns.create(studio.cast.joon, DESIGN))
        here.browser.size(1600, 900)
        browser = here.open(f"/campaigns/{made.id}?tab=words&node=card", lang="en", theme="dark")
        browser.sees("단골이 되셨네요", ".camp-phone .camp-cardover")
        browser.click(".camp-write .seg button", "Banner")
        browser.sees("단골이 되셨네요", ".camp-phone .camp-banner")
        browser.click(".camp-list button", "SMS")
        browser.sees("person.nick", ".camp-bubble .camp-hole")
        choose(browser, "이준호")
        browser.sees("There is no person.nick for this person", ".camp-see .notice")
        here.keep("words-missing-en-dark")
        # Values are offered inside a hole; the one taken makes it whole.
        browser.type("[data-field=body] textarea", "(광고) 080 ")
        browser.one("[data-field=body] textarea").send_keys("{{ person.na")
        browser.click(".holes-offer li", "person.name")
        browser.sees("이준호", ".camp-bubble")
        browser.misses("There is no", ".camp-see")

    await look(see)


async def test_a_test_goes_to_those_it_is_sent_to(look: Look) -> None:
    def see(here: Screens) -> None:
        studio = here.studio
        here.run(studio.know("u-4", name="정하은"))
        here.run(studio.with_items())
        here.run(studio.settle())
        made = here.run(studio.campaigns.create(studio.cast.joon, DESIGN))
        before = len(studio.postbox.taken)
        browser = here.open(f"/campaigns/{made.id}?tab=words")
        choose(browser, "정하은")
        browser.sees("정하은님께", ".camp-subject")
        browser.click(".camp-see button", "시험 발송")
        browser.sees("joon@sorimaru.example", "dialog .tokens")
        browser.click("dialog .btn.pri", "시험 발송")
        browser.sees("시험으로 1통을 보냈습니다", ".toast")
        (letter,) = studio.postbox.taken[before:]
        assert (letter.to, "정하은님께" in letter.subject) == ("joon@sorimaru.example", True)

    await look(see)
