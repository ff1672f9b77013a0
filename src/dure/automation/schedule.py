"""Schedules: rows with a next time, no thread each. A time that was missed runs once, late, not once for each miss."""

from __future__ import annotations

from datetime import datetime

from dure.automation import store, timing
from dure.automation.match import run_of
from dure.automation.model import Trigger
from dure.automation.plans import Plans
from dure.automation.workdays import Workdays, workdays_of
from dure.state import Tx


def next_time(trigger: Trigger, after: datetime, workdays: Workdays) -> datetime | None:
    """When a schedule is due next; None for other triggers."""
    if trigger.every is not None:
        return timing.next_every(after, timing.duration(trigger.every, "trigger.every"))
    if trigger.at is not None:
        where = timing.zone(trigger.zone or "UTC", "trigger.zone")
        at = timing.time_of_day(trigger.at, "trigger.at")
        return timing.next_daily(after, at, where, trigger.days, trigger.monthday, workdays)
    return None


async def next_of(tx: Tx, workspace: str, trigger: Trigger, after: datetime) -> datetime | None:
    """When a schedule of a workspace is due next, by the workspace's own calendar."""
    worked = timing.BUSINESS in trigger.days or timing.BUSINESS in str(trigger.monthday or "")
    calendar = await workdays_of(tx, workspace, trigger.zone or "UTC") if worked else Workdays()
    return next_time(trigger, after, calendar)


async def start_due(tx: Tx, plans: Plans, now: datetime) -> None:
    """Starts a run for each schedule that is due and sets its next time."""
    due = await store.due_schedules(tx, now)
    if not due:
        return
    known = await plans.get(tx, {(row["workspace"], row["automation"], row["version"]) for row in due})
    runs = []
    for row in due:
        plan = known[row["workspace"], row["automation"], row["version"]]
        if row["enabled"]:
            runs.append(run_of(plan, "", f"schedule:{row['next_at'].isoformat()}", None))
        trigger = plan.definition.trigger
        following = await next_of(tx, row["workspace"], trigger, now) if row["enabled"] else None
        await store.set_schedule(tx, row["workspace"], row["automation"], following)
    await store.insert_runs(tx, runs, now)


async def set_again(tx: Tx, workspace: str, plans: Plans, now: datetime) -> None:
    """Sets the next times of a workspace anew: its calendar has changed."""
    rows = await store.schedules(tx, workspace)
    known = await plans.get(tx, {(workspace, row["automation"], row["version"]) for row in rows})
    for plan in known.values():
        following = await next_of(tx, workspace, plan.definition.trigger, now)
        await store.set_schedule(tx, workspace, plan.automation, following)
