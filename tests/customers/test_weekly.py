"""A customer's week in numbers: posted where it belongs, and never what the customer must not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.channels import steps as channel_steps
from dure.channels.charters.api import Text
from dure.channels.refusals import ChannelNotFound
from dure.kernel.errors import Invalid, NotFound
from dure.social.model import NewMention
from tests.customers.conftest import Office

pytestmark = pytest.mark.anyio


async def step(office: Office, name: str, **given: Any) -> Any:
    cast = office.room.cast
    offered = [*office.customers.steps(), *channel_steps.steps(office.room.channels, cast.governance)]
    kind = next(one for one in offered if one.name == name)
    principal = cast.governance.system(cast.tenant, "automation", "run-1")
    call = StepCall(cast.tenant, principal, "run-1", "a", "run-1:a:1", "s", office.room.clock.now())
    async with office.room.state.begin(cast.tenant) as tx:
        return await kind.run(tx, call, msgspec.convert(given, kind.inputs))


async def test_one_channel_of_each_audience_is_found(office: Office) -> None:
    both = await step(office, "customers.channels")
    assert both.channels == [office.channels["pricing"], office.channels["launch"]]
    assert (await step(office, "customers.channels", audience="outside")).channels == [office.channels["launch"]]
    support = await step(office, "customers.channels", topic="support")
    assert support.channels == [office.channels["support"]]
    for given, field in (({"topic": "gossip"}, "topic"), ({"most": 0}, "most")):
        with pytest.raises(Invalid) as refused:
            await step(office, "customers.channels", **given)
        assert refused.value.field == field


async def test_the_numbers_are_counted_and_what_sales_think_stays_inside(office: Office) -> None:
    room, launch, rina = office.room, office.channels["launch"], office.room.cast.rina
    await room.say(rina, launch, "When?")
    room.clock.advance(timedelta(minutes=30))
    await room.say(office.mina, launch, "Monday")
    await room.say(rina, launch, "Which?")
    room.clock.advance(timedelta(hours=4))
    made = await office.social.arrive(
        office.mina,
        [NewMention(network="x", id="w1", text="secret praise", posted_at=datetime(2026, 11, 22, tzinfo=UTC))],
    )
    async with room.state.begin(room.cast.tenant) as tx:
        await tx.run("update social.mention set account = %s where id = %s", (office.cafe, made.ids[0]))
    await office.health.tick()
    outside = await step(office, "customers.numbers", channel=launch)
    inside = await step(office, "customers.numbers", channel=office.channels["pricing"])
    for card in (outside, inside):
        assert (card.account, card.questions, card.answered) == (office.cafe, 1, 1)
        assert card.median_minutes == pytest.approx(30, abs=0.01)
    assert (outside.inside, inside.inside) == (False, True)
    told = f"{outside.text} {outside.blocks}"
    for secret in ("캠페인", "언급", "Mention", "건강", "/customers/", "제안"):
        assert secret not in told, secret
    assert "30분 min / 60분 min" in told
    assert "한빛커피 캠페인" in str(inside.blocks)
    assert "언급 Mentions*\n1건" in str(inside.blocks).replace("\\n", "\n")
    await room.say(office.mina, launch, "Audio")


async def test_both_cards_can_be_posted_and_read_back_by_slacks_shape(office: Office) -> None:
    from dure.channels.api import Draft

    for topic in ("launch", "pricing"):
        card = await step(office, "customers.numbers", channel=office.channels[topic])
        said = await office.room.channels.post(office.mina, office.channels[topic], Draft(card.text, card.blocks))
        assert said.blocks is not None
        assert said.blocks[0]["type"] == "header"


async def test_only_a_customers_channel_has_numbers(office: Office) -> None:
    other = await office.room.channel(office.mina)
    with pytest.raises(NotFound) as refused:
        await step(office, "customers.numbers", channel=other)
    assert refused.value.field == "channel"
    with pytest.raises(Invalid):
        await step(office, "customers.numbers", channel=other, days=0)


async def test_a_deals_room_is_linked_and_one_without_a_customer_is_let_be(office: Office) -> None:
    channel = await office.room.channel(office.mina)
    for nobody in ("", "001000000000000AAA"):
        assert (await step(office, "channels.link_customer", channel=channel, account=nobody)).account == ""
    linked = await step(office, "channels.link_customer", channel=channel, account=office.cafe, topic="deal")
    assert linked.account == office.cafe
    rooms = office.room.channels.relations.rooms
    found = await rooms.of(office.mina, channel)
    assert found is not None
    assert (found[0].topic, found[1]["name"]) == ("deal", "한빛커피")
    await rooms.unlink(office.mina, channel)
    with pytest.raises(NotFound):
        await rooms.unlink(office.mina, channel)


async def test_charters_are_found_missing_and_their_card_is_made(office: Office) -> None:
    launch, charters = office.channels["launch"], office.room.channels.relations.charters
    assert launch in (await step(office, "channels.charters", missing=True)).channels
    card = await step(office, "channels.charter_card", channel=launch)
    assert (card.there, card.missing, card.creator) == (False, True, office.mina.user)
    await charters.write(office.mina, launch, Text("We launch here.", minutes=60), 0)
    assert launch not in (await step(office, "channels.charters", missing=True)).channels
    assert (await step(office, "channels.charters")).channels == [launch]
    card = await step(office, "channels.charter_card", channel=launch)
    assert (card.there, card.version, "We launch here." in str(card.blocks)) == (True, 1, True)
    with pytest.raises(ChannelNotFound):
        await step(office, "channels.charter_card", channel="C0NOWHERE00")


async def test_an_agenda_is_carried_over_and_told_with_what_is_late(office: Office) -> None:
    launch, agendas = office.channels["launch"], office.room.channels.relations.agendas
    yesterday = (office.room.clock.now() - timedelta(days=2)).date()
    await agendas.add(office.mina, launch, "<!channel> rates", owner=office.mina.user, due=yesterday)
    assert launch in (await step(office, "channels.agendas")).channels
    card = await step(office, "channels.agenda", channel=launch)
    assert (card.open, card.late) == (1, 1)
    assert "&lt;!channel&gt; rates" in str(card.blocks)
    carried = await step(office, "channels.agenda", channel=launch, carry=True)
    assert "↪1" in str(carried.blocks)
