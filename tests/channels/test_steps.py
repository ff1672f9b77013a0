"""What automations do in channels."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.channels.refusals import ChannelNotFound
from dure.channels.steps import steps
from dure.state import State
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


async def run(room: Room, step: str, **inputs: Any) -> Any:
    kind = next(kind for kind in steps(room.channels, room.cast.governance) if kind.name == step)
    principal = room.cast.governance.system(room.cast.tenant, "automation", "run-1")
    call = StepCall(room.cast.tenant, principal, "run-1", "deal-room", "run-1:a:1", "d-1", room.clock.now())
    async with room.state.begin(room.cast.tenant) as tx:
        return await kind.run(tx, call, msgspec.convert(inputs, kind.inputs))


async def test_a_deals_room_is_made_filled_and_briefed(state: State) -> None:
    room = await open_room(state)
    made = await run(room, "channels.create", name="deal-한빛커피 Q4 (재계약)", purpose="한빛커피 · 1억원")
    assert made.name == "deal-한빛커피-q4-재계약"
    invited = await run(room, "channels.invite", channel=made.channel, users=[room.cast.mina.user])
    assert invited.users == [room.cast.mina.user]
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "한빛커피"}}]
    posted = await run(room, "channels.post", channel=made.channel, text="한빛커피", blocks=blocks)
    await run(room, "channels.post", channel=made.name, text="in the thread", thread=posted.ts)
    await run(room, "channels.update", channel=made.channel, ts=posted.ts, text="한빛커피 · 수주")
    brief = (await room.channels.history(room.cast.mina, made.channel))[0][0]
    assert (brief.text, brief.reply_count) == ("한빛커피 · 수주", 1)
    told = await room.told(room.cast.tenant.workspace)
    assert {event.run for event in told} == {"run-1"}
    posted_events = [e for e in told if e.event == "Message Posted"]
    assert [e.properties["by"] for e in posted_events] == ["bot", "bot"]
    dure = {user.id: user.name for user in await room.channels.people_of(room.cast.mina)}[brief.user]
    assert dure == "dure"


async def test_a_name_that_is_taken_gets_a_number(state: State) -> None:
    room = await open_room(state)
    names = [(await run(room, "channels.create", name="Deal: 한빛")).name for _ in range(3)]
    assert names == ["deal-한빛", "deal-한빛-2", "deal-한빛-3"]


async def test_all_of_a_function_are_invited_once(state: State) -> None:
    room = await open_room(state)
    made = await run(room, "channels.create", name="growth", private=True)
    first = await run(room, "channels.invite", channel="growth", function="marketing")
    again = await run(room, "channels.invite", channel="#growth", function="marketing")
    assert (first.users, again.users) == ([room.cast.joon.user], [])
    assert len(await room.channels.members(room.cast.joon, made.channel)) == 2


async def test_a_channel_that_is_not_there_fails_the_step(state: State) -> None:
    room = await open_room(state)
    with pytest.raises(ChannelNotFound):
        await run(room, "channels.post", channel="nowhere", text="hello")
