"""Advocacy in a real Chromium, in one long visit: a colleague shares, another approves, the report tells both apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dure.governance.http import COOKIE
from tests.social.advocacy.screen import Stage
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


@pytest.fixture
def stage(fresh_database: str, run_folder: Path) -> Stage:
    return Stage(fresh_database, f"chdb://{run_folder}/ch")


@pytest.fixture
def url(stage: Stage) -> Iterator[str]:
    with stage.served() as url:
        yield url


def test_a_story_is_shared_approved_and_told_apart(browser: Browser, stage: Stage, url: str) -> None:
    # joon shares what he may, from the keyboard.
    browser.cookie(url, COOKIE, stage.sessions["joon"])
    browser.open(url + "/advocacy", lang="ko")
    browser.until(lambda: len(browser.all(".adv-row")) == 3)
    browser.sees("한소라 등 2명이 공유", ".adv-list")
    browser.js(f"document.querySelector('[data-story=\"{stage.stories[0]}\"]').focus()")
    browser.press("enter", "2")
    browser.until(lambda: "#직원" in browser.js("return document.querySelector('.adv-text')?.value ?? ''"))
    here = browser.js("return document.querySelector('.adv-go').href")
    query = parse_qs(urlsplit(here).query)
    assert here.startswith("https://x.com/intent/post?")
    assert query["text"] == [browser.js("return document.querySelector('.adv-text').value")]
    assert query["url"][0].startswith("https://dure.example/l/")
    # Without the line that says who speaks nothing opens, until it is put back.
    browser.type(".adv-text", "여름밤에 들어 보세요 & 50% 더")
    browser.until(lambda: not browser.all("a.adv-go"))
    browser.click(".adv-draft .btn", "줄 넣기")
    browser.until(lambda: browser.all("a.adv-go"))
    typed = browser.js("return document.querySelector('.adv-text').value")
    assert parse_qs(urlsplit(browser.js("return document.querySelector('.adv-go').href")).query)["text"] == [typed]
    browser.js("document.querySelector('.adv-go').addEventListener('click', e => e.preventDefault())")
    browser.click(".adv-go")
    browser.sees("열어 봄", ".adv-after")
    browser.type(".adv-posted .input", "https://x.com/joon/status/1")
    browser.click(".adv-posted .btn")
    browser.sees("올린 글 보기", ".adv-after")
    # By an own account, after a last look.
    browser.press("escape")
    browser.click(f'[data-story="{stage.stories[0]}"]')
    browser.click("[data-network=mastodon]")
    browser.click(".adv-draft .btn", "joon@wall.example")
    browser.sees("joon@wall.example 계정에 바로 올라갑니다", "dialog")
    browser.click("dialog .btn", "올리기")
    browser.sees("올림", ".adv-after")
    browser.click("[role=tab]", "내 공유")
    browser.until(lambda: len(browser.all("tbody tr")) == 2)
    browser.click("tbody tr .btn.ico")
    browser.type("dialog input", "150")
    browser.click("dialog .btn", "저장")
    browser.sees("직원이 적음", "tbody")
    # What waits is approved by him, who did not write it.
    browser.open(url + f"/advocacy?tab=stories&story={stage.stories[3]}", lang="en")
    browser.click(".adv-buttons .btn", "Approve")
    browser.sees("It is now: Approved", "body")
    browser.until(lambda: any("Running" in it.text for it in browser.all(f'[data-story="{stage.stories[3]}"]')))
    # He writes one, and may not approve it himself; a text that is too long is told at its field.
    browser.press("escape", "n")
    browser.type("[name=title]", "We wrote it together")
    browser.type("[name=url]", "https://sorimaru.example/together")
    browser.type(".adv-texts li:first-child textarea", "가" * 140)
    browser.click(".adv-buttons .btn", "Save the draft")
    browser.click(".adv-buttons .btn", "Ask for approval")
    browser.sees("too many", ".adv-texts")
    browser.type(".adv-texts li:first-child textarea", "같이 썼습니다")
    browser.click(".adv-buttons .btn", "Ask for approval")
    browser.sees("Somebody else approves what you wrote", ".adv-buttons")
    browser.click(".adv-buttons .btn", "Withdraw")
    browser.click("dialog .btn.danger")
    browser.sees("Withdrawn", ".adv-form")
    # The report: brand and employees side by side, never one number.
    browser.click("[role=tab]", "Report")
    browser.until(lambda: browser.all(".adv-sides tbody tr"))
    browser.until(lambda: browser.text(".adv-sides tbody tr:first-child").split()[-2:] == ["6", "18"])
    browser.sees("한소라", ".adv-report")
    browser.misses("Alexandra", ".adv-report")
    assert [one for one in browser.complaints() if "422" not in one] == []  # the text that was too long
