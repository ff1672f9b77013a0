"""What is said stands in order, once, and only before those who may read it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dure.channels.api import Channels, Draft
from dure.channels.refusals import (
    AlreadyReacted,
    CantDeleteMessage,
    CantUpdateMessage,
    ChannelNotFound,
    MessageNotFound,
    MessageTooLong,
    NameTaken,
    NoText,
    NotInChannel,
)
from dure.kernel.clock import StillClock
from dure.kernel.errors import DureError
from dure.state import State
from tests.channels.room import open_room

pytestmark = pytest.mark.anyio


async def test_timestamps_rise_with_twenty_writers_and_a_clock_set_back(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "busy")).id

    async def write(n: int) -> int:
        if n == 10:
            room.clock.advance(timedelta(seconds=-10))
        return (await room.say(room.cast.mina, channel, f"{n}")).ts

    given = await asyncio.gather(*(write(n) for n in range(20)))
    found, more = await room.channels.history(room.cast.mina, channel)
    assert len(set(given)) == 20
    assert [message.ts for message in found] == sorted(given, reverse=True)
    assert not more


async def test_a_deleted_messages_timestamp_is_not_given_out_again(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "rooms")).id
    first = await room.say(room.cast.mina, channel, "oops")
    await room.channels.delete(room.cast.mina, channel, first.ts)
    assert (await room.say(room.cast.mina, channel, "again")).ts > first.ts
    with pytest.raises(MessageNotFound):
        await room.channels.update(room.cast.mina, channel, first.ts, Draft("x"))


async def test_the_same_client_msg_id_makes_one_message_and_one_event(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "retries")).id
    draft = Draft("hello", client_msg_id="6f6b0f7e")
    said = await asyncio.gather(*(room.channels.post(room.cast.mina, channel, draft) for _ in range(5)))
    assert len({message.ts for message in said}) == 1
    told = await room.told(room.cast.tenant.workspace)
    assert [event.event for event in told] == ["Channel Created", "Message Posted"]
    assert told[1].properties["text"] == "hello"
    assert (told[1].object_type, told[1].object) == ("channel", channel)


async def test_a_reply_to_a_reply_hangs_on_the_root_and_is_counted(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "threads", members=[room.cast.joon.user])).id
    root = await room.say(room.cast.mina, channel, "root")
    reply = await room.say(room.cast.joon, channel, "reply", root.ts)
    await room.say(room.cast.mina, channel, "nested", reply.ts)
    parent, replies, more = await room.channels.replies(room.cast.mina, channel, root.ts)
    assert (parent.reply_count, [m.text for m in replies], more) == (2, ["reply", "nested"], False)
    assert parent.latest_reply == replies[-1].ts
    history, _ = await room.channels.history(room.cast.mina, channel)
    assert [m.text for m in history] == ["root"]


async def test_a_deleted_root_stays_while_it_has_replies(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "roots")).id
    root = await room.say(room.cast.mina, channel, "root")
    reply = await room.say(room.cast.mina, channel, "reply", root.ts)
    await room.channels.delete(room.cast.mina, channel, root.ts)
    history, _ = await room.channels.history(room.cast.mina, channel)
    assert [(m.deleted, m.text) for m in history] == [(True, "")]
    await room.channels.delete(room.cast.mina, channel, reply.ts)
    assert (await room.channels.history(room.cast.mina, channel))[0] == []


async def test_reactions_are_counted_once_a_person(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "smiles", members=[room.cast.joon.user])).id
    ts = (await room.say(room.cast.mina, channel, "done")).ts
    await room.channels.react(room.cast.mina, channel, ts, "tada")
    await room.channels.react(room.cast.joon, channel, ts, ":tada:")
    with pytest.raises(AlreadyReacted):
        await room.channels.react(room.cast.joon, channel, ts, "tada")
    message = await room.channels.message(room.cast.joon, channel, ts)
    assert [(r.name, len(r.users)) for r in message.reactions] == [("tada", 2)]
    await room.channels.unreact(room.cast.joon, channel, ts, "tada")
    assert len((await room.channels.message(room.cast.joon, channel, ts)).reactions[0].users) == 1


async def test_unread_counts_what_others_said_at_the_top_level(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = (await room.channels.create(mina, "unread", members=[joon.user])).id
    first = await room.say(mina, channel, "one")
    await room.say(mina, channel, "two")
    await room.say(mina, channel, "in a thread", first.ts)

    async def unread() -> int:
        return next(c.unread for c in await room.channels.listed(joon) if c.id == channel)

    assert await unread() == 2
    await room.channels.mark(joon, channel, first.ts)
    assert await unread() == 1
    newest = (await room.channels.history(joon, channel))[0][0]
    await room.channels.mark(joon, channel, newest.ts)
    assert await unread() == 0
    assert next(c.unread for c in await room.channels.listed(mina) if c.id == channel) == 0


async def test_only_the_author_changes_and_only_author_or_administrator_deletes(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = (await room.channels.create(mina, "mine", members=[joon.user])).id
    minas, joons = await room.say(mina, channel, "hers"), await room.say(joon, channel, "his")
    with pytest.raises(CantUpdateMessage):
        await room.channels.update(mina, channel, joons.ts, Draft("changed"))
    with pytest.raises(CantDeleteMessage):
        await room.channels.delete(joon, channel, minas.ts)
    await room.channels.delete(mina, channel, joons.ts)
    changed = await room.channels.update(mina, channel, minas.ts, Draft("better"))
    assert (changed.text, changed.edited_by) == ("better", mina.user)


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [(Draft("x" * 40_001), MessageTooLong), (Draft("  "), NoText), (Draft(""), NoText)],
)
async def test_what_is_too_long_or_empty_is_refused(state: State, draft: Draft, refusal: type[DureError]) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "limits")).id
    with pytest.raises(refusal):
        await room.channels.post(room.cast.mina, channel, draft)


async def test_what_postgresql_cannot_keep_is_taken_out(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "odd")).id
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a\0b\ud800"}}]
    said = await room.channels.post(room.cast.mina, channel, Draft("<script>\0alert(1)</script>\ud800", blocks=blocks))
    found = await room.channels.message(room.cast.mina, channel, said.ts)
    assert found.text == "<script>alert(1)</script>\ufffd\ufffd\ufffd"
    assert found.blocks is not None
    assert found.blocks[0]["text"]["text"].startswith("ab")


async def test_a_private_channel_is_known_to_its_members_only(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "board", private=True, purpose="secret")).id
    await room.say(room.cast.mina, channel, "a secret")
    with pytest.raises(ChannelNotFound):
        await room.channels.history(room.cast.joon, channel)
    assert await room.channels.listed(room.cast.joon) == []
    with pytest.raises(NameTaken):
        await room.channels.create(room.cast.joon, "board")
    written = str([event.properties for event in await room.told(room.cast.tenant.workspace)])
    assert "secret" not in written
    assert "board" not in written


async def test_an_open_channel_is_read_by_all_but_guests_and_written_by_members(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "open")).id
    await room.say(room.cast.mina, channel, "hi")
    assert len((await room.channels.history(room.cast.joon, channel))[0]) == 1
    with pytest.raises(NotInChannel):
        await room.say(room.cast.joon, channel, "me too")
    with pytest.raises(ChannelNotFound):
        await room.channels.history(room.cast.gil, channel)
    await room.channels.join(room.cast.joon, channel)
    await room.say(room.cast.joon, channel, "me too")
    await room.channels.invite(room.cast.mina, channel, [room.cast.gil.user])
    await room.say(room.cast.gil, channel, "thank you")


async def test_another_organisation_finds_nothing(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "open")).id
    ts = (await room.say(room.cast.mina, channel, "hi")).ts
    rina = room.cast.rina
    for attempt in (
        room.channels.info(rina, channel),
        room.channels.history(rina, channel),
        room.channels.replies(rina, channel, ts),
        room.channels.members(rina, channel),
        room.channels.join(rina, channel),
        room.channels.react(rina, channel, ts, "eyes"),
        room.channels.mark(rina, channel, ts),
        room.channels.archive(rina, channel),
        room.say(rina, channel, "hello"),
        room.channels.rename(rina, channel, "ours"),
        room.channels.info(rina, "open"),
    ):
        with pytest.raises(ChannelNotFound):
            await attempt
    assert await room.channels.listed(rina) == []
    assert not await room.channels.may_hear(rina, f"channel:{channel}")


async def test_a_direct_conversation_is_found_again(state: State) -> None:
    room = await open_room(state)
    made, was_there = await room.channels.open_direct(room.cast.mina, [room.cast.joon.user])
    again, there_now = await room.channels.open_direct(room.cast.joon, [room.cast.mina.user])
    assert (made.id, was_there, again.id, there_now) == (again.id, False, made.id, True)
    assert made.id.startswith("D")
    await room.say(room.cast.mina, made.id, "psst")
    with pytest.raises(ChannelNotFound):
        await room.channels.history(room.cast.gil, made.id)


async def test_timestamps_rise_across_processes(state: State) -> None:
    room = await open_room(state)
    channel = (await room.channels.create(room.cast.mina, "two-servers")).id
    other = State(state.url, connections=4)
    await other.open()
    behind = StillClock(room.clock.now() - timedelta(minutes=1))
    servers = [room.channels, Channels(other, behind, room.cast.governance)]
    said = await asyncio.gather(*(servers[n % 2].post(room.cast.mina, channel, Draft(f"{n}")) for n in range(12)))
    await other.close()
    found, _ = await room.channels.history(room.cast.mina, channel)
    assert [message.ts for message in found] == sorted({message.ts for message in said}, reverse=True)
    assert len(found) == 12
