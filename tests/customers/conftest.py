"""A company with customers: real channels, deals, deliveries and mentions in one database for a file of tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from dure.customers.wire import RoomsForCustomers
from dure.deals import lookups
from dure.deals.api import Deals
from dure.deals.health.api import DealHealth
from dure.deals.relations.api import Relations
from dure.deals.timeline.api import Timeline
from dure.governance.api import Principal, Role
from dure.pacing.api import NewLineItem, Pacing
from dure.people.api import People
from dure.social.api import Social
from tests.channels.room import Room, room_of


@dataclass
class Office:
    """Sorimaru's sales; `café` is a customer with channels by topic, one of them shared with the rival organisation."""

    room: Room
    customers: RoomsForCustomers
    deals: Deals
    pacing: Pacing
    social: Social
    health: DealHealth
    relations: Relations
    cafe: str = ""
    channels: dict[str, str] = field(default_factory=dict)
    who: dict[str, Principal] = field(default_factory=dict)

    @property
    def mina(self) -> Principal:
        return self.room.cast.mina

    async def colleague(self, name: str, function: str = "sales", role: Role = Role.MEMBER) -> Principal:
        user = await self.room.cast.governance.create_user(
            self.mina, f"{name}@sorimaru.example", name, role=role, function=function
        )
        self.who[name] = Principal(self.room.cast.tenant, user.id, role)
        return self.who[name]

    async def customer(self, name: str, amount: int = 0, **more: Any) -> str:
        account = await self.deals.create_account(self.mina, name, type="customer", **more)
        if amount:
            await self.deals.create(self.mina, f"{name} 캠페인", account.id, amount, date(2026, 12, 20), currency="KRW")
        return account.id


async def opened(room: Room, log: Any = None) -> Office:
    cast = room.cast
    deals, pacing = Deals(room.state, room.clock, cast.governance), Pacing(room.state, room.clock, cast.governance)
    social, health = Social(room.state, room.clock), DealHealth(room.state, log, room.clock, cast.governance)
    relations = Relations(room.state, log, room.clock, cast.governance)
    timeline = Timeline(room.state, log, room.clock, People(room.state, log, room.clock))
    customers = RoomsForCustomers(
        room.state, room.clock, cast.governance, room.channels, deals, health, relations, timeline, pacing, social,
        accounts=lookups.accounts, open_deals=lookups.open_deals,
    )  # fmt: skip
    office = Office(room, customers, deals, pacing, social, health, relations)
    rooms = room.channels.relations.rooms
    office.cafe = await office.customer("한빛커피", 120_000_000, industry="food", domain="hanbit.example",
                                        owner=cast.mina.user)  # fmt: skip
    sera = await office.colleague("sera")
    await office.colleague("outsider-of-it")
    today = room.clock.now().date()
    await pacing.create(
        cast.mina,
        NewLineItem("오디오 스팟", 20_000, today - timedelta(days=5), today + timedelta(days=9), budget=4_000_000,
                    account_name="한빛커피"),
    )  # fmt: skip
    office.channels["launch"] = await room.shared("hanbit-launch")
    for topic, private in (("pricing", True), ("support", False)):
        office.channels[topic] = await room.channel(cast.mina, sera, private=private)
    for topic, channel in office.channels.items():
        await rooms.link(cast.mina, channel, office.cafe, topic)
    await room.channels.set_response_minutes(cast.mina, office.channels["launch"], 60)
    await room.channels.invite(cast.mina, office.channels["launch"], [sera.user])
    return office


@pytest.fixture(scope="module")
async def office(postgres_url: str, template: str) -> AsyncIterator[Office]:
    async with room_of(postgres_url, template) as room:
        yield await opened(room)
