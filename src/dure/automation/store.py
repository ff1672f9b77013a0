"""Automation's SQL for running: taking what is due, moving runs in sets, claiming steps.

Traps that shaped it: `update … from unnest(…)` picks nested loops over whole tables, so runs move by `id = any(ids)`
per group, all groups in one pipelined round trip, and steps are written by `insert … on conflict`, which always goes
through the key; rows are claimed by `ctid`, which needs no join.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.state import State, Tx

_encode = msgspec.json.Encoder().encode

_RUN = """id, org, workspace, automation, version, lane, subject, trigger_key, event, depth, node, visit, attempts,
 status, due_at, wait_event, error, started_at, ended_at, parent, parent_visit, number, item, lineage,
 started_by,
 exists (select from automation.pause p where p.workspace = automation.run.workspace) as aside"""
PAUSED = 10
"""Added to the lane of whatever belongs to a paused workspace: no beat looks at such lanes."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run about to exist."""

    id: UUID
    org: str
    workspace: str
    automation: str
    version: int
    lane: int
    subject: str
    trigger_key: str
    event: str | None
    depth: int
    node: str
    lineage: str = ""
    status: str = "running"
    watched: bool = False
    parent: UUID | None = None
    parent_visit: int | None = None
    number: int | None = None
    item: str | None = None
    started_by: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group of runs goes: the new values of the columns that move."""

    node: str
    visit: int
    status: str
    due_at: datetime | None
    attempts: int = 0
    wait_event: str | None = None
    wait_key: str | None = None
    error: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepText:
    """A step as it is written, without the run: what runs that take the same step at once share.

    `inputs` and `outputs` are JSON.
    """

    visit: int
    workspace: str
    automation: str
    lane: int
    node: str
    kind: str
    status: str
    attempts: int = 0
    due_at: datetime | None = None
    inputs: str | None = None
    outputs: str | None = None
    outcome: str = ""
    error: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    claimed_by: str | None = None


_TYPES = {
    "visit": "int", "workspace": "text", "automation": "text", "lane": "smallint", "node": "text", "kind": "text",
    "status": "text", "attempts": "smallint", "due_at": "timestamptz", "inputs": "jsonb", "outputs": "jsonb",
    "outcome": "text", "error": "text", "started_at": "timestamptz", "ended_at": "timestamptz", "claimed_by": "text",
}  # fmt: skip
_NAMES = ", ".join(_TYPES)
_MANY = 20


def as_json(value: Any) -> str:
    """JSON that jsonb takes: a NUL inside a text is left out, since PostgreSQL cannot keep one."""
    text = _encode(value).decode()
    return _encode(_without_nul(msgspec.to_builtins(value))).decode() if "\\u0000" in text else text


# -- is anything to do ----------------------------------------------------------------------------------------------


async def soonest(state: State) -> dict[str, Any]:
    """When the earliest run and step of each lane and the earliest schedule are due, and whether a lease ran out.

    One statement over the partial indexes, one way there and back: what an idle engine costs.
    """
    async with state.pipelined() as tx:
        found = await tx.connection.execute(_SOONEST)
    row = await found.fetchone()
    assert row is not None  # noqa: S101
    return row


_SOONEST = """select (select min(due_at) from automation.run where lane = 0 and due_at is not null) as run0,
                  (select min(due_at) from automation.run where lane = 1 and due_at is not null) as run1,
                  (select min(due_at) from automation.step where lane = 0 and status = 'ready') as step0,
                  (select min(due_at) from automation.step where lane = 1 and status = 'ready') as step1,
                  (select min(next_at) from automation.schedule s
                   where not exists (select from automation.pause p where p.workspace = s.workspace)) as schedule,
                  exists (select from automation.step where status = 'claimed'
                          and lease_until < clock_timestamp()) as lapsed"""


_CHANGE = f"""on conflict (run, visit) do update set
 {
    ", ".join(
        f"{name} = excluded.{name}"
        for name in (
            "status",
            "attempts",
            "due_at",
            "outputs",
            "outcome",
            "error",
            "ended_at",
            "claimed_by",
            "lease_until",
        )
    )
},
 inputs = coalesce(excluded.inputs, s.inputs)"""


# -- runs -----------------------------------------------------------------------------------------------------------


_NEW = {
    "id": "uuid", "org": "text", "workspace": "text", "automation": "text", "version": "int", "lane": "smallint",
    "subject": "text", "trigger_key": "text", "event": "jsonb", "depth": "smallint", "node": "text", "lineage": "text",
    "status": "text", "watched": "bool", "parent": "uuid", "parent_visit": "int", "number": "int", "item": "jsonb",
    "started_by": "text",
}  # fmt: skip
_AS_RUNS = f"jsonb_to_recordset(%(runs)s::jsonb) as n ({', '.join(f'{name} {kind}' for name, kind in _NEW.items())})"
# A run of a paused workspace begins in a lane that nobody looks at.
_LANE = f"""n.lane + case when exists (select from automation.pause p where p.workspace = n.workspace)
 then {PAUSED} else 0 end"""
_INSERT = f"""
insert into automation.run ({", ".join(_NEW)}, due_at, started_at)
select {", ".join(_LANE if name == "lane" else f"n.{name}" for name in _NEW)}, %(now)s, %(now)s from {_AS_RUNS}
on conflict (workspace, automation, trigger_key) do nothing returning id, lane
"""


async def insert_runs(tx: Tx, runs: Sequence[NewRun], now: datetime) -> dict[UUID, int]:
    """Starts runs; those whose trigger key is there already are left out. Returns the ids that are new with the lanes
    they begin in."""
    if not runs:
        return {}
    rows = await tx.rows(_INSERT, {"now": now, "runs": _encode([_run_row(run) for run in runs]).decode()})
    return {row["id"]: row["lane"] for row in rows}


def _run_row(run: NewRun) -> dict[str, Any]:
    """A run as a record of JSON: one value to hand over, where an array for each column took longer to write down than
    the database takes to read it."""
    row = {name: getattr(run, name) for name in _NEW}
    row["event"] = _raw(run.event)
    row["item"] = _raw(run.item)
    return row


def _raw(text: str | None) -> msgspec.Raw | None:
    return None if text is None else msgspec.Raw(text.encode())


_DUE = f"""select {_RUN} from automation.run where lane = %(lane)s and due_at <= %(now)s order by due_at
 limit %(limit)s for update skip locked"""
_TAKE = f"select {_RUN} from automation.run where id = any(%(runs)s) order by id for update skip locked"


@dataclass(frozen=True, slots=True)
class Found:
    """What a tick finds: due runs, runs whose calls came back, and what their steps are now, and claimed steps."""

    due: list[dict[str, Any]]
    held: list[dict[str, Any]]
    open: dict[tuple[UUID, int], dict[str, Any]]
    claimed: list[dict[str, Any]]


async def look(
    tx: Tx, lane: int, now: datetime, limit: int, answered: Sequence[UUID], free: int, worker: str, lease: timedelta
) -> Found:
    """Takes due runs of a lane and runs whose calls came back, all locked (those that another worker holds are left to
    it), and claims ready steps: one way to the database and back."""
    bound = {
        "lane": lane, "now": now, "limit": limit, "runs": list(answered), "free": free, "worker": worker,
        "lease": lease,
    }  # fmt: skip
    held, open_, claimed = None, None, None
    async with tx.connection.pipeline():
        due = await tx.connection.execute(_DUE, bound)
        if answered:
            held = await tx.connection.execute(_TAKE, bound)
            open_ = await tx.connection.execute(_OPEN, bound)
        if free:
            claimed = await tx.connection.execute(_CLAIM, bound)
    rows = await due.fetchall()
    steps = await open_.fetchall() if open_ else []
    return Found(
        rows, await held.fetchall() if held else [], {(row["run"], row["visit"]): row for row in steps},
        await claimed.fetchall() if claimed else [],
    )  # fmt: skip


async def take(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Runs by id, locked, where nobody else holds them."""
    return await tx.rows(_TAKE, {"runs": list(ids)})


async def take_with_parts(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Runs by id with all runs within them, locked."""
    rows = await tx.rows(
        """with recursive within as (
               select unnest(%s::uuid[]) as id
               union
               select r.id from automation.run r join within w on r.parent = w.id
           )
           select id from within""",
        (list(ids),),
    )
    return await take(tx, [row["id"] for row in rows])


async def move_runs(tx: Tx, groups: Mapping[Place, Sequence[UUID]]) -> None:
    """One update for each place, all in one round trip. A wait without a key of its own waits for the subject."""
    if not groups:
        return
    await tx.many(
        """update automation.run set node = %(node)s, visit = %(visit)s, status = %(status)s, due_at = %(due_at)s,
                  attempts = %(attempts)s, wait_event = %(wait_event)s, error = %(error)s, ended_at = %(ended_at)s,
                  wait_key = case when %(wait_event)s::text is null then null
                                  else coalesce(%(wait_key)s::text, subject) end
           where id = any(%(ids)s)""",
        [
            {
                "node": place.node, "visit": place.visit, "status": place.status, "due_at": place.due_at,
                "attempts": place.attempts, "wait_event": place.wait_event, "wait_key": place.wait_key,
                "error": place.error, "ended_at": place.ended_at, "ids": list(ids),
            }
            for place, ids in groups.items()
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cause:
    """A run that caused another: how deep in a chain it is, and whose runs are above it and itself."""

    depth: int
    lineage: tuple[str, ...]


async def causes(tx: Tx, ids: Iterable[str]) -> dict[str, Cause]:
    """How runs came about that are about to cause others."""
    known = [found for found in map(_uuid, ids) if found]
    rows = await tx.rows("select id, depth, lineage, automation from automation.run where id = any(%s)", (known,))
    return {str(row["id"]): Cause(row["depth"], (*row["lineage"].split(), row["automation"])) for row in rows}


async def own_since(tx: Tx, workspace: str, automation: str, since: datetime) -> int:
    """How many runs of an automation were caused by its own runs since then."""
    found: int = await tx.value(
        "select count(*) from automation.run where workspace = %s and automation = %s and started_at >= %s"
        " and lineage <> '' and automation = any(string_to_array(lineage, ' '))",
        (workspace, automation, since),
    )
    return found


async def parked(tx: Tx, workspace: str, events: Sequence[str], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Runs that wait for one of these events with one of these keys, locked."""
    return await tx.rows(
        f"select {_RUN}, wait_key from automation.run"
        " where workspace = %s and wait_event = any(%s) and wait_key = any(%s) order by id for update",
        (workspace, list(events), list(keys)),
    )


# -- steps ----------------------------------------------------------------------------------------------------------


_LEASE = "case when {claimed} is null then null else clock_timestamp() + %(lease)s::interval end"


async def write_steps(tx: Tx, steps: Mapping[StepText, Sequence[UUID]], lease: timedelta = timedelta()) -> None:
    """Writes steps, new or known: large groups in one pipelined round trip, the rest in one statement. Those with
    `claimed_by` are claimed for the lease."""
    large = {text: runs for text, runs in steps.items() if len(runs) >= _MANY}
    if large:
        values = ", ".join(f"%({name})s::{kind}" for name, kind in _TYPES.items())
        until = _LEASE.format(claimed="%(claimed_by)s::text")
        await tx.many(
            f"insert into automation.step as s (run, {_NAMES}, lease_until)"
            f" select r, {values}, {until} from unnest(%(runs)s) r {_CHANGE}",
            [
                {**{name: getattr(text, name) for name in _TYPES}, "runs": list(runs), "lease": lease}
                for text, runs in large.items()
            ],
        )
    rest = [(text, run) for text, runs in steps.items() if len(runs) < _MANY for run in runs]
    if rest:
        await tx.run(_WRITE, {"steps": _step_rows(rest), "lease": lease})


_AS_STEPS = f"""jsonb_to_recordset(%(steps)s::jsonb)
 as n (run uuid, {", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})"""
_COLUMNS = ", ".join(f"n.{name}" for name in _TYPES)
_WRITE = f"""insert into automation.step as s (run, {_NAMES}, lease_until)
 select n.run, {_COLUMNS}, {_LEASE.format(claimed="n.claimed_by")} from {_AS_STEPS} {_CHANGE}"""


def _step_rows(steps: Iterable[tuple[StepText, UUID]]) -> str:
    rows = []
    for text, run in steps:
        row: dict[str, Any] = {name: getattr(text, name) for name in _TYPES}
        row["run"], row["inputs"], row["outputs"] = run, _raw(text.inputs), _raw(text.outputs)
        rows.append(row)
    return _encode(rows).decode()


# -- runs that begin far on -----------------------------------------------------------------------------------------

_PLACE = {
    "visit": "int", "attempts": "smallint", "due_at": "timestamptz", "wait_event": "text", "wait_key": "text",
    "error": "text",
}  # fmt: skip
_PLACED = {**_NEW, **_PLACE}
_BEGIN = f"""
insert into automation.run ({", ".join(_PLACED)}, started_at)
select {", ".join(f"n.{name}" for name in _PLACED)}, %(now)s
from jsonb_to_recordset(%(runs)s::jsonb) as n ({", ".join(f"{name} {kind}" for name, kind in _PLACED.items())})
on conflict (workspace, automation, trigger_key) do nothing returning id
"""
# Of runs that were there already, the steps are none of theirs.
_BEGIN_STEPS = f"""
insert into automation.step (run, {_NAMES}, lease_until)
select n.run, {_COLUMNS}, {_LEASE.format(claimed="n.claimed_by")} from {_AS_STEPS}
where exists (select from automation.run r where r.id = n.run)
"""


async def begin(
    tx: Tx, runs: Mapping[UUID, NewRun], moves: Mapping[Place, Sequence[UUID]],
    steps: Mapping[StepText, Sequence[UUID]], now: datetime, lease: timedelta,
) -> Any:  # fmt: skip
    """Writes runs that have come some way before they were ever written, and their steps, without waiting for the
    database's answer; the cursor gives the ids that are new."""
    rows = []
    for place, ids in moves.items():
        for one in ids:
            run = runs[one]
            row = _run_row(run) | {name: getattr(place, name) for name in _PLACE}
            row |= {"node": place.node, "status": place.status}
            if place.wait_event is not None and place.wait_key is None:
                row["wait_key"] = run.subject
            rows.append(row)
    made = await tx.connection.execute(_BEGIN, {"now": now, "runs": _encode(rows).decode()})
    taken = [(text, run) for text, some in steps.items() for run in some]
    if taken:
        await tx.connection.execute(_BEGIN_STEPS, {"steps": _step_rows(taken), "lease": lease})
    return made


# Claimed and unknown steps of runs: those on whose answer something still depends.
_OPEN = """select run, visit, node, kind, status, attempts, claimed_by, started_at from automation.step
 where run = any(%(runs)s) and status in ('claimed', 'unknown')"""


async def outputs(tx: Tx, runs: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What steps answered, by run and node; the latest visit wins."""
    rows = await tx.rows(
        "select run, node, outputs from automation.step where run = any(%s) and outputs is not null"
        " order by run, visit",
        (list(runs),),
    )
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["run"], {})[row["node"]] = row["outputs"]
    return found


async def outputs_around(tx: Tx, runs: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Like `outputs`, of the runs that these are parts of: those of the same automation above them."""
    rows = await tx.rows(
        """with recursive above as (
               select id as part, parent as run, automation from automation.run where id = any(%s)
               union all
               select above.part, r.parent, above.automation from above join automation.run r on r.id = above.run
               where r.automation = above.automation
           )
           select above.part, s.node, s.outputs from above
           join automation.run r on r.id = above.run and r.automation = above.automation
           join automation.step s on s.run = above.run
           where s.outputs is not null order by above.part, s.started_at, s.visit""",
        (list(runs),),
    )
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["part"], {})[row["node"]] = row["outputs"]
    return found


# Takes ready outside steps under a lease.
_CLAIM = """
update automation.step set status = 'claimed', attempts = attempts + 1, claimed_by = %(worker)s,
       lease_until = clock_timestamp() + %(lease)s, started_at = coalesce(started_at, %(now)s)
where ctid = any(array(select ctid from automation.step
                       where lane = %(lane)s and status = 'ready' and due_at <= %(now)s
                       order by due_at limit %(free)s for update skip locked))
returning run, visit, workspace, automation, lane, node, kind, attempts, inputs, started_at
"""


async def calls_of(tx: Tx, claimed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claimed steps with what a call needs to know of their runs."""
    if not claimed:
        return []
    about = await tx.rows(
        "select id, org, version, subject, event from automation.run where id = any(%s)",
        ([row["run"] for row in claimed],),
    )
    by_id = {row.pop("id"): row for row in about}
    return [{**row, **by_id[row["run"]]} for row in claimed]


async def lapsed(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Claimed steps whose lease ran out: nobody knows whether the call was made."""
    return await tx.rows(
        "select run, visit, node, kind, attempts, started_at from automation.step"
        " where status = 'claimed' and lease_until < clock_timestamp() order by run limit %s for update skip locked",
        (limit,),
    )


# -- what events mean -----------------------------------------------------------------------------------------------


async def generations(tx: Tx, workspaces: Sequence[str]) -> dict[str, int]:
    rows = await tx.rows("select workspace, number from automation.generation where workspace = any(%s)", (workspaces,))
    return {row["workspace"]: row["number"] for row in rows}


async def changed(tx: Tx, workspace: str) -> None:
    """Tells every process that this workspace's automations are to be read again."""
    await tx.run(
        "insert into automation.generation as g (workspace, number) values (%s, 1)"
        " on conflict (workspace) do update set number = g.number + 1",
        (workspace,),
    )


async def listening(tx: Tx, workspaces: Sequence[str]) -> list[dict[str, Any]]:
    """Live versions of enabled automations, and every version on which a run may still wait for an event."""
    return await tx.rows(
        """select a.workspace, a.org, a.id as automation, a.name, a.since, v.version, v.doc,
                  a.enabled and v.version = a.version as live
           from automation.automation a
           join automation.version v on v.workspace = a.workspace and v.automation = a.id
           where a.workspace = any(%s)
             and (a.enabled and v.version = a.version or v.doc @? '$.nodes[*] ? (@.kind == "wait_event")')
           order by a.created_at, v.version""",
        (list(workspaces),),
    )


async def wake(tx: Tx, woken: Mapping[tuple[str, int], Sequence[UUID]], now: datetime) -> None:
    """Makes waiting runs due and notes which event it was: by event (JSON) and visit, the runs."""
    if not woken:
        return
    await tx.many(
        "update automation.step set outputs = %s::jsonb where run = any(%s) and visit = %s",
        [(text, list(runs), visit) for (text, visit), runs in woken.items()],
    )
    ids = [run for runs in woken.values() for run in runs]
    await tx.run(
        "update automation.run set due_at = %s, wait_event = null, wait_key = null where id = any(%s)", (now, ids)
    )


# -- schedules ------------------------------------------------------------------------------------------------------


async def due_schedules(tx: Tx, now: datetime) -> list[dict[str, Any]]:
    return await tx.rows(
        """select s.workspace, s.automation, s.next_at, a.version, a.enabled from automation.schedule s
           join automation.automation a on a.workspace = s.workspace and a.id = s.automation
           where s.next_at <= %s and not exists (select from automation.pause p where p.workspace = s.workspace)
           order by s.next_at limit 500 for update of s skip locked""",
        (now,),
    )


async def schedules(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """The schedules of a workspace with the versions they start."""
    return await tx.rows(
        "select s.automation, a.version from automation.schedule s join automation.automation a"
        " on a.workspace = s.workspace and a.id = s.automation where s.workspace = %s for update of s",
        (workspace,),
    )


async def set_schedule(tx: Tx, workspace: str, automation: str, next_at: datetime | None) -> None:
    """When the schedule is due next; None removes it."""
    if next_at is None:
        await tx.run(
            "delete from automation.schedule where workspace = %s and automation = %s", (workspace, automation)
        )
        return
    await tx.run(
        """insert into automation.schedule (workspace, automation, next_at) values (%s, %s, %s)
           on conflict (workspace, automation) do update set next_at = excluded.next_at""",
        (workspace, automation, next_at),
    )


# -- asking people --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """What people are asked at a run's hop. `form` is JSON, for forms only."""

    run: UUID
    visit: int
    workspace: str
    question: str
    kind: str = "approve"
    form: str | None = None
    whom: tuple[str, ...] = ()
    needed: int = 1
    not_by: str = ""


async def ask(tx: Tx, questions: Sequence[Question], now: datetime) -> None:
    await tx.many(
        """insert into automation.approval (run, visit, workspace, question, kind, form, whom, needed, not_by, asked_at)
           values (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s) on conflict do nothing""",
        [
            (one.run, one.visit, one.workspace, one.question, one.kind, one.form, list(one.whom), one.needed,
             one.not_by, now)
            for one in questions
        ],
    )  # fmt: skip


async def decisions(tx: Tx, runs: Sequence[UUID]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """What was decided or filled in: decision, who, note and answer."""
    rows = await tx.rows(
        "select run, visit, decision, decided_by, note, answer from automation.approval"
        " where run = any(%s) and decision is not null",
        (list(runs),),
    )
    return {(row["run"], row["visit"]): row for row in rows}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return [_without_nul(item) for item in value] if isinstance(value, list | tuple) else value


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
