"""Segments at their entrance: who comes and goes, handing over, whose they are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from dure.feed.api import Event, Follower
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.log.api import Log, LogWriter
from dure.segments import store
from dure.segments.api import Segments
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.segments.writing import happened, merged, person, write

pytestmark = pytest.mark.anyio

LISTENERS = {"kind": "did", "event": "Listen Started", "within": "7d"}


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MONDAY_NOON)


@pytest.fixture
async def cast(state: State, clock: StillClock) -> Cast:
    return await found_sori(state, clock)


@pytest.fixture
def segments(state: State, log: Log, clock: StillClock, cast: Cast) -> Segments:
    return Segments(state, log, clock, cast.governance)


async def listens(log: Log, cast: Cast, clock: StillClock, *who: str, days_ago: float = 0) -> None:
    at = clock.now() - timedelta(days=days_ago)
    await write(log, [happened(cast.tenant, each, "Listen Started", at) for each in who])


async def written(state: State, *names: str) -> list[Event]:
    """Events of those names in the feed, in order."""
    found: list[Event] = []

    async def keep(_: object, batches: object) -> None:
        found.extend(event for batch in batches for event in batch.events() if event.event in names)  # type: ignore[attr-defined]

    follower = Follower(state, f"test-{names}")
    while await follower.step(keep):
        pass
    return found


async def test_people_enter_and_leave_and_each_is_an_event(
    segments: Segments, state: State, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, "u-1", "u-2")
    made = await segments.create(cast.joon, {"ko": "최근 청취자", "en": "Recent listeners"}, LISTENERS)
    first = await segments.compute(cast.joon, made.id)
    assert (first.size, first.entered, first.left) == (2, 2, 0)
    clock.advance(timedelta(days=5))
    await listens(log, cast, clock, "u-2", "u-3")
    clock.advance(timedelta(days=3))
    second = await segments.compute(cast.joon, made.id)
    assert (second.size, second.entered, second.left) == (2, 1, 1)
    moves = [(event.event, event.person, event.properties["first"]) for event in
             await written(state, "Segment Entered", "Segment Left")]  # fmt: skip
    assert sorted(moves[:2], key=str) == sorted(
        [("Segment Entered", person(cast.tenant, who), True) for who in ("u-1", "u-2")], key=str
    )
    assert moves[2:] == [
        ("Segment Entered", person(cast.tenant, "u-3"), False),
        ("Segment Left", person(cast.tenant, "u-1"), False),
    ]
    members = await segments.people(cast.joon, made.id)
    assert {member.person for member in members} == {person(cast.tenant, who) for who in ("u-2", "u-3")}
    assert [size.size for size in (await segments.sizes(cast.joon, [made.id]))[made.id]] == [2, 2]


async def test_two_ids_of_one_person_are_one_member(
    segments: Segments, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, "anon-1", "u-1")
    assert (await segments.preview(cast.joon, LISTENERS)).size == 2
    await write(log, [merged(cast.tenant, "anon-1", "u-1", clock.now())])
    seen = await segments.preview(cast.joon, LISTENERS)
    assert seen.people == (person(cast.tenant, "u-1"),)


async def test_a_rule_can_be_asked_of_some_people_only(
    segments: Segments, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, "anon-1", "u-2", "u-3")
    await write(log, [merged(cast.tenant, "anon-1", "u-1", clock.now())])
    asked = [person(cast.tenant, who) for who in ("u-1", "u-2", "u-9")]
    assert await segments.among(cast.joon, LISTENERS, asked) == set(asked[:2])


async def test_about_to_churn_is_who_was_active_and_fell_silent(
    segments: Segments, log: Log, cast: Cast, clock: StillClock
) -> None:
    for days_ago in (10, 12, 20):
        await listens(log, cast, clock, "fading", "still-here", days_ago=days_ago)
    await listens(log, cast, clock, "still-here", days_ago=1)
    await listens(log, cast, clock, "tried-once", days_ago=12)
    assert await segments.tick() == 2  # sori's and rival's
    assert [member.person for member in await segments.people(cast.joon, "about-to-churn")] == [
        person(cast.tenant, "fading")
    ]
    assert await segments.tick() == 0  # nothing is due
    clock.advance(timedelta(minutes=6))
    assert await segments.tick() == 2


async def test_handing_over_keeps_a_control_that_stays_the_same(
    segments: Segments, state: State, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, *(f"u-{n}" for n in range(400)))
    made = await segments.create(cast.joon, "청취자", LISTENERS)
    await segments.compute(cast.joon, made.id)
    handover = await segments.hand_over(
        cast.joon, made.id, "marketing", "돌아오게 하기", clock.now() + timedelta(days=14)
    )
    assert handover.size == 400
    assert handover.control + handover.treated == 400
    assert 160 < handover.control < 240
    control = await segments.handover_people(cast.joon, handover.id, control=True, limit=500)
    treated = await segments.handover_people(cast.joon, handover.id, control=False, limit=500)
    assert not set(control) & set(treated)
    again = await segments.hand_over(cast.joon, made.id, "care", "전화")
    assert await segments.handover_people(cast.joon, again.id, control=True, limit=500) == control
    (event, _) = await written(state, "Segment Handed Over")
    told = {name: event.properties[name] for name in ("name", "size", "control", "treated", "to", "channel")}
    assert told == {
        "name": "청취자", "size": 400, "control": handover.control, "treated": handover.treated, "to": "marketing",
        "channel": "#marketing",
    }  # fmt: skip
    assert (event.object_type, event.object, event.actor) == ("segment", made.id, cast.joon.user)


async def test_a_segment_can_be_made_of_another_but_not_of_itself(
    segments: Segments, log: Log, cast: Cast, clock: StillClock
) -> None:
    await listens(log, cast, clock, "u-1", "u-2")
    await write(log, [happened(cast.tenant, "u-2", "Gift Sent", clock.now())])
    outer = await segments.create(cast.joon, "a", LISTENERS)
    rule = {"kind": "all", "of": [{"kind": "in", "segment": outer.id}, {"kind": "did", "event": "Gift Sent"}]}
    inner = await segments.create(cast.joon, "b", rule)
    assert (await segments.compute(cast.joon, inner.id)).size == 1
    with pytest.raises(Invalid, match="part of itself"):
        await segments.change(cast.joon, outer.id, rule={"kind": "in", "segment": inner.id})
    with pytest.raises(Conflict):
        await segments.delete(cast.joon, outer.id)


async def test_a_rival_sees_and_reaches_nothing(segments: Segments, log: Log, cast: Cast, clock: StillClock) -> None:
    await listens(log, cast, clock, "u-1")
    made = await segments.create(cast.joon, "청취자", LISTENERS)
    await segments.compute(cast.joon, made.id)
    assert (await segments.preview(cast.rina, LISTENERS)).size == 0
    assert made.id not in {segment.id for segment in await segments.segments(cast.rina)}
    for reach in (
        segments.people(cast.rina, made.id),
        segments.compute(cast.rina, made.id),
        segments.hand_over(cast.rina, made.id, "marketing", "x"),
        segments.create(cast.rina, "theirs", {"kind": "in", "segment": made.id}),
    ):
        with pytest.raises((NotFound, Invalid)):
            await reach
    with pytest.raises(NotAllowed):
        await segments.segments(cast.gil)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": "did", "event": ""}, "rule.event"),
        ({"kind": "did", "event": "X", "within": "soon"}, "rule.within"),
        ({"kind": "all", "of": []}, "rule"),
        ({"kind": "walks"}, "rule.kind"),
        ({"kind": "trait", "prop": "a`b", "value": 1}, "rule.prop"),
        ({"kind": "all", "of": [{"kind": "did"}]}, "rule.of[0]"),
    ],
)
async def test_a_rule_that_makes_no_sense_names_the_place(
    segments: Segments, cast: Cast, rule: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await segments.preview(cast.joon, rule)
    assert refused.value.field == field


async def test_rules_are_told_in_words(segments: Segments, cast: Cast) -> None:
    segment = await segments.furnish(cast.joon)
    (words,) = await segments.words(cast.joon, [segment.rule])
    assert words["ko"] == "7일 전까지의 28일 동안 활동 3일 이상 그리고 최근 7일 동안 활동 없음"
    assert words["en"] == (
        "was active on at least 3 days in the 28 days until 7 days ago and was not active in the last 7 days"
    )


async def test_events_reach_the_log(segments: Segments, state: State, log: Log, cast: Cast, clock: StillClock) -> None:
    await listens(log, cast, clock, "u-1")
    made = await segments.create(cast.joon, "청취자", LISTENERS)
    await segments.compute(cast.joon, made.id)
    writer = LogWriter(state, log)
    while await writer.step():
        pass
    rows = await log.query(
        cast.tenant, "select event from events where workspace = {workspace:String} and source = 'segments'"
    )
    assert sorted(row[0] for row in rows.rows) == ["Segment Created", "Segment Entered"]


async def test_who_asked_waits_for_a_computation_that_runs_and_the_loop_does_not(
    state: State, segments: Segments, cast: Cast
) -> None:
    made = await segments.create(cast.mina, "Listeners", LISTENERS)
    async with state.begin(cast.tenant) as tx:
        assert await store.lock(tx, cast.tenant.workspace, made.id)
        with pytest.raises(Conflict, match="at this moment"):
            await segments.compute(cast.mina, made.id)
        waiting = asyncio.create_task(segments.compute(cast.mina, made.id, wait=True))
        waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        async with state.begin_system() as other:
            await until(lambda: other.value(waits))
        assert not waiting.done()
    assert (await waiting).size == 0


async def until(asked: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await asked():  # noqa: ASYNC110 - what it looks at is in the database
            await asyncio.sleep(0.01)
