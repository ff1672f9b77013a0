"""Markup in names and texts, in a real Chromium: it is shown as the letters that it is, and nothing of it runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import pytest
from selenium.common.exceptions import NoAlertPresentException, TimeoutException

from dure.governance.http import COOKIE
from tests.security.house import NONE, Two
from tests.web.browser import Browser, browser, chromium
from tests.web.here import serving_here

__all__ = ["browser", "chromium"]
pytestmark = pytest.mark.anyio

IMAGE = "<img src=x onerror=window.ran=1;alert(1)>"
VECTOR = '"><svg onload=window.ran=1;alert(2)>'
LINK = "javascript:window.ran=1;alert(3)"
# Screen → what of it is seen there.
SCREENS = (
    "/channels/{channel}", "/channels/all", "/deals", "/deals/table", "/social", "/automations", "/ideas", "/segments",
    "/metrics/catalogue", "/forms", "/admin", "/admin/guarding", "/admin/keeping", "/audit",
)  # fmt: skip


async def _planted(two: Two) -> None:
    """Both marks in every name and text that is said over the API."""

    def hostile(name: str) -> str | None:
        there = two.of(name, name)
        if name in ("email", "address", "url") or there != NONE:
            return there if there != NONE else None
        return f"{IMAGE}{VECTOR}"

    kept = 0
    for operation in two.described.operations:
        if operation.method == "POST" and "{" not in operation.path and operation.body and not operation.form:
            body = two.described.value(operation.body, hostile)
            if isinstance(body, dict) and body:
                answer = await two.ask(two.cast.token, "POST", operation.path, body)
                kept += answer.status_code < 300
    mark = f"{IMAGE}{VECTOR}"
    for path, body in (
        ("deals", {"name": mark}), ("accounts", {"name": mark}), ("contacts", {"last_name": mark}),
        ("channels", {"name": "markup", "purpose": mark}),
        ("boards", {"id": "markup", "name_ko": mark, "name_en": mark}),
        ("mentions", {"network": "app_store", "text": mark, "author": mark, "id": "2", "external_id": "2",
                      "posted_at": "2026-11-23T00:00:00Z", "url": LINK}),
        (f"channels/{two.made['channel']}/messages", {"text": f"{mark} [x]({LINK}) <{LINK}|y>"}),
        (f"channels/{two.made['channel']}/messages", {"text": "b", "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{mark} <{LINK}|z>"}},
            {"type": "header", "text": {"type": "plain_text", "text": mark}}]}),
    ):  # fmt: skip
        kept += (await two.ask(two.cast.token, "POST", f"/api/v1/{path}", body)).status_code < 300
    assert kept >= 10


def _looked_at(seen: Browser, url: str, session: str, paths: list[str]) -> tuple[list[str], list[str]]:
    """What went wrong, and the screens on which a mark is read."""
    wrong, shown = [], []
    seen.cookie(url, COOKIE, session)
    for path in paths:
        seen.seconds = 40.0
        seen.open(url + path, lang="en")
        with contextlib.suppress(TimeoutException):
            seen.seconds = 2.0
            seen.sees("<img src=x")
        with contextlib.suppress(NoAlertPresentException):
            seen.driver.switch_to.alert.dismiss()
            wrong.append(f"{path}: a dialog")
        if seen.js("return window.ran"):
            wrong.append(f"{path}: a handler ran")
        if seen.js(
            "return document.querySelectorAll('img[src=x], svg[onload], [onerror], a[href^=javascript]').length"
        ):
            wrong.append(f"{path}: markup stands in the page")
        if "<img src=x onerror" in seen.text():
            shown.append(path)
    return wrong, shown


@pytest.fixture
def patient(browser: Browser) -> Iterator[Browser]:
    before = browser.seconds
    yield browser
    browser.seconds = before


async def test_markup_in_names_and_texts_is_text_where_it_is_shown(two: Two, patient: Browser) -> None:
    await _planted(two)
    mina = two.cast.mina
    async with two.house.state.begin(mina.tenant) as tx:
        session = await two.house.governance.sessions.begin_in(tx, mina.tenant, mina.user)
    paths = [path.replace("{channel}", two.made["channel"]) for path in SCREENS]
    async with serving_here(two.house.app) as url:
        wrong, shown = await asyncio.to_thread(_looked_at, patient, url, session, paths)
    print(f"{len(paths)} screens, the marks are read on {shown}")  # noqa: T201
    assert wrong == []
    assert len(shown) >= 5
