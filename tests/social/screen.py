"""The Social screen on a real server: Sorimaru with a quarter of the demo's mentions, mina signed in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI

import dure
from dure import screens
from dure.deals import lookups
from dure.demo.mentions import mentions
from dure.demo.world import Sizes, build
from dure.feed.api import Bell
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.people.api import People
from dure.social.api import NewMention, Social
from dure.social.becoming import routes as becoming_routes
from dure.social.becoming.api import Becoming
from dure.social.care import store as care
from dure.social.linking import routes as linking_routes
from dure.social.linking.api import Linking
from dure.social.listening.api import Listening, NewQuery
from dure.social.page import PAGES
from dure.social.reading import routes as reading_routes
from dure.social.routes import router
from dure.social.routing import routes as routing_routes
from dure.social.routing.api import Routing
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import found_sori
from tests.web.browser import serving

OURS = "결제 오류를 고쳤습니다. 불편을 드려 죄송합니다"


@dataclass
class Desk:
    """A running Social with what a test needs to reach into it for."""

    database: str
    posts: int
    token: str = ""
    session: str = ""
    spikes: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state = State(self.database, connections=8)
        clock, hub = SystemClock(), Hub()
        governance, social = Governance(state, clock), Social(state, clock)

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await state.open()
            cast = await found_sori(state, clock)
            self.token = cast.token
            async with state.begin(cast.tenant) as tx:
                self.session = await governance.sessions.begin_in(tx, cast.tenant, cast.users["mina"].id)
            theme = NewQuery("결제 문제", "결제 OR 카드", kind="theme", family="돈")
            await Listening(state, Log("chdb:///nowhere"), clock).save(cast.mina, theme, history=False)
            async with state.begin(cast.tenant) as tx:
                await care.set_settings(tx, cast.tenant.workspace, ["x:sorimaru"], "waiting")
            found = await social.bulk_load(cast.mina, self._past(clock))
            self.spikes = [str(one) for one in found.spikes]
            following = asyncio.gather(cast_live(), learning(social))
            yield
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await state.close()

        bell = Bell(state)

        async def cast_live() -> None:
            await asyncio.gather(bell.run(), screens.broadcasting(state, bell, hub)())

        async def learning(social: Social) -> None:
            while True:
                await social.readers.tick()
                await asyncio.sleep(0.3)

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        include(app, governance_routes.router(governance))
        # Nobody is known among the customers here: the log is not asked.
        linking = Linking(state, clock, People(state, Log("chdb:///nowhere"), clock), lookups.open_deals)
        for more in (
            routing_routes.router(Routing(state, clock, social.shelf)), linking_routes.router(linking),
            becoming_routes.router(Becoming(state, clock)), router(social),
            reading_routes.router(social),
        ):  # fmt: skip
            include(app, more)

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)

        return app

    def _past(self, clock: SystemClock) -> list[NewMention]:
        if not self.posts:
            return []
        world = build(7, clock.now(), Sizes(listeners=200, visitors=20, mentions=self.posts))
        ours = NewMention(network="x", id="ours", text=OURS, handle="sorimaru", posted_at=clock.now())
        return [
            ours, *(
                NewMention(network=one.network, id=one.id, text=one.text, author=one.author, handle=one.handle,
                           url=one.url, reach=one.reach, posted_at=one.time)
                for one in mentions(world)
            ),
        ]  # fmt: skip
