"""Hand-made lists and stated traits, by the steps that automations take."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from dure.automation.api import Automation
from dure.automation.plugs import StepCall
from dure.feed.api import Event, append, tail
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import person_id, uuid7
from dure.log.api import LogWriter
from dure.people.api import People
from dure.segments import steps, triggers
from dure.segments.api import Segments
from dure.segments.people_step import people_step
from tests.metrics.room import Room, open_room

pytestmark = pytest.mark.anyio


@dataclass
class Desk:
    room: Room
    people: People
    segments: Segments
    automation: Automation

    def person(self, name: str) -> UUID:
        return person_id(self.room.cast.tenant.workspace, name)

    async def run(self, step: str, *given: dict[str, Any], subject: str = "", event: Any = None) -> list[Any]:
        """Carries out a step for several runs at once."""
        cast = self.room.cast
        kinds = [*steps.steps(self.segments), people_step(self.people)]
        kind = next(kind for kind in kinds if kind.name == step)
        principal = cast.governance.system(cast.tenant, "automation", "run-1")
        calls = [StepCall(cast.tenant, principal, "run-1", "a", f"run-{n}:a:1", subject, self.room.clock.now(), event)
                 for n in range(len(given))]  # fmt: skip
        assert kind.run_many is not None
        async with self.room.state.begin(cast.tenant) as tx:
            found: Sequence[Any] = await kind.run_many(tx, calls, [msgspec.convert(one, kind.inputs) for one in given])
        return list(found)

    async def told(self, *names: str) -> list[Event]:
        async with self.room.state.begin_system() as tx:
            return [one for batch in await tail(tx, 0) for one in batch.events() if one.event in names]

    async def settle_log(self) -> None:
        while await LogWriter(self.room.state, self.room.log).step():
            pass


@pytest.fixture(scope="module")
async def desk(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Desk]:
    async with open_room(postgres_url, template, run_folder) as room:
        people = People(room.state, room.log, room.clock)
        segments = Segments(room.state, room.log, room.clock, room.cast.governance, people=people)
        automation = Automation(room.state, room.clock, room.cast.governance)
        automation.offer(
            steps=[*steps.steps(segments), people_step(people)], triggers=triggers.TRIGGERS,
            kinds_of_events=steps.EVENTS,
        )  # fmt: skip
        yield Desk(room, people, segments, automation)


async def test_people_are_put_in_and_taken_out_with_an_event_each(desk: Desk) -> None:
    made = await desk.segments.create(desk.room.cast.mina, "초대할 사람", {"kind": "listed"})
    put = await desk.run(
        "segments.add", {"segment": made.id, "people": ["u-1", "u-2"]}, {"segment": made.id, "people": ["u-2"]}
    )
    assert [(one.moved, one.meant) for one in put] == [(2, 2), (1, 1)]
    again = await desk.run("segments.add", {"segment": made.id, "people": [str(desk.person("u-1"))]})
    assert (again[0].moved, again[0].meant) == (0, 1)
    await desk.run("segments.remove", {"segment": made.id}, subject="u-2")
    told = [(one.event, one.person) for one in await desk.told("Segment Entered", "Segment Left")
            if one.object == made.id]  # fmt: skip
    assert sorted(told[:2], key=str) == sorted(
        [("Segment Entered", desk.person("u-1")), ("Segment Entered", desk.person("u-2"))], key=str
    )
    assert told[2:] == [("Segment Left", desk.person("u-2"))]
    found = await desk.segments.segment(desk.room.cast.mina, made.id)
    assert (found.size, found.by_hand) == (1, True)
    assert (await desk.segments.words(desk.room.cast.mina, [found.rule]))[0]["ko"] == "손으로 넣고 뺀 목록"


async def test_computing_leaves_a_list_as_it_is_and_other_rules_may_name_it(desk: Desk) -> None:
    mina = desk.room.cast.mina
    made = await desk.segments.create(mina, "VIP", {"kind": "listed"})
    await desk.run("segments.add", {"segment": made.id, "people": ["v-1", "v-2"]})
    assert (await desk.segments.compute(mina, made.id)).size == 2
    desk.room.journeys.write({"v-1": [("listen", "2026-11-20 00:00")], "v-3": [("listen", "2026-11-20 00:00")]})
    await desk.settle_log()
    listened = {"kind": "did", "event": "listen"}
    rule = {"kind": "all", "of": [listened, {"kind": "not", "of": {"kind": "in", "segment": made.id}}]}
    seen = await desk.segments.preview(mina, rule)
    assert set(seen.people) == {desk.person("v-3")}
    assert (await desk.segments.preview(mina, {"kind": "in", "segment": made.id})).size == 2


async def test_people_put_them_in_and_out_at_the_door(desk: Desk) -> None:
    client = desk.room.client
    made = (await client.post("/api/v1/segments", json={"name": "초대", "rule": {"kind": "listed"}})).json()
    path = f"/api/v1/segments/{made['id']}/people"
    assert (await client.post(path, json={"add": ["z-1", "z-2", "z-1"]})).json() == {"entered": 2, "left": 0}
    assert (await client.post(path, json={"add": ["z-3"], "remove": ["z-1", "z-9"]})).json() == {
        "entered": 1, "left": 1,
    }  # fmt: skip
    people = {one["person"] for one in (await client.get(path)).json()["people"]}
    assert people == {str(desk.person("z-2")), str(desk.person("z-3"))}
    wrong = (await client.post(path, json={"add": ["z-1", " "]})).json()
    assert wrong["error"]["field"] == "add[1]"


async def test_only_a_hand_made_list_takes_people(desk: Desk) -> None:
    made = await desk.segments.create(desk.room.cast.mina, "들은 사람", {"kind": "did", "event": "listen"})
    with pytest.raises(Conflict, match="A rule says"):
        await desk.run("segments.add", {"segment": made.id, "people": ["u-1"]})
    with pytest.raises(NotFound):
        await desk.run("segments.add", {"segment": "none", "people": ["u-1"]})


async def test_traits_are_stated_as_an_identified_event_and_known_at_once(desk: Desk) -> None:
    [first, second] = await desk.run(
        "people.update", {"person": "w-1", "traits": {"plan": "pro", "seats": 3}},
        {"person": "w-2", "traits": {"plan": "free"}},
    )  # fmt: skip
    assert (first.traits, second.traits) == ({"plan": "pro", "seats": 3}, {"plan": "free"})
    [changed] = await desk.run("people.update", {"traits": {"seats": None, "plan": "max"}}, subject=first.person)
    assert changed.traits == {"plan": "max"}
    told = [one for one in await desk.told("Identified") if one.distinct_id == "w-1"]
    assert [one.properties for one in told] == [
        {"plan": "pro", "seats": 3},
        {"plan": "max", "removed_traits": ["seats"]},
    ]
    assert {one.run for one in told} == {"run-1"}
    history = await desk.people.trait_history(desk.room.cast.mina, "w-1", trait="plan")
    assert [one.after for one in history] == ["max", "pro"]
    await desk.settle_log()
    plan = {"kind": "trait", "prop": "plan", "value": "max"}
    assert (await desk.segments.preview(desk.room.cast.mina, plan)).people == (desk.person("w-1"),)


@pytest.mark.parametrize("traits", [{}, {"": 1}, {"$x": 1}, {"a`b": 1}, {"a": "x" * 9000}])
async def test_traits_that_make_no_sense_are_refused(desk: Desk, traits: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.run("people.update", {"person": "w-9", "traits": traits})
    assert str(refused.value.field).startswith("traits")


async def test_entering_and_stating_start_automations(desk: Desk) -> None:
    mina = desk.room.cast.mina
    made = await desk.segments.create(mina, "알림", {"kind": "listed"})
    end = [{"id": "end", "kind": "end"}]

    async def on(kind: str, **given: Any) -> str:
        doc = {"trigger": {"kind": kind, "with": given}, "nodes": end}
        return (await desk.automation.create(mina, kind, doc, enabled=True)).id

    entered = await on("segments.entered", segment=made.id, once=True)
    left = await on("segments.left", segment=made.id)
    stated = await on("people.traits", trait="plan", value="gold")
    for _ in range(2):
        await desk.run("segments.add", {"segment": made.id, "people": ["x-1"]})
        await desk.run("segments.remove", {"segment": made.id, "people": ["x-1"]})
        await desk.run("people.update", {"person": "x-1", "traits": {"plan": "gold"}})
    await desk.run("people.update", {"person": "x-1", "traits": {"plan": "tin"}})
    await desk.automation.settle()
    runs = {one: await desk.automation.runs(mina, one) for one in (entered, left, stated)}
    assert [len(some) for some in runs.values()] == [1, 2, 1]
    assert {run.subject for some in runs.values() for run in some} == {str(desk.person("x-1"))}


async def test_a_first_computation_is_nobodys_entering(desk: Desk) -> None:
    mina, cast = desk.room.cast.mina, desk.room.cast
    made = await desk.segments.create(mina, "처음", {"kind": "did", "event": "listen"})
    doc = {"trigger": {"kind": "segments.entered", "with": {"segment": made.id}},
           "nodes": [{"id": "end", "kind": "end"}]}  # fmt: skip
    automation = (await desk.automation.create(mina, "처음", doc, enabled=True)).id
    at = desk.room.clock.now()
    for first in (True, False):
        event = Event(
            org=cast.tenant.org, workspace=cast.tenant.workspace, event="Segment Entered", time=at, received_at=at,
            message_id=str(uuid7()), source="segments", person=desk.person("y-1"), object_type="segment",
            object=made.id, properties={"segment": made.id, "first": first},
        )  # fmt: skip
        async with desk.room.state.begin(cast.tenant) as tx:
            await append(tx, event)
    await desk.automation.settle()
    assert len(await desk.automation.runs(mina, automation)) == 1
