"""The SQL of history. Every statement is bounded by a number of runs: histories grow without end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.history.model import Wanted
from dure.state import Tx

_SAID = "concat_ws(' ', r.subject, r.trigger_key, r.error, r.event ->> 'event', r.event -> 'properties' ->> 'name')"
_MEANT = f"""r.workspace = %(workspace)s and (%(automation)s::text is null or r.automation = %(automation)s)
 and (%(status)s::text[] is null or r.status = any(%(status)s)) and (%(subject)s = '' or r.subject = %(subject)s)
 and (%(node)s = '' or r.node = %(node)s) and (%(version)s::int is null or r.version = %(version)s)
 and (%(since)s::timestamptz is null or r.started_at >= %(since)s)
 and (%(until)s::timestamptz is null or r.started_at < %(until)s)
 and (%(text)s = '' or {_SAID} ilike %(text)s)"""
_AT_MOST = 10_000


def _params(workspace: str, wanted: Wanted) -> dict[str, Any]:
    text = wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        "workspace": workspace, "automation": wanted.automation, "subject": wanted.subject, "node": wanted.node,
        "status": list(wanted.status) or None, "since": wanted.since, "until": wanted.until,
        "text": f"%{text}%" if text else "", "version": wanted.version,
    }  # fmt: skip


async def runs(
    tx: Tx, workspace: str, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Runs that fit, newest first, after a place in that order, with how many steps each has taken."""
    at, run = after or (None, None)
    return await tx.rows(
        f"""select r.*, (select count(*) from automation.step s where s.run = r.id) as steps
            from automation.run r where {_MEANT}
              and (%(at)s::timestamptz is null or (r.started_at, r.id) < (%(at)s, %(id)s::uuid))
            order by r.started_at desc, r.id desc limit %(limit)s""",
        {**_params(workspace, wanted), "at": at, "id": run, "limit": limit},
    )


async def by_status(tx: Tx, workspace: str, wanted: Wanted) -> dict[str, int]:
    """How many runs that fit are in each state; counted up to ten thousand, newest first."""
    rows = await tx.rows(
        f"""select status, count(*) as runs from (select r.status from automation.run r where {_MEANT}
            order by r.started_at desc limit {_AT_MOST}) found group by status""",
        _params(workspace, wanted),
    )
    return {row["status"]: row["runs"] for row in rows}


async def counts(tx: Tx, workspace: str, wanted: Wanted, most: int) -> list[dict[str, Any]]:
    """What became of the steps of the newest runs, by node, state and outcome, with how long they took."""
    return await tx.rows(
        f"""with newest as materialized (
                select r.id from automation.run r where {_MEANT} order by r.started_at desc limit %(most)s)
            select s.node, s.status, s.outcome, count(*) as steps, sum(greatest(s.attempts - 1, 0)) as retries,
                   percentile_cont(0.5) within group (order by extract(epoch from s.ended_at - s.started_at)) as median,
                   percentile_cont(0.95) within group (order by extract(epoch from s.ended_at - s.started_at)) as slow
            from newest join automation.step s on s.run = newest.id
            group by s.node, s.status, s.outcome""",
        {**_params(workspace, wanted), "most": most},
    )


async def counted(tx: Tx, workspace: str, wanted: Wanted, most: int) -> dict[str, Any]:
    """Over how many runs `counts` went, and since when."""
    row = await tx.row(
        f"""select count(*) as runs, min(started_at) as since from (
                select r.started_at from automation.run r where {_MEANT}
                order by r.started_at desc limit %(most)s) newest""",
        {**_params(workspace, wanted), "most": most},
    )
    assert row is not None  # noqa: S101
    return row


async def standing(tx: Tx, workspace: str, automation: str) -> dict[str, int]:
    """How many runs stand on each node now; counted up to a hundred thousand."""
    rows = await tx.rows(
        """select node, count(*) as runs from (
               select node from automation.run where workspace = %s and automation = %s
               and status in ('running', 'waiting') limit 100000) r group by node""",
        (workspace, automation),
    )
    return {row["node"]: row["runs"] for row in rows}


async def letters(
    tx: Tx, workspace: str, automation: str | None, only: str, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Runs that failed, newest first, each with the step at which it did; `only` unknown or dead ones."""
    at, run = after or (None, None)
    return await tx.rows(
        """select r.id, r.automation, a.name, r.subject, r.version, r.event -> 'properties' ->> 'name' as about,
                  r.error, r.node, r.started_at, r.ended_at, s.visit, s.kind, s.status, s.attempts
           from automation.run r
           join automation.automation a on a.workspace = r.workspace and a.id = r.automation
           left join lateral (select visit, kind, status, attempts from automation.step where run = r.id
                              order by visit desc limit 1) s on true
           where r.workspace = %(workspace)s and r.status = 'failed'
             and (%(automation)s::text is null or r.automation = %(automation)s)
             and (%(at)s::timestamptz is null or (r.started_at, r.id) < (%(at)s, %(id)s::uuid))
             and (%(only)s = '' or (coalesce(s.status, '') = 'unknown') = (%(only)s = 'unknown'))
           order by r.started_at desc, r.id desc limit %(limit)s""",
        {"workspace": workspace, "automation": automation, "only": only, "at": at, "id": run, "limit": limit},
    )


async def decisions(tx: Tx, workspace: str, run: UUID) -> list[dict[str, Any]]:
    """What people were asked in a run, and how each question was answered."""
    return await tx.rows(
        """select p.visit, p.kind, p.question, p.form, p.whom, p.needed, p.asked_at, p.decision, p.decided_by, p.note,
                  p.decided_at, p.answer,
                  array(select voter from automation.vote v where v.run = p.run and v.visit = p.visit) as voted
           from automation.approval p where p.workspace = %s and p.run = %s order by p.visit""",
        (workspace, run),
    )
