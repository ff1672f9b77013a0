"""Sorimaru with its doors for apps open: one or more server processes on one database, and apps that listen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from slack_sdk.web import WebClient
from websockets.asyncio.client import ClientConnection, connect

from dure.automation.outgoing import HttpOutgoing
from dure.channels.api import Channels, Draft, ts_text
from dure.channels.delivery.api import Deliveries
from dure.channels.delivery.door import socket_router
from dure.channels.routes import deliveries as delivery_routes
from dure.channels.slack.door import slack_router
from dure.feed.api import Bell
from dure.governance.api import Principal
from dure.kernel.clock import StillClock
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import Room, open_room
from tests.people_of import Cast
from tests.wire.server import serving


@dataclass
class Process:
    """One server process: its part of the deliveries, and where it is reached."""

    deliveries: Deliveries
    base: str = ""


@dataclass
class Sori:
    room: Room
    bot: Principal
    app: str
    app_token: str
    channel: str
    here: Process
    listening: list[Heard] = field(default_factory=list)

    @property
    def cast(self) -> Cast:
        return self.room.cast

    @property
    def clock(self) -> StillClock:
        return self.room.clock

    @property
    def channels(self) -> Channels:
        return self.room.channels

    def web(self, token: str) -> WebClient:
        return WebClient(token, base_url=f"{self.here.base}/slack/api/")

    async def say(self, text: str, who: Principal | None = None, channel: str = "", **draft: Any) -> str:
        """A message, a microsecond after the one before; its ts."""
        self.clock.advance(timedelta(microseconds=1))
        said = await self.channels.post(who or self.cast.mina, channel or self.channel, Draft(text, **draft))
        return ts_text(said.ts)

    async def call(self, method: str, token: str = "", **arguments: Any) -> Any:
        async with httpx.AsyncClient(base_url=f"{self.here.base}/slack/api/") as http:
            headers = {"authorization": f"Bearer {token or self.app_token}"}
            return (await http.post(method, headers=headers, data=arguments)).json()

    async def api(self, method: str, path: str, token: str = "") -> httpx.Response:
        async with httpx.AsyncClient(base_url=f"{self.here.base}/api/v1") as http:
            return await http.request(method, path, headers={"authorization": f"Bearer {token or self.cast.token}"})

    async def settle(self) -> None:
        """Waits until apps were told everything that has happened; another test's transaction may hold that up."""

        async def settled() -> bool:
            async with self.room.state.begin_system() as tx:
                row = await tx.row(
                    "select (select position from feed.cursor where name = 'delivery') >="
                    " (select coalesce(max(position), 0) from feed.batch where lane = 0) as done"
                )
            return bool(row and row["done"])

        await until(settled)

    async def shown(self, app: str = "") -> list[dict[str, Any]]:
        """The app's deliveries as an administrator sees them, the oldest first."""
        answer = await self.api("GET", f"/apps/{app or self.app}/deliveries")
        found: list[dict[str, Any]] = answer.json()["deliveries"]
        return found[::-1]

    async def listen(self, process: Process | None = None, **options: Any) -> Heard:
        """A socket of the app's, opened and greeted."""
        url = (await self.call("apps.connections.open"))["url"]
        if process is not None:
            url = url.replace(self.here.base.partition("//")[2], process.base.partition("//")[2])
        heard = Heard(await connect(url, **options))
        self.listening.append(heard)
        heard.hello = await heard.frame()
        return heard


@dataclass
class Heard:
    """A plain WebSocket client that acknowledges only what it is told to."""

    ws: ClientConnection
    hello: dict[str, Any] = field(default_factory=dict)

    async def frame(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            frame = await self.ws.recv()
        assert isinstance(frame, str)
        found: dict[str, Any] = json.loads(frame)
        return found

    async def event(self, *, ack: bool = True) -> dict[str, Any]:
        """The next envelope."""
        envelope = await self.frame()
        assert "envelope_id" in envelope, envelope
        if ack:
            await self.ack(envelope)
        return envelope

    async def ack(self, envelope: Mapping[str, Any], payload: Any = None) -> None:
        said = {"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload is not None else {})}
        await self.ws.send(json.dumps(said))

    async def texts(self, number: int) -> list[str]:
        return [(await self.event())["payload"]["event"].get("text", "") for _ in range(number)]

    async def quiet(self) -> bool:
        """Whether nothing was sent: all that is in the queue has been offered by the time a ping is answered."""
        await (await self.ws.ping())
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await self.ws.recv()
                return False
        return True


async def until(true: Any, seconds: float = 40) -> Any:
    """Waits until something holds; its value."""
    async with asyncio.timeout(seconds):
        while not (found := await true()):  # noqa: ASYNC110 - what it looks at is in the database
            await asyncio.sleep(0.01)
    return found


@asynccontextmanager
async def process(state: State, room: Room, *, follows: bool = True, **options: Any) -> AsyncIterator[Process]:
    """A server process beside others; its clock is the room's, and its sweeps are called by hand."""
    outgoing = HttpOutgoing(options.pop("allowed", ["127.0.0.0/8"]))
    made = Process(Deliveries(state, room.clock, room.cast.governance, outgoing, **options))
    app = FastAPI()
    front.install(app)
    app.state.governance = room.cast.governance
    include(app, slack_router(room.services(deliveries=made.deliveries)))
    include(app, socket_router(made.deliveries))
    include(app, delivery_routes.router(made.deliveries))
    bell = Bell(state)
    loops = made.deliveries.loops(bell)
    del loops["delivery-sweep"]
    if not follows:
        del loops["delivery"]
    tasks = [asyncio.ensure_future(loop()) for loop in (bell.run, *loops.values())]
    try:
        async with serving(app, "websockets-sansio") as made.base:
            yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await outgoing.close()


@asynccontextmanager
async def sorimaru(state: State, **options: Any) -> AsyncIterator[Sori]:
    """Sorimaru's house with the app of `dure init`, whose bot is in a channel with mina."""
    room = await open_room(state)
    cast = room.cast
    bot = await cast.governance.principal(cast.bot_token)
    app_token = await cast.governance.create_token(cast.mina, "app", "dure", ["connections:write"])
    channel = (await room.channels.create(cast.mina, "deals", members=[bot.user])).id
    async with AsyncExitStack() as open_:
        here = await open_.enter_async_context(process(state, room, **options))
        made = Sori(room, bot, bot.app, app_token, channel, here)
        # What was done to furnish the house is not what tests are about.
        await made.settle()
        async with state.begin_system() as tx:
            await tx.run("delete from channels.delivery where app = %s", (made.app,))
        try:
            yield made
        finally:
            for heard in made.listening:
                await heard.ws.close()
