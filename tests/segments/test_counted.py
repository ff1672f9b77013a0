"""A segment out of a number: the people one cell of an answer counted, and how it goes on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dure.kernel.errors import Conflict, Invalid
from dure.segments.api import Segments
from tests.metrics.room import Room, open_room
from tests.segments.stream import GIFT, PLAY, STOP, Stream

pytestmark = pytest.mark.anyio

WEEK = {"from": "2026-11-16", "to": "2026-11-22"}


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Room]:
    async with open_room(postgres_url, template, run_folder) as room:
        yield room


@pytest.fixture
def stream(room: Room) -> Stream:
    segments = Segments(
        room.state, room.log, room.clock, room.cast.governance, metrics=room.metrics, every=timedelta(),
        alone=timedelta(),
    )  # fmt: skip
    return Stream(room, segments, prefix="rests-")


def bought(name: str) -> dict[str, Any]:
    return {"kind": "funnel", "steps": [{"event": f"{name} cart"}, {"event": f"{name} buy"}], **WEEK}


async def ids(room: Room, segment: str) -> set[UUID]:
    await room.segments.compute(room.cast.mina, segment)
    return {one.person for one in await room.segments.people(room.cast.mina, segment)}


async def test_a_funnels_drop_becomes_a_segment_that_follows_new_events(room: Room) -> None:
    cart, buy = ("a cart", "2026-11-17 00:00"), ("a buy", "2026-11-17 01:00")
    room.journeys.write({"u-1": [cart], "u-2": [cart], "u-3": [cart, buy]})
    rule = {"kind": "counted", "question": bought("a"), "cell": {"step": 1, "dropped": True}}
    made = (await room.client.post("/api/v1/segments", json={"name": "Left the cart", "rule": rule})).json()
    assert made["size"] == 2
    assert made["words"] == {
        "ko": "퍼널 a cart → a buy: 1단계 뒤 ‘a buy’ 전에 떠남 (2026-11-16 – 2026-11-22)",
        "en": "funnel a cart → a buy: left after step 1, before “a buy” (2026-11-16 – 2026-11-22)",
    }
    dropped = await room.metrics.people_behind(room.cast.mina, bought("a"), rule["cell"])  # type: ignore[arg-type]
    assert dropped["total"] == 2
    assert {str(one) for one in await ids(room, made["id"])} == set(dropped["people"])
    room.journeys.write({"u-1": [buy], "u-4": [cart]})
    assert await ids(room, made["id"]) == {room.journeys.id("u-2"), room.journeys.id("u-4")}
    room.journeys.merge("u-2", "u-3")
    assert await ids(room, made["id"]) == {room.journeys.id("u-4")}


async def test_it_stands_beside_other_conditions_and_more_of_its_kind(room: Room) -> None:
    cart, buy = ("b cart", "2026-11-17 00:00"), ("b buy", "2026-11-17 01:00")
    call = ("b call", "2026-11-18 00:00")
    room.journeys.write({
        "v-1": [cart, call], "v-2": [cart], "v-3": [cart, buy], "v-4": [call],
    })  # fmt: skip
    left = {"kind": "counted", "question": bought("b"), "cell": {"step": 1, "dropped": True}}
    began = {"kind": "counted", "question": bought("b"), "cell": {"step": 0}}
    called = {"kind": "did", "event": "b call", "within": "28d"}

    async def found(rule: dict[str, Any]) -> set[str]:
        seen = await room.segments.preview(room.cast.mina, rule)
        return {name for name in ("v-1", "v-2", "v-3", "v-4") if room.journeys.id(name) in seen.people}

    assert await found({"kind": "all", "of": [left, called]}) == {"v-1"}
    assert await found({"kind": "any", "of": [called, left]}) == {"v-1", "v-2", "v-4"}
    assert await found({"kind": "all", "of": [began, {"kind": "not", "of": left}]}) == {"v-3"}
    among = [room.journeys.id("v-1"), room.journeys.id("v-3")]
    assert await room.segments.among(room.cast.mina, left, among) == {room.journeys.id("v-1")}


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ({"kind": "trend", "series": [{"event": "c cart", "math": "people"}]}, {"interval": 1}),
        ({"kind": "retention", "start": {"event": "c cart"}, "return": {"event": "c buy"}}, {"cohort": 1, "column": 1}),
        ({"kind": "lifecycle", "event": "c cart"}, {"interval": 1, "state": "new"}),
        ({"kind": "stickiness", "event": "c cart"}, {"intervals": 1}),
    ],
)
async def test_every_kind_that_opens_to_people_makes_a_segment(
    room: Room, question: dict[str, Any], cell: dict[str, Any]
) -> None:
    room.journeys.write({f"w-{question['kind']}": [("c cart", "2026-11-17 00:00"), ("c buy", "2026-11-18 00:00")]})
    rule = {"kind": "counted", "question": {**question, **WEEK}, "cell": cell}
    made = await room.segments.create(room.cast.mina, "One of each", rule)
    assert room.journeys.id(f"w-{question['kind']}") in await ids(room, made.id)
    (words,) = await room.segments.words(room.cast.mina, [made.rule])
    assert all("2026-11-16" in text for text in words.values())


async def test_a_metric_is_kept_as_it_is_defined_today_and_its_range_stays_open(room: Room) -> None:
    body = {"kind": "trend", "series": [{"event": "d listen", "math": "people"}]}
    await room.metrics.create_metric(
        room.cast.mina, {"id": "d", "name_ko": "청취자", "name_en": "Listeners", "question": body}
    )
    rule = {"kind": "counted", "question": {"kind": "metric", "metric": "d"}}
    made = await room.segments.create(room.cast.mina, "Listeners", rule)
    await room.metrics.remove_metric(room.cast.mina, "d")
    room.journeys.write({"x-1": [("d listen", "2026-11-20 00:00")]})
    assert await ids(room, made.id) == {room.journeys.id("x-1")}
    room.clock.advance(timedelta(days=40))
    try:
        assert await ids(room, made.id) == set()
    finally:
        room.clock.advance(-timedelta(days=40))


async def test_a_circle_and_an_unknown_segment_are_refused_and_one_that_is_named_stays(room: Room) -> None:
    first = await room.segments.create(room.cast.mina, "First", {"kind": "counted", "question": bought("e")})
    within = {"kind": "counted", "question": {**bought("e"), "segment": first.id}}
    second = await room.segments.create(room.cast.mina, "Second", within)
    for rule in (within, {"kind": "counted", "question": {**bought("e"), "segment": second.id}}):
        with pytest.raises(Invalid, match="part of itself"):
            await room.segments.change(room.cast.mina, first.id, rule=rule)
    with pytest.raises(Conflict, match="Second"):
        await room.segments.delete(room.cast.mina, first.id)
    with pytest.raises(Invalid, match="no segment") as error:
        await room.segments.create(
            room.cast.mina, "X", {"kind": "counted", "question": {**bought("e"), "segment": "nowhere"}}
        )
    assert error.value.field == "rule.question.segment"


async def test_one_that_cannot_be_computed_keeps_no_other_from_it(room: Room) -> None:
    within = {"kind": "counted", "question": {**bought("g"), "segment": "gone"}}
    lost = await room.segments.create(room.cast.mina, "Lost", {"kind": "counted", "question": bought("g")})
    fine = await room.segments.create(room.cast.mina, "Fine", {"kind": "counted", "question": bought("g")})
    async with room.state.begin(room.cast.tenant) as tx:
        await tx.run("update segments.segment set rule = %s where id = %s", (json.dumps(within), lost.id))
    with pytest.raises(Invalid, match="no segment"):
        await room.segments.tick()
    assert (await room.segments.segment(room.cast.mina, fine.id)).computed_at == room.clock.now()
    await room.segments.delete(room.cast.mina, lost.id)


async def test_with_fixed_dates_it_is_asked_again_only_when_something_can_have_changed(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, until = stream.now - timedelta(days=3), stream.now + timedelta(days=3)
    funnel = {"kind": "funnel", "steps": [{"event": PLAY}, {"event": GIFT}], "from": began.date().isoformat(),
              "to": until.date().isoformat()}  # fmt: skip
    await stream.happen(stream.event("mina", PLAY), stream.event("late", GIFT, -timedelta(minutes=12)),
                        stream.event("late", PLAY))  # fmt: skip
    await stream.follow()
    rule = {"kind": "counted", "question": funnel, "cell": {"step": 1, "dropped": True}}
    made = await stream.segments.create(stream.principal, "Left", rule)
    kept = (await stream.segments.segment(stream.principal, made.id)).rule
    asked = []
    ask = stream.segments._asking.people

    async def counting(*given: Any, **more: Any) -> list[UUID]:
        asked.append(given[1])
        return await ask(*given, **more)

    monkeypatch.setattr(stream.segments._asking, "people", counting)

    async def ticked() -> tuple[set[UUID], int]:
        await stream.follow()
        stream.room.clock.advance(timedelta(minutes=5))
        await stream.segments.tick()
        return (await stream.kept([made.id]))[made.id], sum(one == kept for one in asked)

    mina, joon = stream.id("mina"), stream.id("joon")
    assert await ticked() == ({mina}, 1)
    await stream.happen(stream.event("joon", STOP))
    assert await ticked() == ({mina}, 1)  # nothing that it counts
    assert (await stream.segments.segment(stream.principal, made.id)).computed_at == stream.now
    assert await ticked() == ({mina}, 2)  # what was of the future has come
    await stream.happen(stream.event("joon", PLAY))
    assert await ticked() == ({mina, joon}, 3)
    await stream.happen(stream.linked("joon", "mina"))
    assert await ticked() == ({mina}, 4)
    assert await ticked() == ({mina}, 4)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"question": {"kind": "funnel", "steps": []}}, "rule.question.steps"),
        ({"question": {**bought("f"), "window": "soon"}}, "rule.question.window"),
        ({"question": {**bought("f"), "from": "2026-12-01"}}, "rule.question.from"),
        ({"question": {**bought("f"), "by": "account"}}, "rule.question.by"),
        ({"question": bought("f"), "cell": {"step": 2}}, "rule.cell.step"),
        ({"question": bought("f"), "cell": {"stage": 2}}, "rule.cell.stage"),
        ({"question": {"kind": "sql", "sql": "select 1"}}, "rule.question.kind"),
    ],
)
async def test_a_rule_that_makes_no_sense_names_its_field(room: Room, rule: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        await room.segments.preview(room.cast.mina, {"kind": "counted", **rule})
    assert error.value.field == field, error.value.message
