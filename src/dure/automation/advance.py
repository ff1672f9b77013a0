"""Moving runs in sets: all runs that stand on one node of one version move together, up to sixteen hops a tick."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.automation import counting, nodes, retry, store
from dure.automation.hands import Hands, RealHands
from dure.automation.model import Node
from dure.automation.plan import Plan
from dure.automation.plans import Plans
from dure.automation.plugs import Lookup, StepCall, StepKind
from dure.automation.standing import Ended, Ledger, Standing
from dure.automation.store import Question
from dure.automation.within import Within
from dure.automation.workdays import Workdays, country_of, own_days
from dure.governance.model import Principal
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.state import Tx

_HOPS = 16
# Inside steps done one by one in one transaction; a transaction that stays open holds the feed's followers back.
_ONE_BY_ONE = 200
# Where those were quick, as many again.
_QUICK = 0.05

System = Callable[[Tenant, str, str], Principal]


class Unknown(Exception):
    """Nobody knows whether the call was made."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of an outside call: the outputs as JSON values, or the error."""

    run: UUID
    visit: int
    attempts: int
    outputs: Any = None
    error: Exception | None = None


@dataclass
class Advance:
    """Moves runs on. `lookups` say what is known of people, accounts and other things; `rng` spreads retries."""

    kinds: Mapping[str, StepKind]
    lookups: Mapping[str, Lookup]
    system: System
    rng: random.Random
    hands: Hands = field(default_factory=RealHands)
    outside_too: bool = False
    """In a dry run the hands are given outside steps as well."""
    site: str = ""
    """The address of the screens, for links: `{{ run.site }}`."""
    plans: Plans = field(default_factory=Plans)
    worker: str = ""
    lease: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        self.within = Within(self.plans, self.kinds, self.outside_too)

    async def __call__(
        self, tx: Tx, runs: Sequence[Standing], now: datetime, finished: Mapping[UUID, Finished] | None = None, *,
        free: int = 0, inside: bool = True,
    ) -> Ledger:  # fmt: skip
        """Moves every run as far as it goes now and writes it all down.

        As many as `free` outside steps are claimed at once. Without `inside` runs stop before inside steps, for a
        transaction that somebody waits for.
        """
        ledger = await self.moved(tx, runs, now, finished, free=free, inside=inside)
        async with tx.connection.pipeline():
            await self.write(tx, ledger)
        return ledger

    async def moved(
        self, tx: Tx, runs: Sequence[Standing], now: datetime, finished: Mapping[UUID, Finished] | None = None, *,
        free: int = 0, inside: bool = True,
    ) -> Ledger:  # fmt: skip
        """Moves every run as far as it goes now; `write` writes it down."""
        ledger = Ledger(now, free=free, worker=self.worker)
        await self._acquaint(tx, runs, now)
        moving = [run for run in runs if run.id not in (finished or {})]
        for run in runs:
            answer = (finished or {}).get(run.id)
            if answer is not None and self._answered(ledger, run, answer):
                moving.append(run)
        for run in moving:
            if run.paused:
                ledger.park(run, "running", now)
        await self._move(tx, ledger, [run for run in moving if not run.paused], inside=inside)
        return ledger

    async def write(self, tx: Tx, ledger: Ledger) -> None:
        """Writes a ledger down; within a pipeline all of it goes to the database together."""
        await store.write_steps(tx, ledger.steps, self.lease)
        await store.move_runs(tx, ledger.moves)
        if ledger.questions:
            await store.ask(tx, ledger.questions, ledger.now)
        if ledger.children:
            await store.insert_runs(tx, ledger.children, ledger.now)

    async def ahead(self, runs: Sequence[Standing], now: datetime, free: int) -> Ledger:
        """Moves new runs as far as they go without asking the database anything, and writes nothing down."""
        ledger = Ledger(now, free=free, worker=self.worker)
        await self._move(None, ledger, list(runs), inside=False)
        return ledger

    async def _move(self, tx: Tx | None, ledger: Ledger, moving: list[Standing], *, inside: bool) -> None:
        budget, quick = _ONE_BY_ONE if inside else 0, time.monotonic() + _QUICK
        for _ in range(_HOPS):
            if not moving:
                break
            groups: dict[tuple[int, str], list[Standing]] = {}
            for run in moving:
                groups.setdefault((id(run.plan), run.node), []).append(run)
            moving = []
            for (_, name), members in groups.items():
                node = members[0].plan.nodes.get(name)
                if node is None:
                    for run in members:
                        ledger.end(run, "failed", f"Version {run.plan.version} has no node {name!r}.")
                    continue
                kind = self.kinds.get(node.kind)
                if node.kind in ("each", "run") and tx is not None:
                    moving += await self.within.stop_at(tx, ledger, node, members, self._failed)
                elif node.kind in nodes.CONTROL and (tx is not None or node.kind in nodes.ALONE):
                    moving += await self._control(tx, ledger, node, members)
                elif kind is None and node.kind not in nodes.CONTROL:
                    for run in members:
                        moving += self._failed(ledger, run, Invalid(f"There is no kind of step named {node.kind!r}."))
                elif kind is not None and kind.outside and not self.outside_too:
                    moving += self._hand_out(ledger, node, kind, members)
                else:
                    rest = members
                    while rest and inside and kind is not None and tx is not None and (kind.run_many or budget > 0):
                        doing = rest if kind.run_many else rest[:budget]
                        rest = rest[len(doing) :]
                        moving += await self._inside(tx, ledger, node, kind, doing)
                        if not kind.run_many:
                            budget -= len(doing)
                            budget = _ONE_BY_ONE if budget <= 0 and time.monotonic() < quick else budget
                    for run in rest:
                        ledger.park(run, "running", ledger.now, attempts=run.attempts)
        for run in moving:
            ledger.park(run, "running", ledger.now)

    # -- kinds of nodes ---------------------------------------------------------------------------------------------

    async def _control(self, tx: Tx | None, ledger: Ledger, node: Node, members: list[Standing]) -> list[Standing]:
        decided = {}
        if tx is not None and node.kind in ("approve", "ask") and any(run.status == "waiting" for run in members):
            decided = await store.decisions(tx, [run.id for run in members])
        on = []
        for run in members:
            try:
                if self._stop_at(ledger, node, run, decided):
                    on.append(run)
            except Exception as error:
                on += self._failed(ledger, run, error)
        return on

    def _stop_at(
        self, ledger: Ledger, node: Node, run: Standing, decided: Mapping[tuple[UUID, int], Mapping[str, Any]]
    ) -> bool:
        """Moves a run over one of the engine's own nodes, or parks it there; True where it goes on."""
        now = ledger.now
        given = run.plan.inputs(node, nodes.CONTROL[node.kind], run.scope if node.with_ else {})
        match given:
            case nodes.End():
                ledger.note(run, "done")
                return ledger.send(run, None)
            case nodes.Branch():
                outcome = "yes" if nodes.conditions(given.where, run.scope) else "no"
                ledger.note(run, "done", outcome=outcome)
                return ledger.lead(run, outcome)
            case nodes.Split():
                outcome = nodes.part_of(given, run.plan.automation, node.id, run.subject)
                ledger.note(run, "done", outcome=outcome)
                return ledger.lead(run, outcome)
            case nodes.Wait():
                if run.status == "waiting":
                    ledger.note(run, "done")
                    return ledger.lead(run, "")
                zone = given.zone or run.plan.zone
                calendar = Workdays(country_of(zone), run.own_days) if run.plan.calendar else Workdays()
                wakes = nodes.wakes_at(given, now, run.plan.zone, calendar)
                ledger.note(run, "waiting", due_at=wakes)
                ledger.park(run, "waiting", wakes)
            case nodes.WaitEvent():
                if run.status == "waiting":
                    outcome = "timeout" if run.wait_event else "event"
                    # What the event was has been written by whoever woke the run; a timeout has nothing to say.
                    if outcome == "timeout":
                        run.steps[node.id] = {}
                    ledger.note(run, "done", outcome=outcome, outputs=run.steps.get(node.id) or {})
                    return ledger.lead(run, outcome)
                due = nodes.timeout_at(given.timeout, now)
                ledger.note(run, "waiting", due_at=due)
                ledger.park(run, "waiting", due, wait_event=given.event, wait_key=given.equals)
            case nodes.Set():
                run.steps[node.id] = given.values
                ledger.note(run, "done", outputs=given.values)
                return ledger.lead(run, "")
            case nodes.Approve() | nodes.Ask():
                if run.status == "waiting":
                    said = decided.get((run.id, run.visit))
                    outcome = str(said["decision"]) if said else "timeout"
                    run.steps[node.id] = _said(given, said)
                    ledger.note(run, "done", outcome=outcome, outputs=run.steps[node.id])
                    return ledger.lead(run, outcome)
                due = nodes.timeout_at(given.timeout, now)
                ledger.note(run, "waiting", due_at=due, inputs=store.as_json(given))
                ledger.park(run, "waiting", due)
                ledger.ask(run, _question(given, run))
        return False

    def _hand_out(self, ledger: Ledger, node: Node, kind: StepKind, members: list[Standing]) -> list[Standing]:
        """Writes outside steps ready to be claimed."""
        on = []
        # Kept beside their text: the id of inputs that are gone would soon be another run's.
        shared: dict[int, tuple[msgspec.Struct, str]] = {}
        for run in members:
            try:
                inputs = run.plan.inputs(node, kind.inputs, run.scope)
            except Exception as error:
                on += self._failed(ledger, run, error)
                continue
            _, text = shared.get(id(inputs)) or (inputs, store.as_json(inputs))
            shared[id(inputs)] = (inputs, text)
            ledger.hand_out(run, inputs, text)
        return on

    async def _inside(
        self, tx: Tx, ledger: Ledger, node: Node, kind: StepKind, members: list[Standing]
    ) -> list[Standing]:
        on, ready, calls, given = [], [], [], []
        for run in members:
            try:
                given.append(run.plan.inputs(node, kind.inputs, run.scope))
            except Exception as error:
                on += self._failed(ledger, run, error)
                continue
            ready.append(run)
            calls.append(self.call(run, ledger.now))
        answers = await self.hands.inside(tx, kind, calls, given) if ready else []
        for run, inputs, answer in zip(ready, given, answers, strict=True):
            try:
                text = store.as_json(inputs)
                outputs = None if isinstance(answer, Exception) else msgspec.to_builtins(answer)
                store.as_json(outputs)
            except (TypeError, ValueError) as error:
                # It was done, and must not be done again for an answer that cannot be kept.
                on += self._failed(ledger, run, Invalid(f"The answer cannot be kept: {error}"))
                continue
            if isinstance(answer, Exception):
                on += self._failed(ledger, run, answer, inputs=text)
                continue
            run.steps[node.id] = outputs
            ledger.note(run, "done", attempts=run.attempts + 1, inputs=text, outputs=outputs)
            if ledger.lead(run, ""):
                on.append(run)
        return on

    def _answered(self, ledger: Ledger, run: Standing, answer: Finished) -> bool:
        """An outside step came back; True where the run goes on."""
        run.attempts = max(answer.attempts - 1, 0)
        if isinstance(answer.error, Unknown):
            node = run.at
            kind = self.kinds.get(node.kind) if node else None
            rule = kind.on_unknown if kind else "ask"
            if rule == "leave":
                ledger.note(run, "unknown", attempts=answer.attempts, outputs={}, error=str(answer.error))
                return ledger.lead(run, "")
            if rule == "ask":
                ledger.note(run, "unknown", attempts=answer.attempts, error=str(answer.error))
                ledger.end(run, "failed", str(answer.error))
                ledger.unknown.append(Ended(run, "failed", str(answer.error)))
                return False
        if answer.error is not None:
            return bool(self._failed(ledger, run, answer.error, outside=True))
        run.steps[run.node] = answer.outputs
        ledger.note(run, "done", attempts=answer.attempts, outputs=answer.outputs)
        return ledger.lead(run, "")

    def _failed(
        self, ledger: Ledger, run: Standing, error: Exception, *, inputs: str | None = None, outside: bool = False
    ) -> list[Standing]:
        """Another attempt later, or the end: the node's `on_error`, or a failed run. Returns the run if it goes on."""
        node, attempts, said = run.at, run.attempts + 1, retry.sentence(error)
        most = (node.retries if node else None) or retry.ATTEMPTS
        lost = isinstance(error, Unknown)
        if lost:
            # That its worker died says little about the step; one that kills its workers must come to an end all the
            # same.
            most = max(most, retry.LOST)
        if attempts < most and not retry.hopeless(error):
            due = ledger.now + retry.pause(1 if lost else attempts, error, self.rng)
            status = "ready" if outside else "failed"
            ledger.note(run, status, attempts=attempts, due_at=due, inputs=inputs, error=said)
            ledger.park(run, "running", None if outside else due, attempts=attempts, error=said)
            return []
        if node is None or node.on_error is None:
            ledger.note(run, "dead", attempts=attempts, inputs=inputs, outcome="error", error=said)
            ledger.end(run, "failed", said)
            return []
        run.steps[run.node] = {"error": said}
        ledger.note(run, "dead", attempts=attempts, inputs=inputs, outputs={"error": said}, outcome="error", error=said)
        return [run] if ledger.send(run, node.on_error) else []

    # -- what a step is told ----------------------------------------------------------------------------------------

    def call(self, run: Standing, now: datetime) -> StepCall:
        tenant = run.plan.tenant
        return StepCall(
            tenant, self.system(tenant, "automation", str(run.id)), str(run.id), run.plan.automation, run.key,
            run.subject, now, run.event,
        )  # fmt: skip

    async def _acquaint(self, tx: Tx, runs: Sequence[Standing], now: datetime) -> None:
        """Fetches, in sets, what the templates of these runs look at beside the event."""
        for run in runs:
            run.site = self.site
        later = [run for run in runs if "steps" in run.plan.roots or run.status == "waiting"]
        if later:
            # A run on its first hop has answered nothing yet.
            before = [run.id for run in later if run.visit > 1 or run.status == "waiting"]
            known = await store.outputs(tx, before) if before else {}
            parts = [run.id for run in later if run.parent is not None]
            around = await store.outputs_around(tx, parts) if parts else {}
            for run in later:
                run.steps = {**around.get(run.id, {}), **known.get(run.id, {})}
        for workspace in {run.plan.tenant.workspace for run in runs if run.plan.calendar}:
            days = await own_days(tx, workspace)
            for run in runs:
                if run.plan.tenant.workspace == workspace:
                    run.own_days = days
        await acquaint(tx, self.lookups, [(run.plan, run.event, run.subject, run.things) for run in runs], now)


Known = tuple[Plan, Mapping[str, Any] | None, str, dict[str, Mapping[str, Any]]]
"""A plan, an event, a subject, and the things to fill in."""


async def acquaint(tx: Tx, lookups: Mapping[str, Lookup], wanted: Sequence[Known], now: datetime | None = None) -> None:
    """Asks the lookups that the plans mention, once for each tenant and kind of thing."""
    for name, lookup in lookups.items():
        by_tenant: dict[Tenant, set[str]] = {}
        for plan, event, subject, _ in wanted:
            if name in plan.roots:
                by_tenant.setdefault(plan.tenant, set()).update(_thing_ids(name, plan, event, subject))
        for tenant, some in by_tenant.items():
            found = await lookup(tx, tenant, sorted(some - {""}))
            for plan, event, subject, things in wanted:
                if name in plan.roots and plan.tenant == tenant:
                    ids = _thing_ids(name, plan, event, subject)
                    by_name = name in BY_NAME
                    things[name] = {one: found.get(one) for one in ids} if by_name else found.get(ids[0], {})
    await counting.count_runs(tx, wanted, now)


BY_NAME = frozenset({"metric"})
"""Roots whose next word is itself an id: `metric.weekly_listeners.value`."""


def _thing_ids(name: str, plan: Plan, event: Mapping[str, Any] | None, subject: str) -> list[str]:
    return plan.named(name) if name in BY_NAME else [thing_id(name, event, subject)]


def _question(given: nodes.Approve | nodes.Ask, run: Standing) -> Question:
    workspace = run.plan.tenant.workspace
    if isinstance(given, nodes.Ask):
        form = store.as_json({"fields": given.fields, "channel": given.channel})
        return Question(run.id, run.visit, workspace, given.question, "ask", form, given.of)
    cause = run.started_by or str((run.event or {}).get("actor") or "")
    return Question(
        run.id, run.visit, workspace, given.question, whom=given.of, needed=given.needed,
        form=store.as_json({"channel": given.channel}) if given.channel else None,
        not_by=cause if given.not_self else "",
    )  # fmt: skip


def _said(given: nodes.Approve | nodes.Ask, said: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a question gives to the nodes that follow: the decision, or what was filled in; and by whom."""
    if said is None:
        return {} if isinstance(given, nodes.Ask) else {"decision": "timeout"}
    if isinstance(given, nodes.Ask):
        return {**(said["answer"] or {}), "answered_by": said["decided_by"]}
    return {"decision": said["decision"], "by": said["decided_by"], "note": said["note"]}


def thing_id(name: str, event: Mapping[str, Any] | None, subject: str) -> str:
    """Which person, account or other thing an event is about; the subject where there is no event."""
    if event is None:
        return subject
    if name in ("person", "account"):
        return str(event.get(name) or "")
    if event.get("object_type") == name:
        return str(event.get("object") or "")
    return str((event.get("properties") or {}).get(name) or "")
