"""The screens of routing and ideas on a real server, beside people and deals: Sorimaru with some mentions, mina signed
in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from fastapi import FastAPI

import dure
from dure import screens
from dure.deals import lookups
from dure.deals import routes as deal_routes
from dure.deals.api import Deals
from dure.feed.api import Bell
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.people import routes as people_routes
from dure.people.api import Known, People
from dure.segments import routes as segment_routes
from dure.segments.api import Segments
from dure.social import routes as social_routes
from dure.social.api import NewMention, Social
from dure.social.becoming import routes as becoming_routes
from dure.social.becoming.api import Becoming
from dure.social.ideas import routes as idea_routes
from dure.social.ideas.api import Ideas
from dure.social.linking import routes as linking_routes
from dure.social.linking.api import Linking
from dure.social.page import PAGES
from dure.social.routing import routes as routing_routes
from dure.social.routing.api import Routing
from dure.social.routing.model import Settings
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.web.browser import serving

_SAID = """\
앱이 켜자마자 튕겨요 오류 때문에 아무것도 못 하겠어요
가사 보기는 언제 나오나요? 방송 화면에서 바로 보고 싶어요
음 이거 뭔가 이상한데 다들 어떻게 생각하세요 흠흠
결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요
요즘 소리마루 듣는 맛에 산다 진행자 목소리 최고예요
오디오 광고 집행 단가가 궁금합니다. 마케팅 담당입니다
기자입니다. 투자 관련 취재 인터뷰 요청드립니다
개발자 채용 공고 떴던데 면접 후기 있나요
그냥 오늘 있었던 일인데 나중에 다시 생각해 볼게요
Sorimaru crashes on launch since the update, useless
hmm not sure what I just listened to tonight, somebody explain
무료로 풀린 회차가 어느 쪽인지 헷갈리네요 ㅎㅎ
멤버십 해지했는데 환불이 열흘째 안 들어와요
어제 들은 그 노래 뭐였더라 아시는 분
구독료가 이번 달에 두 번 청구됐는데 카드 취소가 안 돼요""".splitlines()


@dataclass
class Desk:
    database: str
    log: str
    session: str = ""
    mention: str = ""
    idea: str = ""
    segment: str = ""

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            yield url

    def _app(self) -> FastAPI:
        state, clock, hub = State(self.database, connections=8), SystemClock(), Hub()
        log = Log(self.log, database="routing_screens")
        governance, people = Governance(state, clock), People(state, log, clock)
        deals, social = Deals(state, clock, governance), Social(state, clock)
        routing = Routing(state, clock, social.shelf)
        linking = social.linker = Linking(state, clock, people, lookups.open_deals)
        ideas = Ideas(state, clock, people, lookups.open_deals)
        segments = Segments(state, log, clock, governance, people=people)
        bell = Bell(state)

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            log.open()
            await state.open()
            cast = await found_sori(state, clock)
            async with state.begin(cast.tenant) as tx:
                self.session = await governance.sessions.begin_in(tx, cast.tenant, cast.users["mina"].id)
            await self._fill(cast, clock, people, deals, social, routing, ideas)
            listed = await segments.create(cast.mina, {"ko": "인터뷰할 사람", "en": "To interview"}, {"kind": "listed"})
            self.segment = listed.id
            following = asyncio.create_task(cast_live())
            yield
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await state.close()
            log.drop()
            log.close()

        async def cast_live() -> None:
            await asyncio.gather(bell.run(), screens.broadcasting(state, bell, hub)())

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        for router in (
            governance_routes.router(governance), routing_routes.router(routing), linking_routes.router(linking),
            becoming_routes.router(Becoming(state, clock)), idea_routes.router(ideas), social_routes.router(social),
            people_routes.router(people), deal_routes.router(deals),
            segment_routes.router(segments),
        ):  # fmt: skip
            include(app, router)

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)
        return app

    async def _fill(
        self, cast: Cast, clock: SystemClock, people: People, deals: Deals, social: Social, routing: Routing,
        ideas: Ideas,
    ) -> None:  # fmt: skip
        now = clock.now()
        account = await deals.create_account(
            cast.mina, "한빛커피", domain="hanbit.example", owner=cast.users["joon"].id
        )
        await deals.create(cast.mina, "가을 캠페인", account.id, 120_000_000, date(2027, 1, 20))
        traits = {"name": "윤한결", "plan": "plus", "x_handle": "hangyeol"}
        await people.bulk_people(cast.tenant, [Known("u-1", traits, now, account=account.id)])
        await routing.set_settings(cast.mina, Settings(audit=1))
        said = [
            NewMention(network=("app_store", "x", "community")[n % 3], id=f"s-{n}", text=text, author=f"청취자{n}",
                       handle="hangyeol" if n == 1 else f"h{n}", reach=n * 731,
                       posted_at=now - timedelta(minutes=9 * n))
            for n, text in enumerate(_SAID)
        ]  # fmt: skip
        found = await social.arrive(cast.mina, said)
        texts = {(await social.one(cast.mina, one)).text: one for one in found.ids}
        self.mention = str(texts[_SAID[1]])
        for text, verdict, function in (
            (_SAID[0], "accepted", ""), (_SAID[3], "accepted", ""), (_SAID[12], "moved", "product"),
            (_SAID[4], "moved", "marketing"), (_SAID[5], "accepted", ""), (_SAID[6], "accepted", ""),
            (_SAID[7], "accepted", ""), (_SAID[9], "accepted", ""),
        ):  # fmt: skip
            await routing.decide(cast.mina, texts[text], verdict, function=function)
        await routing.learn_now(cast.mina)
        states = ("open", "open", "planned", "building", "shipped", "declined")
        titles = ("방송 화면에서 가사 바로 보기", "어두운 화면", "속도 조절 재생", "예약 녹음", "잠들기 타이머",
                  "광고 없는 요금제를 가족과 함께 쓰기")  # fmt: skip
        for title, at in zip(titles, states, strict=True):
            made = await ideas.create(cast.mina, title)
            await ideas.ask(cast.joon, made.id, source="care", said=f"{title} 되냐는 전화")
            if at != "open":
                await ideas.change(cast.mina, made.id, state=at)
            if title == titles[0]:
                self.idea = str(made.id)
                await ideas.ask(cast.joon, made.id, source="sales", said="꼭 있었으면 한대요", account=account.id)
                await ideas.ask(cast.joon, made.id, source="mention", ref=self.mention)
                await ideas.vote(cast.joon, made.id)
        await ideas.create(cast.mina, "화면에서 가사 보기")
