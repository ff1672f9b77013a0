"""Schedules: rows with a next time, no thread each. A time that was missed runs once, late, not once for each miss."""

from __future__ import annotations

from datetime import datetime

from dure.automation import store, timing
from dure.automation.match import LANES
from dure.automation.model import Trigger
from dure.automation.plans import Plans
from dure.automation.store import NewRun
from dure.kernel.ids import uuid7
from dure.state import Tx


def next_time(trigger: Trigger, after: datetime) -> datetime | None:
    """When a schedule is due next; None for other triggers."""
    if trigger.every is not None:
        return timing.next_every(after, timing.duration(trigger.every, "trigger.every"))
    if trigger.at is not None:
        where = timing.zone(trigger.zone or "UTC", "trigger.zone")
        return timing.next_daily(after, timing.time_of_day(trigger.at, "trigger.at"), where, trigger.days)
    return None


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
            runs.append(
                NewRun(
                    uuid7(),
                    plan.tenant.org,
                    plan.tenant.workspace,
                    plan.automation,
                    plan.version,
                    LANES[plan.definition.lane],
                    "",
                    f"schedule:{row['next_at'].isoformat()}",
                    None,
                    0,
                    plan.first,
                )
            )
        following = next_time(plan.definition.trigger, now) if row["enabled"] else None
        await store.set_schedule(tx, row["workspace"], row["automation"], following)
    await store.insert_runs(tx, runs, now)
