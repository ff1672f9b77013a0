"""What starts a run, how it moves, and how it ends."""

from __future__ import annotations

import pytest

from dure.kernel.errors import Invalid, Unavailable
from dure.kernel.ids import person_id
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio

WRITE = {"id": "write", "kind": "book.write", "with": {"text": "{{ event.properties.name }}"}}
CALL = {"id": "call", "kind": "far.call"}


async def test_an_event_starts_a_run_that_ends(workshop: Workshop) -> None:
    await workshop.make([WRITE])
    await workshop.happen(properties={"name": "Hanbit"})
    await workshop.settle()
    assert await workshop.book() == ["Hanbit"]
    (run,) = await workshop.runs()
    assert run.status == "done"
    assert (await workshop.automation.run(workshop.cast.mina, run.id))[0].state == {"write": {"number": 1}}
    assert [event.run for event in await workshop.events("Run Finished")] == [run.id]


async def test_a_run_about_a_person_is_told_in_their_line(workshop: Workshop) -> None:
    await workshop.make([WRITE])
    await workshop.happen(listener="u-1", properties={"name": "Hanbit"})
    await workshop.settle()
    [finished] = await workshop.events("Run Finished")
    assert finished.person == person_id(workshop.cast.tenant.workspace, "u-1")


async def test_an_event_from_before_the_switch_starts_nothing(workshop: Workshop) -> None:
    await workshop.happen(properties={"name": "early"})
    await workshop.make([WRITE])
    await workshop.settle()
    assert await workshop.runs() == []


async def test_switched_off_starts_nothing(workshop: Workshop) -> None:
    automation = await workshop.make([WRITE])
    await workshop.automation.switch(workshop.cast.mina, automation, False)
    await workshop.happen(properties={"name": "x"})
    await workshop.settle()
    assert await workshop.runs() == []


async def test_filters_and_conditions_choose(workshop: Workshop) -> None:
    await workshop.make(
        [WRITE],
        trigger={"event": "Deal Won", "where": [{"prop": "amount", "op": ">", "value": 100}]},
        conditions=[{"prop": "event.object_type", "op": "=", "value": "deal"}],
    )
    await workshop.happen(object_type="deal", properties={"name": "large", "amount": 500})
    await workshop.happen(object_type="deal", properties={"name": "small", "amount": 5})
    await workshop.happen(object_type="lead", properties={"name": "other", "amount": 500})
    await workshop.happen("Deal Lost", object_type="deal", properties={"name": "lost", "amount": 500})
    await workshop.settle()
    assert await workshop.book() == ["large"]


async def test_one_key_starts_one_run_however_often_it_comes(workshop: Workshop) -> None:
    await workshop.make([WRITE], trigger={"event": "Deal Won", "key": "{{ event.object }}:{{ event.properties.to }}"})
    for to in ("25", "25", "50"):
        await workshop.happen(object="D1", properties={"name": to, "to": to})
    await workshop.settle()
    await workshop.happen(object="D1", properties={"name": "again", "to": "25"})
    await workshop.settle()
    assert await workshop.book() == ["25", "50"]


async def test_one_run_for_a_subject(workshop: Workshop) -> None:
    await workshop.make([WRITE], trigger={"event": "Deal Won", "key": "subject", "subject": "person"})
    for listener in ("u-1", "u-1", "u-2"):
        await workshop.happen(listener=listener, properties={"name": listener})
    await workshop.settle()
    assert await workshop.book() == ["u-1", "u-2"]


async def test_a_run_stays_on_the_version_it_began_with(workshop: Workshop) -> None:
    wait = {"id": "wait", "kind": "wait", "with": {"for": "1d"}, "next": "write"}
    automation = await workshop.make([wait, {**WRITE, "with": {"text": "old"}}])
    await workshop.happen()
    await workshop.settle()
    doc = {"trigger": {"event": "Deal Won"}, "nodes": [{**WRITE, "with": {"text": "new"}}]}
    assert (await workshop.automation.update(workshop.cast.mina, automation, doc=doc)).version == 2
    await workshop.happen()
    await workshop.settle()
    await workshop.later(days=1)
    assert await workshop.book() == ["new", "old"]
    assert [run.version for run in await workshop.runs()] == [1, 2]


async def test_a_wait_lasts_until_its_time_and_no_longer(workshop: Workshop) -> None:
    await workshop.make([{"id": "wait", "kind": "wait", "with": {"for": "3d"}, "next": "write"}, WRITE])
    await workshop.happen(properties={"name": "patient"})
    await workshop.settle()
    await workshop.later(days=2.9)
    assert await workshop.book() == []
    await workshop.later(days=0.1)
    assert await workshop.book() == ["patient"]


async def test_a_wait_until_nine_in_seoul(workshop: Workshop) -> None:
    await workshop.make([{"id": "wait", "kind": "wait", "with": {"at": "09:00"}, "next": "write"}, WRITE])
    await workshop.happen(properties={"name": "morning"})
    await workshop.settle()
    await workshop.later(hours=20.9)
    assert await workshop.book() == []
    await workshop.later(hours=0.1)
    assert await workshop.book() == ["morning"]


async def test_a_branch_takes_one_side(workshop: Workshop) -> None:
    await workshop.make([
        {"id": "large", "kind": "branch", "with": {"where": [{"prop": "amount", "op": ">=", "value": 100}]},
         "next": {"yes": "cheer", "no": "shrug"}},
        {"id": "cheer", "kind": "book.write", "with": {"text": "{{ event.properties.amount | money }}"}},
        {"id": "shrug", "kind": "book.write", "with": {"text": "well"}},
    ])  # fmt: skip
    await workshop.happen(properties={"amount": 5_000})
    await workshop.happen(properties={"amount": 5})
    await workshop.settle()
    assert sorted(await workshop.book()) == ["well", "₩5,000"]


async def test_a_split_is_sticky_and_near_its_shares(workshop: Workshop) -> None:
    await workshop.make([
        {"id": "split", "kind": "split", "with": {"parts": {"a": 75, "b": 25}}, "next": {"a": "a", "b": "b"}},
        {"id": "a", "kind": "book.write_all", "with": {"text": "a"}},
        {"id": "b", "kind": "book.write_all", "with": {"text": "b"}},
    ])  # fmt: skip
    for again in range(2):
        for number in range(200):
            await workshop.happen(object=f"D{number}", id=f"{again}-{number}")
    await workshop.settle()
    async with workshop.state.begin_system() as tx:
        rows = await tx.rows("select subject, array_agg(distinct text) as ways from public.book group by subject")
    assert all(len(row["ways"]) == 1 for row in rows)
    assert 130 <= sum(row["ways"] == ["a"] for row in rows) <= 170


async def test_outputs_reach_later_steps(workshop: Workshop) -> None:
    await workshop.make([
        {"id": "call", "kind": "far.call", "with": {"to": "{{ run.subject }}"}, "next": "write"},
        {"id": "write", "kind": "book.write", "with": {"text": "got {{ steps.call.receipt }}"}},
    ])  # fmt: skip
    await workshop.happen(object="D7")
    await workshop.settle()
    assert await workshop.book() == ["got for D7"]


async def test_a_missing_value_fails_the_step_and_names_the_path(workshop: Workshop) -> None:
    await workshop.make([WRITE])
    await workshop.happen(properties={})
    await workshop.settle()
    (run,) = await workshop.runs()
    assert run.status == "failed"
    assert "`event.properties.name`" in run.error
    assert [event.properties["node"] for event in await workshop.events("Run Failed")] == ["write"]


async def test_a_failing_inside_step_is_rolled_back_and_spoils_nothing_beside_it(workshop: Workshop) -> None:
    await workshop.make([{"id": "refuse", "kind": "book.refuse", "with": {"text": "fine"}}])
    workshop.refusals.append(Invalid("not this one"))
    await workshop.happen(object="D1")
    await workshop.happen(object="D2")
    await workshop.settle()
    assert sorted(run.status for run in await workshop.runs()) == ["done", "failed"]
    assert await workshop.book() == ["must not stay", "fine"]


async def test_failure_retry_dead_and_retry_by_hand(workshop: Workshop) -> None:
    await workshop.make([{**CALL, "retries": 3, "next": "write"}, {**WRITE, "with": {"text": "at last"}}])
    workshop.service.failures = [Unavailable("busy"), Unavailable("busy"), Unavailable("still busy")]
    await workshop.happen()
    await workshop.settle()
    assert len(workshop.service.keys) == 1, "the second attempt comes later"
    await workshop.later(seconds=10)
    await workshop.later(seconds=60)
    (run,) = await workshop.runs()
    (step,) = await workshop.steps()
    assert (run.status, step.status, step.attempts, step.error) == ("failed", "dead", 3, "still busy")
    await workshop.automation.retry(workshop.cast.mina, run.id)
    await workshop.settle()
    assert (await workshop.runs())[0].status == "done"
    assert len(workshop.service.keys) == 4
    assert len(set(workshop.service.keys)) == 1, "the key is the same on every attempt"
    assert await workshop.book() == ["at last"]


async def test_retry_from_an_earlier_step_takes_a_new_key(workshop: Workshop) -> None:
    await workshop.make([{**CALL, "next": "write"}, {**WRITE, "with": {"text": "x"}}])
    await workshop.happen()
    await workshop.settle()
    (run,) = await workshop.runs()
    await workshop.automation.retry(workshop.cast.mina, run.id, 1)
    await workshop.settle()
    assert len(set(workshop.service.keys)) == 2
    assert [step.node for step in await workshop.steps()] == ["call", "write", "call", "write"]


async def test_on_error_leads_elsewhere(workshop: Workshop) -> None:
    await workshop.make([
        {**CALL, "on_error": "sorry"},
        {"id": "sorry", "kind": "book.write", "with": {"text": "because {{ steps.call.error }}"}},
    ])  # fmt: skip
    workshop.service.failures = [Invalid("no such place")]
    await workshop.happen()
    await workshop.settle()
    assert await workshop.book() == ["because no such place"]
    assert (await workshop.runs())[0].status == "done"


async def test_a_failed_step_can_be_skipped(workshop: Workshop) -> None:
    await workshop.make([{**CALL, "next": "write"}, {**WRITE, "with": {"text": "without"}}])
    workshop.service.failures = [Invalid("no")]
    await workshop.happen()
    await workshop.settle()
    (run,) = await workshop.runs()
    await workshop.automation.skip(workshop.cast.mina, run.id)
    await workshop.settle()
    assert await workshop.book() == ["without"]


async def test_a_person_is_asked_and_decides_once(workshop: Workshop) -> None:
    await workshop.make([
        {"id": "ask", "kind": "approve", "with": {"question": "Discount for {{ run.subject }}?", "timeout": "2d"},
         "next": {"yes": "write", "no": "write"}},
        {"id": "write", "kind": "book.write", "with": {"text": "{{ steps.ask.decision }}"}},
    ])  # fmt: skip
    await workshop.happen(object="D1")
    await workshop.settle()
    (question,) = await workshop.automation.questions(workshop.cast.joon)
    assert question["question"] == "Discount for D1?"
    await workshop.automation.decide(workshop.cast.joon, question["run"], "yes")
    with pytest.raises(Invalid):
        await workshop.automation.decide(workshop.cast.joon, question["run"], "no")
    await workshop.settle()
    assert await workshop.book() == ["yes"]


async def test_by_hand_with_a_key_starts_once(workshop: Workshop) -> None:
    automation = await workshop.make([{**WRITE, "with": {"text": "{{ run.subject }}"}}], trigger={})
    first = await workshop.automation.start(workshop.cast.mina, automation, "D1", key="k")
    again = await workshop.automation.start(workshop.cast.mina, automation, "D1", key="k")
    await workshop.settle()
    assert (bool(first), again, await workshop.book()) == (True, "", ["D1"])


async def test_a_schedule_runs_at_its_time_and_once_for_all_it_missed(workshop: Workshop) -> None:
    await workshop.make([{**WRITE, "with": {"text": "morning"}}], trigger={"at": "09:00"})
    await workshop.settle()
    assert await workshop.book() == []
    await workshop.later(hours=21)
    assert len(await workshop.book()) == 1
    await workshop.later(days=5)
    assert len(await workshop.book()) == 2
    await workshop.later(hours=24)
    assert len(await workshop.book()) == 3


async def test_a_run_in_a_circle_ends(workshop: Workshop) -> None:
    await workshop.make([{**WRITE, "with": {"text": "."}, "next": "write"}])
    await workshop.happen()
    await workshop.settle()
    (run,) = await workshop.runs()
    assert run.status == "failed"
    assert "circle" in run.error


async def test_runs_that_call_out_together_each_send_their_own_inputs(workshop: Workshop) -> None:
    await workshop.make([
        {"id": "call", "kind": "far.call", "with": {"to": "{{ run.subject }}"}, "next": "write"},
        {"id": "write", "kind": "book.write", "with": {"text": "{{ steps.call.receipt }}"}},
    ])  # fmt: skip
    for number in range(30):
        await workshop.happen(object=f"D{number}")
    await workshop.settle()
    assert sorted(await workshop.book()) == sorted(f"for D{number}" for number in range(30))
