"""A shared channel is one room with two doors; who waits in it for an answer is timed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.channels.api import Draft
from dure.channels.refusals import ChannelNotFound, InviteNotFound, NotOwner
from dure.governance.api import Principal
from dure.state import State
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


async def test_nothing_is_seen_before_the_other_side_accepts(state: State) -> None:
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = (await room.channels.create(mina, "ad-partners")).id
    await room.say(mina, channel, "welcome")
    await room.channels.offer(mina, channel, rina.tenant.workspace)
    with pytest.raises(ChannelNotFound):
        await room.channels.history(rina, channel)
    offers = await room.channels.offers(rina)
    assert [(offer.channel, offer.name, offer.from_org) for offer in offers] == [
        (channel, "ad-partners", mina.tenant.org)
    ]
    await room.channels.accept(rina, channel, "sorimaru")
    assert [m.text for m in (await room.channels.history(rina, channel))[0]][-1] == "welcome"
    assert (await room.channels.info(rina, channel)).name == "sorimaru"
    assert (await room.channels.info(mina, channel)).name == "ad-partners"
    with pytest.raises(InviteNotFound):
        await room.channels.accept(rina, channel)


async def test_both_sides_say_and_hear_and_each_log_has_it(state: State) -> None:
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    await room.say(rina, channel, "When does it start?")
    await room.say(mina, channel, "Monday.")
    for who in (mina, rina):
        history, _ = await room.channels.history(who, channel)
        assert [m.text for m in history if not m.subtype] == ["Monday.", "When does it start?"]
        told = [e for e in await room.told(who.tenant.workspace) if e.event == "Message Posted"]
        assert [e.properties["external"] for e in told] == [who is mina, who is rina]
        assert {e.org for e in told} == {who.tenant.org}


async def test_an_offer_can_be_declined_and_a_share_ended(state: State) -> None:
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = (await room.channels.create(mina, "maybe")).id
    await room.channels.offer(mina, channel, "rival")
    await room.channels.decline(rina, channel)
    assert await room.channels.offers(rina) == []
    await room.channels.offer(mina, channel, "rival")
    await room.channels.accept(rina, channel)
    with pytest.raises(NotOwner):
        await room.channels.offer(rina, channel, mina.tenant.workspace)
    await room.channels.disconnect(mina, channel, rina.tenant.workspace)
    with pytest.raises(ChannelNotFound):
        await room.channels.history(rina, channel)
    assert not (await room.channels.info(mina, channel)).is_shared
    assert [m.user for m in await room.channels.members(mina, channel)] == [mina.user]


async def test_people_of_the_other_side_are_known_where_they_are_met(state: State) -> None:
    room = await open_room(state)
    rina, joon = room.cast.users["rina"], room.cast.joon
    with pytest.raises(Exception, match="no such user"):
        await room.channels.person(joon, rina.id)
    await room.shared()
    assert (await room.channels.person(joon, rina.id)).name == "Rina"


async def clocks(room: Room, channel: str) -> list[tuple[str, float | None]]:
    return [(clock.state, clock.seconds) for clock in await room.channels.responses(room.cast.mina, channel)]


async def names(room: Room, who: Principal) -> list[str]:
    return [e.event for e in await room.told(who.tenant.workspace) if e.event.startswith("Response")]


async def test_a_customers_question_warns_runs_over_and_stops_at_the_answer(state: State) -> None:
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    await room.say(rina, channel, "Is our campaign live?")
    assert await clocks(room, channel) == [("waiting", None)]

    room.clock.advance(timedelta(minutes=47, seconds=59))
    assert await room.channels.tick(room.clock.now()) == 0
    room.clock.advance(timedelta(seconds=1))
    assert await room.channels.tick(room.clock.now()) == 1
    assert await room.channels.tick(room.clock.now()) == 0
    room.clock.advance(timedelta(minutes=12))
    assert await room.channels.tick(room.clock.now()) == 1
    assert await clocks(room, channel) == [("overdue", None)]

    room.clock.advance(timedelta(minutes=30))
    await room.say(mina, channel, "Since this morning.")
    assert await clocks(room, channel) == [("answered", 5400.0)]
    assert await names(room, mina) == ["Response Warned", "Response Overdue", "Response Answered"]
    assert await names(room, rina) == []
    answered = (await room.told(mina.tenant.workspace))[-1]
    assert (answered.properties["seconds"], answered.properties["within"]) == (5400.0, False)


async def test_asking_twice_is_one_wait_and_an_answer_in_a_thread_ends_what_was_asked_there(state: State) -> None:
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    asked = await room.say(rina, channel, "Hello?")
    room.clock.advance(timedelta(minutes=5))
    await room.say(rina, channel, "Anybody?")
    await room.say(rina, channel, "I mean this", asked.ts)
    assert await clocks(room, channel) == [("waiting", None)]
    await room.say(mina, channel, "Here!", asked.ts)
    # What was asked beside the thread waits on, from when it was asked, until somebody answers in the channel.
    assert sorted(await clocks(room, channel)) == [("answered", 300.0), ("waiting", None)]
    room.clock.advance(timedelta(minutes=1))
    await room.say(mina, channel, "And hello to all")
    assert sorted(await clocks(room, channel)) == [("answered", 60.0), ("answered", 300.0)]


async def test_a_bot_does_not_answer_and_the_host_does_not_ask(state: State) -> None:
    room = await open_room(state)
    channel = await room.shared()
    await room.say(room.cast.mina, channel, "Good morning")
    assert await clocks(room, channel) == []
    await room.say(room.cast.rina, channel, "Good morning, a question")
    bot = await room.cast.governance.principal(room.cast.bot_token)
    await room.channels.post(bot, channel, Draft("Somebody will be with you."))
    assert await clocks(room, channel) == [("waiting", None)]


async def test_a_channel_has_its_own_minutes_or_none(state: State) -> None:
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    await room.channels.set_response_minutes(mina, channel, 10)
    await room.say(rina, channel, "Quick one")
    room.clock.advance(timedelta(minutes=10))
    await room.channels.tick(room.clock.now())
    assert await clocks(room, channel) == [("overdue", None)]
    with pytest.raises(NotOwner):
        await room.channels.set_response_minutes(rina, channel, 1)
    await room.channels.set_response_minutes(mina, channel, None)
    await room.say(rina, channel, "And now?")
    assert await clocks(room, channel) == []
