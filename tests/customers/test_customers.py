"""Customers as each colleague may see them: the list and the page, gathered at the moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dure.channels.refusals import ChannelNotFound, RestrictedAction, WrongKind
from dure.governance.api import Role
from dure.kernel.errors import DureError, Invalid, NotAllowed, NotFound
from dure.social.model import NewMention
from tests.customers.conftest import Office

pytestmark = pytest.mark.anyio


async def asked(office: Office) -> list[tuple[str, str, int]]:
    """What waits, as (channel, text, messages)."""
    standing = await office.room.channels.relations.rooms.standing(office.mina, [office.cafe])
    return [(one.channel, one.text, one.messages) for one in standing.questions]


async def test_a_question_waits_until_somebody_of_the_home_side_answers_where_it_was_asked(office: Office) -> None:
    room, launch = office.room, office.channels["launch"]
    mina, sera, rina = office.mina, office.who["sera"], room.cast.rina
    first = await room.say(rina, launch, "When does it start?")
    await room.say(rina, launch, "And which format?")
    assert await asked(office) == [(launch, "When does it start?", 2)]
    await room.say(sera, launch, "On Monday", first.ts)  # a thread on the first answers the first, the second waits
    assert await asked(office) == [(launch, "And which format?", 1)]
    await room.say(rina, launch, "Monday when?", first.ts)
    assert await asked(office) == [(launch, "And which format?", 1), (launch, "Monday when?", 1)]
    await room.say(sera, launch, "At nine", first.ts)
    await room.say(mina, launch, "Audio")
    assert await asked(office) == []
    bot = await room.cast.governance.principal(room.cast.bot_token)
    await room.channels.invite(mina, launch, [bot.user])
    later = await room.say(rina, launch, "Thanks. The invoice?")
    await room.say(bot, launch, "I am a bot")  # nobody's answer
    assert [one[1] for one in await asked(office)] == ["Thanks. The invoice?"]
    await room.say(rina, launch, "Tomorrow is fine")
    assert [(one[1], one[2]) for one in await asked(office)] == [("Thanks. The invoice?", 2)]
    await room.channels.delete(rina, launch, later.ts)
    assert await asked(office) == []


async def test_a_guest_asks_like_the_other_organisation(office: Office) -> None:
    room, support = office.room, office.channels["support"]
    guest = await office.colleague("guest", "", Role.GUEST)
    assert not next(one for one in await places(office) if one.channel == support).outside
    await room.channels.invite(office.mina, support, [guest.user])
    await room.say(guest, support, "It is down, can you look?")
    assert await asked(office) == [(support, "It is down, can you look?", 1)]
    await room.say(office.who["sera"], support, "We are looking")
    assert await asked(office) == []
    await room.channels.kick(office.mina, support, guest.user)


async def places(office: Office) -> list:  # type: ignore[type-arg]
    return list((await office.room.channels.relations.rooms.standing(office.mina)).places)


async def test_the_list_shows_who_waits_how_deals_do_and_when_they_were_heard(office: Office) -> None:
    room, launch = office.room, office.channels["launch"]
    other = await office.customer("새벽서점")
    await room.say(room.cast.rina, launch, "Anybody?")
    room.clock.advance(timedelta(hours=2))
    rows = await office.customers.customers.listed(office.mina)
    assert [row.name for row in rows] == ["새벽서점", "한빛커피"]
    quiet, cafe = rows
    assert (quiet.account, quiet.channels, quiet.questions, quiet.deals, quiet.touched) == (other, 0, 0, 0, 0)
    assert (cafe.owner_name, cafe.channels, cafe.questions, cafe.overdue) == ("김미나", 3, 1, 1)
    assert (cafe.deals, dict(cafe.amounts), cafe.charters) == (1, {"KRW": 120_000_000}, 1)
    assert cafe.touched == cafe.oldest > 0
    assert cafe.unread >= 1
    await room.say(office.mina, launch, "Here")


async def test_the_page_has_both_sides_files_deals_and_deliveries(office: Office) -> None:
    room, launch, rina = office.room, office.channels["launch"], office.room.cast.rina
    await office.deals.create_contact(
        office.mina, office.cafe, "한지민", email="jimin@hanbit.example", title="마케팅 팀장"
    )
    await office.health.tick()
    await room.say(rina, launch, "Is this the file?")
    found = await office.customers.customers.one(office.mina, office.cafe)
    assert [(one.topic, one.outside, one.minutes) for one in found.rooms] == [
        ("pricing", False, None), ("launch", True, 60), ("support", False, None)]  # fmt: skip
    assert found.rooms[1].answered >= 2
    assert [(one.channel_name, one.by_name, one.text) for one in found.questions] == [
        ("hanbit-launch", "Rina", "Is this the file?")]  # fmt: skip
    assert {one.name for one in found.theirs} == {"Rina", "한지민"}
    assert {one.name for one in found.ours} == {"김미나", "박준", "sera"}
    assert [(one.name, one.owner_name) for one in found.deals] == [("한빛커피 캠페인", "김미나")]
    assert found.deliveries is not None
    assert [one.name for one in found.deliveries] == ["오디오 스팟"]
    await room.say(office.mina, launch, "Thanks")


async def test_mentions_linked_to_the_account_are_on_its_page(office: Office) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    made = await office.social.arrive(
        office.mina, [NewMention(network="x", id=f"m{n}", text=f"한빛커피 {n}", posted_at=at) for n in range(2)]
    )
    async with office.room.state.begin(office.room.cast.tenant) as tx:
        await tx.run("update social.mention set account = %s where id = %s", (office.cafe, made.ids[0]))
    found = await office.customers.customers.one(office.mina, office.cafe)
    assert found.mentions is not None
    assert [one.text for one in found.mentions] == ["한빛커피 0"]


async def test_a_member_sees_channels_they_are_in_and_an_administrator_open_ones_too(office: Office) -> None:
    stranger, page = office.who["outsider-of-it"], office.customers.customers
    nothing = await page.one(stranger, office.cafe)
    assert (nothing.rooms, nothing.questions, nothing.files, nothing.ours) == ([], [], [], [])
    assert [one.name for one in nothing.deals] == ["한빛커피 캠페인"]  # deals are every colleague's to read
    assert (nothing.row.channels, nothing.row.questions) == (0, 0)
    admin = replace(stranger, role=Role.ADMIN)
    assert [one.topic for one in (await page.one(admin, office.cafe)).rooms] == ["launch", "support"]
    sera = await page.one(office.who["sera"], office.cafe)
    assert [one.topic for one in sera.rooms] == ["pricing", "launch", "support"]


@pytest.mark.parametrize(("scopes", "missing"), [
    ({"channels:read", "deals:read"}, {"deliveries", "mentions"}),
    ({"channels:read", "deals:read", "pacing:read"}, {"mentions"}),
    ({"channels:read", "deals:read", "social:read"}, {"deliveries"}),
])  # fmt: skip
async def test_a_part_without_a_right_is_left_out(office: Office, scopes: set[str], missing: set[str]) -> None:
    found = await office.customers.customers.one(replace(office.mina, scopes=frozenset(scopes)), office.cafe)
    assert {name for name in ("deliveries", "mentions") if getattr(found, name) is None} == missing


async def test_guests_tokens_without_the_right_and_other_companies_see_nothing(office: Office) -> None:
    page, room = office.customers.customers, office.room
    for nobody in (
        room.cast.gil, replace(office.mina, scopes=frozenset({"channels:read"})),
        replace(office.mina, scopes=frozenset({"deals:read"})),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            await page.listed(nobody)
        with pytest.raises(NotAllowed):
            await page.one(nobody, office.cafe)
        with pytest.raises(NotAllowed):
            await office.customers.timelines.of(nobody, office.cafe)
    assert await page.listed(room.cast.rina) == []
    with pytest.raises(NotFound):
        await page.one(room.cast.rina, office.cafe)
    assert (await room.channels.relations.rooms.of(room.cast.rina, office.channels["launch"])) is None
    told = [e.event for e in await room.told(room.cast.rina.tenant.workspace)]
    assert "Customer Channel Linked" not in told


async def test_each_side_has_its_own_customer_for_a_shared_channel(office: Office) -> None:
    room, launch = office.room, office.channels["launch"]
    rina = room.cast.rina
    vendor = await office.deals.create_account(rina, "Sorimaru", type="customer")
    rooms = room.channels.relations.rooms
    await rooms.link(rina, launch, vendor.id, "delivery")
    (theirs, ours) = (await rooms.of(rina, launch), await rooms.of(office.mina, launch))
    assert theirs is not None
    assert ours is not None
    assert (theirs[0].account, theirs[0].topic) == (vendor.id, "delivery")
    assert (ours[0].account, ours[0].topic) == (office.cafe, "launch")
    (row,) = await office.customers.customers.listed(rina)
    assert (row.name, row.channels, row.questions) == ("Sorimaru", 1, 0)  # it is not theirs to answer
    await rooms.unlink(rina, launch)


@pytest.mark.parametrize(("case", "error", "field"), [
    ("topic", Invalid, "topic"), ("account", Invalid, "account"), ("guest", RestrictedAction, None),
    ("stranger", RestrictedAction, None), ("private", ChannelNotFound, "channel"), ("direct", WrongKind, "channel"),
    ("rival account", Invalid, "account"),
])  # fmt: skip
async def test_a_link_is_refused_by_what_is_wrong(
    office: Office, case: str, error: type[DureError], field: str | None
) -> None:
    room, rooms = office.room, office.room.channels.relations.rooms
    channel, account, topic, who = office.channels["support"], office.cafe, "general", office.mina
    if case == "topic":
        topic = "gossip"
    elif case == "account":
        account = "001000000000000AAA"
    elif case == "rival account":
        account = (await office.deals.create_account(room.cast.rina, "Theirs")).id
    elif case == "guest":
        who = room.cast.gil
    elif case == "stranger":
        who = office.who["outsider-of-it"]
    elif case == "private":
        who, channel = office.who["outsider-of-it"], office.channels["pricing"]
    else:
        channel = (await room.channels.open_direct(office.mina, [office.who["sera"].user]))[0].id
    with pytest.raises(error) as refused:
        await rooms.link(who, channel, account, topic)
    if field:
        assert refused.value.field == field
    assert (await rooms.of(office.mina, office.channels["support"]) or [None])[0] is not None


async def test_linking_the_same_again_writes_nothing(office: Office) -> None:
    rooms, launch = office.room.channels.relations.rooms, office.channels["launch"]
    before = len(await office.room.told(office.room.cast.tenant.workspace))
    await rooms.link(office.mina, launch, office.cafe, "launch")
    assert len(await office.room.told(office.room.cast.tenant.workspace)) == before
