"""Waiting for an event, or for it not to come."""

from __future__ import annotations

from typing import Any

import pytest

from dure.kernel.ids import person_id
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio


def nodes(**wait: Any) -> list[dict[str, Any]]:
    return [
        {"id": "wait", "kind": "wait_event", "with": {"event": "Message Answered", **wait},
         "next": {"event": "thanks", "timeout": "nudge"}},
        {"id": "thanks", "kind": "book.write", "with": {"text": "thanks {{ steps.wait.event.properties.by }}"}},
        {"id": "nudge", "kind": "book.write", "with": {"text": "nudge {{ run.subject }}"}},
    ]  # fmt: skip


async def test_the_awaited_event_of_the_subject_wakes_the_run(workshop: Workshop) -> None:
    await workshop.make(nodes(timeout="1d"))
    await workshop.happen(object="D1")
    await workshop.happen(object="D2")
    await workshop.settle()
    await workshop.happen("Message Answered", object="D2", properties={"by": "joon"})
    await workshop.settle()
    assert await workshop.book() == ["thanks joon"]
    await workshop.later(days=1)
    assert await workshop.book() == ["thanks joon", "nudge D1"]


async def test_an_event_after_the_timeout_wakes_nobody(workshop: Workshop) -> None:
    await workshop.make(nodes(timeout="1d"))
    await workshop.happen(object="D1")
    await workshop.settle()
    await workshop.later(days=1)
    await workshop.happen("Message Answered", object="D1", properties={"by": "late"})
    await workshop.settle()
    assert await workshop.book() == ["nudge D1"]


async def test_only_an_event_that_meets_the_filters_wakes(workshop: Workshop) -> None:
    await workshop.make(nodes(where=[{"prop": "by", "op": "!=", "value": "bot"}]))
    await workshop.happen(object="D1")
    await workshop.settle()
    await workshop.happen("Message Answered", object="D1", properties={"by": "bot"})
    await workshop.settle()
    assert await workshop.book() == []
    await workshop.happen("Message Answered", object="D1", properties={"by": "mina"})
    await workshop.settle()
    assert await workshop.book() == ["thanks mina"]


async def test_a_property_can_be_what_is_waited_on(workshop: Workshop) -> None:
    await workshop.make(nodes(on="channel", equals="{{ event.properties.room }}"))
    await workshop.happen(object="D1", properties={"room": "C9"})
    await workshop.settle()
    await workshop.happen("Message Answered", object="M1", properties={"by": "joon", "channel": "C9"})
    await workshop.settle()
    assert await workshop.book() == ["thanks joon"]


async def test_a_listener_is_waited_for_by_person(workshop: Workshop) -> None:
    await workshop.make(nodes(), trigger={"event": "Deal Won", "subject": "person"})
    await workshop.happen(listener="u-1")
    await workshop.settle()
    assert (await workshop.runs())[0].subject == str(person_id(workshop.cast.tenant.workspace, "u-1"))
    await workshop.happen("Message Answered", listener="u-1", properties={"by": "u-1"})
    await workshop.settle()
    assert await workshop.book() == ["thanks u-1"]


async def test_many_runs_at_different_hops_are_woken_by_one_event(workshop: Workshop) -> None:
    first, *rest = nodes()
    await workshop.make([first, *rest], trigger={"event": "Deal Won", "subject": "account"})
    pre = {"id": "pre", "kind": "book.write", "with": {"text": "pre"}, "next": "wait"}
    await workshop.make([pre, first, *rest], trigger={"event": "Deal Won", "subject": "account"})
    await workshop.happen(object="D1", account="A1")
    await workshop.settle()
    await workshop.happen("Message Answered", account="A1", properties={"by": "one"})
    await workshop.settle()
    assert await workshop.book() == ["pre", "thanks one", "thanks one"]
    for run in await workshop.runs():
        _, steps = await workshop.automation.run(workshop.cast.mina, run.id)
        assert [step.outputs for step in steps if step.node == "pre"] in ([], [{"number": 1}])
