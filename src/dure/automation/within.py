"""Runs within runs: what `each` and `run` start, and how a run hears that its parts have ended.

A part that has ended is due once more. The beat that takes it then counts its siblings in a transaction that sees
everything committed before, so of two parts that end at the same moment the later one always finds the earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.automation import nodes, store, template
from dure.automation.limits import begins_as
from dure.automation.model import Node
from dure.automation.plan import Plan
from dure.automation.plans import Plans
from dure.automation.plugs import StepKind
from dure.automation.standing import Ledger, Standing
from dure.automation.store import NewRun
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.state import Tx

DEEPEST = 8
"""So many runs may cause one another; the next one is refused."""
LANES = {"interactive": 0, "bulk": 1}
CALLED = "Automation Called"
_AGAIN = timedelta(milliseconds=20)

Failed = Callable[[Ledger, Standing, Exception], list[Standing]]


@dataclass(frozen=True, slots=True)
class Part:
    """A run within another, with what it answered last."""

    id: UUID
    number: int
    status: str
    error: str
    outputs: Any

    @property
    def open(self) -> bool:
        return self.status in ("queued", "running", "waiting")


@dataclass
class Within:
    """Takes runs over `each` and `run`."""

    plans: Plans
    kinds: Mapping[str, StepKind]
    dry: bool = False
    """In a dry run other automations are not run; a chain of the same one is."""

    async def stop_at(
        self, tx: Tx, ledger: Ledger, node: Node, members: Sequence[Standing], failed: Failed
    ) -> list[Standing]:
        """Starts the parts of runs that arrive, and leads on those whose parts have ended."""
        parts = await parts_of(tx, [run.id for run in members])
        others = await self._others(tx, node, members)
        left_out = await _left_out(tx, [run.id for run in members if run.status == "waiting"])
        on = []
        for run in members:
            mine = parts.get((run.id, run.visit), [])
            try:
                if run.status != "waiting" and not mine:
                    on += self._begin(ledger, node, run, others)
                elif run.status != "waiting" and any(part.status != "done" for part in mine):
                    await again(tx, [part for part in mine if not part.open and part.status != "done"], self.kinds,
                                ledger.now)  # fmt: skip
                    ledger.note(run, "waiting")
                    ledger.park(run, "waiting", None)
                else:
                    on += self._ended(ledger, node, run, mine, left_out.get((run.id, run.visit), 0), failed)
            except Exception as error:
                on += failed(ledger, run, error)
        return on

    def _begin(self, ledger: Ledger, node: Node, run: Standing, others: Mapping[str, Plan]) -> list[Standing]:
        given = run.plan.inputs(node, nodes.CONTROL[node.kind], run.scope)
        assert isinstance(given, nodes.Each | nodes.Run)  # noqa: S101
        each = isinstance(given, nodes.Each)
        items, left_out = _items(given) if isinstance(given, nodes.Each) else ([None], 0)
        waits = given.wait if isinstance(given, nodes.Run) else True
        do = given.do if isinstance(given, nodes.Each) else ""
        other = None if do else _of(others, run, given)
        if other is not None and run.depth + 1 > DEEPEST:
            raise Invalid(f"Automations called one another {DEEPEST} times in a row.")
        shown: dict[str, Any] = {"count": len(items), "left_out": left_out} if each else {}
        shown |= {"automation": other.automation} if other else {"do": do}
        made = [self._part(run, given, do, other, number, item, each, waits) for number, item in enumerate(items)]
        if not each:
            shown["inputs"] = msgspec.json.decode(made[0].event or "null")["properties"]
        text = store.as_json(shown)
        if self.dry and other is not None:
            made = []
        ledger.children += made
        if made and waits:
            ledger.note(run, "waiting", inputs=text)
            ledger.park(run, "waiting", None)
            return []
        outputs: dict[str, Any] = {"run": str(made[0].id) if made else None}
        if each:
            outputs = {"count": len(items), "done": len(items), "failed": 0, "left_out": left_out, "results": []}
        elif self.dry:
            outputs |= {"status": "done", "outputs": {}}
        run.steps[node.id] = outputs
        ledger.note(run, "done", inputs=text, outputs=outputs, outcome="done")
        return [run] if ledger.lead(run, "done") else []

    def _part(
        self, run: Standing, given: nodes.Each | nodes.Run, do: str, other: Plan | None, number: int,
        item: Any, each: bool, waits: bool,
    ) -> NewRun:  # fmt: skip
        scope = {**run.scope, "item": item} if each else run.scope
        subject = run.subject
        if given.subject is not None:
            subject = str(template.render(given.subject, scope))
        elif each:
            subject = _subject(item) or run.subject
        plan, lineage, depth = run.plan, run.lineage, run.depth
        event = run.event
        if other is not None:
            plan, depth = other, run.depth + 1
            lineage = f"{run.lineage} {run.plan.automation}".strip()
            inputs = template.render(given.inputs, scope)
            if each and not inputs:
                inputs = item if isinstance(item, Mapping) else {"item": item}
            event = {**(run.event or {}), "event": CALLED, "run": str(run.id), "properties": inputs}
        status, watched = begins_as(plan) if other is not None else ("running", False)
        # Paused or dry, a part goes where its run is; another automation has a lane of its own.
        own = LANES[plan.definition.lane] if other is not None and run.lane < 2 else run.lane % store.PAUSED
        return NewRun(
            uuid7(), plan.tenant.org, plan.tenant.workspace, plan.automation, plan.version, own, subject,
            f"part:{run.id}:{run.visit}:{number}", None if event is None else store.as_json(event), depth,
            do or plan.first, lineage, status, watched, run.id if waits else None, run.visit if waits else None,
            number if each else None, store.as_json(item) if each else None, run.started_by,
        )  # fmt: skip

    def _ended(
        self, ledger: Ledger, node: Node, run: Standing, parts: Sequence[Part], left_out: int, failed: Failed
    ) -> list[Standing]:
        bad = [part for part in parts if part.status != "done"]
        outcome = "failed" if bad else "done"
        outputs: dict[str, Any]
        if node.kind == "each":
            outputs = {
                "count": len(parts), "done": len(parts) - len(bad), "failed": len(bad), "left_out": left_out,
                "results": [part.outputs for part in parts],
            }  # fmt: skip
            said = f"{len(bad)} of {len(parts)} did not come to their end."
        else:
            part = parts[0]
            outputs = {"run": str(part.id), "status": part.status, "outputs": part.outputs or {}}
            if bad:
                outputs["error"] = part.error
            said = part.error or f"The run within it was {part.status}."
        if bad and not (isinstance(node.next, Mapping) and "failed" in node.next):
            # Nobody has said what follows from a failure: then it is this step's.
            return failed(ledger, run, Invalid(said))
        run.steps[node.id] = outputs
        ledger.note(run, "done", outputs=outputs, outcome=outcome)
        return [run] if ledger.lead(run, outcome) else []

    async def _others(self, tx: Tx, node: Node, members: Sequence[Standing]) -> dict[str, Plan]:
        """The live versions of the automations that these runs call, by id and by recipe, both within a workspace."""
        arriving = [run for run in members if run.status != "waiting" and not node.with_.get("do")]
        if not arriving:
            return {}
        names = set()
        for run in arriving:
            for field in ("automation", "recipe"):
                try:
                    names.add(str(template.render(node.with_.get(field, ""), run.scope)))
                except Invalid:
                    continue  # said where the inputs are filled
        rows = await tx.rows(
            "select workspace, id, recipe, version from automation.automation where workspace = any(%s)"
            " and (id = any(%s) or recipe = any(%s))",
            (sorted({run.plan.tenant.workspace for run in arriving}), sorted(names), sorted(names - {""})),
        )
        known = await self.plans.get(tx, {(row["workspace"], row["id"], row["version"]) for row in rows})
        found: dict[str, Plan] = {}
        for row in rows:
            plan = known.get((row["workspace"], row["id"], row["version"]))
            if plan is not None:
                found[f"{row['workspace']}:{row['id']}"] = plan
                found[f"{row['workspace']}:recipe:{row['recipe']}"] = plan
        return found


async def parts_of(tx: Tx, runs: Sequence[UUID]) -> dict[tuple[UUID, int], list[Part]]:
    """The runs within these, by run and hop, in order, each with the last thing it answered."""
    rows = await tx.rows(
        """select r.parent, r.parent_visit, r.id, coalesce(r.number, 0) as number, r.status, r.error, s.outputs
           from automation.run r
           left join lateral (
               select outputs from automation.step where run = r.id and outputs is not null order by visit desc limit 1
           ) s on true
           where r.parent = any(%s) order by r.number""",
        (list(runs),),
    )
    found: dict[tuple[UUID, int], list[Part]] = {}
    for row in rows:
        part = Part(row["id"], row["number"], row["status"], row["error"], row["outputs"])
        found.setdefault((row["parent"], row["parent_visit"]), []).append(part)
    return found


async def report(tx: Tx, ended: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Takes parts that have ended off the list of what is due; returns the rows of the runs whose parts have all
    ended, locked. A part whose run is in other hands right now reports again in a moment."""
    if not ended:
        return []
    parents = {row["id"]: row for row in await store.take(tx, sorted({row["parent"] for row in ended}))}
    heard = [row["id"] for row in ended if row["parent"] in parents]
    unheard = [row["id"] for row in ended if row["parent"] not in parents]
    gone = await tx.rows("select id from automation.run where id = any(%s)", ([row["parent"] for row in ended],))
    orphans = {row["parent"] for row in ended} - {row["id"] for row in gone}
    heard += [row["id"] for row in ended if row["parent"] in orphans]
    await tx.run("update automation.run set due_at = null where id = any(%s)", (heard,))
    if unheard:
        await tx.run(
            "update automation.run set due_at = %s where id = any(%s) and due_at is not null",
            (now + _AGAIN, [one for one in unheard if one not in set(heard)]),
        )
    if not parents:
        return []
    open_ = await tx.rows(
        "select distinct parent, parent_visit from automation.run where parent = any(%s) and ended_at is null",
        (list(parents),),
    )
    still = {(row["parent"], row["parent_visit"]) for row in open_}
    bad = await tx.rows(
        "select distinct parent, parent_visit from automation.run where parent = any(%s) and status <> 'done'",
        (list(parents),),
    )
    not_done = {(row["parent"], row["parent_visit"]) for row in bad}
    woken = []
    for row in {(one["parent"], one["parent_visit"]): parents.get(one["parent"]) for one in ended}.values():
        if row is None or (row["id"], row["visit"]) in still:
            continue
        # A run that failed because a part did goes on where that part was brought to its end after all.
        mended = row["status"] == "failed" and (row["id"], row["visit"]) not in not_done
        if row["status"] == "waiting" or mended:
            woken.append({**row, "status": "waiting"})
    return woken


async def again(tx: Tx, parts: Sequence[Part], kinds: Mapping[str, StepKind], now: datetime) -> None:
    """Tries parts that did not come to their end again, each from where it stands."""
    ids = [part.id for part in parts]
    outside = [name for name, kind in kinds.items() if kind.outside]
    rows = await tx.rows(
        """update automation.step s set attempts = 0, due_at = %(now)s, ended_at = null,
                  status = case when s.kind = any(%(outside)s) and s.inputs is not null then 'ready' else 'failed' end
           from automation.run r
           where s.run = r.id and s.visit = r.visit and r.id = any(%(ids)s) and s.status in ('dead', 'unknown')
           returning s.run, s.status""",
        {"now": now, "outside": outside, "ids": ids},
    )
    ready = [row["run"] for row in rows if row["status"] == "ready"]
    await tx.run(
        """update automation.run set attempts = 0, error = '', ended_at = null,
                  status = case when status = 'dropped' then 'queued' else 'running' end,
                  due_at = case when id = any(%(ready)s) then null else %(now)s end
           where id = any(%(ids)s)""",
        {"now": now, "ready": ready, "ids": ids},
    )


async def _left_out(tx: Tx, runs: Sequence[UUID]) -> dict[tuple[UUID, int], int]:
    if not runs:
        return {}
    rows = await tx.rows(
        "select run, visit, (inputs ->> 'left_out')::int as n from automation.step"
        " where run = any(%s) and kind = 'each' and inputs ? 'left_out'",
        (list(runs),),
    )
    return {(row["run"], row["visit"]): row["n"] for row in rows}


def _items(given: nodes.Each) -> tuple[list[Any], int]:
    if not isinstance(given.list, list | tuple):
        raise Invalid(f"`list` is a {type(given.list).__name__}, not a list.", field="list")
    most = min(given.most, nodes.MOST_ITEMS)
    return list(given.list[:most]), max(0, len(given.list) - most)


def _subject(item: Any) -> str:
    if isinstance(item, Mapping):
        return str(item.get("id") or "")
    return str(item) if isinstance(item, str | int) else ""


def _of(others: Mapping[str, Plan], run: Standing, given: nodes.Each | nodes.Run) -> Plan:
    name = given.automation or f"recipe:{given.recipe}"
    found = others.get(f"{run.plan.tenant.workspace}:{name}")
    if found is None:
        raise NotFound(f"There is no automation {given.automation or given.recipe!r}.", field="automation")
    return found
