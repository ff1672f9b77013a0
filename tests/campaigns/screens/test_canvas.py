"""A journey is drawn, worked on by keyboard and by mouse, mended where it is wrong, and kept."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.campaigns.screens.conftest import Look, Screens
from tests.web.browser import Browser

pytestmark = pytest.mark.anyio

TEXT = {"ko": {"title": "{{ person.name }}님", "body": "오늘 밤 어때요?"}}
JOURNEY: dict[str, Any] = {
    "name": {"ko": "첫 주 청취자 붙잡기", "en": "Keep first-week listeners"},
    "kind": "journey",
    "entry": {
        "trigger": {"event": "Listen Ended", "where": [{"prop": "seconds", "op": "<", "value": 60}]},
        "again": {"clock": "exit", "after": "30d", "most": 3},
    },
    "start": "delay",
    "nodes": [
        {"id": "delay", "kind": "delay", "for": "20h", "next": "push"},
        {"id": "push", "kind": "message", "channel": "push", "texts": TEXT, "next": "wait"},
        {"id": "wait", "kind": "wait", "event": {"event": "Listen Started"}, "within": "2d", "then": "done",
         "else": "split"},
        {"id": "split", "kind": "split",
         "arms": [{"name": "A", "share": 0.5, "next": "mail"}, {"name": "B", "share": 0.5, "next": "sms"}]},
        {"id": "mail", "kind": "message", "channel": "email",
         "texts": {"ko": {"subject": "다시 만나요", "body": "안녕하세요"}}, "next": "done"},
        {"id": "sms", "kind": "message", "channel": "sms", "next": "done", "texts": {"ko": {"body": "수신거부 080"}}},
        {"id": "done", "kind": "exit", "reason": "end"},
    ],
    "exits": [{"event": "Subscription Started"}],
    "goal": {"event": "Listen Started"},
}  # fmt: skip


def drawn(browser: Browser) -> list[str]:
    """The steps from the top down."""
    cards = [
        (card.rect["y"], card.rect["x"], str(card.get_attribute("data-node")))
        for card in browser.all(".flow-card[data-node]")
    ]
    return [name for _, _, name in sorted(cards) if name]


def focus(browser: Browser, node: str) -> None:
    browser.one(f'[data-node="{node}"]')
    browser.js(f"document.querySelector('[data-node=\"{node}\"]').focus()")


def kept(here: Screens, id: str) -> Any:
    campaign, _ = here.run(here.studio.campaigns.campaign(here.studio.cast.joon, id))
    return campaign.design


async def test_a_flow_is_worked_on_by_keyboard(look: Look) -> None:
    def see(here: Screens) -> None:
        made = here.run(here.studio.campaigns.create(here.studio.cast.joon, JOURNEY))
        browser = here.open(f"/campaigns/{made.id}")
        browser.sees("‘Listen Ended · seconds < 60’ 때", ".flow-card.first")
        browser.sees("나간 지 30일 지나면 다시 들어올 수 있습니다. 모두 3번까지입니다.", ".camp-said")
        browser.sees("2일 안에 안 하면", ".flow-way")
        browser.sees("A 50%", ".flow-way")
        assert drawn(browser) == ["delay", "push", "wait", "split", "mail", "sms", "done"]
        here.keep("canvas-ko-light")
        # Arrows go from card to card, and what is chosen shows its form.
        focus(browser, "wait")
        browser.press("ARROW_DOWN")
        browser.sees("split", ".camp-side")
        browser.press("ARROW_UP", "ARROW_UP")
        browser.sees("push", ".camp-side")
        # `]` moves down: the push comes after the whole waiting, and Ctrl+Z brings it back.
        focus(browser, "delay")
        browser.press("]")
        browser.until(lambda: drawn(browser)[:2] == ["push", "delay"])
        browser.press("ctrl+z")
        browser.until(lambda: drawn(browser)[:2] == ["delay", "push"])
        focus(browser, "push")
        browser.press("d")
        browser.until(lambda: "push2" in drawn(browser))
        browser.press("DELETE")
        browser.misses("push2", ".flow")
        # `a` asks what comes next; the choice is searched, and its first field has the cursor.
        focus(browser, "delay")
        browser.press("a")
        browser.type("dialog input[type=search]", "특성")
        browser.press("ENTER")
        browser.sees("바꿀 특성이 없습니다", ".flow-card")
        browser.sees("1곳을 고쳐야 합니다", ".tools")
        browser.click(".camp-side .camp-add", "줄 추가")
        browser.type(".camp-pair .holes input", "yes")
        browser.sees("문제없음", ".tools")
        browser.click(".tools button", "저장")
        browser.sees("저장했습니다", ".toast")
        browser.sees("저장했습니다", ".toast")
        assert [node.id for node in kept(here, made.id).nodes][:3] == ["delay", "update", "push"]
        assert kept(here, made.id).by_id["update"].traits == {"name": "yes"}

    await look(see)


async def test_a_flow_is_worked_on_by_mouse_zoomed_and_read_in_english(look: Look) -> None:
    def see(here: Screens) -> None:
        made = here.run(here.studio.campaigns.create(here.studio.cast.joon, JOURNEY))
        here.browser.size(1600, 900)
        browser = here.open(f"/campaigns/{made.id}", lang="en", theme="dark")
        browser.sees("not within 2 d", ".flow-way")
        here.keep("canvas-en-dark")
        browser.click('[data-place=\'{"from":"split","outcome":"A"}\']')
        browser.click("dialog .choose-one", "Branch")
        browser.sees("Otherwise".lower(), ".flow-way")
        browser.click(".camp-side button", "Make a rule")
        browser.type(".seg-within .seg-body .cb input", "Listen Started")
        browser.press("ENTER")
        browser.sees("people now", ".seg-within [role=status]")
        here.keep("rule-en-dark")
        browser.sees("Nothing wrong", ".tools")
        browser.click('[data-node="branch"]')
        browser.click(".camp-acts button", "Remove")
        browser.sees("Branch was removed", ".toast")
        browser.click(".toast button", "Undo")
        browser.sees("branch", ".flow-card .camp-id")
        browser.click(".flow-tools button", "+")
        browser.until(lambda: browser.one(".flow-tools .num").text not in ("100%", ""))
        browser.click(".flow-tools button", "Fit")
        sheet, room = browser.one(".flow-size").rect, browser.one(".flow-room").rect
        assert sheet["width"] <= room["width"]
        # A wait's ways are set where it goes on; the line is drawn anew.
        browser.click('[data-node="wait"]')
        nexts = browser.driver.find_element(By.NAME, "nextelse")
        Select(nexts).select_by_visible_text("Exit (done)")
        browser.sees("Steps that nothing leads to", ".flow-stray")
        browser.sees("place", ".tools .poor")

    await look(see)


async def test_who_comes_in_and_who_goes_out_are_written_with_the_builder_of_segments(look: Look) -> None:
    def see(here: Screens) -> None:
        made = here.run(here.studio.campaigns.create(here.studio.cast.joon, JOURNEY))
        here.browser.size(1600, 1000)
        browser = here.open(f"/campaigns/{made.id}")
        browser.click(".camp-part button", "규칙 만들기")
        browser.type(".seg-within .seg-body .cb input", "Listen Started")
        browser.press("ENTER")
        browser.sees("명", ".seg-within [role=status] b")
        browser.click(".seg-within .seg-not")
        browser.sees("아님", ".seg-within .seg-not")
        browser.click(".camp-part button", "이 규칙에 맞으면")
        browser.click(".camp-case button", "규칙 만들기")
        browser.type(".camp-case .seg-body .cb input", "Subscription Started")
        browser.press("ENTER")
        browser.sees("명", ".camp-case [role=status] b")
        browser.js("document.querySelector('.seg-within').scrollIntoView({block: 'nearest'})")
        here.keep("rule-ko-light")
        browser.click(".tools button", "저장")
        browser.sees("저장했습니다", ".toast")
        browser.until(lambda: kept(here, made.id).entry.audience is not None)
        design = kept(here, made.id)
        assert design.entry.audience["of"]["event"] == "Listen Started"
        assert design.exits[1].rule["event"] == "Subscription Started"

    await look(see)


async def test_a_journey_begins_at_an_event_or_with_an_audience_at_launch_or_every_so_often(look: Look) -> None:
    def see(here: Screens) -> None:
        made = here.run(here.studio.campaigns.create(here.studio.cast.joon, JOURNEY))
        browser = here.open(f"/campaigns/{made.id}")
        browser.sees("시작하는 이벤트", ".camp-side")
        browser.click(".camp-part .seg button", "시작할 때")
        browser.sees("시작하면 바로 한 번", ".flow-card.first")
        browser.misses("시작하는 이벤트", ".camp-side")
        browser.sees("시각으로 시작하는 캠페인은 대상이 있어야 합니다", ".camp-side")
        browser.click(".camp-part button", "규칙 만들기")
        browser.type(".seg-within .seg-body .cb input", "Listen Started")
        browser.press("ENTER")
        browser.sees("명", ".seg-within [role=status] b")
        browser.click(".tools button", "저장")
        browser.until(lambda: kept(here, made.id).entry.audience is not None)
        assert kept(here, made.id).entry.trigger is None
        here.keep("entry-audience-ko-light")
        browser.click(".camp-part .seg button", "되풀이")
        browser.sees("월 09:00", ".flow-card.first")
        browser.click(".tools button", "저장")
        browser.until(lambda: kept(here, made.id).entry.every is not None)
        browser.click(".camp-part .seg button", "이벤트가 올 때")
        browser.sees("시작할 이벤트를 고르세요", ".flow-card.first")

    await look(see)


async def test_a_new_campaign_is_wrong_until_it_is_whole(look: Look) -> None:
    def see(here: Screens) -> None:
        browser = here.open("/campaigns")
        browser.sees("새 캠페인")
        browser.press("c")
        browser.click("dialog .choose-one", "이벤트로 시작")
        browser.sees("시작할 이벤트를 고르세요", ".flow-card.first")
        # Nothing is red before anything was typed; trying to save says all that is missing.
        browser.sees("저장", ".tools")
        browser.misses("이름을 적으세요", ".camp-side")
        browser.misses("고쳐야 합니다", ".tools")
        here.keep("new-ko-light")
        browser.click(".tools button", "저장")
        browser.sees("이름을 적으세요", ".camp-side")
        browser.sees("고쳐야 합니다", ".tools")
        browser.type("input[name=name-ko]", "처음 듣고 떠난 분께")
        browser.type(".camp-event .holes input", "Listen Ended")
        browser.sees("‘Listen Ended’ 때", ".flow-card.first")
        browser.click('[data-node="email"]')
        browser.click(".camp-side button", "글 쓰기")
        browser.type("[data-field=subject] input", "{{ person.name }}님께")
        browser.type("[data-field=body] textarea", "안녕하세요.\n{% if %}\n끝")
        # What is wrong is said at its line, and one click puts the cursor there.
        browser.sees("2번째 줄", "[data-field=body]")
        browser.click("[data-field=body] .link")
        chosen = "const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd)"
        browser.until(lambda: browser.js(chosen) == "{% if %}")
        browser.press("BACKSPACE")
        browser.misses("고쳐야 합니다", ".tools")
        browser.click(".tools button", "저장")
        browser.sees("저장했습니다", ".toast")
        browser.until(lambda: "/campaigns/new" not in browser.driver.current_url)
        design = kept(here, browser.driver.current_url.rpartition("/")[2].partition("?")[0])
        assert (design.kind, design.entry.trigger.event, design.messages[0].texts["ko"].subject) == (
            "triggered", "Listen Ended", "{{ person.name }}님께",
        )  # fmt: skip

    await look(see)
