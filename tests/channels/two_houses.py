"""Two companies' channels in one process, each with a database of its own; requests go from door to door in memory.

Nothing moves by itself: `settle` follows both feeds and sends both outboxes until nothing waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI

from dure.automation.plugs import Answer, Unreached
from dure.channels.api import Channels
from dure.channels.federation import routes
from dure.channels.federation.api import Federation
from dure.channels.federation.door import door
from dure.channels.federation.keys import Keys
from dure.channels.files.api import Files
from dure.channels.files.folder import FolderBlobs
from dure.governance.api import Governance, Principal
from dure.kernel.clock import ShiftedClock
from dure.kernel.tenant import Tenant
from dure.state import State
from dure.web import front
from dure.web.routing import include


@dataclass
class Network:
    """Who answers at which address; `down` are those that nobody reaches. Keeps what was sent."""

    apps: dict[str, FastAPI] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    sent: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float,
        most: int = 1 << 18,
    ) -> Answer:  # fmt: skip
        host = url.split("/federation")[0]
        if host in self.down or host not in self.apps:
            raise Unreached(f"{host} is not there")
        self.sent.append((method, url, dict(headers), body))
        return await self.call(method, url, headers, body)

    async def call(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        transport = httpx.ASGITransport(self.apps[url.split("/federation")[0]])
        async with httpx.AsyncClient(transport=transport) as client:
            got = await client.request(method, url, headers=dict(headers), content=body)
        json = got.json() if "json" in got.headers.get("content-type", "") else None
        return Answer(got.status_code, got.text, json, dict(got.headers), got.content)


@dataclass
class Company:
    state: State
    clock: ShiftedClock
    governance: Governance
    channels: Channels
    files: Files
    federation: Federation
    owner: Principal
    bot: Principal
    email: str
    network: Network

    owner_org: str
    owner_name: str

    async def partner(self) -> str:
        return (await self.federation.partners(self.owner))[0].partner.id

    async def step(self) -> bool:
        moved = bool(await self.federation.outward.step())
        async with self.state.begin_system() as tx:
            waiting = await tx.rows("select partner from channels.partner_entry group by partner")
            await tx.run("update channels.partner set due_at = 'epoch'")
        for row in waiting:
            await self.federation.sending.step(row["partner"])
        return moved or bool(waiting)


async def settle(*companies: Company) -> None:
    for _ in range(50):
        if not any([await one.step() for one in companies]):
            return
    raise AssertionError("they do not come to rest")


@asynccontextmanager
async def company(database: str, name: str, network: Network, folder: Path) -> AsyncIterator[Company]:
    state, clock = State(database, connections=6), ShiftedClock(timedelta())
    await state.open()
    try:
        governance = Governance(state, clock)
        channels = Channels(state, clock, governance)
        files = Files(state, clock, channels, FolderBlobs(folder / name))
        address = f"https://{name}.example"
        federation = Federation(state, clock, governance, channels, network, Keys(None), address)
        federation.asking._patience = 0.05
        files.elsewhere = federation.content
        app = FastAPI()
        front.install(app, larger={"/federation/v1/": 8 << 20})
        app.state.governance = governance
        include(app, door(federation, files))
        include(app, routes.router(federation))
        network.apps[address] = app
        email = f"owner@{name}.example"
        made = await governance.found(name.title(), name, email, name=f"Owner of {name}")
        owner, bot = await governance.principal(made.user_token), await governance.principal(made.bot_token)
        yield Company(
            state, clock, governance, channels, files, federation, owner, bot, email, network, name.title(),
            f"Owner of {name}",
        )  # fmt: skip
    finally:
        await state.close()


async def become_partners(one: Company, other: Company) -> None:
    code, _ = await one.federation.show_code(one.owner)
    theirs = await other.federation.pair(other.owner, one.federation.address, code)
    ours = (await one.federation.partners(one.owner))[0]
    assert ours.fingerprint == theirs.fingerprint != ""
    await one.federation.confirm(one.owner, ours.partner.id, ours.fingerprint)
    await other.federation.confirm(other.owner, theirs.partner.id, theirs.fingerprint)


async def share(home: Company, away: Company, name: str = "together") -> tuple[str, str]:
    """A channel of the home's, and what it is called on the other side."""
    channel = (await home.channels.create(home.owner, name)).id
    await home.federation.invite(home.owner, channel, await home.partner(), away.email)
    await settle(home, away)
    offer = next(one for one in await away.channels.offers(away.owner) if one.name == name)
    async with away.state.begin(away.owner.tenant) as tx:
        invite = await away.channels._open_to(tx, away.owner, offer.channel)
        await away.channels._accept(tx, away.owner, invite, name, None, approving=True)
    await settle(home, away)
    return channel, offer.channel
