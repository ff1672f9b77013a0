"""Automation's SQL for people: automations and their versions, runs and their steps, as lists and details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.automation.model import AutomationInfo, Definition, Run, Step
from dure.automation.store import as_json
from dure.state import Tx

# Events in the feed before this one happened before the switch was turned.
_POSITION = "pg_current_xact_id()::text::bigint * 4096"


async def insert(
    tx: Tx, workspace: str, org: str, id: str, name: str, recipe: str, enabled: bool, by: str, now: datetime
) -> bool:
    """A new automation without a version yet; False where the recipe is there already."""
    return bool(
        await tx.run(
            f"""insert into automation.automation
                    (workspace, id, org, name, recipe, enabled, version, since, created_by, created_at, updated_at)
                values (%s, %s, %s, %s, %s, %s, 0, {_POSITION}, %s, %s, %s)
                on conflict (workspace, recipe) where recipe <> '' do nothing""",
            (workspace, id, org, name, recipe, enabled, by, now, now),
        )
    )


async def publish(
    tx: Tx, workspace: str, id: str, name: str, definition: Definition, by: str, now: datetime, note: str = "",
    settings: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """A new live version; returns its number. `settings` are those that a recipe was filled with."""
    version: int = await tx.value(
        "update automation.automation set version = version + 1, name = %s, updated_at = %s"
        " where workspace = %s and id = %s returning version",
        (name, now, workspace, id),
    )
    await tx.run(
        "insert into automation.version"
        " (workspace, automation, version, doc, published_by, published_at, name, note, settings)"
        " values (%s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s::jsonb)",
        (
            workspace,
            id,
            version,
            as_json(definition),
            by,
            now,
            name,
            note,
            None if settings is None else as_json(settings),
        ),
    )
    return version


async def switch(tx: Tx, workspace: str, id: str, enabled: bool, now: datetime) -> bool:
    """Turns it on or off; False where it was so already. Its trigger counts from here."""
    return bool(
        await tx.run(
            f"""update automation.automation set enabled = %(on)s, updated_at = %(now)s, stopped_because = '',
                       stopped = null, since = case when %(on)s then {_POSITION} else since end
                where workspace = %(workspace)s and id = %(id)s and enabled <> %(on)s""",
            {"on": enabled, "now": now, "workspace": workspace, "id": id},
        )
    )


async def remove(tx: Tx, workspace: str, id: str) -> None:
    """An automation with its versions, runs and steps."""
    for table in ("vote", "approval", "step"):
        await tx.run(
            f"delete from automation.{table} t using automation.run r"
            " where t.run = r.id and r.workspace = %s and r.automation = %s",
            (workspace, id),
        )
    for table in ("run", "schedule", "hook", "crossing", "version"):
        await tx.run(f"delete from automation.{table} where workspace = %s and automation = %s", (workspace, id))
    await tx.run("delete from automation.automation where workspace = %s and id = %s", (workspace, id))


async def automations(
    tx: Tx, workspace: str, today: datetime, ids: Sequence[str] | None = None
) -> list[AutomationInfo]:
    """All or some, oldest first, with what ran since `today` and what is waiting."""
    rows = await tx.rows(
        """select a.*, v.doc, v.settings, coalesce(r.today, 0) as today, coalesce(r.failed, 0) as failed,
                  coalesce(w.waiting, 0) as waiting
           from automation.automation a
           join automation.version v on v.workspace = a.workspace and v.automation = a.id and v.version = a.version
           left join lateral (
               select count(*) as today, count(*) filter (where status = 'failed') as failed from automation.run
               where workspace = a.workspace and automation = a.id and started_at >= %(today)s
           ) r on true
           left join lateral (
               select count(*) as waiting from (
                   select from automation.run where workspace = a.workspace and automation = a.id
                   and status in ('running', 'waiting') limit 100000) w0
           ) w on true
           where a.workspace = %(workspace)s and (%(ids)s::text[] is null or a.id = any(%(ids)s))
           order by a.created_at, a.id""",
        {"workspace": workspace, "today": today, "ids": None if ids is None else list(ids)},
    )
    return [
        AutomationInfo(
            row["id"], row["name"], row["recipe"], row["enabled"], row["version"],
            msgspec.convert(row["doc"], Definition), row["created_at"], row["stopped_because"], row["today"],
            row["failed"], row["waiting"], row["settings"], row["stopped"],
        )
        for row in rows
    ]  # fmt: skip


async def locked(tx: Tx, workspace: str, id: str) -> dict[str, Any] | None:
    """An automation with its live document, locked against other changes."""
    return await tx.row(
        """select a.*, v.doc, v.settings from automation.automation a
           join automation.version v on v.workspace = a.workspace and v.automation = a.id and v.version = a.version
           where a.workspace = %s and a.id = %s for update of a""",
        (workspace, id),
    )


async def of_recipe(tx: Tx, workspace: str, recipe: str) -> str | None:
    found: str | None = await tx.value(
        "select id from automation.automation where workspace = %s and recipe = %s", (workspace, recipe)
    )
    return found


async def runs(
    tx: Tx, workspace: str, automation: str | None, status: str | None, before: datetime | None, limit: int
) -> list[Run]:
    """Runs, newest first."""
    rows = await tx.rows(
        """select * from automation.run where workspace = %(workspace)s
           and (%(automation)s::text is null or automation = %(automation)s)
           and (%(status)s::text is null or status = %(status)s)
           and (%(before)s::timestamptz is null or started_at < %(before)s)
           order by started_at desc, id desc limit %(limit)s""",
        {"workspace": workspace, "automation": automation, "status": status, "before": before, "limit": limit},
    )
    return [run_of(row, {}) for row in rows]


async def run(tx: Tx, workspace: str, id: UUID, *, lock: bool = False) -> tuple[Run, list[Step]] | None:
    """One run and its steps in the order they were taken."""
    row = await tx.row(
        f"select * from automation.run where workspace = %s and id = %s {'for update' if lock else ''}", (workspace, id)
    )
    if row is None:
        return None
    taken = await steps(tx, workspace, id)
    return run_of(row, {step.node: step.outputs for step in taken if step.outputs is not None}), taken


async def steps(tx: Tx, workspace: str, run: UUID) -> list[Step]:
    rows = await tx.rows(
        "select * from automation.step where workspace = %s and run = %s order by visit", (workspace, run)
    )
    return [
        Step(
            str(row["run"]), row["node"], row["visit"], row["kind"], row["status"], row["attempts"], row["due_at"],
            row["inputs"], row["outputs"], row["error"], row["started_at"], row["ended_at"], row["outcome"],
        )
        for row in rows
    ]  # fmt: skip


async def questions(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """What people are asked and have not decided, with who has said yes so far."""
    return await tx.rows(
        """select p.run::text, p.visit, p.kind, p.question, p.form, p.whom, p.needed, p.not_by, p.asked_at,
                  r.automation, r.subject, r.node, a.name,
                  array(select voter from automation.vote v where v.run = p.run and v.visit = p.visit) as voted
           from automation.approval p join automation.run r on r.id = p.run and r.visit = p.visit
           join automation.automation a on a.workspace = r.workspace and a.id = r.automation
           where p.workspace = %s and p.decision is null and r.status = 'waiting' order by p.asked_at""",
        (workspace,),
    )


async def question(tx: Tx, workspace: str, run: UUID) -> dict[str, Any] | None:
    """What is asked where a run stands, as long as nobody has decided it."""
    return await tx.row(
        """select p.* from automation.approval p join automation.run r on r.id = p.run and r.visit = p.visit
           where p.workspace = %s and p.run = %s and p.decision is null""",
        (workspace, run),
    )


async def decide(
    tx: Tx, run: UUID, visit: int, decision: str, by: str, note: str, answer: str | None, now: datetime
) -> None:
    """Writes a decision, or what was filled into a form (JSON)."""
    await tx.run(
        "update automation.approval set decision = %s, decided_by = %s, note = %s, answer = %s::jsonb, decided_at = %s"
        " where run = %s and visit = %s and decision is null",
        (decision, by, note, answer, now, run, visit),
    )


async def vote(tx: Tx, workspace: str, run: UUID, visit: int, voter: str, note: str, now: datetime) -> int | None:
    """Writes down that somebody said yes; how many have now, None where they had before."""
    made = await tx.run(
        "insert into automation.vote (run, visit, workspace, voter, note, at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (run, visit, workspace, voter, note, now),
    )
    if not made:
        return None
    count: int = await tx.value("select count(*) from automation.vote where run = %s and visit = %s", (run, visit))
    return count


async def unknown(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Steps of which nobody knows what came, and whose runs wait for a person to say it; the oldest first."""
    return await tx.rows(
        """select s.run::text, s.visit, s.node, s.kind, s.inputs, s.error, s.attempts, s.started_at, r.automation,
                  r.subject, a.name
           from automation.step s join automation.run r on r.id = s.run and r.visit = s.visit
           join automation.automation a on a.workspace = r.workspace and a.id = r.automation
           where s.workspace = %s and s.status = 'unknown' and r.status = 'failed' order by s.started_at limit 500""",
        (workspace,),
    )


async def settle_step(tx: Tx, run: UUID, visit: int, status: str, outputs: str | None, now: datetime) -> None:
    """Says by hand what came of a step; `outputs` is JSON."""
    await tx.run(
        "update automation.step set status = %s, outputs = coalesce(%s::jsonb, outputs), outcome = 'settled',"
        " ended_at = %s where run = %s and visit = %s",
        (status, outputs, now, run, visit),
    )


async def for_record(tx: Tx, workspace: str, type: str) -> list[str]:
    """The enabled automations that may be started by hand on a record of a type."""
    rows = await tx.rows(
        """select a.id from automation.automation a
           join automation.version v on v.workspace = a.workspace and v.automation = a.id and v.version = a.version
           where a.workspace = %s and a.enabled and v.doc -> 'trigger' -> 'record' ->> 'type' = %s
           order by a.name""",
        (workspace, type),
    )
    return [row["id"] for row in rows]


async def make_due(
    tx: Tx, run: UUID, now: datetime | None, *, status: str = "running", node: str | None = None,
    visit: int | None = None,
) -> None:  # fmt: skip
    """Puts a run back on its way: due at `now` (None: its outside step is), on another node where one is given."""
    await tx.run(
        """update automation.run set status = %(status)s, due_at = %(now)s, attempts = 0, error = '', ended_at = null,
                  node = coalesce(%(node)s, node), visit = coalesce(%(visit)s, visit), wait_event = null,
                  wait_key = null where id = %(run)s""",
        {"run": run, "now": now, "status": status, "node": node, "visit": visit},
    )


async def finish(tx: Tx, run: UUID, now: datetime) -> None:
    """Brings a run to its end by hand; one within another is due once more, to report."""
    await tx.run(
        "update automation.run set status = 'done', error = '', ended_at = %(now)s,"
        " due_at = case when parent is not null then %(now)s end where id = %(run)s",
        {"run": run, "now": now},
    )


async def set_step(
    tx: Tx, run: UUID, visit: int, status: str, due_at: datetime | None, ended_at: datetime | None = None
) -> None:
    """Gives a step another status by hand; its attempts begin anew."""
    await tx.run(
        "update automation.step set status = %s, due_at = %s, ended_at = %s, attempts = 0, lease_until = null,"
        " claimed_by = null where run = %s and visit = %s",
        (status, due_at, ended_at, run, visit),
    )


async def stop(tx: Tx, run: UUID, now: datetime) -> None:
    """Ends a run by hand, and the runs within it; what they waited for is left out."""
    rows = await tx.rows(
        """with recursive within as (
               select id from automation.run where id = %s
               union all
               select r.id from automation.run r join within w on r.parent = w.id where r.ended_at is null
           )
           select r.id from automation.run r join within using (id) order by r.id for update of r""",
        (run,),
    )
    ids = [row["id"] for row in rows]
    await tx.run(
        "update automation.step set status = 'skipped', ended_at = %s, due_at = null where run = any(%s)"
        " and status in ('ready', 'claimed', 'waiting', 'failed', 'unknown')",
        (now, ids),
    )
    await tx.run(
        """update automation.run set status = 'stopped', wait_event = null, wait_key = null, ended_at = %(now)s,
                  due_at = case when id = %(run)s and parent is not null then %(now)s end
           where id = any(%(ids)s) and ended_at is null""",
        {"now": now, "run": run, "ids": ids},
    )


def run_of(row: dict[str, Any], state: dict[str, Any]) -> Run:
    """A row of runs, with what its steps answered by node."""
    return Run(
        str(row["id"]), row["automation"], row["version"], row["subject"], row["trigger_key"], row["node"],
        row["status"], row["due_at"], row["started_at"], row["ended_at"], state, row["event"], row["error"],
        str(row["parent"] or ""), row["item"],
    )  # fmt: skip
