"""From events to runs: a follower that starts runs and wakes those that wait, exactly once with its cursor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from dure.automation import crossing, events, nodes, store
from dure.automation.advance import acquaint
from dure.automation.candidate import Candidate, key_of, subject_of
from dure.automation.limits import begins_as
from dure.automation.listeners import Listeners
from dure.automation.plan import Plan
from dure.automation.plans import Plans, plan_of
from dure.automation.plugs import Lookup
from dure.automation.store import Cause, NewRun
from dure.automation.within import DEEPEST, LANES
from dure.feed.api import Batch, Follower, append
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7
from dure.state import State, Tx

__all__ = ["DEEPEST", "LANES", "OWN_A_MINUTE", "Matcher", "key_of", "run_of", "subject_of"]

OWN_A_MINUTE = 100
"""So many runs of an automation may be caused by its own runs within a minute; at the next one it is stopped."""
_MINUTE = timedelta(minutes=1)
# Above so many names, looking at each line is quicker than looking for each name.
_FEW_NAMES = 24


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
    starts: dict[str, Listeners] = field(default_factory=lambda: defaultdict(Listeners))
    awaited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


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
            names = listening.starts.keys() | listening.awaited.keys()
            needles = [b'"event":' + _encode(name) for name in names] if len(names) <= _FEW_NAMES else []
            for batch in some:
                for line in batch.lines_with(needles) if needles else batch.body.split(b"\n"):
                    name = _name_of(line).event
                    starts, awaited = listening.starts.get(name), name in listening.awaited
                    if not starts and not awaited:
                        continue
                    event = _BLANK | _decode(line)
                    if awaited:
                        arrived.append(event)
                    if starts:
                        plans = starts.meant(event, batch.position)
                        text = store.as_json(event) if plans else ""
                        candidates += [Candidate(plan, event, text) for plan in plans]
            if arrived:
                await self._wake(tx, workspace, listening, arrived)
        await self._start(tx, candidates)

    # -- starting ---------------------------------------------------------------------------------------------------

    async def _start(self, tx: Tx, candidates: list[Candidate]) -> None:
        if not candidates:
            return
        now = self._clock.now()
        candidates = await crossing.crossed(tx, [one for one in candidates if _triggers(one, self._lookups)], now)
        plain: list[Candidate] = []
        asking: list[Candidate] = []
        for candidate in candidates:
            known = candidate.plan.roots.isdisjoint(self._lookups) and "runs" not in candidate.plan.roots
            (plain if known else asking).append(candidate)
        asking = [one for one in asking if _may_hold(one, self._lookups)]
        await acquaint(
            tx, self._lookups, [(one.plan, one.event, subject_of(one.plan.definition.trigger, one.scope), one.things)
                                for one in asking], now,
        )  # fmt: skip
        meant = [one for one in (*plain, *asking) if _holds(one)]
        causing = {one.event["run"] for one in meant if one.event.get("run")}
        causes = await store.causes(tx, causing) if causing else {}
        runs = []
        fed: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
        deep: dict[tuple[str, str], Candidate] = {}
        for one in meant:
            cause = causes.get(one.event.get("run") or "")
            key = (one.plan.tenant.workspace, one.plan.automation)
            if cause is not None and cause.depth + 1 > DEEPEST:
                deep[key] = one
                continue
            if cause is not None and one.plan.automation in cause.lineage:
                fed[key].append(one)
            runs.append((key, self._run(one, cause)))
        for key, some in fed.items():
            if key not in deep and await store.own_since(tx, *key, now - _MINUTE) + len(some) > OWN_A_MINUTE:
                await self._stop(tx, some[0], "rate", {"runs": OWN_A_MINUTE})
                runs = [(owner, run) for owner, run in runs if owner != key or not run.lineage]
        await store.insert_runs(tx, [run for _, run in runs], now)
        self._gave_work |= bool(runs)
        for one in deep.values():
            await self._stop(tx, one, "depth", {"depth": DEEPEST})

    def _run(self, one: Candidate, cause: Cause | None) -> NewRun:
        subject = subject_of(one.plan.definition.trigger, one.scope)
        return run_of(one.plan, subject, key_of(one.plan.definition.trigger, one.scope, subject), one.text, cause)

    async def _stop(self, tx: Tx, one: Candidate, reason: str, facts: Mapping[str, Any]) -> None:
        """Stops an automation that feeds itself, and says so."""
        plan, now = one.plan, self._clock.now()
        because = {
            "depth": f"Its runs caused one another {DEEPEST} times in a row.",
            "rate": f"Its own runs caused more than {OWN_A_MINUTE} runs of it within a minute.",
        }[reason]
        why = {"reason": reason, "cause": str(one.event.get("event")), **facts}
        stopped = await tx.run(
            """update automation.automation set enabled = false, stopped_because = %s, stopped = %s::jsonb,
                      updated_at = %s
               where workspace = %s and id = %s and enabled""",
            (because, store.as_json(why), now, plan.tenant.workspace, plan.automation),
        )
        if stopped:
            await store.changed(tx, plan.tenant.workspace)
            await append(
                tx,
                events.automation_event(
                    plan.tenant, now, events.STOPPED, plan.automation,
                    {"name": plan.name, "error": because, **why},
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
                listening.starts[plan.definition.trigger.event].add(plan, row["since"])
            for node in plan.definition.nodes:
                if node.kind == "wait_event":
                    listening.awaited[str(node.with_["event"])].add(str(node.with_.get("on") or ""))


def run_of(
    plan: Plan, subject: str, key: str, event: str | None, cause: Cause | None = None, started_by: str = ""
) -> NewRun:
    """A run of a plan about to exist. `event` is JSON; `cause` the run that wrote the event, if one did."""
    status, watched = begins_as(plan)
    return NewRun(
        uuid7(), plan.tenant.org, plan.tenant.workspace, plan.automation, plan.version, LANES[plan.definition.lane],
        subject, key, event, cause.depth + 1 if cause else 0, plan.first, " ".join(cause.lineage) if cause else "",
        status, watched, started_by=started_by,
    )  # fmt: skip


def _triggers(one: Candidate, lookups: Mapping[str, Lookup]) -> bool:
    """Whether the trigger's own filters hold, as far as the event alone says."""
    where = one.plan.definition.trigger.where
    return nodes.conditions(tuple(condition for condition in where if _root(condition.prop) not in lookups), one.scope)


def _holds(one: Candidate) -> bool:
    definition = one.plan.definition
    return nodes.conditions((*definition.trigger.where, *definition.conditions), one.scope)


def _may_hold(one: Candidate, lookups: Mapping[str, Lookup]) -> bool:
    """Whether the filters that need no look-up hold: most events are out before anything is asked."""
    definition = one.plan.definition
    cheap = tuple(
        condition
        for condition in (*definition.trigger.where, *definition.conditions)
        if _root(condition.prop) not in (*lookups, "runs")
    )
    return nodes.conditions(cheap, one.scope)


def _root(prop: str) -> str:
    """What a filter's path begins with; one word alone is a property of the event."""
    root, dot, _ = prop.partition(".")
    return root if dot else "event"


def _keys(event: Mapping[str, Any], on: str) -> set[str]:
    """The values by which an event can be waited for."""
    if on:
        value = nodes.value_of(on, {"event": event})
        return set() if value is None else {str(value)}
    return {str(event[name]) for name in ("object", "person", "account", "distinct_id") if event.get(name)}
