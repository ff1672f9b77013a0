"""How a campaign went: both halves' return within the goal window, read from the log."""

from __future__ import annotations

from datetime import UTC, datetime

from dure.campaigns import log_sql
from dure.campaigns.model import Campaign, Result
from dure.experiments.api import Arm, compare, describe
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments, duration


async def result_of(log: Log, segments: Segments, tenant: Tenant, campaign: Campaign, now: datetime) -> Result:
    """Everybody assigned counts from the moment they entered, whatever became of their letter. Without a goal nobody
    returned."""
    design = campaign.design
    arms, pending = {"control": Arm(0, 0), "treated": Arm(0, 0)}, 0
    where, bound = segments.condition(design.goal.where if design.goal else ())
    answer = await log.query(
        tenant,
        log_sql.HALVES.format(where=where),
        {
            **bound, "campaign": campaign.id, "goal": design.goal.event if design.goal else "",
            "window": int(duration(design.window).total_seconds()),
            "now": now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
        },
    )  # fmt: skip
    for arm, people, returned, waiting in answer.rows:
        arms[arm] = Arm(people, returned)
        pending += waiting
    comparison = compare(arms["control"], arms["treated"], share=design.holdout)
    goal = design.goal.event if design.goal else ""
    return Result(comparison, pending, design.window, goal, describe(comparison))
