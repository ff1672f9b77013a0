"""What is said later is said once, at its time, by whoever gets to it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from dure.channels.api import Channels, Draft, Scheduled
from dure.channels.refusals import ScheduledNotFound, TimeInPast, TimeTooFar, TooManyScheduled
from dure.state import State
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


def soon(room: Room, **after: float) -> datetime:
    return room.clock.now() + timedelta(**after)


async def texts(room: Room, channel: str) -> list[str]:
    return [m.text for m in (await room.channels.history(room.cast.mina, channel))[0][::-1]]


async def schedule(room: Room, channel: str, text: str, **after: float) -> Scheduled:
    return await room.channels.schedule(room.cast.mina, channel, Draft(text), soon(room, **after))


async def test_each_is_said_once_by_several_processes_and_in_the_order_of_time(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "later")).id
    for n in range(8):
        await schedule(room, channel, f"{n}", minutes=8 - n)
    await schedule(room, channel, "tomorrow", days=1)
    assert await room.channels.say_due(room.clock.now()) == 0
    other = State(state.url, connections=4)
    await other.open()
    room.clock.advance(timedelta(minutes=10))
    servers = [room.channels, Channels(other, room.clock, room.cast.governance)]
    said = await asyncio.gather(*(server.say_due(room.clock.now()) for server in servers))
    await other.close()
    assert sum(said) == 8
    assert sorted(await texts(room, channel)) == [f"{n}" for n in range(8)]
    assert [one.draft.text for one in await room.channels.scheduled(room.cast.mina)] == ["tomorrow"]


async def test_one_that_was_being_said_when_the_server_died_is_said_by_the_next(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "later")).id
    await schedule(room, channel, "once", minutes=1)
    room.clock.advance(timedelta(minutes=2))

    async def died(*_: Any) -> None:
        raise ConnectionError("the process is gone before its commit")

    with monkeypatch.context() as patch:
        patch.setattr(Channels, "_time", died)  # the last thing that a post does
        with pytest.raises(ConnectionError):
            await room.channels.say_due(room.clock.now())
    assert await texts(room, channel) == []
    assert await room.channels.say_due(room.clock.now()) == 1
    assert await room.channels.say_due(room.clock.now()) == 0
    assert await texts(room, channel) == ["once"]


async def test_one_that_cannot_be_said_is_kept_with_the_reason(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "closing")).id
    await schedule(room, channel, "too late", minutes=1)
    await room.channels.archive(room.cast.mina, channel)
    room.clock.advance(timedelta(minutes=2))
    assert await room.channels.say_due(room.clock.now()) == 1
    assert await room.channels.say_due(room.clock.now()) == 0
    [kept] = await room.channels.scheduled(room.cast.mina)
    assert (kept.failed, kept.draft.text) == ("is_archived", "too late")
    told = await room.told(room.cast.tenant.workspace)
    assert [e.event for e in told if "chedule" in e.event] == ["Message Scheduled", "Scheduled Message Failed"]
    assert "too late" not in str([e.properties for e in told])


async def test_a_time_must_be_to_come_and_not_too_far(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "later")).id
    for after, refusal in (
        (timedelta(), TimeInPast),
        (timedelta(seconds=-1), TimeInPast),
        (timedelta(days=120, seconds=1), TimeTooFar),
    ):
        with pytest.raises(refusal):
            await room.channels.schedule(room.cast.mina, channel, Draft("x"), room.clock.now() + after)
    await room.channels.schedule(room.cast.mina, channel, Draft("x"), room.clock.now() + timedelta(days=120))


async def test_thirty_are_scheduled_for_the_same_five_minutes_and_no_more(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "later")).id
    for n in range(30):
        await schedule(room, channel, f"{n}", hours=1)
    with pytest.raises(TooManyScheduled):
        await schedule(room, channel, "one more", hours=1)
    taken = await schedule(room, channel, "later", hours=2)
    assert (await room.channels.unschedule(room.cast.mina, channel, taken.id)).id == taken.id
    with pytest.raises(ScheduledNotFound):
        await room.channels.unschedule(room.cast.mina, channel, taken.id)
    assert await room.channels.scheduled(room.cast.joon) == []
