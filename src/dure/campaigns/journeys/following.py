"""From events to ways: who comes in, who is woken, who is taken out, in the cursor's transaction.

A day has a million events and few of them mean anything to a campaign: lines that name no such event are not even cut
out of their batch, and the others are matched as sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.campaigns.design import Wait
from dure.campaigns.journeys import store
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.entering import Arrival, Entering
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.plans import Plans
from dure.campaigns.journeys.stepping import Stepping, reason_of
from dure.campaigns.journeys.store import Stand
from dure.campaigns.writing.naming import design_names
from dure.feed.api import NOBODY, Batch, Follower
from dure.kernel.clock import Clock
from dure.kernel.filters import Filter, holds
from dure.state import State, Tx

NAME = "campaigns"
LATE = timedelta(days=3)
"""An event that comes later than this starts nothing: a history that is imported is not news."""
_FEW_NAMES = 24


class _Name(msgspec.Struct):
    event: str


class _Line(msgspec.Struct):
    """What is read of a line that means something."""

    event: str
    time: datetime
    message_id: str
    person: UUID
    distinct_id: str = ""
    object: str = ""
    properties: dict[str, Any] = {}


_name_of = msgspec.json.Decoder(_Name).decode
_decode = msgspec.json.Decoder(_Line).decode
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Starts:
    """A campaign that begins at an event. `where` are the filters that the event alone answers; `told` says that its
    texts name the event."""

    plan: Plan
    where: tuple[Filter, ...]
    since: int
    told: bool


@dataclass(frozen=True, slots=True)
class Meets:
    """What an event means to somebody on their way: it takes them out (no `node`), or on from where they wait."""

    plan: Plan
    node: Wait | None
    where: tuple[Filter, ...]
    reason: str


@dataclass
class Listening:
    """What a workspace's campaigns listen to."""

    generation: int
    starts: dict[str, list[Starts]] = field(default_factory=lambda: defaultdict(list))
    meets: dict[str, list[Meets]] = field(default_factory=lambda: defaultdict(list))

    @property
    def names(self) -> set[str]:
        return self.starts.keys() | self.meets.keys()


class Following(Follower):
    """Follows both lanes; `ring` is called after a commit that gave movers or senders work."""

    def __init__(
        self, state: State, clock: Clock, plans: Plans, entering: Entering, stepping: Stepping, ring: Callable[[], None]
    ) -> None:  # fmt: skip
        super().__init__(state, NAME)
        self._clock = clock
        self._plans = plans
        self._entering = entering
        self._stepping = stepping
        self._ring = ring
        self._listening: dict[str, Listening] = {}
        self._gave_work = False

    async def step(self, handle: Any = None) -> int:
        self._gave_work = False
        moved = await super().step(handle or self.handle)
        if self._gave_work:
            self._ring()
        return moved

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        by_workspace: dict[str, list[Batch]] = defaultdict(list)
        for batch in batches:
            by_workspace[batch.workspace].append(batch)
        await self._refresh(tx, list(by_workspace))
        doing = Doing(tx, self._clock.now())
        for workspace, some in by_workspace.items():
            listening = self._listening[workspace]
            if listening.names:
                await self._workspace(doing, listening, some)
        await doing.finish()

    async def _workspace(self, doing: Doing, listening: Listening, batches: Sequence[Batch]) -> None:
        coming: dict[int, tuple[Plan, list[Arrival]]] = {}
        met: dict[int, tuple[Meets, dict[UUID, list[datetime]]]] = {}
        oldest = doing.now - LATE
        for batch, line in _lines(batches, listening.names):
            if line.person == NOBODY:
                continue
            for start in listening.starts.get(line.event, ()):
                if batch.position >= start.since and line.time > oldest and _hold(start.where, line):
                    plan, arrivals = coming.setdefault(id(start.plan), (start.plan, []))
                    began = {"name": line.event, **line.properties} if start.told else None
                    arrivals.append(
                        Arrival(line.person, line.time, line.message_id, batch.position, line.distinct_id, began)
                    )
            for meets in listening.meets.get(line.event, ()):
                if _hold(meets.where, line):
                    met.setdefault(id(meets), (meets, defaultdict(list)))[1][line.person].append(line.time)
        for plan, arrivals in coming.values():
            for at in range(0, len(arrivals), store.SET):
                await self._entering.enter(doing, plan, arrivals[at : at + store.SET])
            self._gave_work = True
        # Out before on: who is taken out by an event does not go on by it.
        for meets, times in sorted(met.values(), key=lambda one: one[0].node is not None):
            await self._meet(doing, meets, times)

    async def _meet(self, doing: Doing, meets: Meets, times: dict[UUID, list[datetime]]) -> None:
        plan = meets.plan
        known = await self._stepping.directory.known(doing.tx, plan.tenant, times)
        asked = {*times, *(one.id for one in known.values())}
        for person, one in known.items():
            if one.id != person:
                times[one.id] = [*times.get(one.id, ()), *times[person]]
        found = await store.met(
            doing.tx, plan.tenant.workspace, plan.campaign.id, asked, waiting=meets.node is not None
        )
        out: list[Stand] = []
        for stand, since in found:
            if stand.version != plan.version or (meets.node is not None and stand.node != meets.node.id):
                continue
            counts_from = since if meets.node is not None else stand.entered_at
            if any(at > counts_from for at in times.get(stand.person, ())):
                out.append(stand)
        if not out:
            return
        self._gave_work = True
        if meets.node is None:
            await self._stepping.leave(doing, plan, out, meets.reason)
        else:
            await self._stepping.go(doing, plan, out, meets.node.then)

    async def _refresh(self, tx: Tx, workspaces: list[str]) -> None:
        now = await store.generations(tx, workspaces)
        for workspace in workspaces:
            generation = now.get(workspace, 0)
            known = self._listening.get(workspace)
            if known is None or known.generation != generation:
                self._listening[workspace] = await self._heard(tx, workspace, generation)

    async def _heard(self, tx: Tx, workspace: str, generation: int) -> Listening:
        listening = Listening(generation)
        for row in await store.heard(tx, workspace) if generation else []:
            plan = await self._plans.plan_of(tx, row)
            trigger = plan.design.entry.trigger
            if trigger is not None and row["newest"] and row["status"] == "live":
                where = tuple(one for one in trigger.where if not one.prop.startswith("person."))
                listening.starts[trigger.event].append(
                    Starts(plan, where, row["since"], design_names(plan.design, "event"))
                )
            for leaving in plan.design.exits:
                if leaving.event is not None:
                    listening.meets[leaving.event].append(Meets(plan, None, leaving.where, reason_of(plan, leaving)))
            for node in plan.design.nodes:
                if isinstance(node, Wait):
                    listening.meets[node.event.event].append(Meets(plan, node, node.event.where, ""))
        return listening


def _lines(batches: Sequence[Batch], names: set[str]) -> list[tuple[Batch, _Line]]:
    needles = [b'"event":' + _encode(name) for name in names] if len(names) <= _FEW_NAMES else []
    found = []
    for batch in batches:
        for raw in batch.lines_with(needles) if needles else batch.body.split(b"\n"):
            # A needle may be a property's text; the name decides.
            if needles or _name_of(raw).event in names:
                line = _decode(raw)
                if line.event in names:
                    found.append((batch, line))
    return found


def _hold(where: tuple[Filter, ...], line: _Line) -> bool:
    """Whether an event's own filters hold; `object` beside its properties."""
    for condition in where:
        value = line.object if condition.prop == "object" else _look(line.properties, condition.prop)
        if not holds(condition, value):
            return False
    return True


def _look(properties: dict[str, Any], prop: str) -> Any:
    if prop in properties:
        return properties[prop]
    here: Any = properties
    for part in prop.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here
