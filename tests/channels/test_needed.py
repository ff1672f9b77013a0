"""Who is needed in a channel: suggestions with their reasons, and whom they never name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from dure.channels.charters.api import Belonging, Charters, Text
from dure.channels.customer.api import CustomerRooms
from dure.channels.needed.api import NeededPeople
from dure.channels.refusals import ChannelNotFound, RestrictedAction
from dure.governance.api import Principal, Role
from dure.kernel.errors import Conflict, Invalid
from tests.channels.room import Room, room_of

pytestmark = pytest.mark.anyio
ACCOUNT = "001000000000001AAA"


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    async with room_of(postgres_url, template) as made:
        yield made


class Crew:
    """A shared channel with a few people of sales and ad operations, sixty days after they came in."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.owner = ""
        self.who: dict[str, Principal] = {}
        self.channel = ""
        self.needed = NeededPeople(room.state, room.clock, room.cast.governance, room.channels, self._owners)
        self.rooms = CustomerRooms(room.state, room.clock, room.cast.governance, room.channels, self._owners)

    async def _owners(self, tx: Any, tenant: Any, ids: Any) -> Any:
        return {one: {"account": one, "owner": self.owner} for one in ids}

    async def open(self) -> Crew:
        cast, room = self.room.cast, self.room
        made = {
            "ara": "ad_ops", "bo": "ad_ops", "cho": "ad_ops", "dan": "ad_ops", "eun": "sales", "han": "sales",
        }  # fmt: skip
        for name, function in made.items():
            user = await cast.governance.create_user(
                cast.mina, f"{name}-{room.clock.now().timestamp()}@sorimaru.example", name, function=function
            )
            self.who[name] = Principal(cast.tenant, user.id, Role.MEMBER)
        self.channel = await room.shared()
        await room.channels.invite(cast.mina, self.channel, [one.user for one in self.who.values()])
        await room.say(cast.mina, self.channel, "welcome")
        room.clock.advance(timedelta(days=60, hours=1))
        for name in ("ara", "bo"):
            await room.say(self.who[name], self.channel, f"{name} is here")
        last = await room.say(cast.rina, self.channel, "thanks")
        await room.channels.mark(self.who["cho"], self.channel, last.ts)  # reads, and says nothing
        return self

    async def why(self) -> dict[str, str]:
        found = await self.needed.check(self.room.cast.mina, self.channel)
        names = {one.user: name for name, one in self.who.items()}
        return {names.get(one.doing.user, one.name): one.why for one in found.members if one.why}


async def test_the_silent_and_those_who_only_read_are_suggested_with_figures(room: Room) -> None:
    crew = await Crew(room).open()
    assert await crew.why() == {
        "dan": "silent", "eun": "silent", "han": "silent", "cho": "reads_only", "박준": "silent"}  # fmt: skip
    found = await crew.needed.check(room.cast.mina, crew.channel)
    dan = next(one for one in found.suggested if one.doing.user == crew.who["dan"].user)
    assert (dan.quiet_days, dan.others, dan.active) == (60, 3, 2)
    assert (found.functions["ad_ops"], found.functions["sales"], found.inside, found.outside) == (4, 2, 8, 1)
    kept = {one.name: one.kept for one in found.members if one.kept}
    assert kept == {"김미나": "creator", "Rina": "outside"}


async def test_one_sign_of_life_is_enough_and_a_charters_reason_keeps_readers(room: Room) -> None:
    crew = await Crew(room).open()
    dan, eun, cho = (crew.who[name] for name in ("dan", "eun", "cho"))
    said = await room.say(room.cast.mina, crew.channel, f"<@{dan.user}> look")
    await room.channels.react(eun, crew.channel, said.ts, "eyes")
    charters = Charters(room.state, room.clock, room.cast.governance, room.channels)
    text = Text("x", (Belonging(cho.user, "signs what is delivered"), Belonging(crew.who["han"].user, "sells")))
    await charters.write(room.cast.mina, crew.channel, text, 0)
    assert await crew.why() == {"han": "silent", "박준": "silent"}
    found = await crew.needed.check(room.cast.mina, crew.channel)
    assert next(one.reason for one in found.suggested if one.doing.user == crew.who["han"].user) == "sells"


async def test_who_looks_after_the_customer_is_never_suggested(room: Room) -> None:
    crew = await Crew(room).open()
    crew.owner = crew.who["dan"].user
    assert (await crew.why())["dan"] == "silent"
    await crew.rooms.link(room.cast.mina, crew.channel, ACCOUNT, "launch")
    assert "dan" not in await crew.why()


async def test_a_suggestion_asks_them_alone_and_nobody_else_can_be_asked(room: Room) -> None:
    crew = await Crew(room).open()
    mina, dan = room.cast.mina, crew.who["dan"]
    before = await room.channels.history(mina, crew.channel)
    await crew.needed.ask(mina, crew.channel, dan.user)
    assert await room.channels.history(mina, crew.channel) == before
    direct = [one for one in await room.channels.listed(dan, mine=True) if one.kind == "im"]
    said, _ = await room.channels.history(dan, direct[0].id)
    assert "60 days" in said[0].text
    assert f"<#{crew.channel}>" in said[0].text
    for nobody in (crew.who["ara"].user, mina.user, room.cast.rina.user, "U0NOBODY"):
        with pytest.raises(Conflict):
            await crew.needed.ask(mina, crew.channel, nobody)
    asked = [e for e in await room.told(mina.tenant.workspace) if e.event == "Leave Asked" and e.object == crew.channel]
    assert [(e.properties["user"], e.properties["reason"]) for e in asked] == [(dan.user, "silent")]
    assert [e for e in await room.told(room.cast.rina.tenant.workspace) if e.event == "Leave Asked"] == []


async def test_guests_other_sides_and_strangers_learn_nothing_of_whom(room: Room) -> None:
    crew = await Crew(room).open()
    gil, rina = room.cast.gil, room.cast.rina
    await room.channels.invite(room.cast.mina, crew.channel, [gil.user])
    with pytest.raises(RestrictedAction):
        await crew.needed.check(gil, crew.channel)
    # The other side checks its own people: of Sorimaru's it is told no suggestion.
    theirs = await crew.needed.check(rina, crew.channel)
    assert [one.name for one in theirs.suggested] == []
    assert theirs.functions == {}
    with pytest.raises(ChannelNotFound):
        await crew.needed.check(rina, await room.channel(room.cast.mina))
    with pytest.raises(Invalid) as refused:
        await crew.needed.check(room.cast.mina, crew.channel, 3)
    assert refused.value.field == "days"


async def test_who_came_lately_is_left_in_peace(room: Room) -> None:
    crew = await Crew(room).open()
    late = await room.cast.governance.create_user(
        room.cast.mina, f"late-{room.clock.now().timestamp()}@sorimaru.example", "late", function="sales"
    )
    await room.channels.invite(room.cast.mina, crew.channel, [late.id])
    found = await crew.needed.check(room.cast.mina, crew.channel)
    assert next(one.kept for one in found.members if one.doing.user == late.id) == "new"
