"""At most once: whatever dies, and wherever, nobody is written to twice."""

from __future__ import annotations

import contextlib
from uuid import uuid4

import pytest

from dure.campaigns.journeys.entering import Arrival
from dure.campaigns.journeys.noting import Noting
from dure.campaigns.model import Campaign, Way
from dure.campaigns.plugs import Refused, Unknown
from tests.campaigns.studio import Killed, Studio

pytestmark = pytest.mark.anyio


async def entered(studio: Studio, who: str = "u-1") -> tuple[Campaign, Way]:
    """Somebody whose message is due."""
    await studio.know(who)
    await studio.with_items()
    await studio.settle()
    campaign = await studio.launched(holdout=0.0, wait="1m")
    way = await enter(studio, campaign, who)
    studio.clock.advance(studio.minute)
    return campaign, way


async def enter(studio: Studio, campaign: Campaign, who: str) -> Way:
    async with studio.state.begin(studio.cast.tenant) as tx:
        arrival = Arrival(studio.who(who), None)
        found = await studio.campaigns.enter_in(tx, studio.cast.joon, campaign.id, [arrival])
    return found[arrival.person]


async def send(studio: Studio, way: Way) -> str:
    sent = await studio.campaigns.send(studio.cast.joon, str(way.id))
    return f"{sent.state.value} {sent.reason}".strip() if sent else "nothing"


async def leases_end(studio: Studio) -> None:
    async with studio.state.begin_system() as tx:
        await tx.run("update campaigns.claim set lease_until = clock_timestamp() - interval '1 second'")
    # Another worker looks after what the dead one left.
    await Noting(studio.state, studio.clock, studio.campaigns.engine.plans).give_up()


async def test_sending_again_sends_nothing(studio: Studio) -> None:
    _, way = await entered(studio)
    assert await send(studio, way) == "sent"
    assert await send(studio, way) == "sent"
    assert len(studio.postbox.taken) == 1
    assert len(await studio.events("Message Sent")) == 1


@pytest.mark.parametrize(("boundary", "taken"), [("die_before", 0), ("die_after", 1)])
async def test_a_death_around_the_mail_server_leaves_an_unknown_that_is_never_sent(
    studio: Studio, boundary: str, taken: int
) -> None:
    _, way = await entered(studio)
    setattr(studio.postbox, boundary, True)
    with pytest.raises(Killed):
        await send(studio, way)
    setattr(studio.postbox, boundary, False)
    assert await send(studio, way) == "claimed"
    await leases_end(studio)
    assert await send(studio, way) == "unknown crashed"
    await studio.settle()
    assert await send(studio, way) == "unknown crashed"
    assert len(studio.postbox.taken) == taken
    assert [event.properties["state"] for event in await studio.events("Message Failed")] == ["unknown"]


async def test_a_death_before_the_claim_is_committed_sends_later(studio: Studio) -> None:
    campaign, _ = await entered(studio, "u-1")
    await studio.know("u-2")
    with contextlib.suppress(Killed):
        async with studio.state.begin(studio.cast.tenant) as tx:
            await studio.campaigns.enter_in(tx, studio.cast.joon, campaign.id, [Arrival(studio.who("u-2"), None)])
            raise Killed
    assert "u-2" not in await studio.ways(campaign)
    way = await enter(studio, campaign, "u-2")
    studio.clock.advance(studio.minute)
    assert await send(studio, way) == "sent"


async def test_entering_twice_is_one_way(studio: Studio) -> None:
    campaign, way = await entered(studio)
    assert (await enter(studio, campaign, "u-1")).id == way.id
    await studio.settle()
    assert len(await studio.events("Campaign Entered")) == 1


async def test_no_answer_is_unknown_and_stays_so(studio: Studio) -> None:
    _, way = await entered(studio)
    studio.postbox.answers.append(Unknown("timed out"))
    assert await send(studio, way) == "unknown no_answer"
    assert await send(studio, way) == "unknown no_answer"
    assert studio.postbox.taken == []


async def test_what_was_refused_for_now_is_tried_again_at_once_and_not_for_ever(studio: Studio) -> None:
    campaign, way = await entered(studio)
    studio.postbox.answers.append(Refused("451 later", retry_after=0.0))
    assert await send(studio, way) == "sent"
    await studio.know("u-2")
    second = await enter(studio, campaign, "u-2")
    studio.clock.advance(studio.minute)
    studio.postbox.answers += [Refused("451 later", retry_after=0.0)] * 5
    assert await send(studio, second) == "failed refused"
    assert len(studio.postbox.answers) == 2


async def test_an_address_that_does_not_exist_is_not_tried_by_the_next_campaign(studio: Studio) -> None:
    _, way = await entered(studio)
    studio.postbox.answers.append(Refused("550 no such user", permanent=True, gone=True))
    assert await send(studio, way) == "failed refused"
    second = await studio.launched(holdout=0.0, wait="1m")
    again = await enter(studio, second, "u-1")
    studio.clock.advance(studio.minute)
    assert await send(studio, again) == "skipped suppressed"


async def test_what_changed_after_entering_is_asked_again_at_sending(studio: Studio) -> None:
    campaign, way = await entered(studio)
    await studio.campaigns.set_consent(studio.cast.joon, str(studio.who("u-1")), False)
    assert await send(studio, way) == "skipped no_consent"
    await studio.know("u-2")
    second = await enter(studio, campaign, "u-2")
    await studio.campaigns.stop(studio.cast.joon, campaign.id)
    studio.clock.advance(studio.minute)
    assert await send(studio, second) == "nothing"
    await studio.settle()
    assert (await studio.ways(campaign))["u-2"].reason == "stopped"
    assert studio.postbox.taken == []


async def test_two_arrivals_of_one_person_are_one_way(studio: Studio) -> None:
    campaign, way = await entered(studio)
    assert way.state == "moving"
    await studio.know("u-3")
    arrivals = [Arrival(studio.who("u-3"), None), Arrival(studio.who("u-3"), None), Arrival(uuid4(), None)]
    async with studio.state.begin(studio.cast.tenant) as tx:
        found = await studio.campaigns.enter_in(tx, studio.cast.joon, campaign.id, arrivals)
    assert len(found) == 2
    studio.clock.advance(studio.minute)
    assert await send(studio, found[arrivals[2].person]) == "skipped no_address"
