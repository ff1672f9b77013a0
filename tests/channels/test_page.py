"""The page that a channel pins: written together, ticked together, never lost; and Slack's canvases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.channels.canvas.merge import merged
from dure.channels.canvas.model import Change
from dure.channels.canvas.refusals import CanvasDeleted, CanvasEditingFailed, CanvasExists, CanvasNotFound
from dure.channels.canvas.sections import changed, sections_of
from dure.channels.refusals import ChannelNotFound, IsArchived, NotInChannel, RestrictedAction
from dure.kernel.errors import Conflict, TooLarge
from tests.channels.room import Room, room_of

pytestmark = pytest.mark.anyio

AGENDA = "# Agenda\n\n- [ ] Budget\n- [ ] Dates\n\n## Good manners\n\nBe kind."


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    async with room_of(postgres_url, template) as room:
        yield room


async def test_a_page_is_made_changed_and_its_past_is_kept(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    team = await room.channel(mina, joon)
    assert (await room.pages.page(joon, team)).page is None
    made = await room.pages.write(mina, team, "How we work", AGENDA, 0)
    assert (made.version, made.user) == (1, mina.user)
    later = await room.pages.write(joon, team, "How we work", AGENDA + "\n\nAnd short.", 1)
    assert (later.version, later.user) == (2, joon.user)
    same = await room.pages.write(joon, team, "How we work", later.body, 2)
    assert same.version == 2
    assert [(one.version, one.user) for one in await room.pages.versions(mina, team)] == [
        (2, joon.user), (1, mina.user),
    ]  # fmt: skip
    assert (await room.pages.version(mina, team, 1)).body == AGENDA
    with pytest.raises(CanvasNotFound):
        await room.pages.version(mina, team, 9)
    told = [one.properties for one in await room.told(mina.tenant.workspace) if one.properties.get("file") == made.id]
    assert [(one["version"], one["by"], one["file"]) for one in told] == [
        (1, mina.user, made.id), (2, joon.user, made.id),
    ]  # fmt: skip
    assert not any("Budget" in str(one) for one in told)


async def test_two_who_write_at_once_both_keep_what_they_wrote(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    team = await room.channel(mina, joon)
    await room.pages.write(mina, team, "", AGENDA, 0)
    await asyncio.gather(
        room.pages.write(mina, team, "", AGENDA.replace("Budget", "Budget 2027"), 1),
        room.pages.write(joon, team, "", AGENDA + "\nBe short.", 1),
    )
    page = (await room.pages.page(mina, team)).page
    assert page is not None
    assert (page.body, page.version) == (AGENDA.replace("Budget", "Budget 2027") + "\nBe short.", 3)
    with pytest.raises(Conflict) as conflict:
        await room.pages.write(joon, team, "", AGENDA.replace("Budget", "Money"), 1)
    assert (conflict.value.field, conflict.value.data["version"], conflict.value.data["body"]) == (
        "version", 3, page.body,
    )  # fmt: skip
    # Two who make the first page at once: one has made it, the other is shown it.
    empty = await room.channel(mina, joon)
    both = await asyncio.gather(
        room.pages.write(mina, empty, "", "mine", 0),
        room.pages.write(joon, empty, "", "his", 0),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in both) == ["Canvas", "Conflict"]


async def test_boxes_are_ticked_by_any_member_whatever_moved_meanwhile(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    team = await room.channel(mina, joon)
    await room.pages.write(mina, team, "", AGENDA, 0)
    await asyncio.gather(room.pages.tick(mina, team, 2, "Budget", True), room.pages.tick(joon, team, 3, "Dates", True))
    page = (await room.pages.page(mina, team)).page
    assert page is not None
    assert "- [x] Budget\n- [x] Dates" in page.body
    await room.pages.write(mina, team, "", "A new first line\n\n" + page.body, page.version)
    moved = await room.pages.tick(joon, team, 2, "Budget", False)
    assert "- [ ] Budget\n- [x] Dates" in moved.body
    with pytest.raises(Conflict):
        await room.pages.tick(joon, team, 2, "Gone", True)
    with pytest.raises(Conflict):
        await room.pages.tick(joon, team, 10**9, "Be kind.", True)


async def test_a_page_is_its_channels(room: Room) -> None:
    mina, joon, gil, rina = room.cast.mina, room.cast.joon, room.cast.gil, room.cast.rina
    open_ = await room.channel(mina)
    await room.pages.write(mina, open_, "", AGENDA, 0)
    assert (await room.pages.page(joon, open_)).may_write is False
    with pytest.raises(NotInChannel):
        await room.pages.write(joon, open_, "", "x", 1)
    for stranger in (gil, rina):
        with pytest.raises(ChannelNotFound):
            await room.pages.page(stranger, open_)
    with pytest.raises(TooLarge):
        await room.pages.write(mina, open_, "", "x" * 100_001, 1)
    await room.channels.archive(mina, open_)
    assert (await room.pages.page(mina, open_)).may_write is False
    with pytest.raises(IsArchived):
        await room.pages.tick(mina, open_, 2, "Budget", True)


async def test_both_sides_of_a_shared_channel_write_and_are_shown_it_once(room: Room) -> None:
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared()
    await room.pages.write(mina, channel, "How we work", AGENDA, 0)
    assert [(await room.pages.page(who, channel)).seen for who in (mina, joon, rina)] == [True, False, False]
    await room.pages.see(rina, channel)
    await room.pages.see(rina, channel)
    assert (await room.pages.page(rina, channel)).seen
    changed_ = await room.pages.write(rina, channel, "How we work", AGENDA + "\n\nFrom us too.", 1)
    assert changed_.user == rina.user
    for who in (mina, rina):
        told = [e.event for e in await room.told(who.tenant.workspace) if e.properties.get("file") == changed_.id]
        assert told == ["Page Changed", "Page Changed"]
    await room.channels.disconnect(mina, channel, rina.tenant.workspace)
    with pytest.raises(ChannelNotFound):
        await room.pages.page(rina, channel)
    with pytest.raises(CanvasNotFound):
        await room.pages.edit(rina, changed_.id, [Change("insert_at_end", text="still here?")])
    kept = (await room.pages.page(mina, channel)).page
    assert kept is not None
    assert kept.body.endswith("From us too.")


async def test_canvases_stand_alone_for_those_who_were_let_in(room: Room) -> None:
    mina, joon, gil = room.cast.mina, room.cast.joon, room.cast.gil
    team = await room.channel(mina, joon)
    pinned = await room.pages.create(joon, "Team", AGENDA, team)
    assert pinned.channel == team
    with pytest.raises(CanvasExists):
        await room.pages.create_in(mina, team, "Another", "")
    beside = await room.pages.create(joon, "Beside", "hello", team)
    assert (await room.pages.edit(mina, beside.id, [Change("insert_at_end", text="from mina")])).version == 2
    alone = await room.pages.create(mina, "Alone", "secret")
    with pytest.raises(CanvasNotFound):
        await room.pages.lookup(joon, alone.id, (), "")
    await room.pages.let_in(mina, alone.id, "read", users=[joon.user])
    assert len(await room.pages.lookup(joon, alone.id, (), "SECRET")) == 1
    with pytest.raises(RestrictedAction):
        await room.pages.edit(joon, alone.id, [Change("replace", text="")])
    await room.pages.let_in(mina, alone.id, None, users=[joon.user])
    with pytest.raises(CanvasNotFound):
        await room.pages.lookup(joon, alone.id, (), "")
    with pytest.raises(RestrictedAction):
        await room.pages.create(gil, "", "")
    await room.pages.delete(mina, pinned.id)
    with pytest.raises(CanvasDeleted):
        await room.pages.edit(joon, pinned.id, [Change("replace", text="x")])
    assert (await room.pages.create_in(mina, team, "Anew", "")).id != pinned.id


def test_sections_are_found_again_and_changed_one_by_one() -> None:
    body = "# One\n\ntext\n\n## Two\nmore\n\ntext\n\n```\ncode\n\n# not a heading\n```"
    found = sections_of("F1", body)
    assert [one.kind for one in found] == ["h1", "", "h2", "", "", ""]
    assert len({one.id for one in found}) == 6
    before = changed("F1", body, Change("insert_before", found[3].id, "new"))
    assert [one.text for one in sections_of("F1", before)][2:5] == ["## Two", "new", "more"]
    after = changed("F1", body, Change("replace", found[4].id, "the second text"))
    assert [one.text for one in sections_of("F1", after)][4] == "the second text"
    assert sections_of("F1", changed("F1", body, Change("delete", found[0].id)))[0].text == "text"
    with pytest.raises(CanvasEditingFailed):
        changed("F1", after, Change("delete", found[4].id))
    with pytest.raises(CanvasEditingFailed):
        changed("F1", after, Change("insert_after", "", "x"))


LINES = st.lists(st.sampled_from("abcd"), max_size=6).map("\n".join)


@given(LINES, LINES, LINES)
def test_a_merge_loses_no_line_that_somebody_added(base: str, ours: str, theirs: str) -> None:
    both = merged(base, ours, theirs)
    if both is None:
        assert ours != theirs
        assert base not in (ours, theirs)
        return
    known, kept = base.split("\n"), both.split("\n")
    for text in (ours, theirs):
        for line in set(text.split("\n")) - set(known):
            assert line in kept
    assert merged(base, ours, base) == ours
    assert merged(base, base, theirs) == theirs


def test_what_both_added_is_kept_and_what_both_changed_is_a_conflict() -> None:
    assert merged("a\nb", "a\nb\nmine", "a\nb\nhis") == "a\nb\nhis\nmine"
    assert merged("a\nb\nc", "A\nb\nc", "a\nb\nC") == "A\nb\nC"
    assert merged("a\nb\nc", "a\nX\nc", "a\nY\nc") is None
    assert merged("a\nb\nc", "a\nX\nc", "a\nX\nc") == "a\nX\nc"
    assert merged("a\nb\nc", "c", "a\nnew\nb\nc") is None
