"""Advocacy's screens on a real server: Sorimaru with stories in every state, shares and clicks; joon signed in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import Route

import dure
from dure import screens
from dure.feed.api import Bell
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal, Role
from dure.kernel.clock import SystemClock
from dure.log.api import Log, LogWriter
from dure.social.advocacy import routes as advocacy_routes
from dure.social.advocacy.advocates import Advocates
from dure.social.advocacy.api import Advocacy
from dure.social.advocacy.model import Advocate, Content, Text
from dure.social.advocacy.report import Report
from dure.social.advocacy.sharing import Sharing
from dure.social.api import Social
from dure.social.links import routes as link_routes
from dure.social.links.api import Links, NewLink
from dure.social.links.door import PATH, LinkDoor
from dure.social.page import PAGES
from dure.social.sources.api import Sources
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.social.advocacy.wall import Wall
from tests.web.browser import serving

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
_STORIES = (
    ("여름밤 라디오가 열립니다", "우리 팀이 석 달 동안 만든 방송입니다. 만든 이야기를 곁들이면 더 좋습니다.", (),
     "석 달 동안 만든 여름밤 라디오가 오늘 열렸습니다. 잠 안 오는 밤에 들어 보세요.",
     "The summer-night radio we spent three months on is live today. For nights you cannot sleep."),
    ("We are hiring: two backend engineers for the live audio team, remote within Korea", "", (),
     "라이브 오디오 팀에서 함께할 백엔드 개발자를 찾습니다.",
     "We are looking for two backend engineers for the live audio team."),
    ("접근성 자막, 모든 방송으로 넓어졌습니다", "청각 장애 청취자와 함께 1년간 다듬었습니다.", ("marketing", "product"),
     "이제 모든 방송에 자막이 있습니다. 1년 동안 청취자와 함께 다듬었습니다.", "Every show now has captions."),
)  # fmt: skip


@dataclass
class Stage:
    database: str
    log: str
    sessions: dict[str, str] = field(default_factory=dict)
    stories: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state, clock, hub = State(self.database, connections=8), SystemClock(), Hub()
        log = Log(self.log, database="advocacy_screens")
        governance, writer = Governance(state, clock), LogWriter(state, log, clock)
        links = Links(state, log, clock, "https://dure.example")
        sources = Sources(state, clock, governance, Social(state, clock), [Wall()], b"a key of this installation")
        advocacy = Advocacy(state, clock, governance, links)
        advocates = Advocates(state, clock, governance, sources)
        sharing = Sharing(state, clock, governance, links, advocates, sources.saying)
        bell, assets = Bell(state), Assets(gather(Path(dure.__file__).parent))

        async def ticking() -> None:
            while True:
                await advocacy.tick()
                await asyncio.sleep(0.2)

        @contextlib.asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            log.open()
            await state.open()
            loops = [asyncio.create_task(one) for one in (
                bell.run(), screens.broadcasting(state, bell, hub)(), links.run(), writer.run(bell), ticking(),
            )]  # fmt: skip
            cast = await found_sori(state, clock)
            for name in ("mina", "joon"):
                async with state.begin(cast.tenant) as tx:
                    self.sessions[name] = await governance.sessions.begin_in(tx, cast.tenant, cast.users[name].id)
            await self._fill(app, cast, governance, links, advocacy, advocates, sharing, sources)
            yield
            for one in loops:
                one.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await state.close()
            log.drop()
            log.close()

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        for router in (
            governance_routes.router(governance), link_routes.router(links),
            advocacy_routes.router(advocacy, advocates, sharing, Report(state, clock, governance, links)),
        ):  # fmt: skip
            include(app, router)
        app.router.routes[:0] = [Route(PATH, LinkDoor(links, governance, assets))]

        async def heard(principal: Principal, topic: str) -> bool:
            return topic == "social"

        screens.install(app, assets, PAGES, governance, hub, heard)
        return app

    async def _fill(
        self, app: FastAPI, cast: Cast, governance: Governance, links: Links, advocacy: Advocacy,
        advocates: Advocates, sharing: Sharing, sources: Sources,
    ) -> None:  # fmt: skip
        now = SystemClock().now()
        rules = await advocacy.rules(cast.mina)
        await advocacy.set_rules(cast.mina, replace(rules, leaderboard=True, price=320, currency="KRW"))
        for number, (title, about, teams, ko, en) in enumerate(_STORIES):
            made = await advocacy.offer(cast.mina, Content(
                title, "https://sorimaru.example/news/" + str(number), about, [Text("ko", ko), Text("en", en)],
                ["linkedin", "x", "facebook", "bluesky", "mastodon", "instagram"], teams, "summer",
                ends_at=now + timedelta(days=12) if number == 0 else None,
            ))  # fmt: skip
            asked = await advocacy.submit(cast.mina, made.id, 1)
            await advocacy.decide(cast.joon, made.id, asked.version, True)
            await advocacy.tick()
            self.stories.append(str(made.id))
        draft = await advocacy.offer(cast.mina, Content("신제품 이어폰 예고", "https://sorimaru.example/ear", "", [
            Text("ko", "다음 달에 무엇이 나올까요?")], ["x"]))  # fmt: skip
        waiting = await advocacy.submit(cast.mina, draft.id, 1)
        self.stories.append(str(waiting.id))
        gone = await advocacy.offer(cast.joon, Content("미뤄진 행사 소식", "https://sorimaru.example/e", "", [], ["x"]))
        await advocacy.withdraw(cast.joon, gone.id, "행사가 미뤄졌습니다")
        own = await sources.connect(cast.mina, "wall", "joon@wall.example", {})
        await advocates.give(cast.mina, own.source.id, cast.users["joon"].id)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as visitor:
            for number, (name, function) in enumerate((("한소라", "sales"), ("Alexandra Müller", "product"))):
                user = await governance.create_user(cast.mina, f"u{number}@sorimaru.example", name, function=function)
                who: Any = Principal(cast.tenant, user.id, Role.MEMBER)
                await advocates.set(who, Advocate("", named=number == 0))
                stories = [one.story for one in await sharing.feed(who)]
                for network in ("linkedin", "x")[: number + 1]:
                    ready = await sharing.prepare(who, stories[-1].id, network)
                    await sharing.opened(who, ready.share.id, ready.texts["ko"], "composer")
                    await sharing.reached(who, ready.share.id, 340 + 120 * number)
                    for n in range(4 + 3 * number):
                        await visitor.get(ready.link.replace("https://dure.example", ""),
                                          headers={"user-agent": f"{SAFARI} {n % 3}"})  # fmt: skip
            brand = await links.create(cast.mina, NewLink("https://sorimaru.example/b", ("post", "p1"), "linkedin"))
            for n in range(6):
                await visitor.get(f"/l/{brand.code}", headers={"user-agent": f"{SAFARI} {n}"})
