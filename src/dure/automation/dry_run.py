"""What an automation would do: the real tick on recording hands and a still clock, rolled back at the end."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.automation import catalogue, nodes, store, within
from dure.automation.advance import Advance, System, acquaint
from dure.automation.hands import Outcome
from dure.automation.match import key_of, subject_of
from dure.automation.plan import Plan
from dure.automation.plugs import Lookup, StepCall, StepKind
from dure.automation.standing import Standing
from dure.automation.store import NewRun
from dure.kernel.ids import uuid7
from dure.state import State, Tx

_ROUNDS = 200
_DRY = 2


@dataclass(frozen=True, slots=True)
class Would:
    """A run that would have been: its steps in order, with what each would have been given and when."""

    subject: str
    key: str
    status: str
    error: str
    event: Mapping[str, Any] | None
    steps: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DryRun:
    """`looked_at` events, of which `met` the conditions and `started` a run (the others had its key already)."""

    looked_at: int
    met: int
    started: int
    refused: Sequence[str]
    runs: Sequence[Would]


@dataclass
class RecordingHands:
    """Does nothing and answers a plausible value for every field."""

    seen: list[StepCall] = field(default_factory=list)

    async def inside(
        self, tx: Tx, kind: StepKind, calls: Sequence[StepCall], inputs: Sequence[msgspec.Struct]
    ) -> list[Outcome]:
        del tx, inputs
        self.seen += calls
        return [sample(kind.outputs, kind.name) for _ in calls]


async def dry_run(
    state: State, plan: Plan, events: Sequence[Mapping[str, Any] | None], now: datetime, *,
    kinds: Mapping[str, StepKind], lookups: Mapping[str, Lookup], system: System,
) -> DryRun:  # fmt: skip
    """Runs a plan over events (None: by hand or by schedule) without leaving a trace. Waits pass at once, by moving
    the clock to when the next one ends."""
    advance = rehearsal(kinds, lookups, system)
    async with state.begin_system() as tx, tx.connection.transaction(force_rollback=True):
        meant, refused = await meant_of(tx, plan, events, lookups, now)
        ids = list(await store.insert_runs(tx, [_run(plan, event) for event in meant], now))
        await _live_through(tx, advance, plan, ids, now)
        would = await _told(tx, plan, ids)
    return DryRun(len(events), len(meant), len(ids), refused, would)


async def live(
    state: State, plan: Plan, advance: Advance, starts: Sequence[tuple[Mapping[str, Any] | None, datetime]]
) -> list[Would]:
    """Runs that start at moments of the past, each lived through by its own clock."""
    async with state.begin_system() as tx, tx.connection.transaction(force_rollback=True):
        would = []
        for event, at in starts:
            run = _run(plan, event) if event is not None else replace(_run(plan, None), trigger_key=f"dry:{at}")
            ids = list(await store.insert_runs(tx, [run], at))
            await _live_through(tx, advance, plan, ids, at)
            would += await _told(tx, plan, ids)
    return would


def rehearsal(kinds: Mapping[str, StepKind], lookups: Mapping[str, Lookup], system: System) -> Advance:
    """The engine with recording hands in the place of real ones."""
    return Advance(kinds, lookups, system, random.Random(0), RecordingHands(), outside_too=True)


def key_in(plan: Plan, event: Mapping[str, Any] | None) -> str:
    """What makes a run of a plan the same one."""
    return key_of(plan.definition.trigger, {"event": event}, _subject(plan, event))


def _run(plan: Plan, event: Mapping[str, Any] | None) -> NewRun:
    return NewRun(
        uuid7(), plan.tenant.org, plan.tenant.workspace, plan.automation, plan.version, _DRY, _subject(plan, event),
        f"dry:{key_in(plan, event)}", store.as_json(event) if event is not None else None, 0, plan.first,
    )  # fmt: skip


async def meant_of(
    tx: Tx, plan: Plan, events: Sequence[Mapping[str, Any] | None], lookups: Mapping[str, Lookup], now: datetime
) -> tuple[list[Mapping[str, Any] | None], list[str]]:
    """The events that meet the conditions, and why others do not (the first filter that fails of each)."""
    things: list[dict[str, Mapping[str, Any]]] = [{} for _ in events]
    await acquaint(
        tx,
        lookups,
        [(plan, event, _subject(plan, event), thing) for event, thing in zip(events, things, strict=True)],
        now,
    )
    meant, refused = [], []
    filters = (*plan.definition.trigger.where, *plan.definition.conditions)
    for event, thing in zip(events, things, strict=True):
        scope = {**thing, "event": event}
        failing = next((one for one in filters if not nodes.conditions((one,), scope)), None)
        if failing is None or event is None:
            meant.append(event)
        else:
            has = nodes.value_of(failing.prop, scope)
            refused.append(f"{failing.prop} {failing.op} {failing.value!r}: it is {has!r}")
    return meant, refused[:20]


async def _live_through(tx: Tx, advance: Advance, plan: Plan, ids: Sequence[UUID], now: datetime) -> None:
    for _ in range(_ROUNDS):
        # Whatever runs within these lives through it with them, also where the workspace stands still.
        due = [{**row, "lane": _DRY} for row in await store.take_with_parts(tx, ids) if row["due_at"] is not None]
        if not due:
            return
        now = max(now, min(row["due_at"] for row in due))
        rows = [row for row in due if row["due_at"] <= now and row["ended_at"] is None]
        rows += await within.report(tx, [row for row in due if row["ended_at"] is not None], now)
        await advance(tx, [Standing.of({**row, "lane": _DRY}, plan) for row in rows], now)


async def _told(tx: Tx, plan: Plan, ids: Sequence[UUID]) -> list[Would]:
    would = []
    for run in await store.take(tx, ids):
        steps = await catalogue.steps(tx, plan.tenant.workspace, run["id"])
        told = [
            {
                "node": step.node, "kind": step.kind, "status": step.status, "at": step.started_at,
                "until": step.due_at if step.kind in nodes.CONTROL else None, "inputs": step.inputs,
                "outputs": step.outputs, "outcome": step.outcome, "error": step.error,
            }
            for step in steps
        ]  # fmt: skip
        key = run["trigger_key"].removeprefix("dry:")
        would.append(Would(run["subject"], key, run["status"], run["error"], run["event"], told))
    return would


def _subject(plan: Plan, event: Mapping[str, Any] | None) -> str:
    return subject_of(plan.definition.trigger, {"event": event})


def sample(kind: type[msgspec.Struct], name: str) -> msgspec.Struct:
    """A value of a struct whose texts say where they would come from."""
    values = {
        field.encode_name: _sample_of(msgspec.inspect.type_info(field.type), f"{name}.{field.encode_name}")
        for field in msgspec.structs.fields(kind)
        if field.required
    }
    return msgspec.convert(values, kind)


def _sample_of(info: msgspec.inspect.Type, name: str) -> Any:
    match info:
        case msgspec.inspect.StrType():
            return f"‹{name}›"
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            return 0
        case msgspec.inspect.DictType() | msgspec.inspect.AnyType():
            return {}
        case msgspec.inspect.ListType() | msgspec.inspect.VarTupleType() | msgspec.inspect.SetType():
            return []
        case msgspec.inspect.StructType():
            return {field.encode_name: _sample_of(field.type, name) for field in info.fields if field.required}
        case msgspec.inspect.UnionType():
            return None if info.includes_none else _sample_of(info.types[0], name)
        case msgspec.inspect.LiteralType():
            return info.values[0]
        case _:
            return None
