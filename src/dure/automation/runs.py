"""What people and slices do with runs: look at them, start, retry, skip, stop and decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation import catalogue, events, store
from dure.automation.match import LANES
from dure.automation.model import Run, Step
from dure.automation.plans import Plans, plan_of
from dure.automation.plugs import Entry, StepKind
from dure.automation.store import NewRun
from dure.automation.tick import Engine
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.state import State, Tx

READ, WRITE = "automation:read", "automation:write"


class Runs:
    """The part of automation's entrance that is about runs."""

    _state: State
    _clock: Clock
    _plans: Plans
    _kinds: dict[str, StepKind]
    engine: Engine

    async def runs(
        self, principal: Principal, automation: str | None = None, *, status: str | None = None,
        before: datetime | None = None, limit: int = 50,
    ) -> list[Run]:  # fmt: skip
        """Runs, newest first, at most 500."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            workspace = principal.tenant.workspace
            return await catalogue.runs(tx, workspace, automation, status, before, max(1, min(limit, 500)))

    async def run(self, principal: Principal, run: str) -> tuple[Run, list[Step]]:
        """One run and its steps in the order they were taken."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await self._found(tx, principal, run)

    async def start(
        self, principal: Principal, automation: str, subject: str = "", *, key: str = "",
        event: Mapping[str, Any] | None = None,
    ) -> str:  # fmt: skip
        """Starts a run by hand and returns its id; with a `key` that started one before, that one's nothing new: ""."""
        access(principal, WRITE)
        entry = Entry(subject, f"hand:{key or uuid7()}", event)
        async with self._state.begin(principal.tenant) as tx:
            ids = await self._enrol(tx, principal, automation, [entry])
        self.engine.wake()
        return str(ids[0]) if ids else ""

    async def enrol_in(self, tx: Tx, principal: Principal, automation: str, entries: Sequence[Entry]) -> int:
        """Starts runs for many subjects at once within a transaction; a key that was there starts none. Returns how
        many are new. A run is started also where the automation is switched off: somebody asked for it."""
        access(principal, WRITE)
        return len(await self._enrol(tx, principal, automation, entries))

    async def retry(self, principal: Principal, run: str, visit: int | None = None) -> None:
        """Tries again the step at which a run failed (with the same key), or goes back to an earlier step of it and on
        from there (a new visit, a new key)."""
        access(principal, WRITE)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found, steps = await self._found(tx, principal, run, lock=True)
            last = steps[-1] if steps else None
            step = next((one for one in steps if visit is None or one.visit == visit), None) if visit else last
            if step is None or last is None or found.status not in ("failed", "done", "stopped"):
                raise Invalid("Only a step of a run that has ended can be tried again.", field="visit")
            if step.visit == last.visit and step.status in ("dead", "unknown"):
                kind = self._kinds.get(step.kind)
                outside = kind is not None and kind.outside and step.inputs is not None
                await catalogue.set_step(tx, UUID(run), step.visit, "ready" if outside else "failed", now)
                await catalogue.make_due(tx, UUID(run), None if outside else now)
            else:
                await catalogue.make_due(tx, UUID(run), now, node=step.node, visit=last.visit + 1)
            properties = {"node": step.node, "run": run, "error": step.error}
            await append(tx, events.by(principal, now, events.RETRIED, found.automation, properties))
        self.engine.wake()

    async def skip(self, principal: Principal, run: str) -> None:
        """Goes on behind the step at which a run failed, as though it had answered nothing."""
        access(principal, WRITE)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found, steps = await self._found(tx, principal, run, lock=True)
            last = steps[-1] if steps else None
            if last is None or found.status != "failed":
                raise Invalid("Only the failed step of a failed run can be skipped.", field="run")
            plans = await self._plans.get(tx, [(principal.tenant.workspace, found.automation, found.version)])
            node = next(iter(plans.values())).nodes.get(last.node)
            to = node.next if node and isinstance(node.next, str) else None
            await catalogue.set_step(tx, UUID(run), last.visit, "skipped", None, now)
            if to is None:
                await catalogue.make_due(tx, UUID(run), None, status="done")
            else:
                await catalogue.make_due(tx, UUID(run), now, node=to, visit=last.visit + 1)
            properties = {"node": last.node, "run": run, "error": last.error}
            await append(tx, events.by(principal, now, events.SKIPPED, found.automation, properties))
        self.engine.wake()

    async def stop(self, principal: Principal, run: str) -> None:
        """Ends a run that is under way."""
        access(principal, WRITE)
        async with self._state.begin(principal.tenant) as tx:
            found, _ = await self._found(tx, principal, run, lock=True)
            if found.status not in ("running", "waiting"):
                raise Invalid("The run has ended already.", field="run")
            await catalogue.stop(tx, UUID(run), self._clock.now())

    async def questions(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """What people are asked by `approve` and have not decided."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await catalogue.questions(tx, principal.tenant.workspace)

    async def decide(self, principal: Principal, run: str, decision: str, note: str = "") -> None:
        """Answers the question at which a run waits."""
        access(principal, WRITE)
        if decision not in ("yes", "no"):
            raise Invalid("`decision` is yes or no.", field="decision")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found, steps = await self._found(tx, principal, run, lock=True)
            visit = steps[-1].visit if steps else 0
            if found.status != "waiting" or not await catalogue.decide(
                tx, UUID(run), visit, decision, principal.actor, note, now
            ):
                raise Invalid("Nothing is asked there, or it was decided before.", field="run")
            await catalogue.make_due(tx, UUID(run), now, status="waiting")
            properties = {"decision": decision, "note": note, "run": run, "node": found.node}
            await append(tx, events.by(principal, now, events.DECIDED, found.automation, properties))
        self.engine.wake()

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _enrol(self, tx: Tx, principal: Principal, automation: str, entries: Sequence[Entry]) -> Sequence[UUID]:
        plan = plan_of({**await self._locked(tx, principal, automation), "automation": automation})
        depth = 0
        if principal.run:
            depth = (await store.depths(tx, [principal.run])).get(principal.run, 0) + 1
        runs = [
            NewRun(
                uuid7(), principal.tenant.org, principal.tenant.workspace, automation, plan.version,
                LANES[plan.definition.lane], entry.subject, entry.key[:500],
                None if entry.event is None else store.as_json(entry.event), depth, plan.first,
            )
            for entry in entries
        ]  # fmt: skip
        return await store.insert_runs(tx, runs, self._clock.now())

    async def _locked(self, tx: Tx, principal: Principal, automation: str) -> dict[str, Any]:
        row = await catalogue.locked(tx, principal.tenant.workspace, automation)
        if row is None:
            raise NotFound("There is no such automation.", field="automation")
        return row

    async def _found(self, tx: Tx, principal: Principal, run: str, *, lock: bool = False) -> tuple[Run, list[Step]]:
        try:
            found = await catalogue.run(tx, principal.tenant.workspace, UUID(run), lock=lock)
        except ValueError:
            found = None
        if found is None:
            raise NotFound("There is no such run.", field="run")
        return found
