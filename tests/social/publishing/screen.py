"""The screens of publishing on a real server: Sorimaru with posts in every state, mina signed in, joon beside her."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

import dure
from dure import screens
from dure.feed.api import Bell
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.social.api import NewMention, Social
from dure.social.links.api import Links
from dure.social.page import PAGES
from dure.social.plugs import Limits, Refused, Unknown
from dure.social.publishing import routes
from dure.social.publishing.api import Content, Publishing, Wording
from dure.social.publishing.tracking import Tracking
from dure.social.sources.api import Sources
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.social.publishing.conftest import SITE, wall
from tests.web.browser import serving

TEXTS = [
    ("가을 라이브 주간 안내",
     "이번 주 금요일 저녁 8시, 소리마루 라이브 주간이 시작됩니다 🎧\n\n"
     "예매 https://sorimaru.example/live #소리마루 #라이브"),
    ("진행자 인터뷰", "@nari@toot.example 님과 나눈 이야기를 올렸어요. https://sorimaru.example/interview"),
    ("점검 안내", "화요일 새벽 2시부터 4시까지 점검이 있습니다."),
    ("New: lyrics while you listen", "Lyrics now scroll with the song 🎶 https://sorimaru.example/lyrics?utm_source=blog"),
    ("채용 소식", "함께 소리를 만들 동료를 찾습니다. #채용"),
    ("청취자 이벤트", "사연을 보내 주신 분 가운데 열 분께 선물을 드려요."),
]  # fmt: skip


@dataclass
class Desk:
    database: str
    log: str
    session: str = ""
    other: str = ""
    posts: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state, clock, hub = State(self.database, connections=8), SystemClock(), Hub()
        log = Log(self.log, database="publishing_screens")
        governance, social, bell = Governance(state, clock), Social(state, clock), Bell(state)
        mastodon = wall("mastodon", Limits(500, graphemes=True, link=23, handles=True))
        bluesky = wall("bluesky", Limits(300, graphemes=True, size=3_000))
        reddit = wall("reddit", Limits(40_000, title=300, titled=True))
        sources = Sources(state, clock, governance, social, [mastodon, bluesky, reddit], b"a key")
        publishing = Publishing(
            state, clock, governance, sources.connectors, sources.saying, Tracking(Links(state, log, clock, SITE))
        )

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await state.open()
            await asyncio.to_thread(log.open)
            cast = await found_sori(state, clock)
            async with state.begin(cast.tenant) as tx:
                self.session = await governance.sessions.begin_in(tx, cast.tenant, cast.users["mina"].id)
                self.other = await governance.sessions.begin_in(tx, cast.tenant, cast.users["joon"].id)
            bluesky.answers = [Unknown("timed out after 20 s")]
            await self._fill(cast, social, sources, publishing, clock.now())
            reddit.answers = [Refused("settings", "Reddit's terms have to be agreed to first.")]
            live = asyncio.gather(bell.run(), screens.broadcasting(state, bell, hub)(), publishing.posting.work())
            yield
            live.cancel()
            await asyncio.gather(live, return_exceptions=True)
            await state.close()
            log.close()

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        include(app, governance_routes.router(governance))
        include(app, routes.router(publishing))

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)
        return app

    async def _fill(self, cast: Cast, social: Social, sources: Sources, publishing: Publishing, now: datetime) -> None:
        places = [
            (await sources.connect(cast.mina, kind, name, {}, {})).source.id
            for kind, name in (("mastodon", "Mastodon"), ("bluesky", "Bluesky"), ("reddit", "Reddit"))
        ]
        plans = []
        for number, (title, text) in enumerate(TEXTS):
            content = Content(title, text, "en" if title.isascii() else "ko", "autumn-live",
                              tuple(Wording(one) for one in places[: 3 if number == 4 else 2]))  # fmt: skip
            due = now + timedelta(days=number % 4, hours=1 + number)
            plans.append(await publishing.draft(cast.joon, content, due_at=None if number == 5 else due))
        self.posts = [str(one.id) for one in plans]
        for plan in plans[:4]:
            await publishing.reviews.submit(cast.joon, plan.id, "금요일 전에 봐 주세요")
        for plan in (plans[0], plans[2], plans[3]):
            whole = await publishing.one(cast.mina, plan.id)
            await publishing.reviews.decide(cast.mina, plan.id, whole.hash, True)
        await publishing.calendar.schedule(cast.joon, plans[2].id, now + timedelta(minutes=10))
        await publishing.posting.step(now + timedelta(minutes=11))
        said = (await publishing.one(cast.mina, plans[2].id)).plan.variants[0].reference
        await social.arrive(
            cast.mina, [NewMention(network="mastodon", id="r1", text="몇 시까지인가요?", parent=said, thread=said,
                                   author="나리", posted_at=now)]
        )  # fmt: skip
        await publishing.comment(cast.mina, plans[0].id, "예매 링크가 맞는지 봐 주세요")
