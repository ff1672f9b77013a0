"""Stages at their entrance: who moves, what is told, and the segments that stand for stages."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.log.api import Log, LogWriter
from dure.segments.api import Segments
from dure.segments.stages.api import STAGES, Stages
from dure.segments.stages.lookups import with_stages
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.segments.test_segments import written
from tests.segments.writing import happened, merged, person, write

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY_NOON)


@pytest.fixture
async def cast(state: State, clock: StillClock) -> Cast:
    return await found_sori(state, clock)


@pytest.fixture
def segments(state: State, log: Log, clock: StillClock, cast: Cast) -> Segments:
    return Segments(state, log, clock, cast.governance)


@pytest.fixture
def stages(state: State, log: Log, clock: StillClock, cast: Cast) -> Stages:
    return Stages(state, log, clock, cast.governance)


async def listens(log: Log, cast: Cast, clock: StillClock, **who: list[float]) -> None:
    await write(
        log,
        [
            happened(cast.tenant, each, "Listen Started", clock.now() - timedelta(days=days))
            for each, life in who.items()
            for days in life
        ],
    )


async def test_people_move_between_stages_and_each_move_is_told(
    stages: Stages, segments: Segments, state: State, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, sora=[60, 1], dan=[20, 3], kim=[0.5])
    first = await stages.compute(cast.joon)
    assert first.sizes == dict.fromkeys(STAGES, 0) | {"resurrected": 1, "current": 1, "new": 1}
    assert await written(state, "Stage Changed") == []  # found, not changed
    clock.advance(timedelta(days=10))
    second = await stages.compute(cast.joon)
    assert (second.changed, second.sizes["at_risk"], sum(second.sizes.values())) == (3, 3, 3)
    moves = {
        event.person: (event.properties["from"], event.properties["to"])
        for event in await written(state, "Stage Changed", "no other")
    }
    assert moves == {
        person(cast.tenant, "sora"): ("resurrected", "at_risk"),
        person(cast.tenant, "dan"): ("current", "at_risk"),
        person(cast.tenant, "kim"): ("new", "at_risk"),
    }
    assert (await stages.compute(cast.joon)).changed == 0
    assert (await stages.stage_of(cast.joon, person(cast.tenant, "kim")))[0] == "at_risk"
    async with state.begin(cast.tenant) as tx:
        kim, nobody = person(cast.tenant, "kim"), person(cast.tenant, "nobody")
        known = await with_stages(tx, cast.tenant, [kim, nobody], {kim: {"plan": "pro"}})
    assert known == {str(kim): {"stage": "at_risk", "plan": "pro"}}
    listed = await stages.people(cast.joon, "at_risk")
    assert {who for who, _ in listed} == set(moves)
    standing = await segments.segment(cast.joon, "stage-at-risk")
    assert {member.person for member in await segments.people(cast.joon, standing.id)} == set(moves)
    assert standing.size == 3
    empty = await segments.segment(cast.joon, "stage-current")
    assert await segments.people(cast.joon, empty.id) == []


async def test_a_stage_is_a_condition_in_other_rules_and_no_hand_fills_it(
    stages: Stages, segments: Segments, state: State, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, sora=[60, 40], dan=[20, 3], kim=[0.5])
    await stages.compute(cast.joon)
    while await LogWriter(state, log).step():
        pass
    dormant = await segments.segment(cast.joon, "stage-dormant")
    rule = {"kind": "all", "of": [{"kind": "in", "segment": dormant.id},
                                  {"kind": "did", "event": "Listen Started", "at_least": 2}]}  # fmt: skip
    assert (await segments.preview(cast.joon, rule)).people == (person(cast.tenant, "sora"),)
    assert await segments.among(cast.joon, rule, [person(cast.tenant, "dan")]) == set()
    with pytest.raises(Conflict, match="stage"):
        await segments.list_people(cast.joon, dormant.id, add=["dan"])
    with pytest.raises(Conflict, match="built-in"):
        await segments.delete(cast.joon, dormant.id)
    assert (await segments.compute(cast.joon, dormant.id)).size == 1


async def test_a_merge_leaves_one_person_in_one_stage(
    stages: Stages, segments: Segments, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, old=[40], now=[1])
    assert sum((await stages.compute(cast.joon)).sizes.values()) == 2
    await write(log, [merged(cast.tenant, "old", "now", clock.now())])
    after = await stages.compute(cast.joon)
    assert {stage: many for stage, many in after.sizes.items() if many} == {"resurrected": 1}
    inside = Counter[str]()
    for stage in STAGES:
        found = await segments.people(cast.joon, "stage-" + stage.replace("_", "-"))
        inside.update(str(member.person) for member in found)
    assert inside == {str(person(cast.tenant, "now")): 1}


async def test_the_past_is_asked_of_the_log_and_flows_add_up(
    stages: Stages, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, sora=[60, 40], dan=[20, 3], kim=[0.5])
    now = clock.now()
    past, today = await stages.history(cast.joon, [now - timedelta(days=30), now])
    assert {stage: many for stage, many in past.items() if many} == {"at_risk": 1}
    assert sum(today.values()) == 3
    flows = {(flow.before, flow.after): flow.people for flow in
             await stages.flows(cast.joon, now - timedelta(days=30), now)}  # fmt: skip
    assert flows == {("at_risk", "dormant"): 1, ("", "current"): 1, ("", "new"): 1}
    who = await stages.flow_people(cast.joon, now - timedelta(days=30), now, "at_risk", "dormant")
    assert who == [person(cast.tenant, "sora")]
    with pytest.raises(Invalid):
        await stages.flows(cast.joon, now, now)


async def test_the_loop_computes_what_is_due_and_new_settings_at_once(
    stages: Stages, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, dan=[20, 3])
    assert await stages.tick() == 2  # both workspaces
    assert await stages.tick() == 0
    await stages.change(cast.joon, {"at_risk_days": 2})
    assert await stages.tick() == 1
    assert (await stages.counts(cast.joon))[0]["at_risk"] == 1
    with pytest.raises(NotAllowed):
        await stages.change(cast.gil, {})
    with pytest.raises(NotFound):
        await stages.stage_of(cast.rina, person(cast.tenant, "dan"))


async def test_overlaps_and_gaps_are_counted_from_members(
    stages: Stages, segments: Segments, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, a=[1], b=[2], c=[3], d=[4])
    await stages.compute(cast.joon)
    one, two, three = [(await segments.create(cast.joon, name, {"kind": "listed"})).id for name in ("1", "2", "3")]
    await segments.list_people(cast.joon, one, add=["a", "b"])
    await segments.list_people(cast.joon, two, add=["b", "c"])
    found = await stages.overlap(cast.joon, [one, two, three])
    assert found.everybody == 4
    assert found.pairs[one, two] == found.pairs[two, one] == 1
    assert (found.pairs[one, one], found.pairs[three, three], found.pairs[one, three]) == (2, 0, 0)
    assert found.only == {one: 1, two: 1, three: 0}
    assert found.depth == (1, 2, 1)
    both = await stages.overlap_people(cast.joon, [one, two], [])
    assert both == [person(cast.tenant, "b")]
    assert await stages.overlap_people(cast.joon, [one], [two, three]) == [person(cast.tenant, "a")]
    assert await stages.overlap_people(cast.joon, [], [one, two, three]) == [person(cast.tenant, "d")]
    standing = (await stages.counts(cast.joon))[1]
    whole = await stages.overlap(cast.joon, list(standing.values()))
    assert whole.depth == (0, 4)  # a partition: nobody in none, nobody in two
    with pytest.raises(NotFound):
        await stages.overlap(cast.rina, [one, two])
