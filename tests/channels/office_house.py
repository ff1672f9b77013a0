"""The office of `automated` with screens, for a real browser: its automations move by themselves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from dure import main, screens
from dure.channels.forms import routes as form_routes
from dure.channels.guarding import routes as guard_routes
from dure.channels.guarding.api import Guards
from dure.channels.interaction import routes as interaction_routes
from dure.channels.interaction.asides import ShownAsides
from dure.channels.page import PAGES
from dure.channels.retention import routes as retention_routes
from dure.channels.routes import notices, router
from dure.feed.api import Bell, Whispers
from dure.governance import routes as governance_routes
from dure.kernel.clock import ShiftedClock
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.push import Sender
from dure.web.routing import include
from tests.channels.automated import open_office
from tests.channels.house import House
from tests.web.browser import serving


@contextlib.contextmanager
def open_office_house(database: str) -> Iterator[House]:
    house = House()
    app = FastAPI(lifespan=lambda app: _living(app, database, house))
    front.install(app)
    with serving(app) as url:
        house.url = url
        yield house


@asynccontextmanager
async def _living(app: FastAPI, database: str, house: House) -> AsyncIterator[None]:
    state, clock = State(database, connections=8), ShiftedClock(timedelta())
    await state.open()
    office = await open_office(state, clock)
    cast, channels, room = office.room.cast, office.room.channels, office.room
    office.interaction._asides = ShownAsides(room.clock, channels)
    app.state.governance = cast.governance
    for one in (
        notices.router(channels, Sender(b"key", "mailto:dure@sorimaru.example")), router(channels),
        interaction_routes.router(office.interaction), form_routes.router(office.forms),
        governance_routes.router(cast.governance), retention_routes.router(channels.retention),
        guard_routes.router(Guards(state, clock, cast.governance, channels)),
    ):  # fmt: skip
        include(app, one)
    bell, hub = Bell(state), Hub()
    screens.install(app, Assets(gather(main.PACKAGE)), in_order(PAGES), cast.governance, hub, channels.may_hear)
    made = await channels.create(cast.mina, "deal-한빛커피", members=[cast.joon.user])
    house.rooms["deal"] = made.id
    house.users = {"mina": cast.mina.user, "joon": cast.joon.user}
    house.tokens = {"mina": cast.token}
    house.sessions["mina"] = await cast.governance.follow_link(
        await cast.governance.sign_in_link(cast.mina, cast.mina.user)
    )
    house.sessions["joon"] = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    await office.switch_on(
        {"kind": "channels.command", "with": {"command": "/pitch", "about": "새 피치를 시작합니다"}},
        {"id": "ask", "kind": "channels.ask", "next": "answer", "with": {
            "channel": made.id, "title": "{{ event.properties.text }} 브리프", "text": "*어떤 캠페인인가요?*",
            "fields": [
                {"name": "goal", "title": {"ko": "목표", "en": "Goal"}, "type": "long_text"},
                {"name": "budget", "title": {"ko": "예산", "en": "Budget"}, "type": "number"},
                {"name": "owner", "title": {"ko": "담당", "en": "Owner"}, "type": "user", "required": False},
                {"name": "kind", "title": {"ko": "형식", "en": "Format"}, "type": "choices", "required": False,
                 "choices": ["오디오", "배너", "호스트 리드"]}]}},
        {"id": "answer", "kind": "wait_event", "next": {"event": "approve"},
         "with": {"event": "Form Answered", "on": "ask", "equals": "{{ steps.ask.ask }}"}},
        {"id": "approve", "kind": "channels.approval", "next": "decision", "with": {
            "channel": made.id, "question": "제안서를 보낼까요?", "text": "{{ steps.answer.event.properties.text }}"}},
        {"id": "decision", "kind": "wait_event", "next": {"event": "tell"},
         "with": {"event": "Form Answered", "on": "ask", "equals": "{{ steps.approve.ask }}"}},
        {"id": "tell", "kind": "channels.reply", "with": {
            "channel": made.id, "ts": "{{ steps.approve.ts }}", "broadcast": True,
            "text": "결정: {{ steps.decision.event.properties.decision }}"}},
    )  # fmt: skip
    loops = [
        asyncio.ensure_future(loop())
        for loop in (
            bell.run, screens.broadcasting(state, bell, hub), Whispers(state, hub.whisper).run,
            lambda: office.automation.run_followers(bell), office.automation.work,
        )
    ]  # fmt: skip
    yield
    for task in loops:
        task.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await state.close()
