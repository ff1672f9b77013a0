"""A house with automation only, its doors open to a browser: rooms for deals, a journey that waits, a call that fails.

Everything lives in the serving thread's own event loop: `House(url).app` opens its database when it starts.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from fastapi import FastAPI

import dure
from dure import screens
from dure.automation import page, routes
from dure.automation.api import Automation
from dure.automation.plugs import EventKind, Recipe, StepCall, StepKind
from dure.feed.api import Bell, Event, append
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.log.api import Log, LogWriter
from dure.state import State, Tx
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include

PACKAGE = Path(dure.__file__).parent


class Room(msgspec.Struct, frozen=True):
    name: str


class Made(msgspec.Struct, frozen=True):
    channel: str


class Post(msgspec.Struct, frozen=True):
    channel: str
    text: str


class Posted(msgspec.Struct, frozen=True):
    ts: str


class Sheet(msgspec.Struct, frozen=True):
    row: str


async def make_room(tx: Tx, call: StepCall, room: Room) -> Made:
    return Made("C0" + call.run_id[-9:].upper())


async def post(tx: Tx, call: StepCall, message: Post) -> Posted:
    return Posted("1764000000.000100")


STEPS = [
    StepKind("channels.create", {"ko": "채널 만들기", "en": "Create a channel"}, Room, Made, make_room),
    StepKind("channels.post", {"ko": "메시지 보내기", "en": "Post a message"}, Post, Posted, post),
]
EVENTS = [
    EventKind("Deal Stage Changed", {"ko": "거래 단계가 바뀜", "en": "Deal stage changed"}, "deals", {"to": "text"}),
    EventKind("Listen Started", {"ko": "듣기 시작", "en": "Listen started"}, "app", {}),
]
ROOM = Recipe(
    "deal-room", {"ko": "거래 채널 열기", "en": "Open a deal room"},
    {"ko": "거래가 확률 25% 이상인 단계에 들어서면 채널을 만들고 요약 카드를 올립니다.",
     "en": "When a deal reaches a stage of 25 % or more, its channel is made and a brief posted."},
    {
        "trigger": {"event": "Deal Stage Changed", "where": [{"prop": "probability", "op": ">=", "value": 25}],
                    "key": "event.properties.deal"},
        "nodes": [
            {"id": "room", "kind": "channels.create", "next": "brief",
             "with": {"name": "deal-{{ event.properties.slug }}"}},
            {"id": "brief", "kind": "channels.post", "next": "large", "with": {
                "channel": "{{ steps.room.channel }}",
                "text": "*{{ event.properties.name }}* {{ event.properties.amount | money }}"}},
            {"id": "large", "kind": "branch", "with": {"where": [{"prop": "amount", "op": ">=", "value": 100_000_000}]},
             "next": {"yes": "ask", "no": "later"}},
            {"id": "ask", "kind": "approve", "next": {"yes": "later", "no": "stop"},
             "with": {"question": "{{ event.properties.name }} 거래에 임원 지원을 붙일까요?", "timeout": "3d"}},
            {"id": "later", "kind": "wait", "with": {"for": "7d"}, "next": "nudge"},
            {"id": "nudge", "kind": "channels.post", "next": "stop",
             "with": {"channel": "{{ steps.room.channel }}", "text": "일주일이 지났습니다."}},
            {"id": "stop", "kind": "end"},
        ],
    },
)  # fmt: skip
WELCOME = Recipe(
    "welcome", {"ko": "첫 청취 환영", "en": "Welcome a first listen"},
    {"ko": "처음 들은 사람에게 사흘 뒤 추천을 보냅니다.",
     "en": "Three days after a first listen it recommends something."},
    {"trigger": {"event": "Listen Started", "key": "subject", "subject": "person"}, "lane": "bulk",
     "nodes": [{"id": "wait", "kind": "wait", "with": {"for": "3d"}}]},
)  # fmt: skip
SHEET = {
    "trigger": {"event": "Deal Stage Changed"},
    "nodes": [{"id": "row", "kind": "sheet.add", "retries": 1, "with": {"row": "{{ event.properties.name }}"}}],
}
DEALS = (("한빛모빌리티 4분기", 240_000_000), ("새벽커피 봄 캠페인", 32_000_000), ("달토끼출판 북토크", 18_500_000))


class House:
    """`session` is the owner's, once the application has started; `full=False` leaves the house empty."""

    def __init__(self, database: str, *, full: bool = True, log: Log | None = None) -> None:
        self.session, self._full = "", full
        self.broken, self._log = True, log
        self._state, clock = State(database, connections=6), SystemClock()
        self.governance = Governance(self._state, clock)

        async def add(call: StepCall, sheet: Sheet) -> Posted:
            if self.broken:
                raise Invalid("https://sheet.example/rows answered 403: the key was revoked")
            return Posted("42")

        outside = StepKind("sheet.add", {"ko": "시트에 한 줄", "en": "Add a row"}, Sheet, Posted, add, outside=True)
        self.automation = Automation(
            self._state, clock, self.governance, steps=[*STEPS, outside], kinds_of_events=EVENTS,
            recipes=[ROOM, WELCOME], rng=random.Random(1), log=log,
        )  # fmt: skip
        self._hub = Hub()
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.state.governance = self.governance
        front.install(self.app)
        include(self.app, governance_routes.router(self.governance))
        include(self.app, routes.router(self.automation))
        self.app.add_api_route("/slack/api/conversations.list", _channels)
        pages = in_order(page.PAGES)
        screens.install(self.app, Assets(gather(PACKAGE)), pages, self.governance, self._hub, _nobody)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        await self._state.open()
        founding = await self.governance.found("소리마루", "소리마루", "jiwoo.han@sorimaru.example", name="한지우")
        self.session = await self.governance.follow_link(founding.sign_in)
        if self._full:
            await self._live(Principal(founding.workspace.tenant, founding.owner.id, founding.owner.role))
        bell = Bell(self._state)
        loops = (
            bell.run(), self.automation.run_followers(bell), self.automation.work(),
            screens.broadcasting(self._state, bell, self._hub)(),
        )  # fmt: skip
        tasks = [asyncio.create_task(loop) for loop in loops]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._state.close()

    async def _live(self, owner: Principal) -> None:
        await self.automation.switch_on(owner, "deal-room")
        await self.automation.create(owner, "시트에 거래 적기", SHEET, enabled=True)
        now, tenant = SystemClock().now(), owner.tenant
        for number, (name, amount) in enumerate(DEALS):
            event = Event(
                org=tenant.org, workspace=tenant.workspace, event="Deal Stage Changed", time=now, received_at=now,
                message_id=str(uuid7()), source="deals", object_type="deal", object=f"006D{number}",
                properties={"deal": f"D{number}", "name": name, "slug": f"deal-{number}", "amount": amount,
                            "probability": 25, "currency": "KRW"},
            )  # fmt: skip
            async with self._state.begin(tenant) as tx:
                await append(tx, event)
        await self.automation.settle()
        while self._log is not None and await LogWriter(self._state, self._log).step():
            pass


async def _channels() -> dict[str, object]:
    """What the channel picker asks of a neighbour that is not in this house."""
    return {"ok": True, "channels": [{"id": "C0GENERAL", "name": "general"}]}


async def _nobody(principal: Principal, topic: str) -> bool:
    return False
