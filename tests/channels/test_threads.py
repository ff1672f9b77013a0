"""What is unread: in a channel, by mentions, and in each thread that somebody follows."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from dure.channels.api import Conversation, Draft, ts_text
from dure.channels.refusals import (
    InvalidTimestamp,
    NonThreadableChannel,
    NotInChannel,
    ReadOnlyChannel,
    ThreadNotFound,
    ThreadOnlyChannel,
)
from dure.governance.api import Principal
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]
pytestmark = pytest.mark.anyio


async def channel_of(room: Room, name: str = "work") -> str:
    return (await room.channels.create(room.cast.mina, name, members=[room.cast.joon.user])).id


async def seen(room: Room, who: Principal, channel: str) -> Conversation:
    return next(one for one in await room.channels.listed(who) if one.id == channel)


async def test_mentions_are_counted_beside_what_is_unread(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    rich = [{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "user", "user_id": joon.user}]}]}]  # fmt: skip
    for draft in (
        Draft("nobody"),
        Draft(f"you, <@{joon.user}>"),
        Draft("all of you <!here>"),
        Draft("<!channel|@channel>"),
        Draft("", blocks=rich),
        Draft(f"<@{mina.user}|Mina> only"),
        Draft("<!subteam^S0DESIGN|@design>"),
    ):
        await room.channels.post(mina, channel, draft)
    mine = await room.say(joon, channel, f"I, <@{joon.user}>, do not count")
    found = await seen(room, joon, channel)
    assert (found.unread, found.mentions) == (7, 4)

    async def designers(*_: object) -> list[str]:
        return ["S0DESIGN"]

    room.channels.groups_of = designers
    assert (await seen(room, joon, channel)).mentions == 5
    await room.channels.mark(joon, channel, mine.ts)
    found = await seen(room, joon, channel)
    assert (found.unread, found.mentions) == (0, 0)


async def test_in_a_direct_conversation_everything_is_meant_for_one(state: State) -> None:
    room = await open_room(state)
    direct, _ = await room.channels.open_direct(room.cast.mina, [room.cast.joon.user])
    await room.say(room.cast.mina, direct.id, "lunch?")
    found = await seen(room, room.cast.joon, direct.id)
    assert (found.unread, found.mentions) == (1, 1)


async def test_reading_never_goes_back_unless_it_is_wanted_and_never_into_the_future(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    said = [(await room.say(mina, channel, f"{n}")).ts for n in range(4)]
    await asyncio.gather(*(room.channels.mark(joon, channel, ts) for ts in (said[2], said[0], said[1])))
    assert (await seen(room, joon, channel)).last_read == said[2]
    await room.channels.mark(joon, channel, said[0], back=True)
    assert (await seen(room, joon, channel)).unread == 3
    with pytest.raises(InvalidTimestamp):
        await room.channels.mark(joon, channel, said[3] + 3_600_000_000)
    await room.channels.delete(mina, channel, said[1])
    await room.channels.mark(joon, channel, said[1])  # of a message that is gone
    assert (await seen(room, joon, channel)).unread == 2


async def test_deleting_takes_from_what_is_unread_and_never_adds_to_it(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    first, second = await room.say(mina, channel, "1"), await room.say(mina, channel, f"2 <@{joon.user}>")
    await room.channels.delete(mina, channel, second.ts)
    found = await seen(room, joon, channel)
    assert (found.unread, found.mentions) == (1, 0)
    await room.channels.mark(joon, channel, second.ts)
    await room.channels.delete(mina, channel, first.ts)
    assert (await seen(room, joon, channel)).unread == 0


async def test_who_writes_or_is_named_in_a_thread_follows_it(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    await room.channels.invite(mina, channel, [room.cast.gil.user])
    root = await room.say(mina, channel, "root")
    await room.say(joon, channel, "one", root.ts)
    await room.say(joon, channel, "two", root.ts)
    [minas], more, new = await room.channels.threads(mina)
    assert (minas.root.text, minas.unread, [m.text for m in minas.replies], more, new) == (
        "root", 2, ["one", "two"], False, 1,
    )  # fmt: skip
    [joons], _, new = await room.channels.threads(joon)
    assert (joons.unread, new) == (0, 0)
    assert (await room.channels.threads(room.cast.gil))[0] == []
    await room.say(joon, channel, f"<@{room.cast.gil.user}>?", root.ts)
    [gils], _, _ = await room.channels.threads(room.cast.gil)
    assert gils.unread == 3
    await room.channels.read_thread(room.cast.gil, channel, root.ts, gils.replies[-1].ts)
    assert (await room.channels.threads(room.cast.gil))[2] == 0
    parent, _, _ = await room.channels.replies(mina, channel, root.ts)
    assert (parent.following, parent.thread_unread) == (True, 3)
    history, _ = await room.channels.history(room.cast.gil, channel)
    assert [(m.following, m.thread_unread) for m in history if m.text == "root"] == [(True, 0)]


async def test_a_thread_is_let_go_and_followed_again_by_writing(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    root = await room.say(mina, channel, "root")
    await room.say(joon, channel, "one", root.ts)
    await room.channels.follow(mina, channel, root.ts, on=False)
    await room.say(joon, channel, f"<@{mina.user}>", root.ts)
    assert (await room.channels.threads(mina))[0] == []
    await room.say(mina, channel, "here I am", root.ts)
    last = await room.say(joon, channel, "good", root.ts)
    [found], _, _ = await room.channels.threads(mina)
    assert found.unread == 1
    await room.channels.delete(joon, channel, last.ts)
    [found], _, new = await room.channels.threads(mina)
    assert (found.unread, new) == (0, 0)
    with pytest.raises(ThreadNotFound):
        await room.channels.follow(mina, channel, last.ts)
    with pytest.raises(NotInChannel):
        await room.channels.follow(await room.cast.governance.principal(room.cast.bot_token), channel, root.ts)


async def test_threads_come_unread_first_and_page_by_page(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    roots = [await room.say(mina, channel, f"root {n}") for n in range(4)]
    for root in roots:
        await room.say(joon, channel, f"to {root.text}", root.ts)
    for root in (roots[0], roots[2], roots[3]):
        parent, _, _ = await room.channels.replies(mina, channel, root.ts)
        await room.channels.read_thread(mina, channel, root.ts, parent.latest_reply or 0)
    first, more, new = await room.channels.threads(mina, limit=2)
    assert ([one.root.text for one in first], more, new) == (["root 1", "root 3"], True, 1)
    rest, more, _ = await room.channels.threads(mina, before=first[-1].root.latest_reply, limit=2)
    assert ([one.root.text for one in rest], more) == (["root 2", "root 0"], False)
    await room.channels.leave(mina, channel)
    assert (await room.channels.threads(mina))[0] == []


async def test_a_post_writes_no_row_for_each_member(state: State) -> None:
    room = await open_room(state)
    channel = await channel_of(room)
    root = await room.say(room.cast.mina, channel, "<!channel> hello")
    count = "select count(*) from channels.following where channel = %s"
    async with state.begin_system() as tx:
        assert await tx.value(count, (channel,)) == 0
    await room.say(room.cast.joon, channel, "<!here> hi", root.ts)
    async with state.begin_system() as tx:
        assert await tx.value(count, (channel,)) == 2  # those who wrote


async def test_what_was_read_is_whispered_to_ones_own_screens(state: State) -> None:
    room = await open_room(state)
    channel = await channel_of(room)
    said = await room.say(room.cast.mina, channel, "hi")
    async with state.listen("dure_whisper") as notes:
        await room.channels.mark(room.cast.joon, channel, said.ts)
        told = json.loads((await anext(notes)).payload)
    assert told["t"] == [f"user:{room.cast.joon.user}"]
    assert told["e"] == {"kind": "read", "channel": channel, "last_read": ts_text(said.ts)}


async def test_whom_a_message_concerns_is_called_on_their_own_screens(state: State) -> None:
    room = await open_room(state)
    mina, joon, gil = room.cast.mina, room.cast.joon, room.cast.gil
    channel = await channel_of(room)
    await room.channels.invite(mina, channel, [gil.user])
    async with state.listen("dure_whisper") as notes:
        root = await room.say(mina, channel, f"<@{joon.user}> <@U0NOBODY00> <!here>")
        first = json.loads((await anext(notes)).payload)
        reply = await room.say(joon, channel, f"<@{gil.user}>", root.ts)
        told = [json.loads((await anext(notes)).payload) for _ in range(2)]
    assert (first["t"], first["e"]["kind"], first["e"]["thread_ts"]) == ([f"user:{joon.user}"], "mention", "")
    assert {(one["t"][0], one["e"]["kind"]) for one in told} == {
        (f"user:{mina.user}", "thread"), (f"user:{gil.user}", "mention"),
    }  # fmt: skip
    assert told[0]["e"]["ts"] == ts_text(reply.ts)


async def test_an_administrator_says_who_may_write_where(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = await channel_of(room)
    root = await room.say(mina, channel, "news")
    await room.channels.set_posting(mina, channel, "threads")
    with pytest.raises(ThreadOnlyChannel):
        await room.say(joon, channel, "me too")
    await room.say(joon, channel, "in the thread", root.ts)
    await room.channels.set_posting(mina, channel, "admins")
    with pytest.raises(ReadOnlyChannel):
        await room.say(joon, channel, "in the thread", root.ts)
    await room.say(mina, channel, "more news")
    await room.channels.set_posting(mina, channel, "flat")
    with pytest.raises(NonThreadableChannel):
        await room.say(joon, channel, "in the thread", root.ts)
    await room.say(joon, channel, "at the top")


async def test_pages_of_a_thread_stay_whole_while_it_changes(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    channel = await channel_of(room)
    root = await room.say(mina, channel, "root")
    said = [await room.say(mina, channel, f"{n}", root.ts) for n in range(6)]
    parent, first, more = await room.channels.replies(mina, channel, root.ts, limit=3)
    assert ([m.text for m in first], more) == (["0", "1", "2"], True)
    await room.channels.delete(mina, channel, said[2].ts)  # where the page ended
    await room.channels.delete(mina, channel, said[4].ts)
    await room.channels.update(mina, channel, said[3].ts, Draft("3, better"))
    room.clock.advance(timedelta(seconds=1))
    await room.say(mina, channel, "6", root.ts)
    again, rest, more = await room.channels.replies(mina, channel, root.ts, oldest=first[-1].ts, limit=3)
    assert (parent.ts, again.ts, [m.text for m in rest], more) == (root.ts, root.ts, ["3, better", "5", "6"], False)
    assert {reply.parent for reply in rest} == {mina.user}
