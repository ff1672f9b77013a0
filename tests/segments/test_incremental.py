"""Following what happens comes to the same as looking at everybody, at every tick and to the microsecond."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dure.segments.api import Segments
from tests.metrics.room import open_room
from tests.segments.stream import GIFT, PLAY, RULES, STOP, Stream

pytestmark = pytest.mark.anyio

HOUR, MICRO, SOON = timedelta(hours=1), timedelta(microseconds=1), timedelta(minutes=20)
# Lengths at which windows end, a little less and a little more: where being off by one would show.
AGES = st.sampled_from([timedelta(), HOUR, 2 * HOUR, 24 * HOUR, 48 * HOUR, 3 * HOUR, SOON])
SLIPS = st.sampled_from([timedelta(), MICRO, -MICRO, -timedelta(minutes=30)])
NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
HAPPENINGS = st.one_of(
    st.tuples(st.just("event"), NAMES, st.sampled_from([PLAY, GIFT, STOP]), AGES, SLIPS, st.integers(1, 9)),
    st.tuples(st.just("event"), NAMES, st.sampled_from([PLAY, GIFT, "Unheard Of"]), AGES, SLIPS, st.integers(1, 9)),
    st.tuples(st.just("trait"), NAMES, st.sampled_from(["pro", "free", None]), AGES),
    st.tuples(st.just("account"), NAMES, st.sampled_from(["acme", "bora"]), AGES),
    st.tuples(st.just("tier"), st.sampled_from(["acme", "bora"]), st.sampled_from(["gold", "free"]), AGES),
    st.tuples(st.just("opened"), NAMES, AGES),
    st.tuples(st.just("merge"), NAMES, NAMES),
    st.tuples(st.just("again"), st.integers(0, 50)),
    st.tuples(st.just("list"), NAMES, st.booleans()),
)
PAUSES = st.sampled_from([timedelta(), MICRO, HOUR - MICRO, HOUR, 2 * HOUR, 23 * HOUR, timedelta(minutes=7)])
STREAMS = st.lists(st.tuples(st.lists(HAPPENINGS, max_size=6), PAUSES), min_size=2, max_size=5)


@pytest.fixture(scope="module")
async def stream(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Stream]:
    async with open_room(postgres_url, template, run_folder) as room:
        segments = Segments(
            room.state, room.log, room.clock, room.cast.governance, metrics=room.metrics, every=timedelta(),
            whole=timedelta(days=10_000),
        )  # fmt: skip
        yield Stream(room, segments)


@pytest.fixture(scope="module")
async def all_kinds(stream: Stream) -> list[str]:
    made = [(await stream.segments.create(stream.principal, f"s{n}", rule)).id for n, rule in enumerate(RULES)]
    listed = await stream.segments.create(stream.principal, "by hand", {"kind": "listed"})
    for rule in (
        {"kind": "in", "segment": listed.id},
        {"kind": "all", "of": [{"kind": "in", "segment": made[0]},
                               {"kind": "not", "of": {"kind": "in", "segment": listed.id}}]},
    ):  # fmt: skip
        made.append((await stream.segments.create(stream.principal, "nested", rule)).id)
    await stream.segments.tick()
    return [listed.id, *made]


# `DURE_STREAMS` is how many streams are drawn; a few at every run, hundreds before a release.
examples = 0


@settings(max_examples=int(os.environ.get("DURE_STREAMS", "3")), deadline=None, suppress_health_check=list(HealthCheck))
@given(happened=STREAMS)
# A device becomes somebody's and is taken from them again: both are looked at.
@example(
    happened=[
        ([("event", "a", PLAY, timedelta(), timedelta(), 9)], MICRO),
        ([("merge", "a", "b")], MICRO),
        ([("merge", "a", "a")], MICRO),
    ]
)
# What is said of an account for later counts then, for everybody in it.
@example(
    happened=[
        ([("account", "a", "acme", SOON), ("tier", "acme", "gold", -SOON / 2)], MICRO),
        ([], SOON / 2),
    ]
)
async def test_following_equals_looking_at_everybody(stream: Stream, all_kinds: list[str], happened: list[Any]) -> None:
    global examples
    examples += 1
    stream.prefix, stream.sent = f"{examples}-", []
    listed, *made = all_kinds
    for happenings, pause in happened:
        for one in happenings:
            await carry_out(stream, listed, one)
        await stream.follow()
        stream.room.clock.advance(pause)
        await stream.segments.tick()
        assert await stream.kept(made) == await stream.whole(made)


async def carry_out(stream: Stream, listed: str, happening: tuple[Any, ...]) -> None:
    match happening:
        case ("event", who, event, ago, slip, coins):
            await stream.happen(stream.event(who, event, ago + slip, {"coins": coins}))
        case ("trait", who, plan, ago):
            said = {"plan": plan} if plan else {"removed_traits": ["plan"]}
            await stream.happen(stream.event(who, "Identified", ago, said))
        case ("account", who, account, ago):
            await stream.happen(stream.event(who, STOP, ago, account=stream.prefix + account))
        case ("tier", account, tier, ago):
            said = {"tier": tier}
            await stream.happen(stream.event("", "Account Identified", ago, said, account=stream.prefix + account))
        case ("opened", who, ago):
            await stream.happen(stream.event(who, "Message Opened", ago, {"campaign": "c-1"}, source="campaigns"))
        case ("merge", old, now):
            await stream.happen(stream.linked(old, now))  # the same two: an old link is undone
        case ("again", number) if stream.sent:
            await stream.happen(stream.sent[number % len(stream.sent)])
        case ("list", who, out):
            people = [str(stream.id(who))]
            await stream.segments.list_people(stream.principal, listed, **{"remove" if out else "add": people})


async def test_somebody_leaves_at_the_microsecond_and_not_before(stream: Stream, all_kinds: list[str]) -> None:
    stream.prefix = "exact-"
    recent, silent = all_kinds[1], all_kinds[2]
    mina = stream.id("mina")
    await stream.happen(stream.event("mina", PLAY))
    await stream.follow()

    async def after(pause: timedelta) -> tuple[bool, bool]:
        stream.room.clock.advance(pause)
        await stream.segments.tick()
        kept = await stream.kept([recent, silent])
        return mina in kept[recent], mina in kept[silent]

    assert await after(timedelta()) == (True, False)
    assert await after(HOUR - MICRO) == (True, False)
    assert await after(MICRO) == (False, False)
    assert await after(HOUR - MICRO) == (False, False)
    assert await after(MICRO) == (False, True)


async def test_an_event_of_the_future_counts_from_its_moment_on(stream: Stream, all_kinds: list[str]) -> None:
    stream.prefix = "future-"
    await stream.happen(stream.event("joon", PLAY, -HOUR))
    await stream.follow()
    for pause, there in ((timedelta(), False), (HOUR - MICRO, False), (MICRO, True), (HOUR, False)):
        stream.room.clock.advance(pause)
        await stream.segments.tick()
        kept = await stream.kept([all_kinds[1]])
        assert (stream.id("joon") in kept[all_kinds[1]]) is there


async def test_only_those_of_whom_something_came_are_looked_at(stream: Stream, all_kinds: list[str]) -> None:
    stream.prefix = "few-"
    await stream.happen(*(stream.event(f"u-{n}", PLAY) for n in range(300)))
    await stream.follow()
    await stream.segments.tick()
    stream.room.clock.advance(timedelta(seconds=1))
    await stream.happen(stream.event("u-7", GIFT))
    await stream.follow()
    looked = []
    inner = stream.segments._recomputing._looks

    async def watched(*given: Any) -> Any:
        looked.append(given[2])
        return await inner(*given)

    stream.segments._recomputing._looks = watched  # type: ignore[method-assign]
    try:
        await stream.segments.tick()
    finally:
        stream.segments._recomputing._looks = inner  # type: ignore[method-assign]
    assert looked == [[stream.id("u-7")]]


async def test_what_the_log_has_not_taken_yet_is_not_missed(stream: Stream, all_kinds: list[str]) -> None:
    stream.prefix = "late-"
    await stream.happen(stream.event("mina", PLAY))
    await stream.segments.tick()  # the feed has it and the log does not
    assert stream.id("mina") not in (await stream.kept([all_kinds[1]]))[all_kinds[1]]
    await stream.follow()
    await stream.segments.tick()
    assert stream.id("mina") in (await stream.kept([all_kinds[1]]))[all_kinds[1]]


async def test_many_processes_at_once_come_to_the_same(stream: Stream, all_kinds: list[str]) -> None:
    stream.prefix = "many-"
    room = stream.room
    others = [
        Segments(room.state, room.log, room.clock, room.cast.governance, metrics=room.metrics, every=timedelta())
        for _ in range(3)
    ]
    for turn in range(3):
        await stream.happen(*(stream.event(f"u-{n}", (PLAY, GIFT, STOP)[(n + turn) % 3]) for n in range(5)))
        await stream.follow()
        room.clock.advance(timedelta(minutes=40))
        await asyncio.gather(
            *(one.tick() for one in others),
            *(one.compute(stream.principal, all_kinds[1 + turn], wait=True) for one in others),
        )
    await stream.segments.tick()
    made = all_kinds[1:]
    assert await stream.kept(made) == await stream.whole(made)


async def test_a_check_finds_what_was_tampered_with_and_puts_it_right(stream: Stream, all_kinds: list[str]) -> None:
    stream.prefix = "check-"
    await stream.happen(stream.event("mina", PLAY))
    await stream.follow()
    segment, workspace = all_kinds[1], stream.room.cast.tenant.workspace
    clean = await stream.segments.check(stream.principal, segment)
    assert (clean.missing, clean.extra) == (0, 0)
    async with stream.room.state.begin_system() as tx:
        await tx.run(
            "delete from segments.member where workspace = %s and segment = %s and person = %s",
            (workspace, segment, stream.id("mina")),
        )
    found = await stream.segments.check(stream.principal, segment)
    assert (found.missing, found.extra) == (1, 0)
    assert await stream.kept([segment]) == await stream.whole([segment])


async def test_a_new_rule_is_computed_wholly_also_where_it_stands_inside_another(stream: Stream) -> None:
    stream.prefix = "rule-"
    await stream.happen(stream.event("mina", PLAY), stream.event("joon", GIFT))
    await stream.follow()
    inner = await stream.segments.create(stream.principal, "inner", {"kind": "did", "event": PLAY, "within": "1h"})
    outer = await stream.segments.create(stream.principal, "outer", {"kind": "in", "segment": inner.id})
    await stream.segments.tick()
    assert stream.id("mina") in (await stream.kept([outer.id]))[outer.id]
    await stream.segments.change(stream.principal, inner.id, rule={"kind": "did", "event": GIFT, "within": "1h"})
    await stream.segments.tick()
    assert await stream.kept([inner.id, outer.id]) == await stream.whole([inner.id, outer.id])
    assert stream.id("mina") not in (await stream.kept([outer.id]))[outer.id]
