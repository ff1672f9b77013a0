"""Several workers on one database; outside calls whose outcome nobody knows; chains that feed themselves."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest

from dure.automation.api import Automation
from dure.state import State
from tests.automation.workshop import Workshop, kinds, open_workshop

pytestmark = pytest.mark.anyio

THREE = [
    {"id": "write", "kind": "book.write", "with": {"text": "first"}, "next": "call"},
    {"id": "call", "kind": "far.call", "next": "last"},
    {"id": "last", "kind": "book.write", "with": {"text": "last"}},
]


async def test_two_workers_share_and_double_nothing(workshop: Workshop) -> None:
    await workshop.make(THREE)
    for number in range(150):
        await workshop.happen(object=f"D{number}")
    other = Automation(
        workshop.state, workshop.clock, workshop.cast.governance,
        steps=kinds(workshop.service, []), rng=random.Random(1),
    )  # fmt: skip
    while await workshop.automation.matcher.step():
        pass
    await asyncio.gather(*(one.settle() for one in (workshop.automation, other) * 2))
    await workshop.settle()
    assert Counter(run.status for run in await workshop.runs()) == {"done": 150}
    assert Counter(await workshop.book()) == {"first": 150, "last": 150}
    assert len(workshop.service.keys) == len(set(workshop.service.keys)) == 150


async def lose_a_call(workshop: Workshop) -> None:
    """A worker claims a call, makes it, and dies before it can say so."""
    await workshop.happen(object="D1")
    while await workshop.automation.matcher.step():
        pass
    await workshop.automation.engine.beat(0)
    await workshop.automation.engine.calls.drain()
    workshop.automation.engine.calls.take(0)


@pytest.mark.parametrize(
    ("kind", "status", "calls"), [("far.call", "done", 2), ("far.leave", "done", 1), ("far.ask", "failed", 1)]
)
async def test_an_unknown_outcome_is_handled_by_the_steps_own_rule(
    state: State, kind: str, status: str, calls: int
) -> None:
    workshop = await open_workshop(state, lease=timedelta(seconds=-1))
    await workshop.make([{"id": "call", "kind": kind}])
    await lose_a_call(workshop)
    living = Automation(
        state, workshop.clock, workshop.cast.governance, steps=kinds(workshop.service, []), rng=random.Random(1)
    )
    await living.settle()
    workshop.clock.advance(timedelta(minutes=1))
    await living.settle()
    (run,) = await workshop.runs()
    assert run.status == status
    assert len(workshop.service.keys) == calls
    assert len(set(workshop.service.keys)) == 1
    if kind == "far.ask":
        assert "before it noted" in run.error
        await living.retry(workshop.cast.mina, run.id)
        await living.settle()
        assert (await workshop.runs())[0].status == "done"
        assert len(set(workshop.service.keys)) == 1


async def test_a_worker_that_is_told_to_stop_keeps_the_answers_it_waited_for(workshop: Workshop) -> None:
    await workshop.make(THREE)
    await workshop.happen(object="D1")
    while await workshop.automation.matcher.step():
        pass
    await workshop.automation.engine.beat(0)
    working = asyncio.create_task(workshop.automation.work())
    await asyncio.sleep(0)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert [step.status for step in await workshop.steps()][:2] == ["done", "done"]
    await workshop.settle()
    assert len(workshop.service.keys) == 1


async def test_a_chain_that_feeds_itself_is_stopped_and_says_so(workshop: Workshop) -> None:
    automation = await workshop.make([{"id": "echo", "kind": "book.echo"}], trigger={"event": "Echoed"})
    await workshop.happen("Echoed", object="D1")
    await workshop.settle()
    assert len(await workshop.runs()) == 9, "one that a person caused and eight that followed from it"
    (refused,) = await workshop.events("Automation Stopped")
    assert refused.object == automation
    info = await workshop.automation.get(workshop.cast.mina, automation)
    assert not info.enabled
    assert "caused one another" in info.stopped_because
    assert info.stopped == {"reason": "depth", "cause": "Echoed", "depth": 8}


async def test_a_run_whose_version_cannot_be_read_fails_and_holds_nobody(workshop: Workshop) -> None:
    automation = await workshop.make([{"id": "wait", "kind": "wait", "with": {"for": "1h"}}])
    await workshop.happen()
    await workshop.settle()
    async with workshop.state.begin_system() as tx:
        await tx.run("update automation.version set doc = '{}' where automation = %s", (automation,))
    heir = Automation(workshop.state, workshop.clock, workshop.cast.governance, rng=random.Random(1))
    workshop.clock.advance(timedelta(hours=1))
    await heir.settle()
    async with workshop.state.begin_system() as tx:
        assert await tx.value("select error from automation.run") == "Its version cannot be read."


async def test_a_hopeless_database_error_of_one_batch_does_not_stop_the_others(workshop: Workshop) -> None:
    await workshop.make([{"id": "many", "kind": "book.write_all", "with": {"text": "{{ event.properties.t }}"}}])
    await workshop.happen(properties={"t": "fine"})
    await workshop.happen(properties={})
    await workshop.happen(properties={"t": "a\0b"})
    await workshop.happen(properties={"t": "also fine"})
    await workshop.settle()
    assert sorted(await workshop.book()) == ["ab", "also fine", "fine"]
    assert Counter(run.status for run in await workshop.runs()) == {"done": 3, "failed": 1}


async def test_one_of_many_that_fails_spoils_nothing_beside_it(workshop: Workshop) -> None:
    """Twelve share a savepoint; the one that cannot be done is found by doing each again in its own."""
    divide = {"id": "divide", "kind": "book.divide", "with": {"text": "{{ event.properties.by }}"}}
    await workshop.make([divide])
    for number in range(12):
        await workshop.happen(object=f"D{number}", properties={"by": number})
    await workshop.settle()
    assert sorted(await workshop.book(), key=int) == [str(number) for number in range(1, 12)]
    assert [run.subject for run in await workshop.runs() if run.status != "done"] == ["D0"]
