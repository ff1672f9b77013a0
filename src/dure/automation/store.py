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

from dure.state import Tx

_encode = msgspec.json.Encoder().encode

_RUN = """id, org, workspace, automation, version, lane, subject, trigger_key, event, depth, node, visit, attempts,
 status, due_at, wait_event, error, started_at, ended_at"""


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


_TYPES = {
    "visit": "int", "workspace": "text", "automation": "text", "lane": "smallint", "node": "text", "kind": "text",
    "status": "text", "attempts": "smallint", "due_at": "timestamptz", "inputs": "jsonb", "outputs": "jsonb",
    "outcome": "text", "error": "text", "started_at": "timestamptz", "ended_at": "timestamptz",
}  # fmt: skip
_NAMES = ", ".join(_TYPES)
_MANY = 20


def as_json(value: Any) -> str:
    """JSON that jsonb takes: a NUL inside a text is left out, since PostgreSQL cannot keep one."""
    text = _encode(value).decode()
    return _encode(_without_nul(msgspec.to_builtins(value))).decode() if "\\u0000" in text else text


# -- is anything to do ----------------------------------------------------------------------------------------------


async def soonest(tx: Tx) -> dict[str, Any]:
    """When the earliest run and step of each lane and the earliest schedule are due, and whether a lease ran out.

    One statement over the partial indexes: what an idle engine costs.
    """
    row = await tx.row(
        """select (select min(due_at) from automation.run where lane = 0 and due_at is not null) as run0,
                  (select min(due_at) from automation.run where lane = 1 and due_at is not null) as run1,
                  (select min(due_at) from automation.step where lane = 0 and status = 'ready') as step0,
                  (select min(due_at) from automation.step where lane = 1 and status = 'ready') as step1,
                  (select min(next_at) from automation.schedule) as schedule,
                  exists (select from automation.step where status = 'claimed'
                          and lease_until < clock_timestamp()) as lapsed"""
    )
    assert row is not None  # noqa: S101
    return row


_CHANGE = f"""on conflict (run, visit) do update set
 {
    ", ".join(
        f"{name} = excluded.{name}"
        for name in ("status", "attempts", "due_at", "outputs", "outcome", "error", "ended_at")
    )
},
 inputs = coalesce(excluded.inputs, s.inputs), claimed_by = null, lease_until = null"""


# -- runs -----------------------------------------------------------------------------------------------------------


async def insert_runs(tx: Tx, runs: Sequence[NewRun], now: datetime) -> list[UUID]:
    """Starts runs; those whose trigger key is there already are left out. Returns the ids that are new."""
    if not runs:
        return []
    columns = ("id", "org", "workspace", "automation", "version", "lane", "subject", "trigger_key", "event", "depth",
               "node")  # fmt: skip
    rows = await tx.rows(
        """insert into automation.run (id, org, workspace, automation, version, lane, subject, trigger_key, event,
                                       depth, node, status, due_at, started_at)
           select n.*, 'running', %(now)s, %(now)s
           from unnest(%(id)s::uuid[], %(org)s::text[], %(workspace)s::text[], %(automation)s::text[],
                       %(version)s::int[], %(lane)s::smallint[], %(subject)s::text[], %(trigger_key)s::text[],
                       %(event)s::jsonb[], %(depth)s::smallint[], %(node)s::text[]) n
           on conflict (workspace, automation, trigger_key) do nothing returning id""",
        {"now": now, **{name: [getattr(run, name) for run in runs] for name in columns}},
    )
    return [row["id"] for row in rows]


async def take_due(tx: Tx, lane: int, now: datetime, limit: int) -> list[dict[str, Any]]:
    """Due runs of a lane, locked; those that another worker holds are left to it."""
    return await tx.rows(
        f"select {_RUN} from automation.run where lane = %s and due_at <= %s order by due_at limit %s"
        " for update skip locked",
        (lane, now, limit),
    )


async def take(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Runs by id, locked, where nobody else holds them."""
    return await tx.rows(
        f"select {_RUN} from automation.run where id = any(%s) order by id for update skip locked", (list(ids),)
    )


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


async def depths(tx: Tx, ids: Iterable[str]) -> dict[str, int]:
    """How deep in a chain of causes runs are."""
    known = [found for found in map(_uuid, ids) if found]
    rows = await tx.rows("select id, depth from automation.run where id = any(%s)", (known,))
    return {str(row["id"]): row["depth"] for row in rows}


async def parked(tx: Tx, workspace: str, events: Sequence[str], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Runs that wait for one of these events with one of these keys, locked."""
    return await tx.rows(
        f"select {_RUN}, wait_key from automation.run"
        " where workspace = %s and wait_event = any(%s) and wait_key = any(%s) order by id for update",
        (workspace, list(events), list(keys)),
    )


# -- steps ----------------------------------------------------------------------------------------------------------


async def write_steps(tx: Tx, steps: Mapping[StepText, Sequence[UUID]]) -> None:
    """Writes steps, new or known: large groups in one pipelined round trip, the rest in one statement."""
    large = {text: runs for text, runs in steps.items() if len(runs) >= _MANY}
    if large:
        values = ", ".join(f"%({name})s::{kind}" for name, kind in _TYPES.items())
        await tx.many(
            f"insert into automation.step as s (run, {_NAMES}) select r, {values} from unnest(%(runs)s) r {_CHANGE}",
            [{**{name: getattr(text, name) for name in _TYPES}, "runs": list(runs)} for text, runs in large.items()],
        )
    rest = [(text, run) for text, runs in steps.items() if len(runs) < _MANY for run in runs]
    if rest:
        arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in _TYPES.items())
        await tx.run(
            f"insert into automation.step as s (run, {_NAMES}) select * from unnest(%(runs)s, {arrays}) {_CHANGE}",
            {**{name: [getattr(text, name) for text, _ in rest] for name in _TYPES}, "runs": [run for _, run in rest]},
        )


async def open_steps(tx: Tx, runs: Sequence[UUID]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """Claimed and unknown steps of runs, by run and visit."""
    rows = await tx.rows(
        "select run, visit, node, kind, status, attempts, claimed_by, started_at from automation.step"
        " where run = any(%s) and status in ('claimed', 'unknown')",
        (list(runs),),
    )
    return {(row["run"], row["visit"]): row for row in rows}


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


async def claim(tx: Tx, lane: int, now: datetime, limit: int, worker: str, lease: timedelta) -> list[dict[str, Any]]:
    """Takes ready outside steps under a lease, with what a call needs to know of their runs."""
    claimed = await tx.rows(
        """update automation.step set status = 'claimed', attempts = attempts + 1, claimed_by = %(worker)s,
                  lease_until = clock_timestamp() + %(lease)s, started_at = coalesce(started_at, %(now)s)
           where ctid = any(array(select ctid from automation.step
                                  where lane = %(lane)s and status = 'ready' and due_at <= %(now)s
                                  order by due_at limit %(limit)s for update skip locked))
           returning run, visit, workspace, automation, lane, node, kind, attempts, inputs, started_at""",
        {"lane": lane, "now": now, "limit": limit, "worker": worker, "lease": lease},
    )
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
           where s.next_at <= %s order by s.next_at limit 500 for update of s skip locked""",
        (now,),
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


async def ask(tx: Tx, questions: Sequence[tuple[UUID, int, str, str]], now: datetime) -> None:
    """Run, visit, workspace and question of each."""
    await tx.many(
        "insert into automation.approval (run, visit, workspace, question, asked_at) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        [(*question, now) for question in questions],
    )


async def decisions(tx: Tx, runs: Sequence[UUID]) -> dict[tuple[UUID, int], str]:
    rows = await tx.rows(
        "select run, visit, decision from automation.approval where run = any(%s) and decision is not null",
        (list(runs),),
    )
    return {(row["run"], row["visit"]): row["decision"] for row in rows}


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
