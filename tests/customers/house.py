"""The office of `conftest` with screens, served on a port for a real browser: a customer with a few weeks behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from dure import main, screens
from dure.channels.api import Draft
from dure.channels.canvas.routes import router as page_router
from dure.channels.charters.api import Belonging, Elsewhere, Text
from dure.channels.files.door import file_door
from dure.channels.files.routes import router as file_router
from dure.channels.guarding import routes as guard_routes
from dure.channels.guarding.api import Guards
from dure.channels.interaction import routes as interaction_routes
from dure.channels.page import PAGES as CHANNEL_PAGES
from dure.channels.retention import routes as retention_routes
from dure.channels.routes import notices, router
from dure.channels.routes import search as search_routes
from dure.customers.page import PAGES as CUSTOMER_PAGES
from dure.feed.api import Bell, Whispers
from dure.governance import routes as governance_routes
from dure.kernel.clock import ShiftedClock
from dure.log.api import Log
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.push import Sender
from dure.web.routing import include
from tests.channels.house import House
from tests.channels.room import open_room
from tests.customers.conftest import Office, opened
from tests.web.browser import serving


class CustomerHouse(House):
    office: Office


@contextlib.contextmanager
def open_customer_house(database: str, log: Log) -> Iterator[CustomerHouse]:
    house = CustomerHouse()
    app = FastAPI(lifespan=lambda app: _living(app, database, log, house))
    front.install(app)
    with serving(app) as url:
        house.url = url
        yield house


@asynccontextmanager
async def _living(app: FastAPI, database: str, log: Log, house: CustomerHouse) -> AsyncIterator[None]:
    state, clock = State(database, connections=8), ShiftedClock(timedelta(days=-60))
    await state.open()
    room = await open_room(state, clock)
    office = house.office = await opened(room, log)
    cast, channels = room.cast, room.channels
    app.state.governance = cast.governance
    for one in (
        notices.router(channels, Sender(b"key", "mailto:dure@sorimaru.example")), router(channels),
        interaction_routes.router(room.interaction), governance_routes.router(cast.governance),
        page_router(room.pages, channels), file_router(room.files, channels), file_door(room.files),
        search_routes.router(room.search, channels), office.customers.router(),
        guard_routes.router(Guards(state, clock, cast.governance, channels)),
        retention_routes.router(channels.retention),
    ):  # fmt: skip
        include(app, one)
    bell, hub = Bell(state), Hub()
    pages = in_order([*CHANNEL_PAGES, *CUSTOMER_PAGES])
    screens.install(app, Assets(gather(main.PACKAGE)), pages, cast.governance, hub, channels.may_hear)
    await _weeks(house, clock)
    loops = [
        asyncio.ensure_future(loop())
        for loop in (bell.run, screens.broadcasting(state, bell, hub), Whispers(state, hub.whisper).run)
    ]
    yield
    for task in loops:
        task.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await state.close()


async def _weeks(house: CustomerHouse, clock: ShiftedClock) -> None:
    office, room = house.office, house.office.room
    mina, joon, rina, sera = office.mina, room.cast.joon, room.cast.rina, office.who["sera"]
    house.rooms = dict(office.channels)
    house.users = {"mina": mina.user, "joon": joon.user, "rina": rina.user, "sera": sera.user}
    house.tokens = {"mina": room.cast.token, "rina": room.cast.rival_token}
    house.tokens["joon"] = await room.cast.governance.create_token(mina, "user", joon.user, ["*"])
    launch = office.channels["launch"]
    for name in ("ara", "bo", "cho"):
        who = await office.colleague(name, "ad_ops")
        await room.channels.invite(mina, launch, [who.user])
    await room.say(mina, launch, "런칭 준비를 시작합니다.")
    clock.offset = timedelta(hours=-26)
    for name in ("ara", "bo"):
        await room.say(office.who[name], launch, f"{name} 확인했습니다.")
    await room.say(rina, launch, "트래킹 태그는 언제 받을 수 있나요?")
    clock.offset = timedelta(hours=-2)
    await room.say(sera, launch, "오늘 오후에 보내겠습니다.")
    for name, amount in (("새벽서점", 42_000_000), ("온담건설", 310_000_000), ("바다항공", 0)):
        await office.customer(name, amount, industry="retail", owner=sera.user)
    await office.deals.create_contact(mina, office.cafe, "한지민", email="jimin@hanbit.example", title="마케팅 팀장")
    await room.channels.post(rina, launch, Draft("소재 파일 이름을 어떻게 붙일까요?"))
    clock.offset = timedelta()
    for name, by, who in (("mina", mina, mina), ("joon", mina, joon), ("rina", rina, rina)):
        link = await room.cast.governance.sign_in_link(by, who.user)
        house.sessions[name] = await room.cast.governance.follow_link(link)
    await office.health.tick()
    text = Text(
        "런칭까지 필요한 것을 하나씩 확인하는 곳입니다. 소재, 트래킹, 시작일을 여기에서 정합니다.",
        (Belonging(mina.user, "약속을 지킵니다"), Belonging(office.who["ara"].user, "송출을 맡습니다"),
         Belonging(rina.user, "고객 쪽 담당입니다")),
        (Elsewhere("단가와 계약", office.channels["pricing"]), Elsewhere("장애", office.channels["support"])),
        "ad_ops", 120,
    )  # fmt: skip
    await room.channels.relations.charters.write(mina, launch, text, 0)
    agendas = room.channels.relations.agendas
    await agendas.add(mina, launch, "시작일 정하기", owner=rina.user, due=clock.now().date() + timedelta(days=3))
    await agendas.add(mina, launch, "소재 확정", owner=mina.user)
    await room.pages.tick(mina, launch, 3, f"소재 확정 <@{mina.user}>", True)
