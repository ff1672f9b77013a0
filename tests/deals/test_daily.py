"""The daily look over open deals, and the steps that deals offer automations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dure.automation.plugs import StepCall
from dure.deals.contacts.roles import NewRole
from dure.deals.steps import EVENTS, NewDeal, NewNote, NewTask, Wanted, steps
from dure.kernel.errors import Invalid
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio

NAMES = ("Deal Stale", "Deal Single Threaded", "Deal Overdue")


async def test_a_quiet_deal_is_told_of_at_each_threshold_once(desk: Desk) -> None:
    deal = await desk.deal(stage="Prospecting")
    for _ in range(15):
        desk.clock.advance(timedelta(days=1))
        await desk.deals.daily.tick()
        await desk.deals.daily.tick()
    told = await desk.events(*NAMES)
    assert [(one.event, one.object, one.properties["days_quiet"]) for one in told] == [
        ("Deal Stale", deal.id, 7), ("Deal Stale", deal.id, 14),
    ]  # fmt: skip
    await desk.deals.notes.create(desk.cast.mina, about=deal.id, text="통화함")
    for _ in range(8):
        desk.clock.advance(timedelta(days=1))
        await desk.deals.daily.tick()
    assert [one.properties["days_quiet"] for one in await desk.events("Deal Stale")] == [7, 14, 7]


async def test_a_deal_on_one_person_and_one_past_its_day_are_told_until_they_are_mended(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    deal = await desk.deal(stage="Proposal")
    await deals.update(mina, deal.id, close_date=date(2026, 11, 23))
    await desk.deal("새 거래", stage="Prospecting")
    desk.clock.advance(timedelta(days=2))
    await deals.daily.tick()
    told = await desk.events(*NAMES)
    assert {(one.event, one.object) for one in told} == {
        ("Deal Single Threaded", deal.id), ("Deal Overdue", deal.id),
    }  # fmt: skip
    assert {one.actor for one in told} == {"deals"}
    [over] = await desk.events("Deal Overdue")
    assert (over.properties["days_over"], over.properties["account_name"]) == (2, "한빛커피")
    people = [await deals.create_contact(mina, desk.hanbit.id, name) for name in ("최은우", "차은호")]
    await deals.roles.set(mina, deal.id, [NewRole(one.id) for one in people])
    await deals.update(mina, deal.id, close_date=date(2026, 12, 24))
    desk.clock.advance(timedelta(days=1))
    await deals.daily.tick()
    await deals.roles.set(mina, deal.id, [NewRole(people[0].id)])
    desk.clock.advance(timedelta(days=1))
    await deals.daily.tick()
    assert [one.properties["contacts"] for one in await desk.events("Deal Single Threaded")] == [0, 1]
    assert len(await desk.events("Deal Overdue")) == 1
    known = {kind.name: set(kind.properties) for kind in EVENTS}
    for event in await desk.events(*NAMES):
        assert set(event.properties) <= known[event.event], event.event


async def test_nobody_is_told_before_the_morning(desk: Desk) -> None:
    await desk.deal()
    desk.clock.advance(timedelta(days=9, hours=12, minutes=30))  # half past midnight in Seoul
    assert await desk.deals.daily.tick() == 0
    desk.clock.advance(timedelta(hours=7))
    assert await desk.deals.daily.tick() > 0


async def test_an_automation_makes_tasks_and_notes_and_finds_deals(desk: Desk) -> None:
    deal = await desk.deal(stage="Proposal")
    await desk.deals.update(desk.cast.mina, deal.id, channel="C0ROOM")
    kinds = {kind.name: kind.run for kind in steps(desk.deals)}
    principal = desk.cast.governance.system(desk.cast.tenant, "automation", "run-1")
    call = StepCall(desk.cast.tenant, principal, "run-1", "a-1", "run-1:n:1", deal.id, desk.clock.now())
    async with desk.state.begin(desk.cast.tenant) as tx:
        made = await kinds["deals.task"](tx, call, NewTask("제안서 보내기", deal.id, due_in="2d"))
        noted = await kinds["deals.note"](tx, call, NewNote(deal.id, "자동으로 남긴 노트"))
        found = await kinds["deals.find"](tx, call, Wanted(channel="C0ROOM"))
        begun = await kinds["deals.create"](tx, call, NewDeal("윤하늘 새벽커피", desk.sumi.id, close_in="2w"))
        with pytest.raises(Invalid):
            await kinds["deals.create"](tx, call, NewDeal("윤하늘 새벽커피", ""))
        with pytest.raises(Invalid):
            await kinds["deals.find"](tx, call, Wanted())
        with pytest.raises(Invalid):
            await kinds["deals.task"](tx, call, NewTask("x", deal.id, due_in="soon"))
    deal_made = await desk.deals.deals.get(desk.cast.mina, begun.deal)  # type: ignore[attr-defined]
    assert (deal_made.owner, deal_made.close_date, deal_made.account) == (desk.sumi.id, date(2026, 12, 7), "")
    task = await desk.deals.tasks.get(desk.cast.mina, made.task)  # type: ignore[attr-defined]
    assert (task.owner, task.due, task.about) == (desk.sumi.id, date(2026, 11, 25), deal.id)
    assert (await desk.deals.notes.get(desk.cast.mina, noted.note)).author == "automation"  # type: ignore[attr-defined]
    assert (found.deal, found.count, found.deals[0]["stage"]) == (deal.id, 1, "Proposal")  # type: ignore[attr-defined]
    async with desk.state.begin(desk.cast.tenant) as tx:
        await desk.deals.deals.update_in(tx, principal, deal.id, {"next_step": "전화", "custom": {}})
    [changed] = await desk.deals.history.of(desk.cast.mina, deal.id, field="next_step")
    assert (changed.after, changed.actor, changed.run) == ("전화", "automation", "run-1")
    assert {event.run for event in await desk.events("Task Created", "Note Added")} == {"run-1"}
