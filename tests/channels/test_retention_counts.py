"""What is past its time is counted nowhere: from the moment it is, before the purge, and where a hold keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from dure.channels.api import Draft
from dure.channels.model import ts_text
from dure.channels.notice.api import Notices
from dure.channels.notice.follow import NoticeFollower
from dure.channels.retention.purge import Purge
from dure.channels.search.index import Indexer
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio


@dataclass
class Counted:
    """Every figure that mina is shown of a channel, its thread, her notices, and a search."""

    unread: int
    mentions: int
    replies: int
    thread_unread: int
    threads: int
    threads_unread: int
    pins: int
    notices: int
    unread_notices: int
    found: int
    total: int
    files: int


async def figures(room: Room, channel: str, root: int) -> Counted:
    mina, channels = room.cast.mina, room.channels
    (listed,) = [one for one in await channels.listed(mina) if one.id == channel]
    page = await channels.page(mina, channel)
    (shown,) = [one for one in page.messages if one.ts == root]
    threads, _, unread = await channels.threads(mina)
    notices = Notices(room.state, room.clock, channels)
    told = [one for one in await notices.listed(mina) if one.channel == channel]
    search = await room.search.messages(mina, "marrow", limit=20)
    files = await room.search.files(mina, "marrow", limit=20)
    alone = await channels.message(mina, channel, root)
    found, replies, _ = await channels.replies(mina, channel, root)
    assert shown.reply_count == alone.reply_count == found.reply_count == len(replies)
    assert (shown.latest_reply or 0) == (replies[-1].ts if replies else 0)
    assert set(shown.reply_users) == {one.user for one in replies}
    assert page.pinned == len(await channels.pins(mina, channel))
    return Counted(
        listed.unread, listed.mentions, shown.reply_count, shown.thread_unread, len(threads), unread, page.pinned,
        sum(bool(one.text) for one in told), (await notices.unread(mina)).get(channel, 0), len(search.hits),
        search.total, files.total,
    )  # fmt: skip


@pytest.mark.parametrize("held", [False, True])
async def test_figures_are_those_of_what_is_shown_before_and_after_the_purge(
    state: State,
    held: bool,
) -> None:
    room = await open_room(state)
    mina, joon, rina, channels = room.cast.mina, room.cast.joon, room.cast.rina, room.channels
    channel = await room.shared()
    call = f"<@{mina.user}> marrow"
    root = await channels.post(rina, channel, Draft("the root stays"))  # theirs is kept for ever
    await channels.follow(mina, channel, root.ts)
    if held:
        await channels.retention.hold(mina, "matter")

    async def parts() -> Any:
        yield b"x"

    async def talk() -> None:
        await room.say(joon, channel, f"{call} said")
        said = await room.say(joon, channel, f"{call} replied", root.ts)
        file = await room.files.upload(joon, "marrow.txt", parts())
        await channels.post(joon, channel, Draft("marrow with a file", files=(file.id,)))
        await channels.pin(joon, channel, said.ts)
        for follower in (Indexer(state), NoticeFollower(state, room.clock, room.cast.governance)):
            while await follower.step():
                pass

    await talk()
    await channels.mark(mina, channel, root.ts)
    before = await figures(room, channel, root.ts)
    assert before == Counted(2, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 1)
    await room.cast.governance.policies.set(mina, "retention.public", 5, whole=True)
    room.clock.advance(timedelta(days=4))
    await talk()
    assert await figures(room, channel, root.ts) == Counted(4, 2, 2, 2, 1, 1, 2, 4, 4, 6, 6, 2)
    room.clock.advance(timedelta(days=2))  # the first lot is past its time, the second is not
    once = await figures(room, channel, root.ts)
    assert once == before
    room.clock.advance(timedelta(days=5))  # all of it is
    nothing = await figures(room, channel, root.ts)
    assert nothing == Counted(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    await Purge(state, None, room.clock, room.cast.governance, channels, every=timedelta(0)).round()
    assert await figures(room, channel, root.ts) == nothing
    async with state.begin_system() as tx:
        left = await tx.value(
            "select count(*) from channels.message where channel = %s and text like '%%marrow%%'", (channel,)
        )
    assert left == (6 if held else 0)


async def test_a_root_with_hidden_replies_alone_is_shown_only_where_it_can_be_seen(state: State) -> None:
    """Ours are past their time after a day, theirs never: what hangs on what, seen by both sides."""
    room = await open_room(state)
    mina, rina, channels = room.cast.mina, room.cast.rina, room.channels
    channel = await room.shared()
    ours = await room.say(mina, channel, "ours")
    await room.say(mina, channel, "our reply to ours", ours.ts)
    theirs = await room.say(rina, channel, "theirs")
    await room.say(mina, channel, "our reply to theirs", theirs.ts)
    mixed = await room.say(mina, channel, "mixed")
    await room.say(rina, channel, "their reply to mixed", mixed.ts)
    await room.say(mina, channel, "our later reply to mixed", mixed.ts)
    await room.cast.governance.policies.set(mina, "retention.public", 1, whole=True)
    room.clock.advance(timedelta(days=2))
    for who in (mina, rina):
        seen = [one for one in (await channels.history(who, channel))[0] if not one.subtype]
        assert [(ts_text(one.ts), one.text, one.deleted, one.reply_count) for one in seen] == [
            (ts_text(mixed.ts), "", True, 1), (ts_text(theirs.ts), "theirs", False, 0),
        ]  # fmt: skip
        assert seen[0].reply_users == (rina.user,)
