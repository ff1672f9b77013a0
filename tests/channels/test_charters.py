"""Charters: written by the home side, read by both, asked for where one is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from dure.channels.charters.api import Belonging, Charters, Elsewhere, Text
from dure.channels.charters.steps import told
from dure.channels.refusals import ChannelNotFound, NotInChannel, NotOwner, RestrictedAction
from dure.kernel.errors import Conflict, DureError, Invalid, NotFound, TooLarge
from tests.channels.room import Room, room_of

pytestmark = pytest.mark.anyio
TEXT = Text("Where we prepare the launch.", team="marketing", minutes=120)


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    async with room_of(postgres_url, template) as made:
        yield made


@pytest.fixture
def charters(room: Room) -> Charters:
    return Charters(room.state, room.clock, room.cast.governance, room.channels)


async def test_a_charter_is_read_by_both_sides_and_times_the_channel(room: Room, charters: Charters) -> None:
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared()
    assert (await charters.of(mina, channel))[0].wanted
    assert not (await charters.of(rina, channel))[0].wanted  # it is not theirs to write
    text = replace(TEXT, belongs=(Belonging(joon.user, "decides the creatives"), Belonging(rina.user, "launches")))
    made = await charters.write(mina, channel, text, 0)
    shown, standard, _ = await charters.of(rina, channel)
    assert shown.charter is not None
    assert (shown.charter.text, shown.unread, shown.may_write) == (text, True, False)
    assert (standard.minutes, standard.team) == (120, "marketing")
    assert (await room.channels.info(mina, channel)).response_minutes == 120
    assert not (await charters.of(mina, channel))[0].unread  # who wrote it has read it
    await charters.read(rina, channel, made.version)
    await charters.read(rina, channel, made.version)
    assert not (await charters.of(rina, channel))[0].unread
    for side in (mina, rina):
        told_ = [e for e in await room.told(side.tenant.workspace) if e.object == channel and e.event[:7] == "Charter"]
        assert [(e.event, e.properties["version"]) for e in told_] == [("Charter Changed", 1), ("Charter Read", 1)]
    assert told_[0].properties["changed"] == ["purpose", "belongs", "team", "minutes"]


async def test_a_new_version_is_read_anew_and_the_old_one_kept(room: Room, charters: Charters) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    channel = await room.channel(mina, joon)
    first = await charters.write(mina, channel, TEXT, 0)
    await charters.read(joon, channel, 1)
    assert await charters.write(mina, channel, TEXT, 1) == first  # nothing changed, nothing written
    await charters.write(joon, channel, replace(TEXT, purpose="Where we launch."), 1)
    assert [(one.version, one.text.purpose) for one in (await charters.versions(mina, channel))[0]] == [
        (2, "Where we launch."), (1, "Where we prepare the launch.")]  # fmt: skip
    assert (await charters.of(mina, channel))[0].unread
    with pytest.raises(Conflict) as refused:
        await charters.write(mina, channel, TEXT, 1)
    assert (refused.value.field, refused.value.data["version"]) == ("version", 2)
    with pytest.raises(NotFound):
        await charters.read(mina, channel, 3)
    assert (await charters.of(mina, channel))[0].readers == 1


async def test_a_standard_taken_out_stops_the_clocks(room: Room, charters: Charters) -> None:
    channel = await room.shared()
    await charters.write(room.cast.mina, channel, TEXT, 0)
    await room.say(room.cast.rina, channel, "When?")
    assert await room.channels.waiting(room.cast.mina, [channel])
    await charters.write(room.cast.mina, channel, replace(TEXT, minutes=None), 1)
    assert not await room.channels.waiting(room.cast.mina, [channel])


@pytest.mark.parametrize(
    ("who", "error"),
    [("rina", NotOwner), ("gil", RestrictedAction), ("stranger", NotInChannel), ("rival", ChannelNotFound)],
)
async def test_only_members_of_the_home_side_write_it(
    room: Room, charters: Charters, who: str, error: type[DureError]
) -> None:
    mina, cast = room.cast.mina, room.cast
    channel = await (room.shared() if who == "rina" else room.channel(mina, cast.gil))
    actor = {"rina": cast.rina, "gil": cast.gil, "stranger": cast.joon, "rival": cast.rina}[who]
    with pytest.raises(error):
        await charters.write(actor, channel, TEXT, 0)
    assert (await charters.of(mina, channel))[0].charter is None


@pytest.mark.parametrize(
    ("text", "error", "field"),
    [
        (Text(" "), Invalid, "purpose"),
        (Text("x" * 4_001), TooLarge, "purpose"),
        (Text("x", team="magic"), Invalid, "team"),
        (Text("x", minutes=0), Invalid, "minutes"),
        (Text("x", belongs=(Belonging("U1", ""),)), Invalid, "belongs[0].reason"),
        (Text("x", belongs=(Belonging("U0NOBODY", "why not"),)), Invalid, "belongs"),
        (Text("x", belongs=(Belonging("U1", "a"), Belonging("U1", "b"))), Invalid, "belongs[1].user"),
        (Text("x", places=(Elsewhere("", ""),)), Invalid, "places[0].what"),
        (Text("x", places=(Elsewhere("prices", "C0NOWHERE00"),)), Invalid, "places"),
    ],
)
async def test_what_is_wrong_is_named(
    room: Room, charters: Charters, text: Text, error: type[DureError], field: str
) -> None:
    channel = await room.channel(room.cast.mina)
    with pytest.raises(error) as refused:
        await charters.write(room.cast.mina, channel, text, 0)
    assert refused.value.field == field


async def test_a_place_that_the_reader_does_not_see_stays_unnamed(room: Room, charters: Charters) -> None:
    mina, rina = room.cast.mina, room.cast.rina
    channel, inner = await room.shared(), await room.channel(mina, private=True)
    text = replace(TEXT, places=(Elsewhere("margins", inner), Elsewhere("invoices", channel)))
    await charters.write(mina, channel, text, 0)
    assert set(await charters.names(mina, text)) == {inner, channel}
    assert set(await charters.names(rina, text)) == {channel}


async def test_the_card_calls_nobody_who_is_not_named(room: Room, charters: Charters) -> None:
    channel = await room.shared()
    await charters.write(room.cast.mina, channel, replace(TEXT, purpose="<!channel> & <@U0> launch"), 0)
    shown, standard, _ = await charters.of(room.cast.mina, channel)
    assert shown.charter is not None
    _, blocks = told(shown.charter, standard)
    assert "&lt;!channel&gt; &amp; &lt;@U0&gt; launch" in str(blocks)
    assert "120" in str(blocks)
