"""A dry run shows what would happen and leaves nothing behind."""

from __future__ import annotations

import pytest

from dure.automation.dry_run import DryRun
from dure.log.api import Log, LogWriter
from dure.state import State
from tests.automation.workshop import Workshop, open_workshop

pytestmark = pytest.mark.anyio

NODES = [
    {"id": "call", "kind": "far.call", "with": {"to": "{{ event.properties.name }}"}, "next": "wait"},
    {"id": "wait", "kind": "wait", "with": {"for": "2d"}, "next": "write"},
    {"id": "write", "kind": "book.write", "with": {"text": "{{ steps.call.receipt }} for {{ run.subject }}"}},
]
EVENT = {"event": "Deal Won", "object": "D1", "message_id": "m", "properties": {"name": "Hanbit", "amount": 5}}


async def leaves_nothing(workshop: Workshop) -> None:
    await workshop.settle()
    assert workshop.service.keys == []
    assert await workshop.book() == []
    assert await workshop.runs() == []


async def test_one_event_is_lived_through_to_the_end(workshop: Workshop) -> None:
    automation = await workshop.make(NODES)
    result: DryRun = await workshop.automation.dry_run(workshop.cast.joon, automation=automation, event=EVENT)
    (would,) = result.runs
    assert [step["node"] for step in would.steps] == ["call", "wait", "write"]
    assert would.steps[0]["inputs"] == {"to": "Hanbit"}
    assert would.steps[2]["inputs"] == {"text": "‹far.call.receipt› for D1"}
    assert (would.steps[2]["at"] - would.steps[0]["at"]).days == 2
    await leaves_nothing(workshop)


async def test_an_event_that_does_not_meet_the_filters_is_told_why(workshop: Workshop) -> None:
    where = [{"prop": "amount", "op": ">", "value": 100}]
    automation = await workshop.make(NODES, trigger={"event": "Deal Won", "where": where})
    result = await workshop.automation.dry_run(workshop.cast.joon, automation=automation, event=EVENT)
    assert (result.started, list(result.refused)) == (0, ["amount > 100: it is 5"])


async def test_a_missing_value_shows_before_anything_is_switched_on(workshop: Workshop) -> None:
    doc = {"trigger": {"event": "Deal Won"}, "nodes": NODES}
    event = {**EVENT, "properties": {}}
    result = await workshop.automation.dry_run(workshop.cast.joon, doc=doc, event=event)
    assert "`event.properties.name`" in result.runs[0].error


async def test_past_events_of_the_log_say_how_often_it_would_have_run(state: State, log: Log) -> None:
    workshop = await open_workshop(state, log=log)
    for name, object_ in (("a", "D1"), ("b", "D2"), ("c", "D2")):
        await workshop.happen(object=object_, properties={"name": name})
    while await LogWriter(state, log).step():
        pass
    doc = {"trigger": {"event": "Deal Won", "key": "subject"}, "nodes": NODES}
    result = await workshop.automation.dry_run(workshop.cast.joon, doc=doc, past=100)
    assert (result.looked_at, result.met, result.started) == (3, 3, 2)
    await leaves_nothing(workshop)
