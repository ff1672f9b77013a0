"""The dry run: the real way with the last step cut off, for every kind of campaign."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from dure.campaigns import dry_run, dry_store
from dure.kernel.errors import Cancelled
from tests.campaigns.safety.letters import LETTER, demand, drafted, launched, letter
from tests.campaigns.studio import DESIGN, Studio

pytestmark = pytest.mark.anyio

MET = {"kind": "did", "event": "Signed Up"}


async def left_nothing(studio: Studio) -> None:
    async with studio.state.begin(studio.cast.tenant) as tx:
        for table in ("way", "message", "tally", "claim", "dry_run"):
            where = (studio.cast.tenant.workspace,)
            assert await tx.value(f"select count(*) from campaigns.{table} where workspace = %s", where) == 0, table
    assert studio.postbox.taken == []
    told = await studio.events("Campaign Entered", "Message Sent", "Message Skipped", "Message Held Back")
    assert [event for event in told if event.workspace == studio.cast.tenant.workspace] == []


async def test_a_one_off_says_exactly_what_becomes_of_everybody(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "A_PART", 30)
    everybody = [f"u-{n}" for n in range(100)]
    await studio.know(*everybody[:90])
    await studio.know(*everybody[:10], language="en")
    await studio.know(*everybody[10:15], name=None)
    await studio.happen("Signed Up", *everybody)
    await studio.settle()
    for who in everybody[20:25]:
        await studio.campaigns.set_consent(studio.cast.joon, str(studio.who(who)), False)
    await demand(studio, rates={"email": {"second": 0, "minute": 9_000}})
    draft = await drafted(studio, kind="once", entry={"audience": MET}, holdout=0.5)
    told = await studio.campaigns.dry_run(studio.cast.joon, draft.id, 20)
    assert (told.looked_at, sum(told.outcomes.values())) == (100, 100)
    assert told.reasons["no_consent"] == 5
    assert told.reasons["no_address"] == 10
    treated = told.outcomes["send"] + told.outcomes.get("fail", 0)
    assert treated + told.outcomes["hold"] == 85
    assert told.channels == {"email": told.outcomes["send"]}
    assert sum(told.languages.values()) == told.outcomes["send"]
    assert told.seconds == pytest.approx(told.outcomes["send"] * 60.15 / 9_000)
    assert {one.subject for one in told.people if one.outcome == "send" and one.language == "ko"} > set()
    assert len(told.people) < 100
    await left_nothing(studio)
    # And that is what happens.
    live = await studio.campaigns.launch(studio.cast.joon, draft.id)
    await studio.settle()
    messages = await studio.campaigns.messages(studio.cast.joon, live.id, limit=1000)
    states = [one.state.value for one in messages]
    assert states.count("sent") == told.outcomes["send"]
    assert states.count("held") == told.outcomes["hold"]
    assert states.count("failed") == told.outcomes.get("fail", 0)


async def test_a_triggers_people_of_the_last_days_are_told_with_their_reasons(studio: Studio) -> None:
    await studio.know("u-1", "u-2", "u-3")
    await studio.with_items()
    await studio.happen("Listen Ended", "u-1", "u-2", "u-3", seconds=20)
    await studio.happen("Listen Ended", "u-4", seconds=500)
    await studio.later(hours=2)
    await studio.happen("Listen Started", "u-2")
    await studio.later(hours=20)
    draft = await studio.campaigns.create(studio.cast.joon, {**DESIGN, "holdout": 0.0})
    told = await studio.campaigns.dry_run(studio.cast.joon, draft.id)
    by = {one.person: (one.outcome, one.reason) for one in told.people}
    assert by == {
        studio.who("u-1"): ("send", ""), studio.who("u-2"): ("skip", "came_back"), studio.who("u-3"): ("send", ""),
    }  # fmt: skip
    assert "방송 b-" in next(one.body for one in told.people if one.outcome == "send")
    await left_nothing(studio)


async def test_a_journey_shows_the_first_message_of_each_path(studio: Studio) -> None:
    await studio.know("u-1", "u-2")
    await studio.happen("Signed Up", "u-1", "u-2", "u-3")
    await studio.happen("Gift Sent", "u-1")
    await studio.settle()
    say = LETTER["nodes"][0]
    nodes: list[dict[str, Any]] = [
        {"id": "wait", "kind": "delay", "for": "3d", "next": "fork"},
        {"id": "fork", "kind": "branch", "when": [{"rule": {"kind": "did", "event": "Gift Sent"}, "next": "thanks"}],
         "else": "hello"},
        {**say, "id": "thanks", "texts": {"ko": {"subject": "고맙습니다", "body": "b"}}, "next": "more"},
        {**say, "id": "hello", "texts": {"ko": {"subject": "안녕하세요", "body": "b"}}, "next": "more"},
        {**say, "id": "more", "texts": {"ko": {"subject": "또 왔습니다", "body": "b"}}},
    ]  # fmt: skip
    design = letter(kind="journey", start="wait")
    draft = await studio.campaigns.create(studio.cast.joon, {**design, "nodes": nodes})
    await studio.later(days=4)
    told = await studio.campaigns.dry_run(studio.cast.joon, draft.id)
    assert {(one.person, one.node, one.subject) for one in told.people if one.outcome == "send"} == {
        (studio.who("u-1"), "thanks", "고맙습니다"), (studio.who("u-2"), "hello", "안녕하세요"),
    }  # fmt: skip
    assert told.reasons == {"no_address": 1}
    await left_nothing(studio)


def waiting(*more: dict[str, Any], then: str | None, other: str | None, **changes: Any) -> dict[str, Any]:
    """A day after they signed up people wait two days for a listen."""
    say = LETTER["nodes"][0]
    nodes: list[dict[str, Any]] = [
        {"id": "day", "kind": "delay", "for": "1d", "next": "wait"},
        {"id": "wait", "kind": "wait", "event": {"event": "Listen Started"}, "within": "2d", "then": then,
         "else": other},
        *more,
    ]  # fmt: skip
    subjects = {"thanks": "들어 주셔서 고맙습니다", "again": "한 번 들어 보세요"}
    named = {one.get(way) for one in nodes for way in ("then", "else")}
    letters = [
        {**say, "id": name, "texts": {"ko": {"subject": subject, "body": "b"}}}
        for name, subject in subjects.items() if name in named
    ]  # fmt: skip
    return {**letter(**({"kind": "journey", "start": "day"} | changes)), "nodes": nodes + letters}


async def test_at_a_wait_both_ways_are_gone_and_nobody_is_counted_twice(studio: Studio) -> None:
    await studio.know(*(f"u-{n}" for n in range(20)))
    # Of those who signed up three weeks ago, one in four listened within the two days after the first.
    await studio.happen("Signed Up", *(f"v-{n}" for n in range(8)))
    studio.clock.advance(timedelta(hours=2))
    await studio.happen("Listen Started", "v-7")  # before the wait begins
    studio.clock.advance(timedelta(days=1))
    await studio.happen("Listen Started", "v-0", "v-1")
    studio.clock.advance(timedelta(days=3))
    await studio.happen("Listen Started", "v-2")  # after it ended
    studio.clock.advance(timedelta(days=16))
    await studio.happen("Signed Up", *(f"u-{n}" for n in range(20)), "w-1")
    await studio.later(days=2)
    joon, dry_run = studio.cast.joon, studio.campaigns.dry_run
    both = await studio.campaigns.create(joon, waiting(then="thanks", other="again"))
    told = await dry_run(joon, both.id)
    # Who they are that get nothing whatever comes is known: w-1 has no address.
    assert (told.looked_at, told.outcomes, told.reasons) == (21, {"send": 20, "skip": 1}, {"no_address": 1})
    assert (told.at_least, told.at_most, told.channels, told.unfolded) == (20, 20, {"email": 20}, True)
    some = next(one for one in told.people if one.outcome == "send")
    assert {one.subject for one in some.ways} == {"들어 주셔서 고맙습니다", "한 번 들어 보세요"}
    (fork,) = told.forks
    assert (fork.node, fork.event, fork.within, fork.people) == ("wait", "Listen Started", "2d", 21)
    assert dict(fork.then) == dict(fork.timeout) == {"send": 20, "skip": 1}
    assert fork.share == pytest.approx(2 / 8)
    # Only those who do not come back are written to.
    one_way = await studio.campaigns.create(joon, waiting(then=None, other="again", holdout=0.5))
    told = await dry_run(joon, one_way.id)
    (fork,) = told.forks
    assert told.outcomes == {"either": 20, "skip": 1}
    assert (told.at_least, told.at_most) == (0, fork.timeout["send"])
    assert (dict(fork.then), fork.timeout["send"] + fork.timeout["hold"]) == ({"skip": 21}, 20)
    # An exit at the same event takes them out first.
    out = await studio.campaigns.create(
        joon, waiting(then="thanks", other="again", exits=[{"event": "Listen Started"}])
    )
    (fork,) = (await dry_run(joon, out.id)).forks
    assert dict(fork.then) == {"skip": 21}
    await left_nothing(studio)


async def test_two_waits_one_after_another_have_three_ends(studio: Studio) -> None:
    await studio.know("u-1", "u-2")
    await studio.happen("Signed Up", "u-1", "u-2")
    await studio.settle()
    second: dict[str, Any] = {"id": "second", "kind": "wait", "event": {"event": "Gift Sent"}, "within": "7d",
                              "then": "thanks", "else": None}  # fmt: skip
    design = waiting(second, then="second", other="again", kind="once", entry={"audience": MET})
    draft = await studio.campaigns.create(studio.cast.joon, design)
    studio.clock.advance(timedelta(days=8))
    await studio.happen("Gift Sent", "u-1")
    await studio.settle()
    told = await studio.campaigns.dry_run(studio.cast.joon, draft.id)
    assert (told.outcomes, told.at_least, told.at_most, told.looked_at) == ({"either": 2}, 0, 2, 2)
    assert [[(one.outcome, one.node) for one in who.ways] for who in told.people] == [
        [("send", "again"), ("skip", ""), ("send", "thanks")]
    ] * 2
    first, later = told.forks
    assert (dict(first.then), dict(first.timeout)) == ({"either": 2}, {"send": 2})
    assert (dict(later.then), dict(later.timeout), later.people) == ({"send": 2}, {"skip": 2}, 2)
    # One of two sent a gift in one of the last four weeks.
    assert (first.share, later.share) == (0.0, pytest.approx(1 / 8))
    await left_nothing(studio)


async def test_who_is_in_already_comes_in_no_more_and_who_waits_is_told_until_when(studio: Studio) -> None:
    await studio.know("u-1", "u-2")
    await studio.happen("Signed Up", "u-1")
    await studio.settle()
    live = await launched(studio, kind="once", entry={"audience": MET})
    await studio.settle()
    await studio.happen("Signed Up", "u-2")
    await studio.settle()
    told = await studio.campaigns.dry_run(studio.cast.joon, live.id)
    assert (told.outcomes, told.reasons) == ({"send": 1, "skip": 1}, {"already_in": 1})
    await demand(studio, quiet={"start": "11:00", "end": "13:00"}, caps=[])
    draft = await drafted(studio, kind="once", entry={"audience": MET})
    told = await studio.campaigns.dry_run(studio.cast.joon, draft.id)
    assert (told.outcomes, told.reasons) == ({"later": 2}, {"quiet": 2})
    tomorrow = await drafted(studio, kind="once", entry={"audience": MET, "at": "2026-11-24T15:00"})
    assert (await studio.campaigns.dry_run(studio.cast.joon, tomorrow.id)).outcomes == {"send": 2}


async def test_a_long_run_says_how_far_it_is_and_ends_when_it_is_cancelled(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_run, "A_PART", 1)
    who = [f"u-{n}" for n in range(40)]
    await studio.know(*who)
    await studio.happen("Signed Up", *who)
    await studio.settle()
    draft = await drafted(studio, kind="once", entry={"audience": MET})
    task = asyncio.create_task(studio.campaigns.dry_run(studio.cast.joon, draft.id, run="mine"))
    seen: dict[str, Any] = {}
    while not seen.get("done"):
        async with studio.state.begin(studio.cast.tenant) as tx:
            seen = await dry_store.progress(tx, studio.cast.tenant.workspace, "mine") or {}
        assert not task.done()
        await asyncio.sleep(0)
    assert seen["total"] == 40
    await studio.campaigns.dry_runs.cancel(studio.cast.joon, "mine")
    with pytest.raises(Cancelled):
        await task
    after = await studio.campaigns.dry_runs.progress(studio.cast.joon, "mine")
    assert after["state"] == "none"
    await left_nothing(studio)
