"""The order of what is said, and of what is told about it."""

from __future__ import annotations

import asyncio

import pytest

from dure.channels.api import Draft
from dure.feed.api import tail
from dure.state import State
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(state: State) -> Room:
    return await open_room(state)


async def test_the_feed_has_a_channel_in_the_order_of_its_timestamps_even_from_a_transaction_that_began_earlier(
    room: Room,
) -> None:
    """A transaction's place in the feed is its number, which an automation's has before it speaks."""
    mina = room.cast.mina
    made = await room.channels.create(mina, "room")
    async with room.state.begin(mina.tenant) as tx:
        await tx.run("update governance.account set title = 'lead' where id = %s", (mina.user,))
        early = await tx.value("select pg_current_xact_id()::text::bigint")
        await room.say(mina, made.id, "first")
        await room.channels.post_in(tx, mina, made.id, Draft("second"))
        await room.channels.post_in(tx, mina, made.id, Draft("third"))
    async with room.state.begin_system() as tx:
        batches = await tail(tx, 0)
    said = [
        (batch.position, event.properties["text"])
        for batch in batches
        for event in batch.events()
        if event.event == "Message Posted"
    ]
    assert [text for _, text in said] == ["first", "second", "third"]
    assert all(position // 4096 > early for position, _ in said)
    assert len({position for position, _ in said}) == 3


async def test_many_at_once_are_said_in_the_order_of_asking(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    made = await room.channels.create(mina, "room", members=[joon.user])
    words = [f"word {n}" for n in range(60)]
    said = await asyncio.gather(
        *(room.channels.post((mina, joon)[n % 2], made.id, Draft(word)) for n, word in enumerate(words))
    )
    assert [one.ts for one in said] == sorted({one.ts for one in said})
    found, _ = await room.channels.history(mina, made.id)
    assert [one.text for one in reversed(found)][-60:] == words


async def test_one_refusal_among_many_is_its_own(room: Room) -> None:
    mina, gil = room.cast.mina, room.cast.gil
    made = await room.channels.create(mina, "room")
    answers = await asyncio.gather(
        room.channels.post(mina, made.id, Draft("before")),
        room.channels.post(gil, made.id, Draft("not mine")),
        room.channels.post(mina, "C0NOWHERE00", Draft("nowhere")),
        room.channels.post(mina, made.id, Draft("twice", client_msg_id="id-1")),
        room.channels.post(mina, made.id, Draft("twice", client_msg_id="id-1")),
        room.channels.post(mina, made.id, Draft("after")),
        return_exceptions=True,
    )
    assert [getattr(one, "code", None) for one in answers] == [
        None, "channel_not_found", "channel_not_found", None, None, None,
    ]  # fmt: skip
    assert answers[3] == answers[4]
    found, _ = await room.channels.history(mina, made.id)
    assert [one.text for one in reversed(found) if not one.subtype] == ["before", "twice", "after"]


async def test_who_writes_has_read_what_was_there_but_not_what_others_say_meanwhile(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    made = await room.channels.create(mina, "room", members=[joon.user])
    await asyncio.gather(
        room.channels.post(mina, made.id, Draft("one")),
        room.channels.post(mina, made.id, Draft("two")),
        room.channels.post(joon, made.id, Draft("three")),
    )
    unread = {one.id: one.unread for one in await room.channels.listed(mina, mine=True)}
    assert unread == {made.id: 1}
    unread = {one.id: one.unread for one in await room.channels.listed(joon, mine=True)}
    assert unread == {made.id: 2}
