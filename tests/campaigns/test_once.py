"""At most once: whatever dies, and wherever, nobody is written to twice."""

from __future__ import annotations

import contextlib
from uuid import uuid4

import pytest

from dure.campaigns.entering import Arrival
from dure.campaigns.model import Campaign, Message
from dure.campaigns.plugs import Refused, Unknown
from tests.campaigns.studio import Killed, Studio

pytestmark = pytest.mark.anyio


async def entered(studio: Studio, who: str = "u-1") -> tuple[Campaign, Message]:
    """Somebody whose message waits to be sent."""
    await studio.know(who)
    await studio.with_items()
    await studio.settle()
    campaign = await studio.launched(holdout=0.0)
    return campaign, await enter(studio, campaign, who)


async def enter(studio: Studio, campaign: Campaign, who: str) -> Message:
    async with studio.state.begin(studio.cast.tenant) as tx:
        arrival = Arrival(studio.who(who), None)
        found = await studio.campaigns.enter_in(tx, studio.cast.joon, campaign.id, [arrival])
    return found[arrival.person]


async def send(studio: Studio, message: Message) -> str:
    sent = await studio.campaigns.send(studio.cast.joon, str(message.id))
    return f"{sent.state.value} {sent.reason}".strip()


async def test_sending_again_sends_nothing(studio: Studio) -> None:
    _, message = await entered(studio)
    assert await send(studio, message) == "sent"
    assert await send(studio, message) == "sent"
    assert len(studio.postbox.taken) == 1
    assert len(await studio.events("Message Sent")) == 1


@pytest.mark.parametrize(("boundary", "taken"), [("die_before", 0), ("die_after", 1)])
async def test_a_death_around_the_mail_server_leaves_an_unknown_that_is_never_sent(
    studio: Studio, boundary: str, taken: int
) -> None:
    _, message = await entered(studio)
    setattr(studio.postbox, boundary, True)
    with pytest.raises(Killed):
        await send(studio, message)
    setattr(studio.postbox, boundary, False)
    assert await send(studio, message) == "unknown crashed"
    assert await send(studio, message) == "unknown crashed"
    assert len(studio.postbox.taken) == taken
    assert [event.properties["state"] for event in await studio.events("Message Failed")] == ["unknown"]


async def test_a_death_before_the_claim_is_committed_sends_later(studio: Studio) -> None:
    campaign, _ = await entered(studio, "u-1")
    await studio.know("u-2")
    with contextlib.suppress(Killed):
        async with studio.state.begin(studio.cast.tenant) as tx:
            await studio.campaigns.enter_in(tx, studio.cast.joon, campaign.id, [Arrival(studio.who("u-2"), None)])
            raise Killed
    assert "u-2" not in await studio.messages(campaign)
    assert await send(studio, await enter(studio, campaign, "u-2")) == "sent"


async def test_entering_twice_is_one_message(studio: Studio) -> None:
    campaign, message = await entered(studio)
    assert (await enter(studio, campaign, "u-1")).id == message.id
    assert len(await studio.events("Campaign Entered")) == 1


async def test_no_answer_is_unknown_and_stays_so(studio: Studio) -> None:
    _, message = await entered(studio)
    studio.postbox.answers.append(Unknown("timed out"))
    assert await send(studio, message) == "unknown no_answer"
    assert await send(studio, message) == "unknown no_answer"
    assert studio.postbox.taken == []


async def test_an_address_that_does_not_exist_is_not_tried_by_the_next_campaign(studio: Studio) -> None:
    _, message = await entered(studio)
    studio.postbox.answers.append(Refused("550 no such user", permanent=True))
    assert await send(studio, message) == "failed refused"
    second = await studio.launched(holdout=0.0)
    assert (await enter(studio, second, "u-1")).reason == "suppressed"


async def test_what_changed_after_entering_is_asked_again_at_sending(studio: Studio) -> None:
    campaign, message = await entered(studio)
    await studio.campaigns.set_consent(studio.cast.joon, str(studio.who("u-1")), False)
    assert await send(studio, message) == "skipped no_consent"
    await studio.know("u-2")
    second = await enter(studio, campaign, "u-2")
    await studio.campaigns.stop(studio.cast.joon, campaign.id)
    assert await send(studio, second) == "skipped stopped"
    assert studio.postbox.taken == []


async def test_two_ids_of_one_person_are_written_to_once(studio: Studio) -> None:
    campaign, message = await entered(studio)
    assert message.state == "waiting"
    await studio.know("u-3")
    arrivals = [Arrival(studio.who("u-3"), None), Arrival(studio.who("u-3"), None), Arrival(uuid4(), None)]
    async with studio.state.begin(studio.cast.tenant) as tx:
        found = await studio.campaigns.enter_in(tx, studio.cast.joon, campaign.id, arrivals)
    assert len(found) == 2
    assert found[arrivals[2].person].reason == "no_address"
