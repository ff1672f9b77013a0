"""Each kind of alert: what raises it, what it says, what takes it away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dure.feed.api import Event
from dure.kernel.errors import Invalid
from dure.pacing.api import Figure, LineItem
from dure.pacing.creatives.model import Delivery
from dure.state import State
from tests.pacing.conftest import Desk, day, desk_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(shared: State) -> Desk:
    return await desk_in(shared)


SPOT = Delivery(bytes=400_000, seconds=20, file_type="mp3", url="https://coffee.example/spring")


async def look(desk: Desk, item: LineItem) -> list[str]:
    await desk.pacing.assess(desk.cast.tenant)
    return sorted(
        risk.alert.kind
        for risk in await desk.pacing.alerts.board(desk.cast.mina)
        if risk.item is not None and risk.item.id == item.id
    )


async def last(desk: Desk, name: str) -> Event:
    return (await desk.events(name))[-1]


async def hours(desk: Desk, item: LineItem, count: int, *, each: int, offset: int = 0) -> None:
    """Today's first hours, each with so many impressions."""
    await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(offset), each, hour=hour) for hour in range(count)])


async def test_not_launched_is_told_some_hours_into_the_first_day_with_its_cause(desk: Desk) -> None:
    await desk.past()
    other = await desk.item("on air")
    late = await desk.item("late", start=0)
    await desk.deliver(other, *[1000] * 10)
    await hours(desk, other, 3, each=40)
    assert "not_launched" not in await look(desk, late)
    await hours(desk, other, 5, each=40)
    assert "not_launched" in await look(desk, late)
    assert (await last(desk, "Line Item Not Launched")).properties["cause"] == "creative"
    await desk.pacing.record(desk.cast.mina, [Figure(late.id, day(0), 10, hour=5)])
    assert "not_launched" not in await look(desk, late)


async def test_a_part_of_the_day_in_which_it_may_not_run_is_not_waited_for(desk: Desk) -> None:
    await desk.past()
    other = await desk.item("on air")
    evening = await desk.item(
        "evenings", start=0, dayparts=[d * 24 + h for d in range(7) for h in range(18, 24)], creatives_wanted=0
    )
    await desk.deliver(other, *[1000] * 10)
    await hours(desk, other, 12, each=40)
    assert await look(desk, evening) == ["not_ready"]


async def test_stopped_is_told_after_silent_hours_in_which_units_were_to_be_expected(desk: Desk) -> None:
    await desk.past()
    item = await desk.item()
    await desk.deliver(item, *[1000] * 10)
    await hours(desk, item, 6, each=40)
    assert await look(desk, item) == []
    await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(0), 0, hour=hour) for hour in (6, 7)])
    assert await look(desk, item) == []  # two hours
    await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(0), 0, hour=hour) for hour in (8, 9)])
    assert await look(desk, item) == ["stopped"]
    await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(0), 35, hour=10)])
    assert await look(desk, item) == []
    assert (await last(desk, "Line Item Recovered")).properties["kind"] == "stopped"


async def test_one_that_stopped_is_not_told_of_as_at_risk_too(desk: Desk) -> None:
    await desk.past()
    item = await desk.item(goal=19_500)
    await desk.deliver(item, *[1000] * 9, 0)
    assert await look(desk, item) == ["stopped"]
    desk.clock.advance(timedelta(days=1))
    await desk.deliver(item, 0, last=0)
    assert await look(desk, item) == ["stopped"]
    assert not await desk.events("Line Item At Risk")


async def test_over_needs_two_days_for_a_forecast_and_none_for_a_cap(desk: Desk) -> None:
    await desk.past()
    heading = await desk.item("heading over", goal=14_000)
    quick = await desk.item("meant to be quick", goal=14_000, pacing="asap")
    capped = await desk.item("capped", cap=9_000)
    for item in (heading, quick, capped):
        await desk.deliver(item, *[1000] * 10)
    assert await look(desk, heading) == []
    assert await look(desk, capped) == ["over"]
    assert (await last(desk, "Line Item Over Delivering")).properties["cause"] == "cap"
    desk.clock.advance(timedelta(days=1))
    for item in (heading, quick):
        await desk.deliver(item, 1000, last=0)
    assert await look(desk, heading) == ["over"]
    assert await look(desk, quick) == []


async def test_a_creative_is_missed_five_and_two_days_ahead_and_its_arrival_ends_it(desk: Desk) -> None:
    item = await desk.item(start=6, end=20)
    assert await look(desk, item) == []
    told = []
    for days, at in ((1, 5), (2, 3), (1, 2)):
        desk.clock.advance(timedelta(days=days))
        assert await look(desk, item) == ["creative_missing"]
        told.append((at, [(e.properties["days_before"], e.properties["severity"])
                          for e in await desk.events("Creative Missing")]))  # fmt: skip
    assert told == [(5, [(5, "warning")]), (3, [(5, "warning")]), (2, [(5, "warning"), (2, "critical")])]
    await desk.pacing.creatives.add(desk.cast.mina, item.id, "봄 캠페인 20초", "audio", given=SPOT)
    assert await look(desk, item) == []


async def test_a_rejected_creative_stays_open_until_another_is_here(desk: Desk) -> None:
    item = await desk.item(start=8, end=20)
    one = await desk.pacing.creatives.add(desk.cast.mina, item.id, "20초", "audio", given=SPOT)
    await desk.pacing.creatives.decide(desk.cast.mina, one.id, "rejected", "음량이 너무 큼")
    assert await look(desk, item) == ["creative_rejected"]
    assert (await last(desk, "Creative Rejection Open")).properties["reason"] == "음량이 너무 큼"
    await desk.pacing.creatives.receive(desk.cast.mina, one.id, SPOT)
    assert await look(desk, item) == []


async def test_a_creative_that_its_rules_reject_says_why_in_codes_and_in_both_languages(desk: Desk) -> None:
    item = await desk.item(start=8, end=20)
    long = replace(SPOT, seconds=45)
    one = await desk.pacing.creatives.add(desk.cast.mina, item.id, "20초", "audio", given=long)
    rejected = await desk.pacing.creatives.decide(desk.cast.mina, one.id, "rejected")
    assert (rejected.reason, list(rejected.reasons)) == ("", ["too_long"])
    assert await look(desk, item) == ["creative_rejected"]
    told = (await last(desk, "Creative Rejection Open")).properties
    assert (told["reasons"], told["reasons_ko"], told["reasons_en"]) == (
        ["too_long"], "길이가 규격보다 깁니다", "it is too long")  # fmt: skip
    fine = await desk.pacing.creatives.receive(desk.cast.mina, one.id, SPOT)
    with pytest.raises(Invalid, match="says why"):
        await desk.pacing.creatives.decide(desk.cast.mina, fine.id, "rejected")


async def test_one_that_starts_tomorrow_says_what_was_not_done(desk: Desk) -> None:
    item = await desk.item(start=1, creatives_wanted=0)
    assert await look(desk, item) == ["not_ready"]
    event = await last(desk, "Line Item Not Ready")
    assert (event.properties["open_checks"], event.properties["severity"]) == (["qa", "targeting"], "critical")
    await desk.pacing.trafficking.done(desk.cast.mina, item.id)
    await desk.pacing.trafficking.approve(desk.cast.joon, item.id)
    await desk.pacing.update(desk.cast.mina, item.id, targeting="서울, 20–34세")
    assert await look(desk, item) == []


async def test_two_counters_that_differ_by_a_tenth_are_told(desk: Desk) -> None:
    await desk.past()
    item = await desk.item()
    await desk.deliver(item, *[1000] * 10)

    async def counted(each: int) -> None:
        await desk.pacing.record(
            desk.cast.mina,
            [Figure(item.id, day(-n), each, source="adnet", party="third") for n in range(1, 6)],
        )

    await counted(930)
    assert await look(desk, item) == []
    await counted(850)
    assert await look(desk, item) == ["tracking_gap"]
    event = await last(desk, "Tracking Gap")
    assert (event.properties["gap_percent"], event.properties["counter"]) == (15.0, "adnet")
    assert (await desk.pacing.one(desk.cast.mina, item.id)).gaps[0].third == 4250
    await counted(990)
    assert await look(desk, item) == []
    # Somebody else's count is no delivery.
    assert sum(e.properties["impressions"] for e in await desk.events("Delivery Recorded")
               if e.object == item.id) == 10_000  # fmt: skip


async def test_one_that_is_paused_in_its_flight_is_told_after_a_day(desk: Desk) -> None:
    await desk.past()
    item = await desk.item()
    await desk.deliver(item, *[1000] * 10)
    await desk.pacing.update(desk.cast.mina, item.id, state="paused")
    assert await look(desk, item) == []
    desk.clock.advance(timedelta(hours=25))
    assert await look(desk, item) == ["paused_with_budget"]
    await desk.pacing.update(desk.cast.mina, item.id, state="active")
    assert "paused_with_budget" not in await look(desk, item)


async def test_ended_short_stands_until_it_is_made_good(desk: Desk) -> None:
    await desk.past(3)
    short = await desk.item("short", goal=5_000, start=-5, end=-1)
    await desk.deliver(short, 900, 900, 900, 900, 900)
    assert await look(desk, short) == ["ended_short"]
    ended = await last(desk, "Line Item Ended")
    assert (ended.properties["billable"], ended.properties["billable_money"]) == (4500, 3_600_000)
    proposed = await desk.pacing.makegoods.propose(desk.cast.mina, short.id)
    assert proposed.units == 500
    await desk.pacing.makegoods.decide(desk.cast.joon, proposed.id, approved=True)
    _, booked = await desk.pacing.makegoods.book(desk.cast.mina, proposed.id)
    assert (booked.original, booked.goal, booked.priority, booked.budget) == (short.id, 500, 7, 0)
    assert await look(desk, short) == []


async def test_a_late_correction_opens_a_finished_flight_again(desk: Desk) -> None:
    await desk.past(3)
    short = await desk.item("short", goal=5_000, start=-5, end=-1)
    await desk.deliver(short, 900, 900, 900, 900, 900)
    assert await look(desk, short) == ["ended_short"]
    desk.clock.advance(timedelta(days=40))
    await desk.pacing.record(desk.cast.mina, [Figure(short.id, day(-1), 1400)])
    assert await look(desk, short) == []
    event = await last(desk, "Line Item Result Corrected")
    assert (event.properties["in_full"], event.properties["in_full_before"]) == (True, False)
    assert sum(e.properties["impressions"] for e in await desk.events("Delivery Recorded")
               if e.object == short.id) == 5_000  # fmt: skip
    await desk.pacing.assess(desk.cast.tenant)
    assert len(await desk.events("Line Item Result Corrected")) == 1


async def test_stale_figures_are_told_once_a_source_and_keep_the_rest_of_it_quiet(desk: Desk) -> None:
    await desk.past()
    gam, spotify = await desk.item("on gam", goal=19_500), await desk.item("on spotify", goal=19_500)

    async def deliver(item: LineItem, source: str, *figures: int, last: int = -1) -> None:
        first = last - len(figures) + 1
        await desk.pacing.record(
            desk.cast.mina, [Figure(item.id, day(first + n), seen, source=source) for n, seen in enumerate(figures)]
        )

    await deliver(gam, "gam", *[1000] * 10)
    await deliver(spotify, "spotify", *[1000] * 10)
    await desk.pacing.assess(desk.cast.tenant)
    desk.clock.advance(timedelta(days=3))
    await deliver(spotify, "spotify", 300, 0, 0, last=2)
    found = await desk.pacing.assess(desk.cast.tenant)
    assert (found.stale_sources, found.stale) == (("gam",), False)
    [event] = await desk.events("Delivery Data Stale")
    assert (event.properties["source"], event.properties["line_items"]) == ("gam", 1)
    assert await look(desk, gam) == []
    assert (await desk.pacing.one(desk.cast.mina, gam.id)).stale
    assert await look(desk, spotify) != []  # its own figures are fresh
    await deliver(gam, "gam", 1000, 1000, 1000, last=2)
    await desk.pacing.assess(desk.cast.tenant)
    assert [e.properties["source"] for e in await desk.events("Delivery Data Fresh")] == ["gam"]


async def test_a_goal_may_be_clicks_or_spend(desk: Desk) -> None:
    await desk.past()
    clicks = await desk.item("clicks", goal=200, goal_unit="clicks")
    await desk.pacing.record(desk.cast.mina, [Figure(clicks.id, day(-10 + n), 1000, clicks=10) for n in range(10)])
    await desk.pacing.assess(desk.cast.tenant)
    detail = await desk.pacing.one(desk.cast.mina, clicks.id)
    assert (detail.outlook.delivered, detail.outlook.status) == (100, "healthy")
    assert detail.plan[-1].planned == 200


async def test_midpoint_and_launch_are_told_once(desk: Desk) -> None:
    await desk.past()
    item = await desk.item(start=-2, end=1)
    await desk.deliver(item, 4000, 4000)
    for _ in range(2):
        await desk.pacing.assess(desk.cast.tenant)
    assert [e.object for e in await desk.events("Flight Midpoint")] == [item.id]
    assert [e.object for e in await desk.events("Line Item Launched")] == [item.id]
    assert (await desk.pacing.one(desk.cast.mina, item.id)).item.trafficking == "live"
