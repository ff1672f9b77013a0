"""Blocks, modals, commands and an app's home in a real Chromium, with a Bolt app at the other end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk.web import WebClient

from tests.channels.desk_app import BUTTON, modal
from tests.channels.desk_house import DeskHouse, open_desk_house
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def listen(app: App) -> None:
    @app.action("approve")
    def approve(ack: Any, body: Any, client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal("주문 확인", notify_on_close=True))

    @app.options("city")
    def city(ack: Any, payload: Any) -> None:
        ack(options=[{"text": plain(f"{payload['value']} city"), "value": "1"}])

    @app.action("city")
    def chosen(ack: Any, action: Any, respond: Any) -> None:
        ack()
        respond(text=f"Sent to {action['selected_option']['text']['text']}", replace_original=True)

    @app.view("order")
    def sent(ack: Any, view: Any) -> None:
        what = view["state"]["values"]["what"]["text"]["value"]
        if what == "none":
            ack(response_action="errors", errors={"what": "<b>Sold out</b>"})
        else:
            done = modal(f"{what} ✓", callback_id="done")
            ack(response_action="push", view={**done, "blocks": [{"type": "divider"}], "submit": None})

    @app.view_closed("done")
    @app.view_closed("order")
    def closed(ack: Any) -> None:
        ack()

    @app.shortcut("order_this")
    def order_this(ack: Any, shortcut: Any, client: Any) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal(f"{shortcut['message']['text']} 주문"))

    @app.command("/order")
    def order(ack: Any, say: Any, command: Any) -> None:
        ack()
        say(f"Ordered: {command['text']}")


JS = "javascript:window.hit=1"
EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'


def text(kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": EVIL}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(EVIL), "value": value, "description": plain(EVIL)}


def told(kind: str, **more: Any) -> dict[str, Any]:
    """An element with something hostile wherever it has words."""
    return {"type": kind, "action_id": kind, "placeholder": plain(EVIL), "options": [option("1"), option("2")], **more}


EVERYTHING: list[Any] = [
    {"type": "header", "text": text("plain_text")},
    {"type": "section", "text": text(), "fields": [text(), text("plain_text")], "accessory": told("checkboxes")},
    {"type": "section", "text": text(), "accessory": told("radio_buttons")},
    {"type": "section", "text": text(), "accessory": {"type": "image", "image_url": JS, "alt_text": EVIL}},
    {"type": "divider"},
    {"type": "context", "elements": [
        text(), {"type": "image", "image_url": "https://x.example/y.png", "alt_text": EVIL}]},
    {"type": "actions", "elements": [
        {"type": "button", "action_id": "b", "text": plain(EVIL), "url": JS},
        *(told(kind) for kind in ("static_select", "multi_static_select", "users_select", "channels_select",
          "multi_conversations_select", "overflow", "datepicker", "timepicker", "datetimepicker")),
    ]},
    {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "action_id": "f", "positive_button": {"text": plain(EVIL), "value": "1"},
         "negative_button": {"text": plain(EVIL), "value": "2"}},
        {"type": "icon_button", "action_id": "i", "icon": EVIL, "text": plain(EVIL),
         "confirm": {"title": plain(EVIL), "text": text(), "confirm": plain("Do it"), "deny": plain("Rather not")}}]},
    {"type": "image", "image_url": "https://x.example/y.png", "alt_text": EVIL, "title": plain(EVIL)},
    *({"type": "input", "label": plain(EVIL), "hint": plain(EVIL), "element": told(kind, initial_value=EVIL)}
      for kind in ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")),
    {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [
            {"type": "text", "text": EVIL, "style": {"bold": True}},
            {"type": "link", "url": JS, "text": EVIL},
            {"type": "user", "user_id": EVIL}, {"type": "emoji", "name": EVIL, "unicode": EVIL},
            {"type": "color", "value": "red;background:url(https://x.example)"},
            {"type": "date", "timestamp": 1763866800, "format": "{date_num} {time}" + EVIL, "fallback": EVIL}]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": EVIL}]}]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": EVIL}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": EVIL}]}]},
    {"type": "video", "title": plain(EVIL), "title_url": JS, "description": plain(EVIL)},
    {"type": "file", "external_id": EVIL},
    {"type": "markdown", "text": f"# {EVIL}\n\n- {EVIL}\n\n[{EVIL}]({JS})\n\n|{EVIL}|b|\n|---|---|\n|1|2|"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": EVIL}], [{"type": "raw_text", "text": EVIL}]]},
]  # fmt: skip
ATTACHED: list[Any] = [
    {"color": "red;background:url(x)", "pretext": EVIL, "author_name": EVIL, "author_link": JS,
     "title": EVIL, "title_link": JS, "text": EVIL, "footer": EVIL, "ts": 1763866800,
     "fields": [{"title": EVIL, "value": EVIL}],
     "actions": [{"name": "a", "type": "button", "text": EVIL, "value": "1"}]}
]  # fmt: skip


@pytest.fixture
def house(fresh_database: str) -> Iterator[DeskHouse]:
    with open_desk_house(
        fresh_database, listen, [("An order", [BUTTON], None), ("All", EVERYTHING, ATTACHED)]
    ) as house:
        yield house


def pictured(browser: Browser, name: str) -> None:
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"interaction_{name}.png")


def test_a_modal_goes_there_and_back_and_an_app_is_chosen_from(browser: Browser, house: DeskHouse) -> None:
    house.enter(browser, "joon", f"/channels/{house.rooms['orders']}")
    browser.sees("실시간", ".state")
    browser.click(".el-button button", "Approve")
    browser.sees("주문 확인", ".md-head h2")
    browser.click(".md-foot .btn.pri")
    browser.sees("입력해 주세요", ".md-body .wrong-text")
    pictured(browser, "modal_ko_light")
    browser.type(".md-body input", "none")
    browser.press("ENTER")
    browser.sees("<b>Sold out</b>", ".md-body .wrong-text")
    browser.type(".md-body input", "머그컵")
    browser.press("ENTER")
    browser.sees("머그컵 ✓", ".md-head h2")
    browser.press("ESCAPE")
    browser.sees("주문 확인", ".md-head h2")
    assert browser.one(".md-body input").get_attribute("value") == "머그컵"
    browser.press("ESCAPE")
    browser.until(lambda: not browser.all("dialog"))
    browser.until(lambda: house.heard[-1]["type"] == "view_closed")
    assert house.heard[-1]["view"]["state"]["values"]["what"]["text"]["value"] == "머그컵"

    browser.click(".el-external_select .bk-pick-open")
    browser.one(".bk-pick-list input").send_keys("Seoul")
    browser.sees("Seoul city", ".bk-pick-option")
    browser.press("ENTER")
    browser.sees("Sent to Seoul city", ".ch-text")

    browser.one(".ch-compose textarea").send_keys("/order 마흔 개 & 더")
    browser.press("ENTER")
    browser.sees("Ordered: 마흔 개 & 더", ".ch-text")
    browser.one(".ch-compose textarea").send_keys("/topic 굿즈 주문")
    browser.press("ENTER")
    browser.sees("굿즈 주문", ".ch-topic")
    assert browser.complaints() == []


def test_an_apps_home_is_drawn_and_drawn_anew(browser: Browser, house: DeskHouse) -> None:
    house.enter(browser, "joon", f"/channels/{house.rooms['desk']}", "en", "dark")
    browser.click(".home-tabs [role=tab]", "Home")
    browser.sees("Nothing to show yet", ".home")

    def publish(title: str) -> None:
        blocks = [{"type": "header", "text": plain(title)}, BUTTON]
        client = WebClient(house.bot_token, base_url=f"{house.url}/slack/api/")
        client.views_publish(user_id=house.users["joon"], view={"type": "home", "blocks": blocks})

    publish("Your orders")
    browser.sees("Your orders", ".home h3")
    publish("Two orders")
    browser.sees("Two orders", ".home h3")
    assert not [one for one in browser.all(".ch-list, .ch-compose") if one.is_displayed()]
    pictured(browser, "home_en_dark")
    browser.click(".home .el-button button")
    browser.sees("주문 확인", ".md-head h2")
    assert house.heard[0]["container"]["type"] == "view"
    assert browser.complaints() == []


def test_every_block_is_drawn_and_none_is_read_as_html(browser: Browser, house: DeskHouse) -> None:
    house.enter(browser, "joon", f"/channels/{house.rooms['orders']}", "en", "dark")
    for kind in {block["type"] for block in EVERYTHING}:
        assert browser.one(f".ch-b-{kind.replace('_', '')}, .ch-b-{kind}"), kind
    for element in (
        "static_select",
        "users_select",
        "checkboxes",
        "radio_buttons",
        "overflow",
        "datepicker",
        "number_input",
    ):
        assert browser.one(f".el-{element}")
    assert browser.one(".bk-attached")
    assert browser.js("return document.querySelectorAll('.ch-msg script, .ch-msg iframe').length") == 0
    shown = browser.js("return [...document.querySelectorAll('.ch-msg img')].map(img => new URL(img.src).pathname)")
    assert set(shown) == {"/api/v1/interactions/pictures"}
    browser.until(lambda: browser.js("return document.querySelector('.bk-figure img').naturalWidth") == 1)
    assert (
        browser.js(
            "return [...document.querySelectorAll('.ch-msg a')].filter(a => a.protocol === 'javascript:').length"
        )
        == 0
    )
    assert browser.js("return window.hit === undefined")
    pictured(browser, "blocks_en_dark")
    browser.click(".el-multi_static_select .bk-pick-open")
    browser.sees("<script>window.hit=1</script>", ".bk-pick-option")
    browser.press("DOWN", "ENTER")
    browser.sees("<script>", ".el-multi_static_select .tag")
    browser.sees("desk did not answer in time", ".el-failed")
    browser.click(".el-icon_button button")
    browser.sees("<script>", "dialog .said")
    browser.click("dialog .btn", "Rather not")
    browser.until(lambda: not browser.all("dialog"))
    # The console tells of the answer 503, which is what the page shows.
    assert [said for said in browser.complaints() if "/interactions/actions" not in said] == []


def test_what_i_alone_am_shown_stays_and_what_an_app_offers_is_found(browser: Browser, house: DeskHouse) -> None:
    client = WebClient(house.bot_token, base_url=f"{house.url}/slack/api/")
    room = house.rooms["desk"]
    client.chat_postMessage(channel=room, text="머그컵")
    client.chat_postEphemeral(channel=room, user=house.users["joon"], text="재고가 세 개 <script>남았습니다</script>")
    for lang, theme in (("ko", "light"), ("en", "dark")):
        house.enter(browser, "joon", f"/channels/{room}", lang, theme)
        browser.sees("재고가 세 개", ".ch-msg.whisper")
        browser.sees("desk", ".ch-msg.whisper .ch-head b")
        pictured(browser, f"alone_{lang}_{theme}")
        browser.type(".ch-compose textarea", "/or")
        browser.sees("/order", ".ch-mentions [role=option]")
        browser.sees("Order something", ".ch-mentions [role=option]")
        pictured(browser, f"commands_{lang}_{theme}")
    browser.click(".ch-msg.whisper .link", "Dismiss")
    browser.misses("재고가 세 개", ".ch-list")
    client.chat_postEphemeral(channel=room, user=house.users["joon"], text="하나 남았습니다")
    browser.sees("하나 남았습니다", ".ch-msg.whisper")

    browser.js("document.querySelector('.ch-msg:not(.whisper)').dispatchEvent(new MouseEvent('mouseenter'))")
    browser.click(".ch-tools [aria-haspopup]")
    browser.sees("Order this", "[role=menu]")
    pictured(browser, "message_menu")
    browser.click("[role=menuitem]", "Order this")
    browser.sees("머그컵 주문", ".md-head h2")
    assert browser.complaints() == []
