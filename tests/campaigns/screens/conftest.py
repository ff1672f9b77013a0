"""A studio with its doors open to a browser: one for each file of tests. `DURE_PICTURES=DIR` keeps what was seen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

import dure
from dure import screens
from dure.campaigns import routes as campaign_routes
from dure.campaigns.approval import routes as approval_routes
from dure.campaigns.gate import routes as gate_routes
from dure.campaigns.page import PAGES
from dure.campaigns.trials import routes as trial_routes
from dure.governance import routes as governance_routes
from dure.governance import store as governance_store
from dure.governance.http import COOKIE
from dure.home import page as home
from dure.log.api import Log
from dure.metrics import routes as metric_routes
from dure.metrics.api import Metrics
from dure.people import routes as people_routes
from dure.segments import routes as segment_routes
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.campaigns.studio import Studio, open_studio
from tests.databases import copied, named
from tests.people_of import _correct_horse
from tests.web.browser import Browser, browser, chromium
from tests.web.here import serving_here

__all__ = ["browser", "chromium"]

# Home without what looks after the whole server, whose doors are not open here.
HOME = [replace(page, startup=None) for page in home.PAGES if page.path == "/"]


@dataclass
class Screens:
    """What is served, and whoever looks at it. The browser works in a thread; `run` is how it asks the studio."""

    studio: Studio
    url: str
    sessions: dict[str, str]
    loop: asyncio.AbstractEventLoop
    browser: Browser

    def run(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self.loop).result(60)

    def sign_in(self, name: str) -> None:
        self.browser.cookie(self.url, COOKIE, self.sessions[name])

    def open(self, path: str, *, lang: str = "ko", theme: str = "light") -> Browser:
        self.browser.open(self.url + path, lang=lang, theme=theme)
        return self.browser

    def keep(self, name: str) -> None:
        if folder := os.environ.get("DURE_PICTURES"):
            self.browser.picture(Path(folder) / f"campaigns-{name}.png")


Look = Callable[[Callable[[Screens], None]], Awaitable[None]]


@dataclass
class Served:
    studio: Studio
    url: str
    sessions: dict[str, str]


@pytest.fixture(scope="module")
async def served(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[Served]:
    with copied(postgres_url, template) as url:
        state, log = State(url, connections=8), Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        await state.open()
        studio = await open_studio(state, log)
        governance = studio.cast.governance
        async with state.begin(studio.cast.tenant) as tx:
            await governance_store.set_password(tx, studio.cast.users["mina"].id, _correct_horse())
        sessions = {
            who: await governance.sign_in(f"{who}@sorimaru.example", "correct horse") for who in ("mina", "joon")
        }  # fmt: skip
        async with serving_here(app_of(studio)) as address:
            yield Served(studio, address, sessions)
        await state.close()
        log.drop()
        log.close()


@pytest.fixture
async def look(served: Served, browser: Browser) -> Look:
    """Lets a function look at the screens, in a thread, as joon; at the end the console holds no complaint."""

    async def looked(see: Callable[[Screens], None]) -> None:
        here = Screens(served.studio, served.url, served.sessions, asyncio.get_running_loop(), browser)

        def work() -> None:
            browser.size(1360, 860)
            here.sign_in("joon")
            see(here)
            # What is refused on purpose is told by the browser as well.
            told = [line for line in browser.complaints() if "422" not in line]
            assert [line for line in told if "live" not in line] == []

        await asyncio.to_thread(work)

    return looked


def app_of(studio: Studio) -> FastAPI:
    app, campaigns, governance = FastAPI(), studio.campaigns, studio.cast.governance
    app.state.governance = governance
    front.install(app)
    safety = campaigns.safety
    for router in (
        approval_routes.router(safety.approvals, safety.listing), gate_routes.router(safety.gate),
        trial_routes.router(safety.trials), campaign_routes.router(campaigns), segment_routes.router(studio.segments),
        people_routes.router(studio.people), governance_routes.router(governance),
        metric_routes.router(Metrics(studio.state, studio.log, studio.clock, governance)),
    ):  # fmt: skip
        include(app, router)

    async def heard(principal: object, topic: str) -> bool:
        return True

    screens.install(
        app, Assets(gather(Path(dure.__file__).parent)), in_order([*PAGES, *HOME]), governance, Hub(), heard
    )
    return app
