"""What people and slices do with runs: look at them, start, retry, skip, stop, settle and move them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.automation import catalogue, events, store, versions
from dure.automation.match import run_of
from dure.automation.model import Definition, Run, Step
from dure.automation.plan import fit
from dure.automation.plans import Plans, plan_of
from dure.automation.plugs import Entry, Lookup, StepKind
from dure.automation.tick import Engine
from dure.automation.versions import Moved
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.state import State, Tx

READ, WRITE = "automation:read", "automation:write"
BY_HAND = "Started By Hand"


class Runs:
    """The part of automation's entrance that is about runs."""

    _state: State
    _clock: Clock
    _plans: Plans
    _kinds: dict[str, StepKind]
    _lookups: dict[str, Lookup]
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
        event: Mapping[str, Any] | None = None, record: str = "",
    ) -> str:  # fmt: skip
        """Starts a run by hand and returns its id; with a `key` that started one before, that one's nothing new: "".

        `record` is the id of a record of the type that the trigger names: what is known of it becomes the event.
        """
        access(principal, WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if record:
                subject, event = record, await self._facts(tx, principal, automation, record)
            entry = Entry(subject, f"hand:{key or uuid7()}", event)
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
            await catalogue.set_step(tx, UUID(run), last.visit, "skipped", None, now)
            await self._go_on(tx, principal, found, last, now)
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
            now = self._clock.now()
            await catalogue.stop(tx, UUID(run), now)
            properties = {"node": found.node, "run": run}
            await append(tx, events.by(principal, now, events.RUN_STOPPED, found.automation, properties))
        self.engine.wake()

    async def unknown(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """Calls of which nobody knows what came of them, and whose runs wait for a person to say it."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            return await catalogue.unknown(tx, principal.tenant.workspace)

    async def settle_outcome(
        self, principal: Principal, run: str, answer: str, outputs: Mapping[str, Any] | None = None
    ) -> None:
        """Says what came of a call that nobody knows of: it was `done` (with what it answered, where that is known),
        it is to be done `again` (with the same key), or it is to be `left` as it is; done and left go on."""
        access(principal, WRITE)
        if answer not in ("done", "again", "leave"):
            raise Invalid("`answer` is done, again or leave.", field="answer")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found, steps = await self._found(tx, principal, run, lock=True)
            last = steps[-1] if steps else None
            if last is None or last.status != "unknown" or found.status != "failed":
                raise Invalid("What came of its last step is known, or was said before.", field="run")
            if answer == "again":
                await catalogue.set_step(tx, UUID(run), last.visit, "ready", now)
                await catalogue.make_due(tx, UUID(run), None)
            else:
                kind = self._kinds.get(last.kind)
                given = dict(outputs or {})
                if kind is not None and answer == "done":
                    given = msgspec.to_builtins(fit(given, kind.outputs)) if given else given
                text = store.as_json(given) if answer == "done" or last.outputs is None else None
                await catalogue.settle_step(
                    tx, UUID(run), last.visit, "done" if answer == "done" else "unknown", text, now
                )
                await self._go_on(tx, principal, found, last, now)
            properties = {"answer": answer, "node": last.node, "run": run}
            await append(tx, events.by(principal, now, events.OUTCOME_SETTLED, found.automation, properties))
        self.engine.wake()

    async def move_runs(
        self, principal: Principal, automation: str, source: int, target: int, mapping: Mapping[str, str] | None = None
    ) -> Moved:
        """Moves the open runs of one version to another on purpose; see `versions.move`."""
        access(principal, WRITE)
        if source == target:
            raise Invalid("`from` and `to` are two versions.", field="to")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            row = await self._locked(tx, principal, automation)
            moved = await versions.move(tx, workspace, automation, source, target, mapping or {}, now)
            properties = {
                "name": row["name"], "from": source, "to": target, "moved": moved.moved, "left": moved.left,
                "mapping": dict(mapping or {}),
            }  # fmt: skip
            await append(tx, events.by(principal, now, events.RUNS_MOVED, automation, properties))
            await store.changed(tx, workspace)
        self.engine.wake()
        return moved

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _go_on(self, tx: Tx, principal: Principal, run: Run, last: Step, now: datetime) -> None:
        """Takes a failed run to the node behind its last step, or to its end."""
        plans = await self._plans.get(tx, [(principal.tenant.workspace, run.automation, run.version)])
        node = next(iter(plans.values())).nodes.get(last.node) if plans else None
        to = node.next if node and isinstance(node.next, str) else None
        if to is None:
            await catalogue.finish(tx, UUID(run.id), now)
        else:
            await catalogue.make_due(tx, UUID(run.id), now, node=to, visit=last.visit + 1)

    async def _facts(self, tx: Tx, principal: Principal, automation: str, record: str) -> dict[str, Any]:
        """What is known of a record, as the event of a run that is started by hand on it."""
        text = msgspec.convert((await self._locked(tx, principal, automation))["doc"], Definition)
        if text.trigger.record is None:
            raise Invalid("This automation is not one that is started on a record.", field="record")
        kind, now = text.trigger.record.type, self._clock.now()
        lookup = self._lookups.get(kind)
        if lookup is None:
            known = ", ".join(sorted(self._lookups)) or "none"
            raise Invalid(f"Nothing is known here of records of type {kind!r}; there are: {known}.", field="record")
        facts = (await lookup(tx, principal.tenant, [record])).get(record)
        if not facts:
            raise NotFound(f"There is no {kind} {record!r}.", field="record")
        return {
            "org": principal.tenant.org, "workspace": principal.tenant.workspace, "event": BY_HAND,
            "time": now.isoformat(), "source": "automation", "actor": principal.actor, "object_type": kind,
            "object": record, "account": str(facts.get("account") or (record if kind == "account" else "")),
            "person": record if kind == "person" else "", "properties": dict(facts),
        }  # fmt: skip

    async def _enrol(self, tx: Tx, principal: Principal, automation: str, entries: Sequence[Entry]) -> Sequence[UUID]:
        plan = plan_of({**await self._locked(tx, principal, automation), "automation": automation})
        cause = None
        if principal.run:
            cause = (await store.causes(tx, [principal.run])).get(principal.run)
        by = principal.user if principal.kind == "user" else ""
        runs = [
            run_of(plan, entry.subject, entry.key[:500], None if entry.event is None else store.as_json(entry.event),
                   cause, by)
            for entry in entries
        ]  # fmt: skip
        return list(await store.insert_runs(tx, runs, self._clock.now()))

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
