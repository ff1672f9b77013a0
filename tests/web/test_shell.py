"""The first HTML and the list of pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import dure
from dure.web.assets import Assets, gather
from dure.web.page import Page, for_role, in_order
from dure.web.shell import Shell, preferences

TITLE = {"ko": "딜", "en": "Deals"}


def page(path: str = "/deals", name: str = "deals", **more: object) -> Page:
    return Page(path, name, TITLE, "board", "work", "deals/board.js", **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def shell() -> Shell:
    return Shell(Assets(gather(Path(dure.__file__).parent)), [page(), page("/channels/{id}", "channel")])


def test_the_first_html_carries_language_theme_and_boot(shell: Shell) -> None:
    answer = shell.application("/deals", {"lang": "ko", "theme": "dark", "me": {"name": "</script><b>&"}})
    text = bytes(answer.body).decode()
    assert '<html lang="ko" data-theme="dark">' in text
    boot = re.search(r'<script type="application/json" id="boot">(.*?)</script>', text)
    assert boot
    assert json.loads(boot[1])["me"]["name"] == "</script><b>&"
    assert "vendor/vue.js" in text


def test_the_policy_allows_no_inline_script_and_no_eval(shell: Shell) -> None:
    policy = shell.application("/deals", {}).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "status"), [("/deals", 200), ("/channels/C1", 200), ("/channels/C1/x", 404), ("/nothing", 404)]
)
def test_an_address_without_a_page_is_404(shell: Shell, path: str, status: int) -> None:
    assert shell.application(path, {}).status_code == status


def test_what_a_cookie_says_wins_over_the_browsers_language() -> None:
    assert preferences({}, "en-US,en;q=0.9,ko;q=0.8") == {"lang": "en", "theme": "auto"}
    assert preferences({"lang": "ko", "theme": "dark"}, "en") == {"lang": "ko", "theme": "dark"}
    assert preferences({"lang": '"><script>', "theme": "x"}, "fr") == {"lang": "ko", "theme": "auto"}


def test_pages_stand_by_group_and_may_not_collide() -> None:
    home = Page("/", "home", TITLE, "home", "today", "home/home.js", key="h")
    assert [p.name for p in in_order([page(key="d"), home])] == ["home", "deals"]
    for other in (page("/x"), page(name="x"), page("/x", "x", key="d")):
        with pytest.raises(ValueError, match="same"):
            in_order([page(key="d"), other])


@pytest.mark.parametrize("wrong", [{"key": "D"}, {"title": {"ko": "딜"}}, {"path": "deals"}, {"module": "../x.js"}])
def test_a_page_that_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    given = {"path": "/d", "name": "d", "title": TITLE, "icon": "x", "group": None, "module": "d/d.js", **wrong}
    with pytest.raises(ValueError, match="page d"):
        Page(**given)  # type: ignore[arg-type]


def test_a_role_sees_its_pages() -> None:
    pages = [page(), page("/admin", "admin", minimum_role="admin"), page("/shared", "shared", minimum_role="guest")]
    assert [p.name for p in for_role(pages, "member")] == ["deals", "shared"]
    assert [p.name for p in for_role(pages, "guest")] == ["shared"]
    assert for_role(pages, "nobody") == ()


def test_a_card_has_one_button_and_trusts_nothing_it_is_given(shell: Shell) -> None:
    answer = shell.card("ko", "<b>들어가기", "한 번만 쓸 수 있습니다.", button="들어가기", post_to='/sign-in/x"y')
    text = bytes(answer.body).decode()
    assert "<b>" not in text
    assert 'action="/sign-in/x&quot;y"' in text
    assert "<script" not in text
