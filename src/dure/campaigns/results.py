"""How a campaign went: an experiment of its two halves, in which everybody counts from the moment they came in."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from dure.campaigns.design import Design
from dure.campaigns.events import ENTERED
from dure.campaigns.model import Campaign, Result
from dure.experiments.api import Experiments, Exposure, Measure, Outcome, PlannedArm, Selector
from dure.governance.api import Principal
from dure.segments.api import Segments

RETENTION_DAYS = (1, 7, 30)
DECIDING_DAY = 7
_CONTROL, _TREATED = {"ko": "대조군", "en": "control"}, {"ko": "받은 사람", "en": "treated"}
_NO_CONTROL = {
    "ko": "대조군이 없어 이 캠페인이 무엇을 바꾸었는지 말할 수 없습니다.",
    "en": "Without a control nothing can be said of what this campaign changed.",
}


async def result_of(
    experiments: Experiments, segments: Segments, asking: Principal, campaign: Campaign, *, retention: bool = True
) -> Result:
    """Whoever was assigned counts, whatever became of their message: leaving out those whom none reached would compare
    unlike halves. Intervals hold however often one looks. Without `retention` only what decides is read."""
    design, activity = campaign.design, await segments.activity(asking)
    returning = Selector(event=activity.event, where=activity.where)
    measures = measures_of(design, returning, retention=retention)
    outcome = await experiments.analyse_exposure(
        asking, Exposure(event=ENTERED, object=campaign.id), measures, arms=_arms(design), method="always"
    )
    goal = design.goal.event if design.goal else ""
    # A guardrail may be the retention of some day too; that one is a guardrail.
    days = {
        number: one.day for number, one in enumerate(measures) if one.kind == "retention" and one.role != "guardrail"
    }
    return Result(_said(outcome, design), goal, design.window, activity.event, days)


def measures_of(design: Design, returning: Selector, *, retention: bool) -> list[Measure]:
    """The goal, guardrails, and whether people are there again on each of the days; what decides comes first."""
    deciding = _goal(design) or _back(DECIDING_DAY, returning, "goal")
    guards = [msgspec.structs.replace(one, role="guardrail") for one in design.guardrails]
    days = [day for day in RETENTION_DAYS if design.goal is not None or day != DECIDING_DAY] if retention else []
    return [deciding, *guards, *(_back(day, returning, "secondary") for day in days)]


def _goal(design: Design) -> Measure | None:
    if (goal := design.goal) is None:
        return None
    name = {"ko": f"목표 ‘{goal.event}’", "en": f"Goal “{goal.event}”"}
    return Measure(event=Selector(event=goal.event, where=goal.where), window=design.window, name=name)


def _back(day: int, returning: Selector, role: str) -> Measure:
    return Measure(
        role=role, kind="retention", event=returning, day=day,  # type: ignore[arg-type]
        name={"ko": f"{day}일 뒤 다시 옴", "en": f"Day-{day} retention"},
    )  # fmt: skip


def _arms(design: Design) -> list[PlannedArm]:
    return [PlannedArm(name="control", share=design.holdout, title=_CONTROL),
            PlannedArm(name="treated", share=1 - design.holdout, title=_TREATED)]  # fmt: skip


def _said(outcome: Outcome, design: Design) -> Outcome:
    return outcome if design.holdout else replace(outcome, verdict="nothing", sentence=_NO_CONTROL)
