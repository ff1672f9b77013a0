"""How much an automation may do: runs beyond its limits wait their turn, or are dropped and shown as such.

A run of an automation with limits begins `queued`. The beat that finds it due lets it in or not, one process at a time
for each automation, and counts in the database what all processes let in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.automation import timing
from dure.automation.model import Limits
from dure.automation.plan import Key, Plan
from dure.state import Tx

HOUR = timedelta(hours=1)
# The first in line ask again at least so often: whoever makes room for them may die before it says so.
_LOOK = timedelta(seconds=2)
_BUSY = timedelta(milliseconds=50)


def begins_as(plan: Plan) -> tuple[str, bool]:
    """With what status a run begins, and whether limits or conditions count it."""
    return ("queued" if plan.definition.limits else "running"), plan.watched


async def admit(tx: Tx, rows: Sequence[dict[str, Any]], plans: Mapping[Key, Plan], now: datetime) -> list[UUID]:
    """Lets in those of the queued runs that may begin now and returns their ids; the others are put off or dropped."""
    by_automation: dict[Key, list[dict[str, Any]]] = {}
    for row in rows:
        by_automation.setdefault((row["workspace"], row["automation"], row["version"]), []).append(row)
    admitted: list[UUID] = []
    for key, queued in by_automation.items():
        plan = plans.get(key)
        limits = plan.definition.limits if plan else None
        if limits is None:
            admitted += [row["id"] for row in queued]
            continue
        turn = "automation.limits:" + key[1]
        if not await tx.value("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", (turn,)):
            await _put_off(tx, {row["id"]: now + _BUSY for row in queued})
            continue
        admitted += await _of_one(tx, key, limits, sorted(queued, key=lambda row: row["started_at"]), now)
    if admitted:
        await tx.run(
            "update automation.run set status = 'running', started_at = %s where id = any(%s)", (now, admitted)
        )
    return admitted


async def _of_one(tx: Tx, key: Key, limits: Limits, queued: Sequence[dict[str, Any]], now: datetime) -> list[UUID]:
    open_, starts, last = await _counted(tx, key, limits, [row["subject"] for row in queued], now)
    spacing = timing.duration(limits.per_subject_per, "per_subject_per") if limits.per_subject_per else HOUR
    admitted: list[UUID] = []
    later: dict[UUID, datetime | None] = {}
    dropped: dict[str, list[dict[str, Any]]] = {}
    for row in queued:
        why, when = "", now + _LOOK
        before = last.get(row["subject"])
        if limits.per_subject_per and row["subject"] and before is not None and before + spacing > now:
            why, when = "per_subject_per", before + spacing
        elif limits.runs_per_hour is not None and len(starts) >= limits.runs_per_hour:
            # The oldest of the last hour makes room first; those behind it wait for the next.
            behind = len(later)
            turn = starts[behind % len(starts)] if starts else now
            why, when = "runs_per_hour", turn + HOUR * (1 + behind // max(len(starts), 1))
        elif limits.at_once is not None and open_ >= limits.at_once:
            why = "at_once"
        if not why:
            admitted.append(row["id"])
            open_ += 1
            starts.append(now)
            last[row["subject"]] = now
        elif limits.over == "drop":
            dropped.setdefault(why, []).append(row)
        else:
            later[row["id"]] = when if why != "at_once" else None
    for why, some in dropped.items():
        await tx.run(
            """update automation.run set status = 'dropped', ended_at = %(now)s, error = %(why)s,
                      due_at = case when parent is null then null else %(now)s end where id = any(%(ids)s)""",
            {"now": now, "why": f"limit:{why}", "ids": [row["id"] for row in some]},
        )
    await _put_off(tx, later)
    if limits.at_once is not None:
        await next_in_line(tx, key[0], key[1], limits.at_once, now + _LOOK)
    return admitted


async def _counted(
    tx: Tx, key: Key, limits: Limits, subjects: Sequence[str], now: datetime
) -> tuple[int, list[datetime], dict[str, datetime]]:
    """How many runs are open, when those of the last hour began (oldest first), and each subject's last."""
    open_, starts, last = 0, [], {}
    if limits.at_once is not None:
        open_ = await tx.value(
            "select count(*) from automation.run where workspace = %s and automation = %s and watched"
            " and ended_at is null and status <> 'queued'",
            key[:2],
        )
    if limits.runs_per_hour is not None:
        rows = await tx.rows(
            "select started_at from automation.run where workspace = %s and automation = %s and started_at > %s"
            " and status not in ('queued', 'dropped') order by started_at desc limit %s",
            (*key[:2], now - HOUR, limits.runs_per_hour),
        )
        starts = [row["started_at"] for row in reversed(rows)]
    if limits.per_subject_per is not None:
        since = now - timing.duration(limits.per_subject_per, "per_subject_per")
        rows = await tx.rows(
            "select subject, max(started_at) as at from automation.run where workspace = %s and automation = %s"
            " and watched and subject = any(%s) and started_at > %s and status not in ('queued', 'dropped')"
            " group by subject",
            (*key[:2], sorted(set(subjects)), since),
        )
        last = {row["subject"]: row["at"] for row in rows}
    return open_, starts, last


async def next_in_line(tx: Tx, workspace: str, automation: str, many: int, at: datetime) -> None:
    """Makes the first queued runs of an automation due, where they are not."""
    await tx.run(
        """update automation.run set due_at = %(at)s where id = any(array(
               select id from automation.run where workspace = %(workspace)s and automation = %(automation)s
               and status = 'queued' order by started_at limit %(many)s for update skip locked))
           and (due_at is null or due_at > %(at)s)""",
        {"at": at, "workspace": workspace, "automation": automation, "many": many},
    )


async def watch(tx: Tx, workspace: str, automation: str, since: datetime) -> None:
    """Counts what is open and what began lately from now on: the automation has just got a limit or a condition."""
    await tx.run(
        "update automation.run set watched = true where workspace = %s and automation = %s and not watched"
        " and (ended_at is null or started_at > %s)",
        (workspace, automation, since),
    )


async def _put_off(tx: Tx, until: Mapping[UUID, datetime | None]) -> None:
    await tx.many("update automation.run set due_at = %s where id = %s", [(when, run) for run, when in until.items()])
