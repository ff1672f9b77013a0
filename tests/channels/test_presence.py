"""Who is here, who is writing: told to those who look at them, never to everybody, and written rarely."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.channels.refusals import ChannelNotFound, NotInChannel
from dure.feed.api import whisper
from dure.governance.api import Principal, User
from dure.state import State
from tests.channels.room import Room, open_room, overhearing

pytestmark = pytest.mark.anyio


async def is_here(room: Room, user: User) -> str:
    return (await room.channels.colleagues.presence.of([user]))[user.id].presence


async def test_who_comes_and_goes_is_told_to_those_who_look_at_them(state: State) -> None:
    room = await open_room(state)
    cast, presence = room.cast, room.channels.colleagues.presence
    joon = cast.users["joon"]
    await room.shared()
    async with overhearing(state) as heard:
        await presence.here(cast.joon)
        told = [await heard.next("presence") for _ in range(2)]
        assert {one[0] for one in told} == {cast.tenant.workspace, cast.rina.tenant.workspace}
        assert told[0][1:] == ([f"presence:{joon.id}"], {"user": joon.id, "presence": "active"})
        for _ in range(5):  # pages that go on saying so tell nothing new
            room.clock.advance(timedelta(seconds=50))
            await presence.here(cast.joon)
        assert await presence.tick() == 0
        room.clock.advance(timedelta(seconds=151))
        assert await is_here(room, joon) == "active"
        assert await presence.tick() == 1
        assert await presence.tick() == 0
        assert (await heard.next("presence"))[2]["presence"] == "away"
    assert await is_here(room, joon) == "away"


async def test_a_page_that_says_so_all_the_time_writes_rarely(state: State) -> None:
    room = await open_room(state)
    written = set()
    for _ in range(60):
        room.clock.advance(timedelta(seconds=2))
        await room.channels.colleagues.presence.here(room.cast.joon)
        async with state.begin_system() as tx:
            written.add(
                await tx.value("select seen_at from channels.presence where account = %s", (room.cast.joon.user,))
            )
    assert len(written) == 3  # two minutes, in steps of 45 seconds


async def test_who_is_away_by_hand_is_away_whatever_they_do(state: State) -> None:
    room = await open_room(state)
    cast, us = room.cast, room.channels.colleagues
    await us.profiles.set_away(cast.joon, True)
    async with overhearing(state) as heard:
        await us.presence.here(cast.joon)
        assert await is_here(room, cast.users["joon"]) == "away"
        await us.profiles.set_away(cast.joon, False)
        assert (await heard.next("presence"))[2]["presence"] == "active"
    assert await is_here(room, cast.users["joon"]) == "active"


async def test_who_writes_is_told_to_all_sides_and_not_too_often(state: State) -> None:
    room = await open_room(state)
    cast, presence = room.cast, room.channels.colleagues.presence
    channel = await room.shared()
    root = await room.say(cast.mina, channel, "question")
    async with overhearing(state) as heard:
        await presence.typing(cast.joon, channel, root.ts)
        for _ in range(3):
            await presence.typing(cast.joon, channel, root.ts)
        both = [await heard.next("typing") for _ in range(2)]
        assert {one[0] for one in both} == {cast.tenant.workspace, cast.rina.tenant.workspace}
        expected = {"typing": cast.joon.user, "thread": f"{root.ts // 10**6}.{root.ts % 10**6:06d}"}
        assert both[0][1:] == ([f"channel:{channel}"], expected)
        async with state.begin_system() as tx:
            await whisper(tx, "T0", ["x"], {"mark": "then"})
        assert [what for what in await heard.all_until("then") if "typing" in what] == []
        room.clock.advance(timedelta(seconds=3))
        await presence.typing(cast.joon, channel, None)
        assert (await heard.next("typing"))[2]["thread"] == ""
    with pytest.raises(NotInChannel):
        await presence.typing(await admin(room), channel, None)
    with pytest.raises(ChannelNotFound):
        await presence.typing(cast.gil, channel, None)


async def test_a_topic_of_somebody_is_for_who_may_know_them(state: State) -> None:
    room = await open_room(state)
    cast = room.cast
    topic = f"presence:{cast.joon.user}"
    assert await room.channels.may_hear(cast.mina, topic)
    assert not await room.channels.may_hear(cast.rina, topic)
    assert not await room.channels.may_hear(cast.gil, topic)
    await room.shared()
    assert await room.channels.may_hear(cast.rina, topic)


async def admin(room: Room) -> Principal:
    """Somebody of the workspace who is in no channel."""
    made = await room.cast.governance.create_user(room.cast.mina, "bora@sorimaru.example", "보라")
    return Principal(room.cast.tenant, made.id, made.role)
