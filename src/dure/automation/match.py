"""From events to runs: a follower that starts runs and wakes those that wait, exactly once with its cursor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from dure.automation import events, nodes, store, template
from dure.automation.advance import acquaint
from dure.automation.model import Trigger
from dure.automation.plan import Plan
from dure.automation.plans import Plans, plan_of
from dure.automation.plugs import Lookup
from dure.automation.store import NewRun
from dure.feed.api import NOBODY, Batch, Follower, append
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.state import State, Tx

DEEPEST = 8
"""So many runs may cause one another; the next one is refused and its automation stopped."""
LANES = {"interactive": 0, "bulk": 1}


class _Name(msgspec.Struct):
    event: str


log = structlog.get_logger("automation")
_name_of = msgspec.json.Decoder(_Name).decode
_decode = msgspec.json.Decoder().decode
# What an event from outside leaves out.
_BLANK = {"account": "", "object_type": "", "object": "", "actor": "", "run": ""}
_encode = msgspec.json.Encoder().encode


@dataclass
class Listening:
    """What a workspace's automations listen to. `since` is the feed position from which a trigger counts."""

    generation: int
    starts: dict[str, list[tuple[Plan, int]]] = field(default_factory=lambda: defaultdict(list))
    awaited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class Candidate:
    """An event that may start a run of a plan."""

    plan: Plan
    event: dict[str, Any]
    text: str
    things: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def scope(self) -> dict[str, Any]:
        return {**self.things, "event": self.event}


class Matcher(Follower):
    """Follows both lanes under the name `automation`; `started` is called after a commit that gave the engine work."""

    def __init__(
        self, state: State, clock: Clock, plans: Plans, lookups: Mapping[str, Lookup], started: Callable[[], None]
    ) -> None:
        super().__init__(state, "automation")
        self._clock = clock
        self._plans = plans
        self._lookups = lookups
        self._started = started
        self._listening: dict[str, Listening] = {}
        self._gave_work = False

    async def step(self, handle: Any = None) -> int:
        self._gave_work = False
        moved = await super().step(handle or self.handle)
        if self._gave_work:
            self._started()
        return moved

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        """Starts and wakes runs for some batches of events, in the cursor's transaction."""
        by_workspace: dict[str, list[Batch]] = defaultdict(list)
        for batch in batches:
            by_workspace[batch.workspace].append(batch)
        await self._refresh(tx, list(by_workspace))
        candidates: list[Candidate] = []
        for workspace, some in by_workspace.items():
            listening = self._listening[workspace]
            if not listening.starts and not listening.awaited:
                continue
            arrived = []
            needles = [b'"event":' + _encode(name) for name in listening.starts.keys() | listening.awaited.keys()]
            for batch in some:
                for line in batch.lines_with(needles):
                    name = _name_of(line).event
                    starts, awaited = listening.starts.get(name), name in listening.awaited
                    if not starts and not awaited:
                        continue
                    event = _BLANK | _decode(line)
                    if awaited:
                        arrived.append(event)
                    if starts:
                        text = store.as_json(event)
                        candidates += [
                            Candidate(plan, event, text) for plan, since in starts if batch.position >= since
                        ]
            if arrived:
                await self._wake(tx, workspace, listening, arrived)
        await self._start(tx, candidates)

    # -- starting ---------------------------------------------------------------------------------------------------

    async def _start(self, tx: Tx, candidates: list[Candidate]) -> None:
        if not candidates:
            return
        plain: list[Candidate] = []
        asking: list[Candidate] = []
        for candidate in candidates:
            known = candidate.plan.roots.isdisjoint(self._lookups)
            (plain if known else asking).append(candidate)
        asking = [one for one in asking if _may_hold(one, self._lookups)]
        await acquaint(
            tx, self._lookups, [(one.plan, one.event, subject_of(one.plan.definition.trigger, one.scope), one.things)
                                for one in asking],
        )  # fmt: skip
        meant = [one for one in (*plain, *asking) if _holds(one)]
        causes = {one.event["run"] for one in meant if one.event.get("run")}
        depth = await store.depths(tx, causes) if causes else {}
        refused: dict[tuple[str, str], Candidate] = {}
        runs = []
        for one in meant:
            deep = depth.get(one.event.get("run") or "", -1) + 1
            if deep > DEEPEST:
                refused[one.plan.tenant.workspace, one.plan.automation] = one
                continue
            runs.append(self._run(one, deep))
        await store.insert_runs(tx, runs, self._clock.now())
        self._gave_work |= bool(runs)
        for one in refused.values():
            await self._refuse(tx, one)

    def _run(self, one: Candidate, depth: int) -> NewRun:
        plan, trigger = one.plan, one.plan.definition.trigger
        subject = subject_of(trigger, one.scope)
        return NewRun(
            uuid7(), plan.tenant.org, plan.tenant.workspace, plan.automation, plan.version,
            LANES[plan.definition.lane], subject, key_of(trigger, one.scope, subject), one.text, depth, plan.first,
        )  # fmt: skip

    async def _refuse(self, tx: Tx, one: Candidate) -> None:
        """Stops an automation whose runs cause one another without end, and says so."""
        plan, now = one.plan, self._clock.now()
        because = f"Its runs caused one another {DEEPEST} times in a row."
        stopped = await tx.run(
            """update automation.automation set enabled = false, stopped_because = %s, updated_at = %s
               where workspace = %s and id = %s and enabled""",
            (because, now, plan.tenant.workspace, plan.automation),
        )
        if stopped:
            await store.changed(tx, plan.tenant.workspace)
            await append(
                tx,
                events.automation_event(
                    plan.tenant, now, events.REFUSED, plan.automation,
                    {"name": plan.name, "depth": DEEPEST, "cause": str(one.event.get("event")), "error": because},
                ),
            )  # fmt: skip

    # -- waking -----------------------------------------------------------------------------------------------------

    async def _wake(self, tx: Tx, workspace: str, listening: Listening, arrived: list[dict[str, Any]]) -> None:
        """Brings on the runs that waited for these events.

        A run that began to wait in a transaction sees every event of later ones: the feed hands out an event only
        when every transaction before it has ended.
        """
        keys = {key for event in arrived for on in listening.awaited[event["event"]] for key in _keys(event, on)}
        rows = await store.parked(tx, workspace, sorted({event["event"] for event in arrived}), sorted(keys))
        if not rows:
            return
        plans = await self._plans.get(tx, {(row["workspace"], row["automation"], row["version"]) for row in rows})
        woken: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows:
            plan = plans.get((row["workspace"], row["automation"], row["version"]))
            node = plan.nodes.get(row["node"]) if plan else None
            if plan is None or node is None or node.kind != "wait_event":
                continue
            given = msgspec.convert(node.with_, nodes.WaitEvent)
            for event in arrived:
                meets = event["event"] == row["wait_event"] and row["wait_key"] in _keys(event, given.on or "")
                if meets and nodes.conditions(given.where, {"event": event, "run": {"subject": row["subject"]}}):
                    woken[store.as_json({"event": event}), row["visit"]].append(row["id"])
                    break
        await store.wake(tx, woken, self._clock.now())
        self._gave_work |= bool(woken)

    # -- what to listen to ------------------------------------------------------------------------------------------

    async def _refresh(self, tx: Tx, workspaces: list[str]) -> None:
        now = await store.generations(tx, workspaces)
        stale = [
            workspace
            for workspace in workspaces
            if workspace not in self._listening or self._listening[workspace].generation != now.get(workspace, 0)
        ]
        if not stale:
            return
        for workspace in stale:
            self._listening[workspace] = Listening(now.get(workspace, 0))
        for row in await store.listening(tx, stale):
            listening = self._listening[row["workspace"]]
            try:
                plan = plan_of(row)
            except msgspec.ValidationError as error:
                # One definition that cannot be read any more must not keep all others from being heard.
                log.warning("automation.unreadable", automation=row["automation"], error=str(error))
                continue
            if row["live"] and plan.definition.trigger.event is not None:
                listening.starts[plan.definition.trigger.event].append((plan, row["since"]))
            for node in plan.definition.nodes:
                if node.kind == "wait_event":
                    listening.awaited[str(node.with_["event"])].add(str(node.with_.get("on") or ""))


def subject_of(trigger: Trigger, scope: Mapping[str, Any]) -> str:
    """What a run is about: the event's object, else its person, or what the trigger says."""
    event = scope.get("event") or {}
    person = str(event.get("person") or "")
    person = "" if person == str(NOBODY) else person
    match trigger.subject:
        case "":
            return str(event.get("object") or person or event.get("distinct_id") or "")
        case "person":
            return person
        case "object" | "account":
            return str(event.get(trigger.subject) or "")
        case other:
            return _value(other, scope)


def key_of(trigger: Trigger, scope: Mapping[str, Any], subject: str) -> str:
    """What makes a trigger the same one; where the value is missing every event counts for itself."""
    event = scope.get("event") or {}
    match trigger.key:
        case "event":
            key = ""
        case "subject":
            key = f"subject:{subject}"
        case other:
            value = _value(other, scope)
            key = f"key:{value}" if value else ""
    # Two sources may name their messages alike; PostgreSQL's index takes a key of a bounded length.
    return (key or f"event:{event.get('source')}:{event.get('message_id')}")[:500]


def _value(path: str, scope: Mapping[str, Any]) -> str:
    if "{{" in path:
        try:
            return str(template.render(path, scope)).replace("\0", "")
        except Invalid:
            return ""
    value = nodes.value_of(path, scope)
    return "" if value is None else str(value).replace("\0", "")


def _holds(one: Candidate) -> bool:
    definition = one.plan.definition
    return nodes.conditions((*definition.trigger.where, *definition.conditions), one.scope)


def _may_hold(one: Candidate, lookups: Mapping[str, Lookup]) -> bool:
    """Whether the filters that need no look-up hold: most events are out before anything is asked."""
    definition = one.plan.definition
    cheap = tuple(
        condition
        for condition in (*definition.trigger.where, *definition.conditions)
        if condition.prop.split(".", 1)[0] not in lookups
    )
    return nodes.conditions(cheap, one.scope)


def _keys(event: Mapping[str, Any], on: str) -> set[str]:
    """The values by which an event can be waited for."""
    if on:
        value = nodes.value_of(on, {"event": event})
        return set() if value is None else {str(value)}
    return {str(event[name]) for name in ("object", "person", "account", "distinct_id") if event.get(name)}
