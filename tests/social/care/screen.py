"""The inbox on a real server, beside people and deals: Sorimaru's customers wrote, mina and joon are signed in."""

from __future__ import annotations

import asyncio
import contextlib
import json
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI

import dure
from dure import screens
from dure.deals import lookups
from dure.deals import routes as deal_routes
from dure.deals.api import Deals
from dure.feed.api import Bell, Whispers
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal, Role
from dure.governance.http import COOKIE
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.people import routes as people_routes
from dure.people.api import Known, People
from dure.social import routes as social_routes
from dure.social.api import Bearer, NewMention, Social
from dure.social.becoming import routes as becoming_routes
from dure.social.becoming.api import Becoming
from dure.social.care import routes as care_routes
from dure.social.care import store as care_store
from dure.social.care.api import Care
from dure.social.clocks import routes as clock_routes
from dure.social.ideas import routes as idea_routes
from dure.social.ideas.api import Ideas
from dure.social.linking import routes as linking_routes
from dure.social.linking.api import Linking
from dure.social.page import PAGES
from dure.social.plugs import Refused, Unknown
from dure.social.sources.api import Sources
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import Cast, found_sori
from tests.social.care.conftest import Square
from tests.social.clocks.conftest import Letters, timing
from tests.web.browser import serving

# network, direct, author, handle, title, text, minutes ago
_SAID = (
    ("email", True, "윤한결", "hangyeol@hanbit.example", "10월 청구서에 같은 항목이 두 번",
     "안녕하세요, 10월 청구서에 오디오 광고 집행이 두 번 올라와 있습니다. 한 건은 취소해 주시고"
     " 세금계산서도 다시 보내 주세요.", 12),
    ("mastodon", True, "Dana Lee", "dana@social.example", "", "Sorimaru keeps crashing on launch since the update. I"
     " pay for Plus and cannot listen to anything on my commute.", 26),
    ("app_store", False, "초록우산", "greenumb", "", "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요."
     " 별 하나도 아깝습니다", 75),
    ("bluesky", True, "민들레", "mindeul.bsky.example", "", "멤버십 해지했는데 환불이 열흘째 안 들어와요", 190),
    ("discourse", True, "bora", "bora", "가족 요금제", "가족 요금제에서 한 명을 빼려면 어디서 하나요?", 320),
    ("email", True, "Alexandria Featherstonehaugh", "alex@longname.example", "Request for an invoice copy addressed to"
     " a different legal entity", "Could you reissue invoice 2026-1187 to our holding company?", 1500),
)  # fmt: skip


@dataclass
class Counter:
    """A served inbox, and how the test acts beside the browser."""

    database: str
    log: str
    sessions: dict[str, str] = field(default_factory=dict)
    talks: list[str] = field(default_factory=list)
    square: Square = field(default_factory=Square)
    url: str = ""

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        with serving(self._app()) as url:
            self.url = url
            yield url

    def call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """A call of the API by somebody else's browser."""
        asked = urllib.request.Request(
            f"{self.url}/api/v1{path}", json.dumps(body).encode() if body is not None else None, method=method,
            headers={"content-type": "application/json", "x-dure-client": "web",
                     "cookie": f"{COOKIE}={self.sessions[who]}"},
        )  # fmt: skip
        with urllib.request.urlopen(asked) as answer:
            return json.loads(answer.read() or "{}")

    def _app(self) -> FastAPI:
        state, clock, hub = State(self.database, connections=10), SystemClock(), Hub()
        log = Log(self.log, database="care_screens")
        governance, people = Governance(state, clock), People(state, log, clock)
        deals, social = Deals(state, clock, governance), Social(state, clock)
        sources = Sources(state, clock, governance, social, [self.square], b"a key" * 8)
        linking = social.linker = Linking(state, clock, people, lookups.open_deals)
        ideas = Ideas(state, clock, people, lookups.open_deals)
        care = Care(state, clock, governance, social, sources)
        clocks = timing(state, clock, governance, sources, care, Letters())
        bell = Bell(state)

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            log.open()
            await state.open()
            cast = await found_sori(state, clock)
            async with state.begin(cast.tenant) as tx:
                for name in ("mina", "joon"):
                    self.sessions[name] = await governance.sessions.begin_in(tx, cast.tenant, cast.users[name].id)
            await self._fill(state, cast, clock, people, deals, social, sources, care)
            loops = asyncio.gather(
                bell.run(), screens.broadcasting(state, bell, hub)(), care.follower.run(bell),
                Whispers(state, hub.whisper).run(),
            )  # fmt: skip
            yield
            loops.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await loops
            await state.close()
            log.drop()
            log.close()

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        for router in (
            governance_routes.router(governance), care_routes.router(care),
            clock_routes.router(clocks), linking_routes.router(linking),
            becoming_routes.router(Becoming(state, clock)), idea_routes.router(ideas), social_routes.router(social),
            people_routes.router(people), deal_routes.router(deals),
        ):  # fmt: skip
            include(app, router)

        async def heard(principal: Principal, topic: str) -> bool:
            return False

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)
        return app

    async def _fill(
        self, state: State, cast: Cast, clock: SystemClock, people: People, deals: Deals, social: Social,
        sources: Sources, care: Care,
    ) -> None:  # fmt: skip
        now, mina, joon = clock.now(), cast.mina, cast.joon
        account = await deals.create_account(mina, "한빛커피", domain="hanbit.example", owner=cast.users["joon"].id)
        await deals.create(mina, "가을 캠페인", account.id, 120_000_000, date(2027, 1, 20))
        traits = {"name": "윤한결", "email": "hangyeol@hanbit.example"}
        await people.bulk_people(cast.tenant, [Known("u-1", traits, now, account=account.id)])
        source = (await sources.connect(mina, "square", "광장", {"handle": "sorimaru"}, {})).source.id
        said = [
            NewMention(network=network, id=f"s-{n}", text=text, author=author, handle=handle, title=title,
                       direct=direct, email=handle if network == "email" else "",
                       posted_at=now - timedelta(minutes=ago))
            for n, (network, direct, author, handle, title, text, ago) in enumerate(_SAID)
        ]  # fmt: skip
        loose = NewMention(network="x", id="loose", text="소리마루 상담이 좋다던데요", handle="dana@social.example",
                           posted_at=now - timedelta(days=2))  # fmt: skip
        arrived = await social.arrive(mina, [*said, loose], bearer=Bearer(source))
        while await care.follower.step():
            pass
        ids: list[UUID] = []
        by_text = {(await social.one(mina, one)).text: one for one in arrived.ids}
        for *_, text, _ in _SAID:
            ids.append((await care.open(mina, by_text[text])).id)
        self.talks = [str(one) for one in ids]
        refund = "{{ customer.name }}님, 환불은 3영업일 안에 들어갑니다.\n{{ agent.name }} 드림"
        await care.saved.create(mina, "refund", "환불 안내", refund, language="ko", team="care")
        await care.saved.create(
            mina, "thanks", "Thanks", "Thank you, {{ customer.name }}! We are on it.", language="en"
        )
        await care.saved.create(mina, "subject", "제목으로", "‘{{ conversation.subject }}’ 건 확인했습니다.")
        robot = Principal(cast.tenant, "", Role.ADMIN, frozenset({"*"}), "system", "automation", run="run-1")
        await care.answering.draft(
            robot, ids[0], "안녕하세요, 윤한결님. 중복된 한 건을 취소하고 세금계산서를 다시 보내 드리겠습니다."
        )  # fmt: skip
        await care.note(
            joon,
            ids[0],
            f"<@{cast.users['mina'].id}> 10월에 캠페인을 나눠 집행해서 두 줄이에요. 청구팀에 확인해 볼게요.",
        )
        await care.set_priority(mina, ids[0], "urgent")
        await care.assign(mina, ids[1], cast.users["joon"].id)
        await care.set_priority(joon, ids[1], "high")
        self.square.answers = [Refused("busy", "Too many posts; try again in a minute.", 60.0)]
        await care.answering.reply(joon, ids[1], "Sorry! Which version are you on?", "f-1", seen=1)
        self.square.answers = [Unknown("The connection was closed before an answer came.")]
        await care.answering.reply(mina, ids[3], "확인하고 바로 알려 드리겠습니다.", "f-2", seen=1)
        await care.set_state(mina, ids[4], "snoozed", until=now + timedelta(hours=20))
        await care.answering.reply(mina, ids[5], "Of course, you will have it today.", "f-3", seen=1)
        async with state.begin(cast.tenant) as tx:
            await care_store.set_due(tx, cast.tenant.workspace, {ids[1]: (now - timedelta(minutes=11), "first")})
            await care_store.set_due(tx, cast.tenant.workspace, {ids[0]: (now + timedelta(minutes=40), "first")})
