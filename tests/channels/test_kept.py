"""What is kept beside messages: earlier versions, pins, bookmarks, reactions, emoji, what one person alone is shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dure.channels.api import Channels, Draft
from dure.channels.plugs import SlackEvent, Telling
from dure.channels.refusals import (
    AlreadyPinned,
    BookmarkNotFound,
    EditWindowClosed,
    EmojiTaken,
    InvalidLink,
    NoPin,
    RestrictedAction,
    TooManyEmoji,
    TooManyReactions,
    UserNotInChannel,
)
from dure.channels.telling.pins import TELLERS
from dure.kernel.errors import Invalid
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]
pytestmark = pytest.mark.anyio


async def texts(room: Room, channel: str) -> list[str]:
    return [m.text for m in (await room.channels.history(room.cast.mina, channel))[0][::-1]]


async def test_an_ephemeral_message_is_whispered_to_one_and_in_nobodys_history(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = (await room.channels.create(mina, "whispers", members=[joon.user])).id
    async with state.listen("dure_whisper") as notes:
        shown = await room.channels.show(mina, channel, joon.user, Draft("only you <script>"))
        told = json.loads((await anext(notes)).payload)
    assert (told["w"], told["t"]) == (joon.tenant.workspace, [f"user:{joon.user}"])
    assert (told["e"]["kind"], told["e"]["channel"], told["e"]["message"]["text"]) == (
        "ephemeral", channel, "only you <script>",
    )  # fmt: skip
    assert await texts(room, channel) == []
    assert [m.ts for m in await room.channels.shown(joon, channel)] == [shown.ts]
    assert await room.channels.shown(mina, channel) == []
    assert (await room.say(mina, channel, "next")).ts > shown.ts
    with pytest.raises(UserNotInChannel):
        await room.channels.show(mina, channel, room.cast.gil.user, Draft("x"))
    room.clock.advance(timedelta(hours=2))
    await room.channels.forget_shown()
    assert await room.channels.shown(joon, channel) == []
    async with state.begin_system() as tx:
        assert await tx.value("select count(*) from channels.ephemeral where channel = %s", (channel,)) == 0


async def test_an_ephemeral_message_too_long_to_be_whispered_is_fetched(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = (await room.channels.create(mina, "whispers", members=[joon.user])).id
    async with state.listen("dure_whisper") as notes:
        await room.channels.show(mina, channel, joon.user, Draft("가" * 5_000))
        told = json.loads((await anext(notes)).payload)
    assert told["e"]["message"] is None
    assert len((await room.channels.shown(joon, channel))[0].text) == 5_000
    await room.channels.dismiss(joon, channel, (await room.channels.shown(joon, channel))[0].ts)
    assert await room.channels.shown(joon, channel) == []


async def test_what_a_message_said_before_is_kept_until_it_is_deleted(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    channel = (await room.channels.create(mina, "edits")).id
    ts = (await room.say(mina, channel, "one")).ts
    await room.channels.update(mina, channel, ts, Draft("two"))
    await room.channels.update(mina, channel, ts, Draft("two"))  # nothing changed
    await room.channels.update(mina, channel, ts, Draft("three"))
    assert [(v.text, v.by) for v in await room.channels.versions(room.cast.joon, channel, ts)] == [
        ("one", mina.user), ("two", mina.user),
    ]  # fmt: skip
    await room.channels.delete(mina, channel, ts)
    async with state.begin_system() as tx:
        assert await tx.value("select count(*) from channels.edit where channel = %s", (channel,)) == 0


async def test_the_time_in_which_people_may_edit_can_be_limited(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    strict = Channels(state, room.clock, room.cast.governance, edit_minutes=5)
    channel = (await strict.create(mina, "edits")).id
    ts = (await strict.post(mina, channel, Draft("one"))).ts
    room.clock.advance(timedelta(minutes=4))
    await strict.update(mina, channel, ts, Draft("two"))
    room.clock.advance(timedelta(minutes=2))
    with pytest.raises(EditWindowClosed):
        await strict.update(mina, channel, ts, Draft("three"))


async def test_pins_and_bookmarks_are_kept_once_and_told(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = (await room.channels.create(mina, "kept", members=[joon.user])).id
    ts = (await room.say(mina, channel, "the agenda")).ts
    await room.channels.pin(joon, channel, ts)
    with pytest.raises(AlreadyPinned):
        await room.channels.pin(mina, channel, ts)
    assert [(pin.message.ts, pin.by) for pin in await room.channels.pins(mina, channel)] == [(ts, joon.user)]
    assert (await room.channels.message(mina, channel, ts)).pinned
    await room.channels.unpin(mina, channel, ts)
    with pytest.raises(NoPin):
        await room.channels.unpin(mina, channel, ts)
    made = await room.channels.bookmark(mina, channel, "Brief", "https://example.com/brief", ":memo:")
    with pytest.raises(InvalidLink):
        await room.channels.bookmark(mina, channel, "Bad", "javascript:alert(1)")
    await room.channels.edit_bookmark(joon, channel, made.id, title="The brief")
    assert [(b.title, b.link, b.changed_by) for b in await room.channels.bookmarks(mina, channel)] == [
        ("The brief", "https://example.com/brief", joon.user)
    ]
    await room.channels.remove_bookmark(joon, channel, made.id)
    with pytest.raises(BookmarkNotFound):
        await room.channels.remove_bookmark(joon, channel, made.id)
    await room.channels.pin(mina, channel, ts)
    await room.channels.delete(mina, channel, ts)
    assert await room.channels.pins(mina, channel) == []
    told = [event.event for event in await room.told(room.cast.tenant.workspace)]
    assert [name for name in told if "Pinned" in name or "pinned" in name or "Bookmark" in name] == [
        "Message Pinned", "Message Unpinned", "Bookmark Added", "Bookmark Changed", "Bookmark Removed",
        "Message Pinned",
    ]  # fmt: skip


async def test_apps_hear_of_pins_and_emoji_as_from_slack(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    channel = (await room.channels.create(mina, "told")).id
    ts = (await room.say(mina, channel, "the agenda")).ts
    await room.channels.pin(mina, channel, ts)
    await room.channels.unpin(mina, channel, ts)
    await room.channels.add_emoji(mina, "sori", alias="tada")
    await room.channels.remove_emoji(mina, "sori")
    slack: list[SlackEvent] = []
    async with state.begin_system() as tx:
        for event in await room.told(room.cast.tenant.workspace):
            if event.event in TELLERS:
                slack += await TELLERS[event.event](Telling(tx, room.cast.governance), event)
    added, removed, new, gone = slack
    assert [one.kind for one in slack] == ["pin_added", "pin_removed", "emoji_changed", "emoji_changed"]
    assert set(added.body) == {
        "type", "user", "channel_id", "item", "item_user", "pin_count", "pinned_info", "event_ts",
    }  # fmt: skip
    assert (added.channel, added.scopes, added.body["item"]["message"]["text"]) == (
        channel, ("pins:read",), "the agenda",
    )  # fmt: skip
    assert removed.body["has_pins"] is False
    assert (new.body["subtype"], new.body["value"], new.everywhere) == ("add", "alias:tada", True)
    assert (gone.body["subtype"], gone.body["names"]) == ("remove", ["sori"])


async def test_reactions_have_bounds(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    channel = (await room.channels.create(mina, "smiles", members=[joon.user, room.cast.gil.user])).id
    ts = (await room.say(mina, channel, "hi")).ts
    for n in range(23):
        await room.channels.react(mina, channel, ts, f"a{n}")
    with pytest.raises(TooManyReactions):
        await room.channels.react(mina, channel, ts, "one_more")
    for n in range(23):
        await room.channels.react(joon, channel, ts, f"b{n}")
    for n in range(4):
        await room.channels.react(room.cast.gil, channel, ts, f"c{n}")
    with pytest.raises(TooManyEmoji):
        await room.channels.react(room.cast.gil, channel, ts, "one_more")
    await room.channels.react(room.cast.gil, channel, ts, "a1")


async def test_administrators_add_emoji_that_are_pictures_and_nothing_else(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 100
    await room.channels.add_emoji(mina, ":sori:", picture=png)
    await room.channels.add_emoji(mina, "sound", alias="sori")
    assert [(one.name, one.alias, one.kind) for one in await room.channels.emoji(room.cast.joon)] == [
        ("sori", "", "image/png"), ("sound", "sori", ""),
    ]  # fmt: skip
    assert await room.channels.emoji_picture(room.cast.joon, "sori") == ("image/png", png)
    assert await room.channels.emoji(room.cast.rina) == []
    with pytest.raises(EmojiTaken):
        await room.channels.add_emoji(mina, "sori", alias="tada")
    with pytest.raises(Invalid):
        await room.channels.add_emoji(mina, "bad", picture=b"<svg onload='alert(1)'>")
    with pytest.raises(RestrictedAction):
        await room.channels.add_emoji(room.cast.joon, "mine", alias="tada")
    await room.channels.remove_emoji(mina, "sori")
    assert await room.channels.emoji(mina) == []
