"""A house in which every ready automation can be switched on: a real engine on PostgreSQL, whose steps write down
what they are given instead of doing it. Events come in, steps go out."""

from __future__ import annotations

import dataclasses
import functools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import msgspec

from dure.automation.api import Automation
from dure.automation.dry_run import sample
from dure.automation.plugs import EventKind, Recipe, StepCall, StepKind
from dure.automation.recipe import fill, sample_event
from dure.deals.api import Deals
from dure.feed.api import NOBODY, Event, append, tail
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict
from dure.kernel.ids import person_id, uuid7
from dure.pacing.api import NewLineItem, Pacing
from dure.state import State, Tx
from tests.docs.test_reference import builder
from tests.people_of import MONDAY_NOON, Cast, found_sori

ROOM = "C0ROOM00001"


@functools.cache
def program() -> Automation:
    """The main program's own automation, with everything that the slices offer it; nothing of it is opened."""
    made: Automation = builder().composed().automation
    return made


def recipe(id: str) -> Recipe:
    return program()._recipes[id]


def event_kind(name: str) -> EventKind:
    return program()._events[name]


@dataclass(frozen=True)
class Done:
    """A step as it was asked for."""

    recipe: str
    kind: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]

    @property
    def text(self) -> str:
        """Everything that a reader could see of it."""
        return str(self.inputs)


@dataclass
class House:
    """`on` lets something happen and gives back what a recipe did; facts are those of real records of the slices."""

    state: State
    clock: StillClock
    cast: Cast
    deals: Deals
    pacing: Pacing
    automation: Automation = field(init=False)
    done: list[Done] = field(default_factory=list)
    canned: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _last: dict[str, Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        whole = program()
        self.automation = Automation(
            self.state, self.clock, self.cast.governance, rng=random.Random(3), site="http://dure.example",
            steps=[self._recording(kind) for kind in whole._kinds.values()],
            kinds_of_events=list(whole._events.values()), recipes=list(whole._recipes.values()),
            lookups={name: self._looking_up(name) for name in whole._lookups},
        )  # fmt: skip
        self.automation.offer(triggers=list(whole._triggers.values()))

    # -- records ----------------------------------------------------------------------------------------------------

    async def deal(self, **facts: Any) -> dict[str, Any]:
        """The facts that a new deal's events carry, with some of them changed."""
        account = await self.deals.create_account(self.cast.mina, f"한빛커피 {uuid7()}", industry="food")
        await self.deals.create(
            self.cast.mina, f"가을 캠페인 {len(self._last)}", account.id, 120_000_000, date(2026, 12, 20),
            owner=self.cast.users["mina"].id, team=[self.cast.users["joon"].id],
        )  # fmt: skip
        return {**await self._told("Deal Created"), "channel": ROOM, **facts}

    async def item(self, **facts: Any) -> dict[str, Any]:
        """The facts that a new line item's events carry, with some of them changed."""
        today = self.clock.now().date()
        await self.pacing.create(
            self.cast.mina,
            NewLineItem(f"오디오 스팟 {uuid7()}", 20_000, today - timedelta(days=5), today + timedelta(days=9),
                        budget=4_000_000, account_name="한빛커피", deal="006DEAL", channel=ROOM,
                        manager=self.cast.users["joon"].id),
        )  # fmt: skip
        return {**await self._told("Line Item Created"), **facts}

    # -- what happens, and what a recipe did ------------------------------------------------------------------------

    async def on(
        self, name: str, event: str, facts: Mapping[str, Any], about: str = "", settings: Any = None, /, **more: Any
    ) -> list[Done]:
        """An event with these facts happens, once the recipe is switched on; what the recipe did then."""
        await self._switched_on(name, settings)
        person = more.pop("person", "")
        self._last[name] = self._event(event, {**facts, **more}, about, person)
        return await self._after(name, self._last[name])

    async def happen(self, name: str, event: str, about: str = "", /, **properties: Any) -> list[Done]:
        """Something else happens; what the recipe did then."""
        return await self._after(name, self._event(event, properties, about))

    async def later(self, name: str, **time: float) -> list[Done]:
        """Time passes; what the recipe did then."""
        before = len(self.done)
        self.clock.advance(timedelta(**time))
        await self.automation.settle()
        return [one for one in self.done[before:] if one.recipe == name]

    async def answered(self, name: str, to: Done, decision: str = "", /, **values: Any) -> list[Done]:
        """Somebody answers what a recipe asked in a channel."""
        return await self.happen(
            name, "Form Answered", ask=to.outputs["ask"], by=self.cast.users["joon"].id, decision=decision,
            note="", values=values, text="\n".join(f"{key}: {value}" for key, value in values.items()),
        )  # fmt: skip

    async def once(self, name: str) -> None:
        """The same trigger again starts nothing: the same fact told anew, or where every event counts, the same
        message a second time."""
        last, before = self._last[name], await self.runs(name)
        by_event = (await self.automation.get(self.cast.mina, self._ids[name])).definition.trigger.key == "event"
        again = last if by_event else msgspec.structs.replace(last, message_id=str(uuid7()))
        did = await self._after(name, again)
        assert await self.runs(name) == before, f"{name} started again"
        assert did == []

    async def never(self, name: str, event: str, facts: Mapping[str, Any], about: str = "", /, **more: Any) -> None:
        """This starts nothing."""
        before, person = await self.runs(name), more.pop("person", "")
        assert await self._after(name, self._event(event, {**facts, **more}, about, person)) == []
        assert await self.runs(name) == before, f"{name} should not have started"

    async def runs(self, name: str) -> list[str]:
        """The runs of a recipe by id."""
        found = await self.automation.runs(self.cast.mina, self._ids[name], limit=500)
        failed = [run.error for run in found if run.status == "failed"]
        assert not failed, failed
        return [run.id for run in found]

    async def switched_on(self, name: str, settings: Any = None) -> None:
        await self._switched_on(name, settings)

    # -- how ----------------------------------------------------------------------------------------------------------

    async def _switched_on(self, name: str, settings: Any) -> None:
        if name not in self._ids or settings is not None:
            made = await self.automation.switch_on(self.cast.mina, name, settings=settings)
            self._ids[name] = made.id
            await self.automation.settle()

    async def _after(self, name: str, event: Event) -> list[Done]:
        before = len(self.done)
        async with self.state.begin(self.cast.tenant) as tx:
            await append(tx, event)
        await self.automation.settle()
        return [one for one in self.done[before:] if one.recipe == name]

    def _event(self, name: str, properties: Mapping[str, Any], about: str, person: str = "") -> Event:
        """An event with every property that its kind declares; what is given must be among them."""
        kind, now, tenant = event_kind(name), self.clock.now(), self.cast.tenant
        unknown = {key for key, value in properties.items() if value is not None} - set(kind.properties)
        assert not unknown, f"{name} has no {unknown}"
        anything = sample_event(_any(self.automation, name), kind, tenant, now)["properties"]
        told = {key: value for key, value in {**anything, "loaded": None, **properties}.items() if value is not None}
        object_ = about or str(properties.get("line_item") or properties.get("deal") or uuid7())
        return Event(
            org=tenant.org, workspace=tenant.workspace, event=name, time=now, received_at=now,
            message_id=str(uuid7()), source=kind.slice, object_type=kind.slice, object=object_, properties=told,
            distinct_id=person, person=person_id(tenant.workspace, person) if person else NOBODY,
        )  # fmt: skip

    def _looking_up(self, name: str) -> Any:
        async def look(tx: Tx, tenant: Any, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
            return dict.fromkeys(ids, self.known[name]) if name in self.known else {}

        return look

    async def _told(self, name: str) -> dict[str, Any]:
        async with self.state.begin_system() as tx:
            found = [event for batch in await tail(tx, 0, limit=10_000) for event in batch.events()]
        return dict([event for event in found if event.event == name][-1].properties)

    def _recording(self, kind: StepKind) -> StepKind:
        def note(call: StepCall, inputs: msgspec.Struct) -> msgspec.Struct:
            if kind.name in self.refused:
                raise Conflict(self.refused[kind.name])
            answer = msgspec.to_builtins(sample(kind.outputs, kind.name))
            answer = {
                name: f"{name}-{len(self.done)}" if isinstance(value, str) else value for name, value in answer.items()
            }
            answer |= self.canned.get(kind.name, {})
            whose = {made: name for name, made in self._ids.items()}.get(call.automation, call.automation)
            self.done.append(Done(whose, kind.name, msgspec.to_builtins(inputs), answer))
            return msgspec.convert(answer, kind.outputs)

        async def inside(tx: Tx, call: StepCall, inputs: msgspec.Struct) -> msgspec.Struct:
            return note(call, inputs)

        async def outside(call: StepCall, inputs: msgspec.Struct) -> msgspec.Struct:
            return note(call, inputs)

        return dataclasses.replace(kind, run=outside if kind.outside else inside, run_many=None)


async def open_house(state: State) -> House:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    return House(state, clock, cast, Deals(state, clock, cast.governance), Pacing(state, clock, cast.governance))


def kinds(did: list[Done]) -> list[str]:
    return [one.kind for one in did]


def _any(automation: Automation, event: str) -> Any:
    """A definition that any event of a name starts."""
    from dure.automation.model import Definition, Node, Trigger

    return Definition(Trigger(event=event), (Node("end", "end"),))


__all__ = ["ROOM", "Done", "House", "event_kind", "fill", "kinds", "open_house", "program", "recipe"]
