"""How long things are kept: gone for everybody at the moment, purged a little later, held where the law says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from dure.channels.api import Draft, Message
from dure.channels.files.refusals import FileDeleted
from dure.channels.refusals import MessageNotFound, ThreadNotFound
from dure.channels.retention.api import Retention
from dure.channels.retention.purge import Purge
from dure.channels.retention.refusals import (
    ChannelTypeNotSupported,
    DeletionPrevented,
    DurationOutOfRange,
    HoldNotFound,
    HoldReleased,
    HostAlone,
    OverrideNotAllowed,
)
from dure.channels.search.index import Indexer
from dure.channels.store.reading import counts
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(state: State) -> Room:
    return await open_room(state)


async def rule(room: Room, name: str, value: Any, *, by: Principal | None = None, whole: bool = True) -> None:
    await room.cast.governance.policies.set(by or room.cast.mina, name, value, whole=whole)


async def purge(room: Room) -> int:
    """A whole round, whenever the last one was."""
    return await Purge(room.state, None, room.clock, room.cast.governance, room.channels, every=timedelta(0)).round()


def later(room: Room, **by: int) -> None:
    room.clock.advance(timedelta(**by))


async def texts(room: Room, who: Principal, channel: str) -> list[str]:
    found, _ = await room.channels.history(who, channel)
    return [one.text for one in found if not one.subtype]


async def rows(room: Room, table: str, where: str, *params: object) -> list[dict[str, Any]]:
    async with room.state.begin_system() as tx:
        return await tx.rows(f"select * from channels.{table} where {where}", params)


async def say(room: Room, channel: str, *said: str, who: Principal | None = None) -> list[Message]:
    return [await room.say(who or room.cast.joon, channel, text) for text in said]


@pytest.mark.parametrize(("kind", "private"), [("public", False), ("private", True)])
async def test_what_is_past_its_time_is_seen_by_nobody_before_it_is_purged(
    room: Room, kind: str, private: bool
) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    channel = await room.channel(mina, joon, private=private)
    (old,) = await say(room, channel, "old bluebird")
    await room.channels.pin(joon, channel, old.ts)
    while await Indexer(room.state).step():
        pass
    await rule(room, f"retention.{kind}", 2)
    later(room, days=1)
    await say(room, channel, "new")
    assert await texts(room, mina, channel) == ["new", "old bluebird"]
    later(room, days=1, seconds=1)
    assert await texts(room, mina, channel) == ["new"]
    assert await room.channels.pins(mina, channel) == []
    assert (await room.search.messages(mina, "bluebird")).hits == []
    assert [one.text for one in (await room.channels.following(mina, channel, 0))[0] if not one.subtype] == ["new"]
    for gone in (
        room.channels.message(mina, channel, old.ts), room.channels.react(mina, channel, old.ts, "eyes"),
        room.channels.update(joon, channel, old.ts, Draft("x")), room.channels.delete(joon, channel, old.ts),
    ):  # fmt: skip
        with pytest.raises(MessageNotFound):
            await gone
    with pytest.raises(ThreadNotFound):
        await room.channels.replies(mina, channel, old.ts)
    assert await rows(room, "message", "channel = %s and ts = %s", channel, old.ts)
    assert await purge(room) >= 1
    for table in ("message", "pin", "indexed", "following", "edit", "reaction"):
        place = "thread" if table == "following" else "ts"
        assert not await rows(room, table, f"channel = %s and {place} = %s", channel, old.ts), table
    assert await texts(room, mina, channel) == ["new"]
    told = [one for one in await room.told(room.cast.tenant.workspace) if one.event == "Messages Purged"]
    assert sum(one.properties["count"] for one in told if one.object == channel) >= 1


async def test_a_thread_whose_beginning_is_gone_keeps_its_living_replies(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    channel = await room.channel(mina, joon)
    (root,) = await say(room, channel, "root")
    await room.say(joon, channel, "old reply", root.ts)
    await rule(room, "retention.public", 10)
    later(room, days=6)
    await room.say(joon, channel, "young reply", root.ts)
    later(room, days=5)
    for _ in range(2):  # seen the same before and after the purge
        (shown,) = [one for one in (await room.channels.history(mina, channel))[0] if not one.subtype]
        assert (shown.ts, shown.deleted, shown.text) == (root.ts, True, "")
        found, replies, _ = await room.channels.replies(mina, channel, root.ts)
        assert (found.deleted, [one.text for one in replies]) == (True, ["young reply"])
        await purge(room)
    assert (await room.channels.replies(mina, channel, root.ts))[0].reply_count == 1
    later(room, days=6)
    await purge(room)
    assert not await rows(room, "message", "channel = %s and ts <= %s", channel, replies[0].ts)


async def test_unread_counts_do_not_come_back_to_life(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    channel = await room.channel(mina, joon)
    await say(room, channel, "one", "two", "three")
    assert (await unread(room, mina, channel)) == 3
    await rule(room, "retention.public", 1)
    later(room, days=2)
    await purge(room)
    assert (await unread(room, mina, channel)) == 0
    await say(room, channel, "four")
    assert (await unread(room, mina, channel)) == 1


async def unread(room: Room, who: Principal, channel: str) -> int:
    async with room.state.begin(who.tenant) as tx:
        return (await counts(tx, who.tenant.workspace, who.user, [])).get(channel, (0, 0))[0]


async def test_each_side_of_a_shared_channel_keeps_its_own_peoples_words(room: Room) -> None:
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    await say(room, channel, "ours", who=mina)
    await say(room, channel, "theirs", who=rina)
    await rule(room, "retention.public", 1)
    await rule(room, "retention.public", 5, by=rina)
    later(room, days=2)
    for _ in range(2):
        assert await texts(room, mina, channel) == await texts(room, rina, channel) == ["theirs"]
        await purge(room)
    lengths = await room.channels.retention.of_channel(rina, channel)
    assert [(one.workspace == rina.tenant.workspace, one.days) for one in lengths] == [(True, 5), (False, 1)]
    later(room, days=4)
    assert await texts(room, mina, channel) == []


async def test_a_channel_may_have_a_length_of_its_own_where_that_is_allowed(room: Room) -> None:
    mina, joon, keeping = room.cast.mina, room.cast.joon, room.channels.retention
    channel = await room.channel(mina, joon)
    await rule(room, "retention.public", 10)
    with pytest.raises(OverrideNotAllowed):
        await keeping.set_days(mina, channel, 100)
    await rule(room, "retention.override", "allowed")
    await keeping.set_days(mina, channel, 100)
    await say(room, channel, "long")
    later(room, days=50)
    await purge(room)
    assert await texts(room, mina, channel) == ["long"]
    assert [one.days for one in await keeping.of_channel(joon, channel)] == [100]
    assert (await keeping.overview(mina))[0][0]["channel"] == channel
    with pytest.raises(NotAllowed):
        await keeping.set_days(joon, channel, 1)
    for days in (0, 36_500):
        with pytest.raises(DurationOutOfRange):
            await keeping.set_days(mina, channel, days)
    direct = (await room.channels.open_direct(mina, [joon.user]))[0].id
    with pytest.raises(ChannelTypeNotSupported):
        await keeping.set_days(mina, direct, 5)
    await rule(room, "retention.override", "refused")
    assert await texts(room, mina, channel) == []


async def test_who_may_only_write_does_not_say_how_long_it_is_kept(room: Room) -> None:
    channel = await room.shared()
    await room.channels.set_limited(room.cast.mina, channel, room.cast.rina.tenant.workspace, True)
    await rule(room, "retention.override", "allowed", by=room.cast.rina)
    with pytest.raises(HostAlone):
        await room.channels.retention.set_days(room.cast.rina, channel, 5)


async def test_direct_words_and_files_have_lengths_of_their_own(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    direct = (await room.channels.open_direct(mina, [joon.user]))[0].id

    async def parts() -> AsyncIterator[bytes]:
        yield b"figures that only this file has"

    file = await room.files.upload(joon, "a.txt", parts())
    await room.channels.post(joon, direct, Draft("look", files=(file.id,)))
    await rule(room, "retention.files", 3)
    later(room, days=3, seconds=1)
    with pytest.raises(FileDeleted):
        await room.files.info(mina, file.id)
    await purge(room)
    assert await texts(room, mina, direct) == ["look"]
    assert [row["state"] for row in await rows(room, "file", "id = %s", file.id)] == ["deleted"]
    later(room, hours=3)
    await room.files.sweep()
    assert not await rows(room, "blob", "sha256 = %s", file.sha256)
    await rule(room, "retention.dm", 1)
    assert await texts(room, mina, direct) == []


async def test_a_workspace_is_stricter_than_the_whole_and_never_looser(room: Room) -> None:
    await rule(room, "retention.public", 30)
    with pytest.raises(Invalid):
        await rule(room, "retention.public", 31, whole=False)
    with pytest.raises(Invalid):
        await rule(room, "retention.public", "forever", whole=False)
    with pytest.raises(Invalid):
        await rule(room, "retention.public", 36_500)
    await rule(room, "retention.public", 7, whole=False)
    channel = await room.channel(room.cast.mina)
    assert (await room.channels.retention.of_channel(room.cast.mina, channel))[0].days == 7


async def test_what_is_held_stays_unseen_and_goes_when_it_is_released(room: Room) -> None:
    mina, joon, keeping = room.cast.mina, room.cast.joon, room.channels.retention
    channel = await room.channel(mina, joon)
    await say(room, channel, "mina's", who=mina)
    _, changed, deleted = await say(room, channel, "kept", "first words", "deleted")

    async def parts() -> AsyncIterator[bytes]:
        yield b"evidence"

    file = await room.files.upload(joon, "e.txt", parts())
    await room.channels.post(joon, channel, Draft("file", files=(file.id,)))
    held = await keeping.hold(mina, "matter 1", people=[joon.user], channels=[channel])
    await room.channels.update(joon, channel, changed.ts, Draft("other words"))
    await room.channels.delete(joon, channel, deleted.ts)
    await room.files.delete(joon, file.id)
    await rule(room, "retention.public", 1)
    later(room, days=2)
    await purge(room)
    assert await texts(room, mina, channel) == []
    left = await rows(room, "message", "channel = %s and account = %s and text <> '' order by ts", channel, joon.user)
    assert [row["text"] for row in left if not row["subtype"]] == ["kept", "other words", "file"]
    assert not await rows(room, "message", "channel = %s and text = %s", channel, "mina's")
    copies = await rows(room, "held", "channel = %s order by n", channel)
    assert [(one["why"], one["body"]["text"]) for one in copies] == [("changed", "first words"), ("deleted", "deleted")]
    later(room, hours=3)
    await room.files.sweep()
    assert await rows(room, "blob", "sha256 = %s", file.sha256)
    assert [(one.id, one.kept) for one in await keeping.holds(mina)] == [(held.id, 2)]
    await keeping.release(mina, held.id)
    later(room, minutes=2)
    await purge(room)
    for table in ("message", "held", "edit"):
        assert not await rows(room, table, "channel = %s and ts <= %s", channel, deleted.ts), table
    assert not await rows(room, "held_file", "file = %s", file.id)
    later(room, hours=3)
    await room.files.sweep()
    assert not await rows(room, "blob", "sha256 = %s", file.sha256)
    with pytest.raises(HoldReleased):
        await keeping.release(mina, held.id)


async def test_a_channel_that_goes_leaves_what_is_held_of_it(room: Room) -> None:
    mina, joon, keeping = room.cast.mina, room.cast.joon, room.channels.retention
    channel = await room.channel(mina, joon)
    await say(room, channel, "mina's", who=mina)
    await say(room, channel, "evidence")
    held = await keeping.hold(mina, "matter 2", people=[joon.user])
    await room.channels.spanning.delete(mina, channel)
    assert not await rows(room, "message", "channel = %s", channel)
    copies = await rows(room, "held", "channel = %s order by n", channel)
    assert [(one["why"], one["body"]["text"]) for one in copies if one["body"]["text"]] == [("deleted", "evidence")]
    await keeping.release(mina, held.id)
    later(room, minutes=2)
    await purge(room)
    assert not await rows(room, "held", "channel = %s", channel)


async def test_two_holds_and_a_span_of_time(room: Room) -> None:
    mina, joon, keeping = room.cast.mina, room.cast.joon, room.channels.retention
    channel = await room.channel(mina, joon)
    (before,) = await say(room, channel, "before")
    later(room, days=1)
    middle = room.clock.now()
    (within,) = await say(room, channel, "within")
    later(room, days=1)
    first = await keeping.hold(mina, "one", since=middle, until=middle + timedelta(hours=1))
    await keeping.hold(mina, "two", channels=[channel], since=middle)
    for one in (before, within):
        await room.channels.delete(joon, channel, one.ts)
    assert [one["ts"] for one in await rows(room, "held", "channel = %s", channel)] == [within.ts]
    await keeping.release(mina, first.id)
    await purge(room)
    assert await rows(room, "held", "channel = %s", channel)


async def test_holds_are_for_those_who_answer_for_the_organisation(room: Room) -> None:
    keeping: Retention = room.channels.retention
    made = await keeping.hold(room.cast.mina, "secret matter", people=[room.cast.joon.user])
    for act in (
        keeping.holds(room.cast.joon),
        keeping.hold(room.cast.joon, "x"),
        keeping.release(room.cast.gil, made.id),
    ):
        with pytest.raises(NotAllowed):
            await act
    assert await keeping.holds(room.cast.rina) == []
    theirs = await room.channel(room.cast.rina)
    for field, named in (("people", room.cast.rina.user), ("people", "Joon"), ("channels", theirs)):
        with pytest.raises(Invalid) as refused:
            await keeping.hold(room.cast.mina, "x", **{field: [named]})  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(HoldNotFound):
        await keeping.release(room.cast.rina, made.id)
    told = str([one.properties for one in await room.told(room.cast.tenant.workspace) if one.event == "Hold Placed"])
    assert room.cast.joon.user not in told
    assert "secret" not in told


async def test_a_rule_may_prevent_deletion_and_drop_what_was_said_before_a_change(room: Room) -> None:
    joon = room.cast.joon
    channel = await room.channel(room.cast.mina, joon)
    first, second = await say(room, channel, "a", "b")
    await room.channels.update(joon, channel, first.ts, Draft("a2"))
    await rule(room, "retention.edits", "dropped")
    await room.channels.update(joon, channel, second.ts, Draft("b2"))
    assert len(await room.channels.versions(joon, channel, first.ts)) == 1
    assert await room.channels.versions(joon, channel, second.ts) == []
    await rule(room, "messages.delete", "refused")
    with pytest.raises(DeletionPrevented) as refused:
        await room.channels.delete(joon, channel, first.ts)
    assert refused.value.code == "compliance_exports_prevent_deletion"
