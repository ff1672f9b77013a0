"""Scores at their entrance: the work runs beside the server, people get values and reasons, and it can be ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.log.api import Log
from dure.segments.api import Segments
from dure.segments.scores import store
from dure.segments.scores.api import Scores
from dure.segments.stages.store import filled
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.segments.scores.histories import rhythms
from tests.segments.test_segments import written
from tests.segments.writing import happened, write

pytestmark = pytest.mark.anyio

CHURN = {"kind": "churn", "horizon_days": 20, "eligible_days": 60, "history_days": 120, "retrain_days": 300}


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY_NOON)


@pytest.fixture
async def cast(state: State, clock: StillClock) -> Cast:
    return await found_sori(state, clock)


@pytest.fixture
def scores(state: State, log: Log, clock: StillClock, cast: Cast) -> Scores:
    return Scores(state, log, clock, cast.governance)


async def a_past(log: Log, cast: Cast) -> None:
    told, end = rhythms(500)
    await write(
        log,
        [
            happened(cast.tenant, f"u-{who}", "Listen Started", MONDAY_NOON - timedelta(seconds=end - at))
            for who, at in zip(told.person.tolist(), told.time.tolist(), strict=True)
        ],
    )


async def under_way(scores: Scores, cast: Cast, id: str) -> None:
    while True:
        _, _, work = await scores.score(cast.joon, id)
        if work is not None and work.state == "running":
            return
        await asyncio.sleep(0.01)


async def test_a_score_is_trained_beside_the_server_and_everybody_gets_a_value_with_reasons(
    scores: Scores, state: State, log: Log, cast: Cast, clock: StillClock
) -> None:
    await a_past(log, cast)
    made = await scores.create(cast.joon, {"ko": "이탈", "en": "Churn"}, CHURN)
    waiting = (await scores.score(cast.joon, made.id))[2]
    assert waiting is not None
    assert waiting.state == "waiting"
    beats = 0

    async def server() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    answering = asyncio.create_task(server())
    assert await scores.working.tick() == 1
    answering.cancel()
    assert beats > 20  # it went on answering
    score, model, work = await scores.score(cast.joon, made.id)
    assert model is not None
    assert work is not None
    assert (work.state, work.done) == ("done", work.total)
    assert model.card["used"] == "model"
    assert len(model.card["dates"]) == 3
    assert score.model == model.id
    people = await scores.people(cast.joon, made.id, limit=1000)
    assert [one.value for one in people] == sorted((one.value for one in people), reverse=True)
    assert {one.decile for one in people} == set(range(1, 11))
    assert people[0].reasons[0]["push"] > 0
    second = await scores.people(cast.joon, made.id, after=people[9].person, limit=5)
    assert [one.person for one in second] == [one.person for one in people[10:15]]
    (of_one,) = (await scores.of_person(cast.joon, people[0].person)).values()
    assert of_one.decile == 1
    (told,) = await written(state, "Score Computed")
    assert told.properties["people"] == len(people)
    assert told.properties["trained"] is True
    assert await scores.working.tick() == 0  # nothing is due
    # A segment of its highest tenth, which the next scoring fills anew.
    segments = Segments(state, log, clock, cast.governance)
    top = await scores.make_segment(cast.joon, made.id, 1, 1)
    assert await scores.make_segment(cast.joon, made.id, 1, 1) == top
    inside = {member.person for member in await segments.people(cast.joon, top.id, limit=1000)}
    assert inside == {one.person for one in people if one.decile == 1}
    assert top.size == len(inside)
    with pytest.raises(Conflict):
        await segments.list_people(cast.joon, top.id, add=["u-1"])
    with pytest.raises(Conflict):
        await scores.delete(cast.joon, made.id)
    assert await written(state, "Score Drifted") == []
    clock.advance(timedelta(days=30))  # and in all that time nobody does anything
    assert await scores.working.tick() == 1  # scored again, not trained again
    score, after, _ = await scores.score(cast.joon, made.id)
    assert after is not None
    assert after.id == model.id
    assert after.drift is not None
    assert score.scored_at == clock.now()
    assert after.drift["drifted"]
    (drifted,) = await written(state, "Score Drifted")
    assert drifted.properties["psi"] > 0.25
    assert drifted.properties["model"] == model.id
    again = await scores.people(cast.joon, made.id, limit=1000)
    inside = {member.person for member in await segments.people(cast.joon, top.id, limit=1000)}
    assert inside == {one.person for one in again if one.decile == 1}
    await segments.delete(cast.joon, top.id)
    await scores.delete(cast.joon, made.id)
    assert await scores.scores(cast.joon) == []


async def test_too_little_is_refused_and_told(scores: Scores, state: State, log: Log, cast: Cast) -> None:
    await write(log, [happened(cast.tenant, "u", "Listen Started", MONDAY_NOON - timedelta(days=9))])
    made = await scores.create(cast.joon, "이탈", CHURN)
    assert await scores.working.tick() == 1
    score, model, work = await scores.score(cast.joon, made.id)
    assert model is None
    assert work is not None
    assert (work.state, work.said["code"], work.said["have"]) == ("refused", "short_history", 9)
    (told,) = await written(state, "Score Refused")
    assert told.properties["need"] > 9
    assert await scores.people(cast.joon, score.id) == []
    with pytest.raises(Conflict, match="no trained version"):
        await scores.ask(cast.joon, made.id, "score")


async def test_work_is_cancelled_wherever_it_runs_and_nothing_of_it_is_kept(
    scores: Scores, state: State, log: Log, cast: Cast, clock: StillClock
) -> None:
    await a_past(log, cast)
    made = await scores.create(cast.joon, "이탈", CHURN)
    running = asyncio.create_task(scores.working.tick())
    await under_way(scores, cast, made.id)
    with pytest.raises(Conflict, match="under way"):
        await scores.ask(cast.joon, made.id, "train")
    # Another process of the house says so, by the database alone.
    await Scores(state, log, clock, cast.governance).cancel(cast.joon, made.id)
    assert await running == 1
    _, model, work = await scores.score(cast.joon, made.id)
    assert model is None
    assert work is not None
    assert work.state == "cancelled"
    assert await scores.people(cast.joon, made.id) == []
    with pytest.raises(Conflict):
        await scores.cancel(cast.joon, made.id)
    assert (await scores.ask(cast.joon, made.id, "train")).state == "waiting"


async def test_work_of_a_process_that_died_is_taken_up_again_and_the_dead_one_writes_nothing(
    scores: Scores, state: State, cast: Cast, clock: StillClock
) -> None:
    made = await scores.create(cast.joon, "이탈", CHURN)
    now, workspace = clock.now(), cast.tenant.workspace
    async with state.begin(cast.tenant) as tx:
        assert await store.claim(tx, now, now + timedelta(seconds=60)) is not None
        assert await store.claim(tx, now + timedelta(seconds=59), now) is None
        later = now + timedelta(seconds=61)
        assert await store.claim(tx, later, later + timedelta(seconds=60)) is not None
        assert not await store.end(tx, workspace, made.id, now + timedelta(seconds=60), "done", later, {})
        assert await store.end(tx, workspace, made.id, later + timedelta(seconds=60), "done", later, {})


async def test_only_those_who_may_and_what_makes_sense(scores: Scores, cast: Cast, state: State) -> None:
    for settings, field in (
        ({"kind": "convert"}, "goal"),
        ({"kind": "alike"}, "segment"),
        ({"kind": "churn", "horizon_days": 0}, "horizon_days"),
        ({"kind": "churn", "eligible_days": 700}, "eligible_days"),
        ({"kind": "churn", "amount": "a`b"}, "amount"),
        ({"kind": "fortune"}, "kind"),
    ):
        with pytest.raises(Invalid) as refused:
            await scores.create(cast.joon, "x", settings)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await scores.create(cast.joon, "x", {"kind": "alike", "segment": "none"})
    with pytest.raises(NotAllowed):
        await scores.create(cast.gil, "x", CHURN)
    made = await scores.create(cast.joon, "x", CHURN)
    with pytest.raises(NotFound):
        await scores.score(cast.rina, made.id)
    with pytest.raises(Invalid):
        await scores.make_segment(cast.joon, made.id, 3, 2)
    async with state.begin(cast.tenant) as tx:
        assert await filled(tx, cast.tenant.workspace, "none") == ""
