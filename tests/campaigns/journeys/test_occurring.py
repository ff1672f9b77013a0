"""Campaigns that begin by the clock: once, recurring, at each person's own time; how far they are, and what comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from dure.campaigns.journeys import store
from dure.campaigns.model import Campaign
from dure.kernel.errors import Conflict, Invalid
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio

HELLO = {"id": "hello", "kind": "message", "channel": "email", "texts": {"ko": {"subject": "소식", "body": "안녕"}}}


def design(kind: str, event: str, entry: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """To everybody who did an event of the test's own."""
    return {
        "name": {"ko": f"소식 {event}"}, "kind": kind, "start": "hello", "nodes": [HELLO], "holdout": 0.0,
        "entry": {"audience": {"kind": "did", "event": event}, **(entry or {})}, **more,
    }  # fmt: skip


async def launched(house: Studio, given: Mapping[str, Any]) -> Campaign:
    made = await house.campaigns.create(house.cast.joon, given)
    return await house.campaigns.launch(house.cast.joon, made.id)


async def did(house: Studio, event: str, *who: str, **traits: Any) -> None:
    await house.know(*who, **traits)
    await house.happen(event, *who)
    await house.settle()


async def written_to(house: Studio, campaign: Campaign) -> dict[str, int]:
    """How many messages each got."""
    found: dict[str, int] = {}
    ids = {house.who(f"u-{n}"): f"u-{n}" for n in range(1000)}
    for one in await house.campaigns.messages(house.cast.joon, campaign.id, limit=1000):
        found[ids[one.person]] = found.get(ids[one.person], 0) + (one.state == "sent")
    return found


async def test_a_one_off_goes_to_the_audience_of_that_moment_and_is_over(house: Studio) -> None:
    people = [f"u-{n}" for n in range(10, 30)]
    await did(house, "A1", *people)
    campaign = await launched(house, design("once", "A1", holdout=0.5))
    await house.settle()
    told = await house.campaigns.progress(house.cast.joon, campaign.id)
    assert (told.status, told.counts.moving, told.waiting) == ("finished", 0, 0)
    (occurrence,) = told.occurrences
    assert (occurrence.key, occurrence.state, occurrence.people, occurrence.entered) == ("launch", "done", 20, 20)
    assert told.counts.states["sent"] + told.counts.states["held"] == told.counts.entered == 20
    assert sum(sent for _, sent in told.minutes) == told.counts.states["sent"]
    assert [one.properties["people"] for one in await house.events("Campaign Occurred")] == [20]
    assert [one.object for one in await house.events("Campaign Finished")] == [campaign.id]


async def test_nine_oclock_is_each_persons_own(house: Studio) -> None:
    await did(house, "A2", "u-40", timezone="Asia/Tokyo")
    await did(house, "A2", "u-41", timezone="Europe/London")
    at = house.clock.now() + timedelta(days=2)
    local = f"{at:%Y-%m-%d}T09:00"
    campaign = await launched(house, design("once", "A2", {"at": local, "zone": "person"}))
    await did(house, "A2", "u-42", timezone="America/New_York")  # in by the time it opens
    midnight = at.replace(hour=0, minute=0)
    seen: list[set[str]] = []
    for hours in (-1, 0, 8, 9, 13, 14):  # before and at nine in Tokyo, London and New York
        house.clock.at = midnight + timedelta(hours=hours)
        await house.campaigns.engine.settle()
        seen.append({who for who, sent in (await written_to(house, campaign)).items() if sent})
    tokyo, london, everybody = {"u-40"}, {"u-40", "u-41"}, {"u-40", "u-41", "u-42"}
    assert seen == [set(), tokyo, tokyo, london, london, everybody]


async def test_a_recurring_campaign_comes_again_and_says_who_may(house: Studio) -> None:
    await did(house, "A3", "u-50")
    every = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "time": "10:00"}
    once = await launched(house, design("recurring", "A3", {"every": every}))
    again = await launched(
        house, design("recurring", "A3", {"every": {**every, "time": "22:30"}, "again": {"after": "2d"}})
    )
    await house.later(days=1)
    await did(house, "A3", "u-51")
    for _ in range(6):
        house.clock.advance(timedelta(days=1))
        await house.campaigns.engine.settle()
    assert await written_to(house, once) == {"u-50": 1, "u-51": 1}, "once, however often it comes"
    assert (await written_to(house, again))["u-50"] >= 2
    told = await house.campaigns.progress(house.cast.joon, once.id)
    assert told.status == "live"
    assert told.occurrences[0].state == "planned"
    assert len(told.occurrences) >= 6
    for campaign in (once, again):
        await house.campaigns.stop(house.cast.joon, campaign.id)
    assert all(one.state != "planned" for one in (await house.campaigns.progress(house.cast.joon, once.id)).occurrences)


async def test_an_audience_comes_in_parts_and_can_be_called_off(house: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SET", 10)
    people = [f"u-{n}" for n in range(100, 130)]
    await did(house, "A4", *people)
    campaign = await launched(house, design("once", "A4"))
    occurring = house.campaigns.engine.occurring
    assert await occurring.begin()
    assert await occurring.let_in() == 10
    told = await house.campaigns.progress(house.cast.joon, campaign.id)
    assert (told.occurrences[0].people, told.occurrences[0].entered, told.waiting) == (30, 10, 30)
    await house.campaigns.pause(house.cast.joon, campaign.id)
    assert await occurring.let_in() == 0
    await house.campaigns.resume(house.cast.joon, campaign.id)
    assert await occurring.let_in() == 10
    await house.campaigns.stop(house.cast.joon, campaign.id)
    await house.settle()
    assert await occurring.let_in() == 0
    assert await written_to(house, campaign) == {}
    told = await house.campaigns.progress(house.cast.joon, campaign.id)
    assert (told.occurrences[0].state, told.counts.moving) == ("cancelled", 0)
    assert {way.reason for way in (await house.ways(campaign)).values()} == {"stopped"}


async def test_the_calendar_shows_what_was_and_what_will_be(house: Studio) -> None:
    await did(house, "A5", "u-60")
    since = house.clock.now() - timedelta(hours=1)
    now = await launched(house, design("once", "A5"))
    await house.settle()
    at = house.clock.now() + timedelta(days=3)
    coming = await house.campaigns.create(
        house.cast.joon, design("once", "A5", {"at": f"{at:%Y-%m-%d}T09:00", "zone": "person"})
    )
    weekly = await launched(house, design("recurring", "A5", {"every": {"days": ["mon"], "time": "09:00"}}))
    slots = await house.campaigns.calendar(house.cast.joon, since, since + timedelta(days=15))
    by_campaign = {one.id: [slot for slot in slots if slot.campaign == one.id] for one in (now, coming, weekly)}
    (was,) = by_campaign[now.id]
    assert (was.people, was.status, was.local) == (1, "finished", False)
    (draft,) = by_campaign[coming.id]
    assert (draft.people, draft.status, draft.local) == (None, "draft", True)
    assert [slot.at.weekday() for slot in by_campaign[weekly.id]] == [0, 0]
    assert slots == sorted(slots, key=lambda slot: (slot.at, slot.campaign))
    with pytest.raises(Invalid) as refused:
        await house.campaigns.calendar(house.cast.joon, since, since)
    assert refused.value.field == "to"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"entry": {}}, "entry.audience"),
        ({"entry": {"audience": {"kind": "did", "event": "X"}, "at": "tomorrow"}}, "entry.at"),
        ({"kind": "recurring"}, "entry.every"),
        ({"start": "nowhere"}, "start"),
        ({"nodes": [{**HELLO, "next": "gone"}]}, "nodes[0].next"),
        ({"nodes": [HELLO, {"id": "lost", "kind": "exit"}]}, "nodes[1].id"),
        ({"nodes": [{"id": "hello", "kind": "branch", "when": [{"rule": {"kind": "did", "event": "X"},
          "next": "hello"}]}]}, "nodes[0].id"),
        ({"nodes": [{**HELLO, "channel": "sms", "texts": {"ko": {"body": " "}}}]}, "nodes[0].texts.ko.body"),
        ({"nodes": [{**HELLO, "kind": "dance"}]}, "nodes[0]"),
        ({"exits": [{}]}, "exits[0]"),
        ({"priority": 9}, "priority"),
    ],
)  # fmt: skip
async def test_all_that_is_wrong_with_a_design_names_its_field(
    house: Studio, change: dict[str, Any], field: str
) -> None:
    given = {**design("once", "X"), **change}
    found = await house.campaigns.validate(house.cast.joon, given)
    assert found[0].field.startswith(field)
    with pytest.raises(Invalid) as refused:
        await house.campaigns.create(house.cast.joon, given)
    assert refused.value.field == found[0].field


async def test_a_channel_without_a_way_out_is_not_launched_and_a_copy_is_a_draft(house: Studio) -> None:
    texting = {"id": "hello", "kind": "message", "channel": "sms", "texts": {"ko": {"body": "안녕"}}}
    made = await house.campaigns.create(house.cast.joon, {**design("once", "X"), "nodes": [texting]})
    with pytest.raises(Invalid) as refused:
        await house.campaigns.launch(house.cast.joon, made.id)
    assert refused.value.field == "nodes[0].channel"
    copy = await house.campaigns.duplicate(house.cast.joon, made.id)
    assert (copy.status, copy.design.nodes, copy.design.name["ko"]) == ("draft", made.design.nodes, "소식 X (사본)")
    with pytest.raises(Conflict):
        await house.campaigns.pause(house.cast.joon, copy.id)
