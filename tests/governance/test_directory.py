"""The directory's groups on a screen: which there are, who is in, what goes by them; for whom, and for whom not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dure.channels.api import Channels
from dure.channels.spanning import routes as spanning_routes
from dure.governance.api import Governance, Role
from dure.governance.http import COOKIE
from dure.governance.scim import routes as scim_routes
from dure.kernel.clock import SystemClock
from dure.kernel.errors import NotAllowed
from dure.state import State
from dure.web.routing import APIRouter
from tests.governance.test_screens import Office, choose
from tests.people_of import found_sori
from tests.web.browser import Browser, browser, chromium

__all__ = ["browser", "chromium"]


class Linked(Office):
    """Sorimaru with a directory that keeps three groups, a second workspace, and what goes by them."""

    async def prepare(self, state: State, governance: Governance) -> None:
        mina, clock = self.cast.mina, SystemClock()
        people = [
            (await governance.create_user(mina, f"p{n}@sorimaru.example", name, role=Role.MEMBER)).id
            for n, name in enumerate(
                ("한서윤", "오지호", "Lee Ann", "정하린", "남도현", "문가온", "서이든", "유나린", "채민")
            )
        ]
        groups = governance.idp_groups
        sales = await groups.create(mina, "영업 본부", "00g1sales", people)
        press = await groups.create(mina, "Press", "00g2press", people[:1])
        await groups.create(mina, "빈 그룹", "", [])
        await governance.organisation.open_workspace(mina, "소리마루 재팬")
        channels = Channels(state, clock, governance)
        for name in ("영업-전략", "영업-가격표", "영업-인사"):
            room = await channels.create(mina, name, private=True)
            await channels.spanning.keep_for(mina, room.id, sales.id)
        await governance.barriers.create(mina, sales.id, [press.id], ["im", "mpim", "call"], rooms=True)

    def more(self, state: State, governance: Governance) -> list[APIRouter]:
        channels = Channels(state, SystemClock(), governance)
        return [scim_routes.router(governance.idp_groups), spanning_routes.router(channels.spanning)]


@pytest.mark.anyio
async def test_what_is_kept_for_groups_is_told_to_who_looks_after_the_organisation(state: State) -> None:
    cast = await found_sori(state)
    channels = Channels(state, SystemClock(), cast.governance)
    made = await cast.governance.idp_groups.create(cast.mina, "sales", "", [cast.joon.user])
    room = await channels.create(cast.mina, "plans", private=True)
    await channels.spanning.keep_for(cast.mina, room.id, made.id)
    (found,) = await channels.spanning.of_groups(cast.mina)
    assert (found.group, found.channel, found.name) == (made.id, room.id, "plans")
    assert await channels.spanning.of_groups(cast.rina) == []
    with pytest.raises(NotAllowed):
        await channels.spanning.of_groups(cast.joon)


def test_the_directorys_groups_are_seen_with_what_goes_by_them(browser: Browser, fresh_database: str) -> None:
    office = Linked(fresh_database)
    with office.served() as url:
        browser.cookie(url, COOKIE, office.session)
        for lang, theme, width, tab, apart in (
            ("ko", "light", 1360, "디렉터리 그룹", "Press와 떨어져 있음"),
            ("en", "dark", 1024, "Directory groups", "Kept from Press"),
        ):  # fmt: skip
            browser.size(width, 900)
            browser.open(url + "/admin", lang=lang, theme=theme)
            browser.click("[role=tab]", tab)
            for text in ("영업 본부", "빈 그룹", "영업-가격표", apart):
                browser.sees(text, "tbody")
            _pictured(browser, f"directory_{lang}_{theme}_{width}")
            browser.click("tbody tr b", "영업 본부")
            for text in ("00g1sales", "영업-전략", "정하린", apart):
                browser.sees(text, "dialog")
            _pictured(browser, f"directory_group_{lang}_{theme}_{width}")
            browser.press("Escape")
            browser.until(lambda: not browser.all("dialog[open]"), "the dialog is closed")
        browser.type(".dir-find", "정하린")
        browser.until(lambda: len(browser.all("tbody tr[data-key]")) == 1, "one group has her")
        browser.click("tbody tr b", "영업 본부")
        choose(browser, "workspace", "소리마루 재팬")
        browser.sees("The link was changed")
        browser.press("Escape")
        browser.sees("소리마루 재팬", "tbody")
        browser.size(1360, 900)
        assert [one for one in browser.complaints() if "404" not in one] == []


def _pictured(browser: Browser, name: str) -> None:
    """Keeps a picture where `DURE_PICTURES` names a folder."""
    if folder := os.environ.get("DURE_PICTURES"):
        browser.picture(Path(folder) / f"{name}.png")
