"""An alert's life: pending, open, clearing, resolved; told again only for a reason; what people say to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.pacing.alerts import rules, store
from dure.pacing.api import LineItem
from dure.pacing.model import Alert
from dure.state import State
from tests.pacing.conftest import Desk, day, desk_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(shared: State) -> Desk:
    return await desk_in(shared)


FALLING = (1400, 1350, 1300, 1250, 1150, 1000, 850, 700, 600, 500)


async def sick(desk: Desk, name: str = "sick", **more: object) -> LineItem:
    item = await desk.item(name, goal=19_500, **more)
    await desk.deliver(item, *FALLING)
    return item


async def alert_of(desk: Desk, item: LineItem, kind: str = "at_risk") -> Alert:
    return next(a for a in (await desk.pacing.one(desk.cast.mina, item.id)).alerts if a.kind == kind)


async def look(desk: Desk, **later: float) -> tuple[str, ...]:
    desk.clock.advance(timedelta(**later))
    return (await desk.pacing.assess(desk.cast.tenant)).raised


async def test_a_likely_miss_waits_for_a_second_day_and_may_go_away_again(desk: Desk) -> None:
    await desk.past()
    item = await desk.item(goal=20_400)
    await desk.deliver(item, *[1000] * 10)
    assert await look(desk) == ()
    [pending] = await desk.events("Alert Pending")
    assert (pending.properties["severity"], pending.properties["alert_state"]) == ("warning", "pending")
    assert (await desk.pacing.one(desk.cast.mina, item.id)).alerts == ()
    await desk.deliver(item, 1000, last=0)
    assert await look(desk, days=1) == (item.id,)
    assert (await alert_of(desk, item)).checks == [1, 1]


async def test_what_is_fine_again_clears_first_and_comes_back_without_a_second_card(desk: Desk) -> None:
    await desk.past()
    item = await sick(desk)
    assert await look(desk) == (item.id,)
    await desk.deliver(item, 4000, last=0)
    await look(desk, days=1)
    await desk.pacing.update(desk.cast.mina, item.id, goal=11_000)
    assert await look(desk) == ()
    assert (await alert_of(desk, item)).state == "clearing"
    await desk.pacing.update(desk.cast.mina, item.id, goal=40_000)
    assert await look(desk, hours=1) == ()
    assert (await alert_of(desk, item)).state == "open"
    await desk.pacing.update(desk.cast.mina, item.id, goal=11_000)
    await look(desk, hours=1)
    assert (await look(desk, hours=7)) == ()
    assert ((await alert_of(desk, item)).state, len(await desk.events("Line Item At Risk"))) == ("resolved", 1)
    assert len(await desk.events("Alert Clearing")) == 2
    assert len(await desk.events("Alert Back")) == 1


async def test_it_is_told_again_when_it_gets_materially_worse_and_not_before(desk: Desk) -> None:
    await desk.past()
    item = await sick(desk)
    await look(desk)
    await desk.deliver(item, 480, last=0)
    assert await look(desk, days=1) == ()
    await desk.deliver(item, 60, last=1)
    assert await look(desk, days=1) == (item.id,)
    notices = [(e.properties["notice"], e.properties["alert"]) for e in await desk.events("Line Item At Risk")]
    alert = await alert_of(desk, item)
    assert notices == [(1, alert.id), (2, alert.id)]  # the same card


async def test_acknowledged_it_is_quiet_and_says_why(desk: Desk) -> None:
    await desk.past()
    item = await sick(desk)
    await look(desk)
    alert = await alert_of(desk, item)
    with pytest.raises(Invalid, match="makegood_agreed"):
        await desk.pacing.alerts.acknowledge(desk.cast.joon, [alert.id], "because")
    await desk.pacing.alerts.acknowledge(desk.cast.joon, [alert.id], "makegood_agreed", "11월 말에 보상")
    await desk.deliver(item, 60, last=0)
    assert await look(desk, days=1) == ()
    await desk.deliver(item, 60, last=1)
    assert await look(desk, days=1) == ()
    [event] = await desk.events("Alert Acknowledged")
    assert (event.properties["ack_reason"], event.properties["ack_note"]) == ("makegood_agreed", "11월 말에 보상")
    assert event.actor == desk.cast.joon.actor
    [risk] = await desk.pacing.alerts.board(desk.cast.mina)
    assert risk.alert.ack_reason == "makegood_agreed"


async def test_what_is_said_during_a_look_is_not_written_over(desk: Desk) -> None:
    item = await desk.item(start=5, end=20)
    await look(desk)
    seen_by_the_look = await alert_of(desk, item, "creative_missing")
    await desk.pacing.alerts.acknowledge(desk.cast.joon, [seen_by_the_look.id], "creative_late")
    async with desk.state.begin(desk.cast.tenant) as tx:
        await store.keep(tx, desk.cast.tenant.workspace, [seen_by_the_look])
    assert (await alert_of(desk, item, "creative_missing")).ack_reason == "creative_late"


async def test_a_snooze_ends_at_nine_of_the_next_working_day(desk: Desk) -> None:
    await desk.past()
    item = await sick(desk)
    await look(desk)
    alert = await alert_of(desk, item)
    [snoozed] = await desk.pacing.alerts.snooze(desk.cast.mina, [alert.id], until="next_business_day")
    assert str(snoozed.snoozed_until) == "2026-11-24 00:00:00+00:00"  # nine o'clock in Seoul
    assert await look(desk, hours=20) == ()
    assert await look(desk, hours=2) == (item.id,)
    assert (await alert_of(desk, item)).snoozed_until is None
    with pytest.raises(Invalid):
        await desk.pacing.alerts.snooze(desk.cast.mina, [alert.id], until=date(2026, 11, 1))


async def test_a_rise_in_severity_ends_a_snooze(desk: Desk) -> None:
    await desk.past()
    item = await desk.item(start=5, end=20)
    await look(desk)
    alert = await alert_of(desk, item, "creative_missing")
    await desk.pacing.alerts.snooze(desk.cast.mina, [alert.id], until=day(5))
    assert await look(desk, days=2) == ()
    assert item.id in await look(desk, days=1)
    alert = await alert_of(desk, item, "creative_missing")
    assert (alert.severity, alert.snoozed_until) == ("critical", None)


async def test_in_quiet_hours_only_the_critical_is_told_and_the_rest_when_they_are_over(desk: Desk) -> None:
    await desk.pacing.alerts.set_rules(desk.cast.mina, {"quiet_from": 12, "quiet_to": 14})
    item = await desk.item(start=5, end=20)
    assert await look(desk) == ()
    assert [risk.alert.notices for risk in await desk.pacing.alerts.board(desk.cast.mina)] == [0]
    assert await look(desk, minutes=30) == ()
    assert len(await desk.events("Alert Held Back")) == 1
    assert await look(desk, hours=2) == (item.id,)


async def test_what_keeps_coming_back_has_to_be_gone_for_longer(desk: Desk) -> None:
    item = await desk.item(start=20, end=40)
    creative = await desk.pacing.creatives.add(desk.cast.mina, item.id, "20초", "host_read")
    for _ in range(3):
        await desk.pacing.creatives.decide(desk.cast.mina, creative.id, "rejected", "다름")
        await look(desk, hours=1)
        await desk.pacing.creatives.decide(desk.cast.mina, creative.id, "checking")
        await look(desk, hours=1)
    opened = await desk.events("Creative Rejection Open")
    assert [event.properties["episode"] for event in opened] == [1, 2, 3]
    assert [event.properties["flapping"] for event in opened] == [False, False, True]


async def test_the_board_has_the_worst_first_and_what_was_said_last(desk: Desk) -> None:
    await desk.past()
    bad, mild = await sick(desk, "bad"), await desk.item("mild", start=5, end=20)
    await look(desk)
    board = await desk.pacing.alerts.board(desk.cast.joon)
    assert [risk.item.name for risk in board if risk.item] == ["bad", "mild"]
    assert board[0].alert.money > 0
    await desk.pacing.alerts.acknowledge(desk.cast.joon, [board[0].alert.id], "being_fixed")
    assert [r.item.id for r in await desk.pacing.alerts.board(desk.cast.joon) if r.item] == [mild.id, bad.id]
    await desk.pacing.alerts.reopen(desk.cast.joon, [board[0].alert.id])
    assert [r.item.id for r in await desk.pacing.alerts.board(desk.cast.joon) if r.item] == [bad.id, mild.id]
    assert await desk.pacing.alerts.board(desk.cast.rina) == []
    with pytest.raises(NotFound):
        await desk.pacing.alerts.acknowledge(desk.cast.rina, [board[0].alert.id], "expected")
    with pytest.raises(NotAllowed):
        await desk.pacing.alerts.board(desk.cast.gil)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"enter": 2}, "enter"), ({"leave": 0.8}, "leave"), ({"needed": 5}, "needed"), ({"quiet_from": 25}, "quiet_from"),
     ({"nothing": 1}, "rules")],
)  # fmt: skip
def test_thresholds_that_make_no_sense_are_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        rules.read(change)
    assert caught.value.field == field
