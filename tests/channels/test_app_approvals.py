"""Requests for apps: who sees them, who answers them, what becomes of them; at Dure's door and on the screens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.channels.house import House, open_house
from tests.databases import copied
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]

NAMES = ("주간 보고", "설문 도우미", "번역 봇")


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as database, open_house(database) as opened:
        for name in NAMES:
            scopes = {"bot": ["chat:write", "channels:history", "files:read"], "user": ["search:read"]}
            manifest = {
                "display_information": {"name": name, "description": f"{name} 앱입니다"},
                "features": {"bot_user": {"display_name": "bot"}}, "oauth_config": {"scopes": scopes},
            }  # fmt: skip
            opened.rooms[name] = opened.ask("mina", "POST", "/apps", manifest=manifest)["app"]["id"]
        opened.ask("mina", "PUT", "/policies/apps.approval", value="needed", whole=True)
        yield opened


def call(house: House, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {house.tokens[who]}"}
    return httpx.request(method, f"{house.url}/api/v1{path}", json=body, headers=headers)


def wanted(house: House, who: str = "joon") -> dict[str, Any]:
    return {one["name"]: one for one in house.ask(who, "GET", "/apps/wanted")["apps"]}


def pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"{name}.png")


def test_a_request_is_asked_seen_taken_back_and_answered_once(house: House) -> None:
    app = house.rooms[NAMES[0]]
    assert wanted(house)[NAMES[0]]["standing"] == "needed"
    assert {one["en"] for one in wanted(house)[NAMES[0]]["user_scopes"]} == {"Search"}
    house.ask("joon", "POST", f"/apps/{app}/request", message="월요일마다 씁니다")
    mine, theirs = wanted(house)[NAMES[0]], wanted(house, "mina")[NAMES[0]]
    assert (mine["standing"], mine["mine"], mine["message"]) == ("asked", True, "월요일마다 씁니다")
    assert (theirs["mine"], theirs["message"]) == (False, "")  # why is for who answers
    assert call(house, "joon", "POST", f"/apps/{app}/request", {}).status_code == 409
    assert call(house, "mina", "DELETE", f"/apps/{app}/request").status_code == 404  # it is not hers
    house.ask("joon", "DELETE", f"/apps/{app}/request")
    assert (wanted(house)[NAMES[0]]["standing"], wanted(house)[NAMES[0]]["resolution"]) == ("needed", "cancelled")
    assert call(house, "joon", "DELETE", f"/apps/{app}/request").status_code == 409
    request = house.ask("joon", "POST", f"/apps/{app}/request", message="")["id"]
    done = house.ask("mina", "POST", "/app-approvals", act="restrict", requests=[request, "Ar0NOBODY"])
    assert (done["done"], [one["id"] for one in done["failed"]]) == ([request], ["Ar0NOBODY"])
    standing = wanted(house)[NAMES[0]]
    assert (standing["standing"], standing["decided_by"]) == ("restricted", house.users["mina"])
    again = house.ask("mina", "POST", "/app-approvals", act="approve", requests=[request])
    assert again["failed"][0]["id"] == request
    place = {"app": app, "workspace": house.ask("mina", "GET", "/app-approvals")["decisions"][0]["workspace"]}
    house.ask("mina", "POST", "/app-approvals", act="clear", apps=[place])
    assert house.ask("mina", "GET", "/app-approvals")["decisions"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"act": "cancel", "apps": [{"app": "A1"}]}, "apps"), ({"act": "clear", "requests": ["Ar1"]}, "requests"),
        ({"act": "approve"}, "requests"), ({"act": "approve", "requests": ["x"] * 201}, "requests"),
        ({"act": "delete", "requests": ["x"]}, "act"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_refused_by_its_field(house: House, body: dict[str, Any], field: str) -> None:
    answer = call(house, "mina", "POST", "/app-approvals", body)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


def test_only_who_looks_after_the_organisation_sees_and_answers(house: House) -> None:
    app = house.rooms[NAMES[2]]
    request = house.ask("joon", "POST", f"/apps/{app}/request", message="")["id"]
    assert call(house, "joon", "GET", "/app-approvals").status_code == 403
    assert call(house, "joon", "POST", "/app-approvals", {"act": "approve", "requests": [request]}).status_code == 403
    # Another organisation knows nothing of either.
    assert house.ask("rina", "GET", "/app-approvals")["requests"] == []
    assert wanted(house, "rina") == {}
    tried = house.ask("rina", "POST", "/app-approvals", act="approve", requests=[request])
    assert [one["id"] for one in tried["failed"]] == [request]
    tried = house.ask("rina", "POST", "/app-approvals", act="restrict", apps=[{"app": app, "workspace": ""}])
    assert [one["id"] for one in tried["failed"]] == [app]
    assert wanted(house)[NAMES[2]]["standing"] == "asked"
    house.ask("mina", "POST", "/app-approvals", act="cancel", requests=[request])
    assert wanted(house)[NAMES[2]]["resolution"] == "cancelled"


def test_who_wants_an_app_asks_and_sees_where_it_stands_and_many_are_answered_by_keys(
    browser: Browser, house: House
) -> None:
    browser.size(1360, 900)
    house.enter(browser, "joon", "/apps", "ko", "light")
    browser.click("[role=tab]", "다른 앱")
    browser.sees("승인이 필요함")
    for name in NAMES[:2]:
        row = f"tr[data-key='{house.rooms[name]}']"
        browser.click(f"{row} button", "요청하기")
        browser.type("textarea[name=message]", f"{name}이(가) 매주 필요합니다")
        pictured(browser, "ask_ko_light")
        browser.click("dialog .btn.pri, .dialog .btn.pri", "요청하기")
        browser.sees("내가 요청함", row)
    pictured(browser, "wanted_ko_light")
    house.ask("joon", "POST", f"/apps/{house.rooms[NAMES[2]]}/request", message="")

    for lang, theme, width in (("en", "dark", 1024), ("ko", "light", 1360)):
        browser.size(width, 900)
        house.enter(browser, "mina", "/admin/apps", lang, theme)
        browser.sees("매주 필요합니다", "tbody")
        pictured(browser, f"approvals_{lang}_{theme}_{width}")
    browser.click("tbody tr b", NAMES[0])
    browser.sees("사람을 대신해 할 수 있게 됩니다")
    pictured(browser, "approval_ko_light")
    browser.press("Escape")
    browser.until(lambda: not browser.all("dialog[open]"), "the dialog is closed")
    browser.js("document.querySelector('tbody tr').focus()")
    for key in ("x", "j", "x"):
        browser.press(key)
    browser.sees("2개 선택됨")
    pictured(browser, "approvals_chosen_ko_light")
    browser.press("a")
    browser.until(lambda: len(house.ask("mina", "GET", "/app-approvals")["requests"]) == 1, "two are approved")
    browser.until(lambda: len(browser.all("tbody tr[data-key]")) == 1, "one row is left")
    browser.js("document.querySelector('tbody tr').focus()")
    browser.press("r")
    browser.sees("기다리는 요청이 없습니다")
    browser.click("[role=tab]", "막음")
    browser.until(lambda: len(browser.all("tbody tr[data-key]")) == 1, "one is kept out")
    pictured(browser, "restricted_ko_light")
    found = {name: one["standing"] for name, one in wanted(house).items()}
    assert sorted(found.values()) == ["approved", "approved", "restricted"]
    house.enter(browser, "joon", "/apps", "en", "dark")
    browser.click("[role=tab]", "More apps")
    browser.sees("Approved", "tbody")
    browser.sees("Decided by", "tbody")
    pictured(browser, "wanted_en_dark")
    house.enter(browser, "joon", "/admin/apps", "en", "dark")
    browser.misses("Approve", ".bulk")
    browser.size(1360, 900)
    assert [one for one in browser.complaints() if "404" not in one and "403" not in one] == []
