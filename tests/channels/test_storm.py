"""A thousand tabs that come back at the same moment, as after a restart: each is let in and hears what is said then."""

from __future__ import annotations

import asyncio
import json

import pytest
import websockets
from fastapi import FastAPI

from dure import main, screens
from dure.channels.api import Channels, Draft
from dure.channels.page import PAGES
from dure.feed.api import Bell
from dure.state import State
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from tests.people_of import Cast, found_sori
from tests.wire.server import serving

pytestmark = pytest.mark.anyio
TABS = 1_000


@pytest.fixture
async def cast(state: State) -> Cast:
    return await found_sori(state)


async def test_a_thousand_tabs_come_back_at_once(state: State, cast: Cast) -> None:
    channels = Channels(state, cast.governance._clock, cast.governance)
    made = await channels.create(cast.mina, "room")
    app = FastAPI()
    app.state.governance = cast.governance
    bell, hub = Bell(state), Hub()
    screens.install(app, Assets(gather(main.PACKAGE)), in_order(PAGES), cast.governance, hub, channels.may_hear)
    loops = [asyncio.ensure_future(loop()) for loop in (bell.run, screens.broadcasting(state, bell, hub))]
    let_in = 0
    everybody = asyncio.Event()

    async def tab(url: str) -> str:
        nonlocal let_in
        headers = {"authorization": f"Bearer {cast.token}"}
        async with websockets.connect(
            url.replace("http", "ws") + "/api/live", additional_headers=headers, compression=None, open_timeout=120
        ) as socket:
            await socket.send(json.dumps({"sub": [f"channel:{made.id}"]}))
            async for text in socket:
                said = json.loads(text)
                if said.get("hello"):
                    let_in += 1
                    if let_in == TABS:
                        everybody.set()
                elif "e" in said:
                    return str(said["e"]["properties"]["ts"])
        return "closed"

    async with serving(app, ws="websockets-sansio") as url:
        tabs = [asyncio.ensure_future(tab(url)) for _ in range(TABS)]
        await asyncio.wait_for(everybody.wait(), 120)
        said = await channels.post(cast.mina, made.id, Draft("안녕"))
        heard = await asyncio.wait_for(asyncio.gather(*tabs), 120)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    assert len(set(heard)) == 1
    assert heard[0].replace(".", "") == str(said.ts)
