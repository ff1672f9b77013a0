"""What conditions and templates know of other runs of the same automation: `runs.active_for_subject`, `runs.last_day`.

Counted only for automations that ask for it; the run itself is not among them while it is being decided on, and is once
it has begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dure.state import Tx

if TYPE_CHECKING:
    from dure.automation.plan import Plan

COUNTS = (
    "active", "active_for_subject", "last_hour", "last_day", "last_week", "last_hour_for_subject",
    "last_day_for_subject", "last_week_for_subject", "failed_last_day", "failed_last_day_for_subject",
)  # fmt: skip


async def count_runs(
    tx: Tx, wanted: Sequence[tuple[Plan, Mapping[str, Any] | None, str, dict[str, Mapping[str, Any]]]],
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Fills in `runs` where a plan mentions it, as of `now` (the database's when None)."""
    asking = [(plan, subject, things) for plan, _, subject, things in wanted if "runs" in plan.roots]
    if not asking:
        return
    pairs = sorted({(plan.tenant.workspace, plan.automation, subject) for plan, subject, _ in asking})
    rows = await tx.rows(
        """select p.*, c.*, o.*
           from unnest(%(workspaces)s::text[], %(automations)s::text[], %(subjects)s::text[])
                as p (workspace, automation, subject)
           cross join (select coalesce(%(now)s::timestamptz, now()) as at) as clock
           left join lateral (
               select count(*) as active, count(*) filter (where r.subject = p.subject) as active_for_subject
               from automation.run r where r.workspace = p.workspace and r.automation = p.automation and r.watched
               and r.ended_at is null
           ) o on true
           left join lateral (
               select count(*) filter (where hour) as last_hour, count(*) filter (where day) as last_day,
                      count(*) as last_week,
                      count(*) filter (where hour and own) as last_hour_for_subject,
                      count(*) filter (where day and own) as last_day_for_subject,
                      count(*) filter (where own) as last_week_for_subject,
                      count(*) filter (where day and status = 'failed') as failed_last_day,
                      count(*) filter (where day and own and status = 'failed') as failed_last_day_for_subject
               from (
                   select r.status, r.subject = p.subject as own, r.started_at > at - interval '1 hour' as hour,
                          r.started_at > at - interval '1 day' as day
                   from automation.run r where r.workspace = p.workspace and r.automation = p.automation
                   and r.started_at > at - interval '7 days' and r.status not in ('queued', 'dropped')
               ) as week
           ) c on true""",
        {
            "workspaces": [pair[0] for pair in pairs], "automations": [pair[1] for pair in pairs],
            "subjects": [pair[2] for pair in pairs], "now": now,
        },
    )  # fmt: skip
    found = {
        (row["workspace"], row["automation"], row["subject"]): {name: row[name] for name in COUNTS} for row in rows
    }
    for plan, subject, things in asking:
        things["runs"] = found[plan.tenant.workspace, plan.automation, subject]
