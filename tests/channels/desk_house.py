"""Sorimaru's channel `orders` with screens and a Bolt app at the other end, for a real browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from psycopg.types.json import Jsonb
from slack_bolt import App
from slack_sdk.web import WebClient

from dure import main, screens
from dure.channels.api import Draft
from dure.channels.guarding import routes as guard_routes
from dure.channels.guarding.api import Guards
from dure.channels.interaction import routes as interaction_routes
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.interaction.door import replies
from dure.channels.page import PAGES
from dure.channels.plugs import Answer
from dure.channels.retention import routes as retention_routes
from dure.channels.routes import notices, router
from dure.channels.slack.door import slack_router
from dure.feed.api import Bell, Whispers
from dure.kernel.clock import ShiftedClock
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.push import Sender
from dure.web.routing import include
from tests.channels.desk_app import Bolted, Pictured, install
from tests.channels.house import House
from tests.channels.room import open_room
from tests.web.browser import serving


@dataclass
class DeskHouse(House):
    """`listen` gives the app its listeners; `heard` is what it was told."""

    listen: Callable[[App], None] = lambda app: None
    bot_token: str = ""
    bot: str = ""
    said: list[tuple[str, list[Any], list[Any] | None]] = field(default_factory=list)
    bolted: Bolted | None = None

    @property
    def heard(self) -> list[Any]:
        return self.bolted.heard if self.bolted else []

    async def ask(self, app: str, workspace: str, kind: Any, payload: Any) -> Answer:  # type: ignore[override]
        """Bolt is made once it is needed: it asks this server who it is."""
        if self.bolted is None:

            def made() -> App:
                client = WebClient(self.bot_token, base_url=f"{self.url}/slack/api/")
                return App(client=client, process_before_response=True, signing_secret="signed")

            bolt = await asyncio.to_thread(made)
            self.listen(bolt)
            self.bolted = Bolted(bolt)
        return await self.bolted.ask(app, workspace, kind, payload)


@contextlib.contextmanager
def open_desk_house(
    database: str, listen: Callable[[App], None], said: list[tuple[str, list[Any], list[Any] | None]]
) -> Iterator[DeskHouse]:
    house = DeskHouse(listen=listen, said=said)
    app = FastAPI(lifespan=lambda app: _living(app, database, house))
    front.install(app)
    with serving(app) as url:
        house.url = url
        yield house


@asynccontextmanager
async def _living(app: FastAPI, database: str, house: DeskHouse) -> AsyncIterator[None]:
    state, clock = State(database, connections=8), ShiftedClock(timedelta())
    await state.open()
    room = await open_room(state, clock)
    cast, channels = room.cast, room.channels
    interaction = Interaction(
        state, clock, cast.governance, channels, house, ShownAsides(clock, channels), fetching=Pictured()
    )  # type: ignore[arg-type]
    app.state.governance = cast.governance
    for one in (
        notices.router(channels, Sender(b"key", "mailto:dure@sorimaru.example")),
        router(channels), interaction_routes.router(interaction), replies(interaction),
        slack_router(room.services(interaction=interaction)),
        guard_routes.router(Guards(state, clock, cast.governance, channels)),
        retention_routes.router(channels.retention),
    ):  # fmt: skip
        include(app, one)
    bell, hub = Bell(state), Hub()
    screens.install(app, Assets(gather(main.PACKAGE)), in_order(PAGES), cast.governance, hub, channels.may_hear)
    bot, house.bot_token = await install(room)
    house.bot = bot.user
    made = await channels.create(cast.mina, "orders", members=[cast.joon.user, bot.user])
    house.rooms["orders"] = made.id
    house.rooms["desk"] = (await channels.open_direct(cast.joon, [bot.user]))[0].id
    house.users = {"mina": cast.mina.user, "joon": cast.joon.user}
    house.tokens = {"mina": cast.token}
    house.sessions["joon"] = await cast.governance.sign_in("joon@sorimaru.example", "correct horse")
    for text, blocks, attachments in house.said:
        said = await channels.post(bot, made.id, Draft(text))
        async with state.begin(cast.tenant) as tx:
            # Past the door, so that the page is shown what the door would not let in.
            await tx.run(
                "update channels.message set blocks = %s, attachments = %s where channel = %s and ts = %s",
                (Jsonb(blocks), Jsonb(attachments), made.id, said.ts),
            )
    loops = [
        asyncio.ensure_future(loop())
        for loop in (bell.run, screens.broadcasting(state, bell, hub), Whispers(state, hub.whisper).run)
    ]
    yield
    for task in loops:
        task.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await state.close()
