"""Line items, deliveries and the regular look, as ad operations meets them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.pacing.api import DayTotal, Figure, NewLineItem
from tests.pacing.conftest import Desk, day
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio


async def test_figures_are_kept_once_and_events_add_up_after_corrections(desk: Desk) -> None:
    item = await desk.item()
    await desk.deliver(item, 900, 1000)
    again = await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(-1), 1000, 10, 20_000)])
    fixed = await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(-1), 940, 9, 18_800)])
    assert (again.corrected, fixed.corrected) == (0, 1)
    recorded = await desk.events("Delivery Recorded")
    assert [event.properties["impressions"] for event in recorded] == [900, 1000, -60]
    assert [event.properties["correction"] for event in recorded] == [False, False, True]
    assert recorded[0].properties["date"] == "2026-11-21"
    assert recorded[0].time == datetime(2026, 11, 21, 14, 59, 59, tzinfo=UTC)  # the day's last second in Seoul
    assert sum(total.impressions for total in (await desk.pacing.one(desk.cast.mina, item.id)).days) == 1840


async def test_hours_add_up_to_a_day_and_a_days_own_figure_counts_before_them(desk: Desk) -> None:
    item = await desk.item(external="gam-1")
    await desk.pacing.record(desk.cast.mina, [Figure("gam-1", day(-1), 40, hour=hour) for hour in range(24)])
    assert len(await desk.events("Delivery Recorded")) == 1
    detail = await desk.pacing.one(desk.cast.joon, item.id)
    assert [(one.day, one.impressions) for one in detail.days] == [(day(-1), 960)]
    await desk.deliver(item, 1000)
    assert (await desk.pacing.one(desk.cast.joon, item.id)).days[0].impressions == 1000


async def test_a_line_item_that_slows_down_gets_one_alert_and_a_healthy_one_none(desk: Desk) -> None:
    await desk.past()
    healthy = await desk.item("healthy", goal=19_500)
    await desk.deliver(healthy, *[1010, 990, 1005, 1000, 1015, 995, 1000, 1005, 990, 1010])
    sick = await desk.item("sick", goal=19_500)
    await desk.deliver(sick, *[1400, 1350, 1300, 1250, 1150, 1000, 850, 700, 600, 500])
    found = await desk.pacing.assess(desk.cast.tenant)
    assert (found.statuses[healthy.id], found.statuses[sick.id]) == ("healthy", "at_risk")
    assert found.raised == (sick.id,)
    desk.clock.advance(timedelta(hours=1))
    assert (await desk.pacing.assess(desk.cast.tenant)).raised == ()
    [event] = await desk.events("Line Item At Risk")
    facts = event.properties
    assert (event.object_type, event.object, facts["channel"], facts["goal"]) == (
        "line_item",
        sick.id,
        "C0ROOM",
        19_500,
    )
    assert facts["delivered"] == 10_100
    assert facts["forecast"] < 16_000
    assert facts["straight_percent"] == pytest.approx(103.6, abs=0.1)  # the straight line sees nothing
    assert facts["needed_per_day"] == 940
    assert facts["expected_per_day"] < 600
    assert facts["reason"] == "slowing"
    assert facts["shortfall_money"] == pytest.approx(4_000_000 * facts["shortfall"] / 19_500, abs=1)


async def test_a_line_item_that_has_not_launched_is_told_once_and_recovers(desk: Desk) -> None:
    await desk.past()
    item = await desk.item("late", start=-2)
    upcoming = await desk.item("to come", start=2)
    found = await desk.pacing.assess(desk.cast.tenant)
    assert (found.statuses[item.id], found.statuses[upcoming.id]) == ("not_launched", "upcoming")
    [event] = await desk.events("Line Item Not Launched")
    assert (event.object, event.properties["kind"], event.properties["episode"]) == (item.id, "not_launched", 1)
    await desk.deliver(item, 1500)
    found = await desk.pacing.assess(desk.cast.tenant)
    assert found.recovered == (item.id,)
    [recovered] = await desk.events("Line Item Recovered")
    assert recovered.properties["kind"] == "not_launched"
    [alert] = (await desk.pacing.one(desk.cast.mina, item.id)).alerts
    assert (alert.state, alert.closed_because) == ("resolved", "recovered")


async def test_silence_of_the_source_raises_nothing_and_clears_nothing(desk: Desk) -> None:
    await desk.past()
    sick = await desk.item("sick", goal=19_500)
    await desk.deliver(sick, *[1400, 1350, 1300, 1250, 1150, 1000, 850, 700, 600, 500])
    await desk.pacing.assess(desk.cast.tenant)
    desk.clock.advance(timedelta(days=4))
    late = await desk.item("late", start=1)
    found = await desk.pacing.assess(desk.cast.tenant)
    assert (found.stale, found.raised, found.recovered) == (True, (), ())
    assert found.statuses[late.id] == "waiting"
    assert [alert.state for alert in (await desk.pacing.one(desk.cast.mina, sick.id)).alerts] == ["open"]


async def test_reaching_the_goal_and_ending_are_told_once_each(desk: Desk) -> None:
    await desk.past(3)
    full = await desk.item("full", goal=5_000, start=-5, end=-1)
    await desk.deliver(full, 1100, 1100, 1100, 1100, 1100)
    short = await desk.item("short", goal=5_000, start=-5, end=-1)
    await desk.deliver(short, 900, 900, 900, 900, 900)
    for _ in range(3):
        found = await desk.pacing.assess(desk.cast.tenant)
    assert (found.statuses[full.id], found.statuses[short.id]) == ("delivered", "missed")
    delivered = [one for one in await desk.events("Line Item Delivered") if not one.properties.get("loaded")]
    ended = [one for one in await desk.events("Line Item Ended") if not one.properties.get("loaded")]
    assert [event.object for event in delivered] == [full.id]
    assert {event.object: event.properties["in_full"] for event in ended} == {full.id: True, short.id: False}
    assert not await desk.events("Line Item At Risk")


async def test_a_paused_or_ended_line_item_keeps_no_open_alert(desk: Desk) -> None:
    await desk.past()
    item = await desk.item("late", start=-2)
    await desk.pacing.assess(desk.cast.tenant)
    await desk.pacing.update(desk.cast.mina, item.id, state="paused")
    found = await desk.pacing.assess(desk.cast.tenant)
    assert found.statuses[item.id] == "paused"
    [alert] = (await desk.pacing.one(desk.cast.mina, item.id)).alerts
    assert (alert.state, alert.closed_because) == ("resolved", "paused")


async def test_a_look_follows_deliveries_and_the_hour(desk: Desk) -> None:
    await desk.past(3)
    assert await desk.pacing.tick() == 1
    assert await desk.pacing.tick() == 0
    desk.clock.advance(timedelta(seconds=30))
    await desk.item()
    assert await desk.pacing.tick() == 1
    desk.clock.advance(timedelta(minutes=61))
    assert await desk.pacing.tick() == 1


async def test_a_past_is_loaded_once_and_says_what_was_delivered_in_full(desk: Desk) -> None:
    await desk.past(4)
    await desk.past(4)
    ended = await desk.events("Line Item Ended")
    assert len(ended) == 4
    assert {event.properties["in_full"] for event in ended} == {True}
    assert {event.properties["loaded"] for event in ended} == {True}
    assert ended[0].time < MONDAY_NOON
    assert len(await desk.events("Delivery Recorded")) == 4 * 28
    await desk.pacing.assess(desk.cast.tenant)
    assert len(await desk.events("Line Item Ended")) == 4


async def test_the_table_and_the_page_show_the_forecast(desk: Desk) -> None:
    await desk.past()
    item = await desk.item(goal=19_500)
    await desk.deliver(item, *[1000] * 10)
    await desk.pacing.assess(desk.cast.tenant)
    [row] = [row for row in await desk.pacing.list(desk.cast.joon) if row.item.id == item.id]
    assert (row.outlook.status, row.outlook.delivered, row.recent[-1]) == ("healthy", 10_000, 1000)
    detail = await desk.pacing.one(desk.cast.joon, item.id)
    assert [one.day for one in detail.ahead] == [day(n) for n in range(10)]
    assert detail.ahead[-1].low <= detail.ahead[-1].middle <= detail.ahead[-1].high
    assert detail.ahead[-1].middle == pytest.approx(19_600, rel=0.05)


async def test_guests_and_rivals_see_nothing(desk: Desk) -> None:
    item = await desk.item()
    with pytest.raises(NotAllowed):
        await desk.pacing.list(desk.cast.gil)
    with pytest.raises(NotFound):
        await desk.pacing.one(desk.cast.rina, item.id)
    with pytest.raises(Invalid, match="no line item"):
        await desk.pacing.record(desk.cast.rina, [Figure(item.id, day(-1), 5)])
    assert await desk.pacing.list(desk.cast.rina) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": ""}, "name"), ({"goal": 0}, "goal"), ({"end": -11}, "end_day"), ({"currency": "won"}, "currency")],
)
async def test_bad_input_names_its_field(desk: Desk, change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await desk.item(**change)  # type: ignore[arg-type]
    assert caught.value.field == field


async def test_one_bad_figure_keeps_none(desk: Desk) -> None:
    item = await desk.item(external="x")
    with pytest.raises(Invalid) as caught:
        await desk.pacing.record(desk.cast.mina, [Figure(item.id, day(-1), 5), Figure(item.id, day(1), 5)])
    assert caught.value.field == "deliveries[1].day"
    assert (await desk.pacing.one(desk.cast.mina, item.id)).days == ()
    with pytest.raises(Conflict):
        await desk.item(external="x")


async def test_thousands_of_figures_at_once(desk: Desk) -> None:
    items = [
        NewLineItem(f"n {n}", 50_000, day(-29), day(5), external=f"e-{n}", days=[DayTotal(day(-29), 1, 0, 0)])
        for n in range(40)
    ]
    await desk.pacing.bulk_load(desk.cast.mina, items)
    figures = [Figure(f"e-{n}", day(-d), 50 + h, hour=h) for n in range(40) for d in range(1, 6) for h in range(24)]
    done = await desk.pacing.record(desk.cast.mina, figures)
    assert (done.rows, done.line_items) == (4800, 40)
    recorded = [event for event in await desk.events("Delivery Recorded") if not event.properties.get("loaded")]
    assert len(recorded) == 200
    assert {event.properties["impressions"] for event in recorded} == {sum(50 + h for h in range(24))}
