"""A dry run over the past month says how often it would have run, on which days, and what it left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.automation.dry_run import Would
from dure.automation.month import Bounds, Tally
from dure.feed.api import Event, append
from dure.kernel.errors import Invalid
from dure.log.api import Log, LogWriter
from dure.state import State
from tests.automation.workshop import Workshop, open_workshop

pytestmark = pytest.mark.anyio

DOC: dict[str, Any] = {
    "trigger": {"event": "Deal Won", "key": "subject"},
    "conditions": [{"prop": "amount", "op": ">=", "value": 10}],
    "nodes": [
        {"id": "wait", "kind": "wait", "with": {"for": "1d"}, "next": "write"},
        {"id": "write", "kind": "book.write", "with": {"text": "{{ event.properties.name }}"}},
    ],
}


@pytest.fixture
async def workshop(state: State, log: Log) -> Workshop:
    """Twelve deals in the last twelve days, every third one small, the last ones about the same deal."""
    workshop = await open_workshop(state, log=log)
    now, tenant = workshop.clock.now(), workshop.cast.tenant
    async with state.begin(tenant) as tx:
        for number in range(12):
            await append(tx, Event(
                org=tenant.org, workspace=tenant.workspace, event="Deal Won", time=now - timedelta(days=12 - number),
                received_at=now, message_id=f"m{number}", source="test", object=f"D{min(number, 9)}",
                properties={"name": f"deal {number}", "amount": 5 if number % 3 == 0 else 20},
            ))  # fmt: skip
    while await LogWriter(state, log).step():
        pass
    return workshop


async def rehearse(workshop: Workshop, doc: dict[str, Any] = DOC, **bounds: Any) -> tuple[list[Would], Tally]:
    month = await workshop.automation.dry_run_month(workshop.cast.joon, doc=doc, bounds=Bounds(**bounds))
    told = [one async for one in month.rehearse()]
    assert isinstance(told[-1], Tally)
    return [one for one in told if isinstance(one, Would)], told[-1]


async def test_it_says_how_often_and_when_it_would_have_run(workshop: Workshop) -> None:
    runs, tally = await rehearse(workshop)
    assert (tally.events, tally.looked_at, tally.met, tally.started, tally.lived) == (12, 12, 8, 7, 7)
    assert [run.subject for run in runs] == ["D1", "D2", "D4", "D5", "D7", "D8", "D9"]
    assert len(tally.days) == 12
    assert sum(day["started"] for day in tally.days.values()) == 7
    assert tally.nodes == {"wait": {"steps": 7, "dead": 0}, "write": {"steps": 7, "dead": 0}}
    assert (tally.endings, tally.stopped) == ({"done": 7}, "")
    assert tally.refused == {"amount >= 10: it is 5": 4}


async def test_each_run_is_lived_by_the_clock_of_its_event(workshop: Workshop) -> None:
    runs, _ = await rehearse(workshop)
    first = runs[0].steps
    assert first[0]["at"] == workshop.clock.now() - timedelta(days=11)
    assert first[1]["at"] == workshop.clock.now() - timedelta(days=10)
    assert await workshop.book() == []
    assert await workshop.runs() == []


async def test_what_is_too_much_is_left_out_and_said(workshop: Workshop) -> None:
    _, tally = await rehearse(workshop, events=5)
    assert (tally.events, tally.looked_at, tally.stopped) == (12, 5, "events")
    assert min(name for name, day in tally.days.items() if day["met"]) >= "2026-11-18"
    runs, tally = await rehearse(workshop, runs=2)
    assert (len(runs), tally.lived, tally.started) == (2, 2, 7)
    _, tally = await rehearse(workshop, days=3)
    assert tally.events == 3
    with pytest.raises(Invalid, match="between 1 and 31"):
        await rehearse(workshop, days=90)


async def test_a_schedule_is_rehearsed_by_its_moments(workshop: Workshop) -> None:
    runs, tally = await rehearse(workshop, {
        "trigger": {"at": "09:00", "days": ["mon"], "zone": "Asia/Seoul"},
        "nodes": [{"id": "write", "kind": "book.write", "with": {"text": "monday"}}],
    })  # fmt: skip
    assert (tally.started, len(runs)) == (5, 5)
    assert all(run.steps[0]["at"].weekday() == 0 for run in runs)


async def test_past_events_to_try_it_with(workshop: Workshop) -> None:
    events = await workshop.automation.past_events(workshop.cast.joon, "Deal Won", 2)
    assert [event["properties"]["name"] for event in events] == ["deal 11", "deal 10"]
