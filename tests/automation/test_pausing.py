"""All automations of a workspace stand still, and go on."""

from __future__ import annotations

import pytest

from dure.kernel.errors import NotAllowed
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio
WRITE = {"id": "w", "kind": "book.write", "with": {"text": "{{ run.subject }}"}}


async def test_nothing_starts_while_all_is_paused_and_begins_on_resuming(shop: Workshop) -> None:
    mina = shop.cast.mina
    await shop.make([WRITE])
    await shop.automation.pause_all(mina, "a wrong list went out")
    await shop.automation.pause_all(mina)
    await shop.happen(object="D1")
    await shop.settle()
    assert await shop.book() == []
    state = await shop.automation.paused(mina)
    assert state is not None
    assert (state["reason"], state["paused_by"], state["held"]) == ("a wrong list went out", mina.user, 1)
    await shop.automation.resume_all(mina)
    await shop.settle()
    assert await shop.book() == ["D1"]
    assert await shop.automation.paused(mina) is None
    assert len(await shop.events("Automations Paused")) == len(await shop.events("Automations Resumed")) == 1


async def test_waits_go_on_waiting_and_end_on_resuming(shop: Workshop) -> None:
    mina = shop.cast.mina
    await shop.make([{"id": "wait", "kind": "wait", "with": {"for": "1h"}, "next": "w"}, WRITE])
    await shop.happen(object="D1")
    await shop.settle()
    await shop.automation.pause_all(mina)
    await shop.later(hours=2)
    assert await shop.book() == []
    assert await shop.automation.engine.due(0) == float("inf"), "and nobody looks at it again and again"
    await shop.automation.resume_all(mina)
    await shop.settle()
    assert await shop.book() == ["D1"]


async def test_a_call_under_way_is_noted_and_nothing_follows(shop: Workshop) -> None:
    mina = shop.cast.mina
    await shop.make([{"id": "call", "kind": "far.call", "next": "again"}, {"id": "again", "kind": "far.call"}])
    await shop.happen(object="D1")
    await shop.automation.matcher.step()
    await shop.automation.engine.beat(0)
    await shop.automation.pause_all(mina)
    await shop.settle()
    assert len(shop.service.keys) == 1
    (run,) = await shop.runs()
    assert (run.node, run.status) == ("again", "running")
    await shop.automation.resume_all(mina)
    await shop.settle()
    assert len(shop.service.keys) == 2
    assert (await shop.runs())[0].status == "done"


async def test_a_call_that_was_about_to_be_made_is_not(shop: Workshop) -> None:
    shop.service.failures.append(OSError("away"))
    await shop.make([{"id": "call", "kind": "far.call"}])
    await shop.happen()
    await shop.settle()
    await shop.automation.pause_all(shop.cast.mina)
    await shop.later(hours=1)
    assert len(shop.service.keys) == 1
    await shop.automation.resume_all(shop.cast.mina)
    await shop.settle()
    assert len(shop.service.keys) == 2


async def test_a_schedule_that_was_missed_runs_once(shop: Workshop) -> None:
    await shop.make([WRITE], trigger={"every": "1h"})
    await shop.automation.pause_all(shop.cast.mina)
    await shop.later(hours=5)
    assert await shop.runs() == []
    await shop.automation.resume_all(shop.cast.mina)
    await shop.settle()
    assert len(await shop.runs()) == 1


async def test_an_answer_and_an_event_are_kept_for_later(shop: Workshop) -> None:
    mina = shop.cast.mina
    wait = {"id": "wait", "kind": "wait_event", "with": {"event": "Signed"}, "next": {"event": "w"}}
    await shop.make([wait, WRITE])
    await shop.happen(object="D1")
    await shop.settle()
    await shop.automation.pause_all(mina)
    await shop.happen("Signed", object="D1")
    await shop.settle()
    assert await shop.book() == []
    await shop.automation.resume_all(mina)
    await shop.settle()
    assert await shop.book() == ["D1"]


async def test_another_workspace_is_not_touched_and_a_guest_may_not(shop: Workshop) -> None:
    await shop.automation.pause_all(shop.cast.mina)
    assert await shop.automation.paused(shop.cast.rina) is None
    with pytest.raises(NotAllowed):
        await shop.automation.pause_all(shop.cast.gil)
