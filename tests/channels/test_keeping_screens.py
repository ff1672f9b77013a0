"""Guarding, keeping and exports in a real Chromium: for those who answer for it, and for who writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.channels.house import House, open_house
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

NUMBER = "880101-1123452"


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as database, open_house(database) as house:
        yield house


def pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"{name}.png")


def complaints(browser: Browser) -> list[str]:
    """Without what a rule refused: the browser itself says so of every answer that is no success."""
    return [one for one in browser.complaints() if "403 (Forbidden)" not in one]


def guard(house: House, name: str, action: str, **more: object) -> str:
    made = house.ask("mina", "POST", "/guards", name=name, action=action, enabled=True, whole=True, **more)
    return str(made["id"])


def test_who_writes_is_warned_refused_and_told_what_waits(browser: Browser, house: House) -> None:
    room = house.rooms["q4-launch"]
    rules = [
        guard(house, "주민등록번호", "refuse", detectors=["resident_number"], confidence="likely"),
        guard(house, "코드명", "warn", words=["블루버드"]),
        guard(house, "실적", "keep", words=["미공개 실적"]),
    ]
    for lang, theme, sent in (("ko", "light", "그래도 보내기"), ("en", "dark", "Send anyway")):
        house.enter(browser, "joon", f"/channels/{room}", lang, theme)
        browser.sees("87 %", ".ch-list")
        browser.type(".ch-compose textarea", f"제 번호는 {NUMBER} 입니다")
        browser.press("Enter")
        browser.sees("••••••-•••••••", ".ch-pending")
        browser.type(".ch-compose textarea", f"블루 버드 일정 {lang}")
        browser.press("Enter")
        browser.sees(sent, ".ch-pending")
        browser.type(".ch-compose textarea", f"미공개실적 표 {lang}")
        browser.press("Enter")
        browser.sees(f"미공개실적 표 {lang}", ".ch-waits")
        pictured(browser, f"writer_{lang}_{theme}")
        browser.click(".ch-pending button", sent)
        browser.sees(f"블루 버드 일정 {lang}", ".ch-msg:not(.ch-pending)")
        browser.click(".ch-pending button.ghost")
    noted = house.ask("mina", "GET", "/guards/violations")["counts"]
    assert (noted["noted"], noted["waiting"], noted["stopped"]) == (2, 2, 2)
    for lang, theme, tab, let in (
        ("ko", "light", "걸린 것", "보내기 허용"),
        ("en", "dark", "Violations", "Let through"),
    ):
        house.enter(browser, "mina", "/admin/guarding", lang, theme)
        browser.sees("코드명")
        pictured(browser, f"guarding_{lang}_{theme}")
        browser.click("[role=tab]", tab)
        browser.sees("••••••-•••••••")
        pictured(browser, f"violations_{lang}_{theme}")
        browser.click("td .actions button", let)
    browser.until(
        lambda: house.ask("mina", "GET", "/guards/violations")["counts"].get("let") == 2, "two were let through"
    )
    assert any(
        "미공개실적" in one["text"] for one in house.ask("joon", "GET", f"/channels/{room}/messages")["messages"]
    )
    for rule in rules:
        house.ask("mina", "DELETE", f"/guards/{rule}")
    assert complaints(browser) == []


def test_a_rule_is_made_and_tried(browser: Browser, house: House) -> None:
    house.say("joon", "q4-launch", "카드 4111-1111-1111-1111 로 결제")
    house.enter(browser, "mina", "/admin/guarding", "ko", "light")
    browser.click("button.pri", "규칙 만들기")
    browser.type("[name=name]", "카드")
    pictured(browser, "rule_ko_light")
    browser.click("label.switch", "결제 카드 번호")
    browser.click("dialog button.pri, [role=dialog] button.pri", "규칙 만들기")
    browser.sees("결제 카드 번호")
    browser.click("button", "지난 메시지로 시험")
    browser.sees("••••-••••-••••-••••")
    browser.sees("시험을 마쳤습니다")
    pictured(browser, "trial_ko_light")
    browser.press("Escape")
    assert complaints(browser) == []


def test_a_file_that_cannot_be_read_meets_a_rule_that_says_so(browser: Browser, house: House) -> None:
    browser.size(1360, 900)
    house.enter(browser, "mina", "/admin/guarding", "ko", "light")
    browser.click("button.pri", "규칙 만들기")
    browser.type("[name=name]", "문서")
    browser.click("label.switch", "읽을 수 없는 파일도")
    browser.sees("사진, 소리, 영상은 보지 않습니다", "dialog")
    pictured(browser, "rule_unreadable_ko_light")
    browser.click("label.switch", "켜기")
    browser.click("dialog button.pri, [role=dialog] button.pri", "규칙 만들기")
    browser.sees("읽을 수 없는 파일", "tbody")
    rule = next(one for one in house.ask("mina", "GET", "/guards")["rules"] if one["name"] == "문서")
    kept = {name: value for name, value in rule.items() if name not in ("id", "changed_by", "changed_at")}
    house.ask("mina", "PUT", f"/guards/{rule['id']}", **{**kept, "action": "refuse"})
    headers = {"authorization": f"Bearer {house.tokens['joon']}"}
    sent = httpx.put(
        f"{house.url}/api/v1/files/upload",
        params={"name": "급여명세.pdf"},
        timeout=60,
        headers=headers,
        content=(Path(__file__).parent / "documents" / "locked.pdf").read_bytes(),
    ).json()["file"]["id"]
    said = httpx.post(
        f"{house.url}/api/v1/channels/{house.rooms['q4-launch']}/messages", headers=headers,
        json={"text": "이번 달", "files": [sent]}, timeout=60,
    )  # fmt: skip
    assert said.json()["error"]["data"]["guard"]["unread"] == "encrypted"
    for lang, theme, width, tab, why in (
        ("ko", "light", 1360, "걸린 것", "암호가 걸림"), ("en", "dark", 1024, "Violations", "encrypted"),
    ):  # fmt: skip
        browser.size(width, 900)
        house.enter(browser, "mina", "/admin/guarding", lang, theme)
        browser.click("[role=tab]", tab)
        browser.sees(why, "tbody")
        browser.sees("급여명세.pdf", "tbody")
        pictured(browser, f"unread_{lang}_{theme}_{width}")
    browser.size(1360, 900)
    house.ask("mina", "DELETE", f"/guards/{rule['id']}")
    assert complaints(browser) == []


def test_lengths_and_holds_are_seen_and_in_the_channel_too(browser: Browser, house: House) -> None:
    house.ask("mina", "PUT", "/policies/retention.private", value=365, whole=True)
    house.ask("mina", "PUT", "/policies/retention.override", value="allowed", whole=True)
    house.ask("mina", "PUT", f"/retention/{house.rooms['q4-launch']}", days=3650)
    house.ask("mina", "POST", "/holds", name="사건 2026-11", note="법무팀 요청", people=[house.users["joon"]])
    words = {"ko": ("365일", "3,650일", "사건 2026-11"), "en": ("365 days", "3,650 days", "사건 2026-11")}
    for lang, theme, width in (("ko", "light", 1360), ("en", "dark", 1360), ("ko", "dark", 1024)):
        browser.size(width, 900)
        house.enter(browser, "mina", "/admin/keeping", lang, theme)
        for word in words[lang]:
            browser.sees(word)
        pictured(browser, f"keeping_{lang}_{theme}_{width}")
        house.enter(browser, "mina", f"/channels/{house.rooms['q4-launch']}", lang, theme)
        browser.sees("87 %", ".ch-list")
        browser.click({"ko": ".top button[aria-label='멤버 2명']", "en": ".top button[aria-label='2 members']"}[lang])
        browser.sees(words[lang][1], ".ch-keptfor")
        pictured(browser, f"details_{lang}_{theme}_{width}")
    browser.size(1360, 900)
    # Whom a hold covers is typed by name; a name that nobody has is not taken.
    house.enter(browser, "mina", "/admin/keeping", "en")
    browser.click(".top .btn.pri", "Place a hold")
    browser.type("dialog [name=name]", "by name")
    browser.type("dialog [name=people]", "Nobody At All")
    browser.click("dialog .btn.pri")
    browser.sees("was not found", "dialog .wrong-text")
    browser.click("dialog .tag button")
    joon = next(one for one in house.ask("mina", "GET", "/users")["users"] if one["id"] == house.users["joon"])
    browser.type("dialog [name=people]", joon["name"])
    browser.click("dialog .btn.pri")
    browser.sees("by name", ".table")
    held = next(one for one in house.ask("mina", "GET", "/holds")["holds"] if one["name"] == "by name")
    assert held["people"] == [house.users["joon"]]
    assert complaints(browser) == []


def test_an_export_is_made_and_fetched(browser: Browser, house: House) -> None:
    for lang, theme, new, ready in (
        ("ko", "light", "내보내기 시작", "준비됨"),
        ("en", "dark", "Start an export", "Ready"),
    ):
        house.enter(browser, "mina", "/admin/exports", lang, theme)
        browser.click(".top button.pri", new)
        pictured(browser, f"export_{lang}_{theme}")
        browser.click("dialog button.pri, [role=dialog] button.pri", new)
        browser.sees(ready)
        pictured(browser, f"exports_{lang}_{theme}")
    browser.until(
        lambda: {one["state"] for one in house.ask("mina", "GET", "/takeouts")["takeouts"]} == {"done"}, "both are made"
    )
    house.enter(browser, "joon", "/channels/all")
    assert complaints(browser) == []
