"""One house for each file: Sorimaru with links and advocacy, its log kept up by hand, and visitors at the door."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

import dure
from dure.feed.api import Event, Lane, append_lines, encode, tail
from dure.governance.http import COOKIE
from dure.kernel.clock import StillClock
from dure.kernel.ids import uuid7
from dure.log.api import Log, LogWriter
from dure.social.advocacy.advocates import Advocates
from dure.social.advocacy.api import Advocacy
from dure.social.advocacy.leaving import Leaving
from dure.social.advocacy.report import Report
from dure.social.advocacy.sharing import Sharing
from dure.social.api import Social
from dure.social.links.api import Links
from dure.social.links.door import PATH, LinkDoor
from dure.social.sources.api import Sources
from dure.state import State
from dure.web.assets import Assets, gather
from tests.databases import copied, named
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.social.advocacy.wall import Wall

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"


@dataclass
class Home:
    state: State
    log: Log
    clock: StillClock
    cast: Cast
    links: Links
    writer: LogWriter
    visitor: httpx.AsyncClient
    wall: Wall
    social: Social
    sources: Sources
    people: Leaving
    advocacy: Advocacy
    advocates: Advocates
    sharing: Sharing
    report: Report

    async def settle(self) -> None:
        """Brings the log up to the feed."""
        while await self.writer.step():
            pass

    async def told(self, *names: str) -> list[Event]:
        """Events of these names, in order."""
        return [event for event in await self.all_told() if event.event in names]

    async def all_told(self) -> list[Event]:
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, tuple(Lane), limit=100_000)
        return [event for batch in batches for event in batch.events()]

    async def visit(self, code: str, agent: str = SAFARI, method: str = "GET", **headers: str) -> httpx.Response:
        return await self.visitor.request(method, f"/l/{code}", headers={"user-agent": agent, **headers})

    async def session(self) -> dict[str, str]:
        """joon's browser, signed in."""
        link = await self.cast.governance.sign_in_link(self.cast.mina, self.cast.joon.user)
        secret = await self.cast.governance.follow_link(link)
        return {"cookie": f"{COOKIE}={secret}"}

    async def seen_on_page(self, code: str, who: Any, *, then: str = "", **more: Any) -> None:
        """A visit of the target's page as the site's own events tell it, and what the visitor did after."""
        now = self.clock.now()
        for name, properties in (("Page Viewed", {"utm_link": code, **more}), (then, {})):
            if name:
                event = Event(
                    org=self.cast.tenant.org, workspace=self.cast.tenant.workspace, event=name, time=now,
                    received_at=now, message_id=str(uuid7()), source="web", person=who, properties=properties,
                )  # fmt: skip
                async with self.state.begin(self.cast.tenant) as tx:
                    await append_lines(tx, self.cast.tenant, 1, encode(event), os.urandom(8))


@pytest.fixture(scope="module")
async def home(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[Home]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=8)
        await state.open()
        log = Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        clock = StillClock(MONDAY_NOON)
        cast = await found_sori(state, clock)
        links = Links(state, log, clock, "https://dure.example")
        app = Starlette(routes=[
            Route(PATH, LinkDoor(links, cast.governance, Assets(gather(Path(dure.__file__).parent))))
        ])  # fmt: skip
        storing = asyncio.create_task(links.run())
        transport = httpx.ASGITransport(app, client=("203.0.113.7", 5000))
        async with httpx.AsyncClient(transport=transport, base_url="https://dure.example") as visitor:
            wall, social = Wall(), Social(state, clock)
            sources = Sources(state, clock, cast.governance, social, [wall], b"a key of this installation alone")
            advocates = Advocates(state, clock, cast.governance, sources)
            yield Home(
                state, log, clock, cast, links, LogWriter(state, log, clock), visitor, wall, social, sources,
                Leaving(state, clock, cast.governance, links), Advocacy(state, clock, cast.governance, links),
                advocates, Sharing(state, clock, cast.governance, links, advocates, sources.saying),
                Report(state, clock, cast.governance, links),
            )  # fmt: skip
        storing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await storing
        await state.close()
        log.drop()
        log.close()
