"""Response times on a real server: customers of Sorimaru wrote, some were answered, mina is signed in."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from fastapi import FastAPI

import dure
from dure import screens
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.governance.hours import routes as hours_routes
from dure.governance.page import PAGES as GOVERNANCE_PAGES
from dure.kernel.clock import ShiftedClock
from dure.social.api import Bearer, NewMention, Social
from dure.social.care import routes as care_routes
from dure.social.care.api import Care
from dure.social.clocks import routes as clock_routes
from dure.social.clocks.api import ResponseClocks
from dure.social.clocks.surveys.door import door
from dure.social.page import PAGES
from dure.social.sources.api import Sources
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.social.care.conftest import Square
from tests.social.clocks.conftest import URGENT, USUAL, Letters, timing
from tests.web.browser import serving

# The customer, what they wrote, hours ago, hours until the answer (None for none yet)
_SAID = (
    ("김하나", "결제가 두 번 됐어요", 30.0, 0.5), ("이두리", "앱이 자꾸 꺼져요", 28.0, 2.0),
    ("박세진", "환불은 언제 되나요", 27.0, 6.5), ("Dana Lee", "Cannot sign in since the update", 26.0, 20.0),
    ("민들레", "별 하나도 아깝네요", 5.0, None), ("윤한결", "청구서가 이상합니다", 3.4, None),
    ("Sam Park", "Where is my invoice?", 0.5, None),
)  # fmt: skip


@dataclass
class Front:
    database: str
    session: str = ""
    survey: str = ""
    ids: dict[str, UUID] = field(default_factory=dict)

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state, clock, square = State(self.database, connections=8), ShiftedClock(), Square()
        governance, social = Governance(state, clock), Social(state, clock)
        sources = Sources(state, clock, governance, social, [square], b"a key" * 8)
        care = Care(state, clock, governance, social, sources)
        clocks = timing(state, clock, governance, sources, care, Letters())

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await state.open()
            cast = await found_sori(state, clock)
            async with state.begin(cast.tenant) as tx:
                self.session = await governance.sessions.begin_in(tx, cast.tenant, cast.users["mina"].id)
            await self._past(cast, clock, social, sources, care, clocks, square)
            yield
            await state.close()

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        assets = Assets(gather(Path(dure.__file__).parent))
        for router in (
            governance_routes.router(governance), hours_routes.router(governance.hours), care_routes.router(care),
            clock_routes.router(clocks), door(clocks.surveys, assets),
        ):  # fmt: skip
            include(app, router)

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, assets, [*PAGES, *GOVERNANCE_PAGES], governance, Hub(), heard)
        return app

    async def _past(
        self, cast: Cast, clock: ShiftedClock, social: Social, sources: Sources, care: Care, clocks: ResponseClocks,
        square: Square,
    ) -> None:  # fmt: skip
        mina = cast.mina
        await clocks.set_setting(mina, {"policies": [URGENT, USUAL], "silent": None, "survey": "ask"}, 0)
        source = (await sources.connect(mina, "square", "광장", {"handle": "@sorimaru"}, {})).source.id
        for number, (author, text, ago, answered) in enumerate(_SAID):
            clock.offset = timedelta(hours=-ago)
            post = NewMention(network="square", id=f"p-{number}", text=text, author=author, handle=f"h{number}",
                              direct=True, posted_at=clock.now())  # fmt: skip
            found = await social.arrive(mina, [post], bearer=Bearer(source))
            while await care.follower.step():
                pass
            talk = await care.of_mention(mina, found.ids[0])
            assert talk is not None
            self.ids[author] = talk.id
            if answered is not None:
                clock.offset = timedelta(hours=answered - ago)
                who = cast.joon if number % 2 else mina
                seen = talk.said_seq
                await care.answering.reply(who, talk.id, "확인했습니다", "a", seen=seen, then="resolved")
        clock.offset = timedelta()
        await care.set_state(mina, self.ids["민들레"], "snoozed", until=clock.now() + timedelta(hours=20))
        [first, *_] = await clocks.surveys.waiting(mina)
        await clocks.surveys.send(mina, first.survey.id, "reply")
        self.survey = square.said[-1][1].rpartition(": ")[2]
