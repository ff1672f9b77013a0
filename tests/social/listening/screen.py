"""The listening board on a real server: some of the demo's mentions on the shelf, queries saved, mina signed in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from fastapi import FastAPI

import dure
from dure import screens
from dure.demo.mentions import mentions
from dure.demo.world import Sizes, build
from dure.feed.api import NOBODY, Bell, Event, encode
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.log.api import Log, LogWriter
from dure.metrics import routes as metric_routes
from dure.metrics.api import Metrics
from dure.social import routes as social_routes
from dure.social.api import NewMention, Social
from dure.social.effect import routes as effect_routes
from dure.social.effect.api import Effect
from dure.social.listening import routes as listening_routes
from dure.social.listening.api import Listening, NewQuery
from dure.social.listening.shelf import Shelf
from dure.social.page import PAGES
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.web.browser import serving

QUERIES = (
    NewQuery("소리마루", "소리마루 OR sorimaru", role="own", watch=True),
    NewQuery("파도라디오", '파도라디오 OR "pado radio"', role="rival"),
    NewQuery("결제 문제", "(결제 OR 카드 OR payment) 감정:부정", kind="theme", family="고객 불만", watch=True),
    NewQuery("끊김", "버퍼링 OR 끊김 OR 끊겨 OR buffering", kind="theme", family="고객 불만"),
    NewQuery("방송 칭찬", "방송 NEAR/6 (좋 OR 최고 OR 레전드)", kind="theme", family="칭찬"),
)

_DEALS = (("한빛커피 연간 제휴", "Deal Won"), ("달빛은행 브랜드 채널", ""), ("푸른여행 캠페인", "Deal Lost"))


@dataclass
class Desk:
    """A running board with what a test needs to sign in."""

    database: str
    log: Log
    posts: int = 1500
    session: str = ""

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state, log = State(self.database, connections=10), self.log
        clock, hub, bell = SystemClock(), Hub(), Bell(state)
        governance, social = Governance(state, clock), Social(state, clock)
        listening, shelf = Listening(state, log, clock), Shelf(state, log)
        metrics = Metrics(state, log, clock, governance)

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await state.open()
            cast = await found_sori(state, clock)
            async with state.begin(cast.tenant) as tx:
                self.session = await governance.sessions.begin_in(tx, cast.tenant, cast.users["mina"].id)
            await metrics.start(cast.mina)
            given = self._past(clock)
            late = clock.now() - timedelta(hours=2)
            await social.bulk_load(cast.mina, [one for one in given if one.posted_at and one.posted_at < late])
            for query in QUERIES:
                await listening.save(cast.mina, query)
            writer = LogWriter(state, log)
            for step in (shelf.step, listening.tick, writer.step):
                while await step():
                    pass
            await social.arrive(cast.mina, [one for one in given if one.posted_at and one.posted_at >= late])
            await log.insert("people", b"\n".join(map(encode, _touched(cast, clock))))
            following = asyncio.create_task(follow())
            yield
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await state.close()

        async def follow() -> None:
            await asyncio.gather(
                bell.run(), screens.broadcasting(state, bell, hub)(), shelf.run(bell), _every(listening.tick)
            )

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        for router in (
            governance_routes.router(governance), social_routes.router(social), listening_routes.router(listening),
            effect_routes.router(Effect(state, log, clock, metrics, listening)), metric_routes.router(metrics),
        ):  # fmt: skip
            include(app, router)

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)
        return app

    def _past(self, clock: SystemClock) -> list[NewMention]:
        world = build(7, clock.now(), Sizes(listeners=200, visitors=20, mentions=self.posts))
        given = [
            NewMention(network=one.network, id=one.id, text=one.text, author=one.author, handle=one.handle,
                       url=one.url, reach=one.reach, posted_at=one.time)
            for one in mentions(world)
        ]  # fmt: skip
        rivals = [
            NewMention(network=("x", "community")[n % 2], id=f"r{n}", text=f"파도라디오 {n % 7}번 채널 괜찮네",
                       author=f"듣는이{n}", handle=f"wave{n}", reach=n * 3 % 900,
                       posted_at=clock.now() - timedelta(hours=3 + 5 * n))
            for n in range(180)
        ]  # fmt: skip
        return [*given, *rivals]


def _touched(cast: Cast, clock: SystemClock) -> list[Event]:
    """Some who came by a social link, some of whom signed up; a deal whose account was heard of; routing."""
    now, events = clock.now(), []

    def add(event: str, days: float, who: str = "", source: str = "web", object_: str = "", account: str = "",
            **properties: object) -> None:  # fmt: skip
        at = now - timedelta(days=days)
        events.append(Event(
            org=cast.tenant.org, workspace=cast.tenant.workspace, event=event, time=at, received_at=at,
            message_id=f"t{len(events)}", source=source, person=uuid5(NAMESPACE_URL, who) if who else NOBODY,
            object=object_, object_type="deal" if source == "deals" else "mention" if object_ else "",
            account=account, properties=properties,
        ))  # fmt: skip

    for n in range(240):
        day = 1 + n % 60
        network = ("instagram", "x", "youtube")[n % 3]
        add("Page Viewed", day + 0.5, f"p{n}", utm_source=network, utm_medium="social")
        if n % 3 == 0:
            add("Signed Up", day, f"p{n}")
    for n in range(600):
        add("Signed Up", n % 60 + 0.25, f"q{n}")
    for n, (name, ended) in enumerate(_DEALS):
        worth = {"name": name, "amount": 30_000_000 * (n + 1), "currency": "KRW"}
        add("Deal Created", 40 + n, "", "deals", f"006{n}", f"acc{n}", **worth)
        for m in range(3 - n):
            add("Mention Linked", 20 + m, "", "social", f"m{n}{m}", f"acc{n}", sentiment=m - 1)
        if ended:
            add(ended, 3, "", "deals", f"006{n}", f"acc{n}", **worth)
    return events


async def _every(tick: object) -> None:
    while True:
        await tick()  # type: ignore[operator]
        await asyncio.sleep(0.3)
