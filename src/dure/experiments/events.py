"""What experiments and flags write to the feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import EventKind
from dure.experiments.design import EXPOSED
from dure.experiments.drawing import Holdout
from dure.experiments.model import Experiment
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.tenant import Tenant

SOURCE = "experiments"
CREATED = "Experiment Created"
CHANGED = "Experiment Changed"
DELETED = "Experiment Deleted"
STARTED = "Experiment Started"
STOPPED = "Experiment Stopped"
DECIDED = "Experiment Decided"
VERDICT_CHANGED = "Experiment Verdict Changed"
HOLDOUT_CHANGED = "Global Holdout Changed"
FLAG_CREATED = "Flag Created"
FLAG_CHANGED = "Flag Changed"
FLAG_DELETED = "Flag Deleted"
FLAG_OVERRIDDEN = "Flag Overridden"

_ABOUT = {"experiment": "id", "name": "text", "name_en": "text", "path": "address of the screen"}
EVENTS = [
    EventKind(STARTED, {"ko": "실험 시작됨", "en": "Experiment started"}, SOURCE, _ABOUT),
    EventKind(STOPPED, {"ko": "실험 멈춤", "en": "Experiment stopped"}, SOURCE, _ABOUT),
    EventKind(
        DECIDED, {"ko": "실험 결정됨", "en": "Experiment decided"}, SOURCE,
        {**_ABOUT, "arm": "the arm that everybody gets", "why": "text"},
    ),
    EventKind(
        VERDICT_CHANGED, {"ko": "실험 판정 바뀜", "en": "Experiment's verdict changed"}, SOURCE,
        {**_ABOUT, "verdict": "better, worse, leaning, nothing, waiting, careful, harmed or unbalanced",
         "before": "the same", "text_ko": "text", "text_en": "text"},
    ),
    EventKind(
        EXPOSED, {"ko": "실험에 노출됨", "en": "Exposed to an experiment"}, SOURCE, {"experiment": "id", "arm": "text"}
    ),
]  # fmt: skip


def experiment_event(
    principal: Principal, now: datetime, name: str, experiment: Experiment, more: dict[str, Any] | None = None
) -> Event:
    """An act on an experiment."""
    named = experiment.design.name
    told = {
        "experiment": experiment.id, "name": named["ko"], "name_en": named["en"],
        "path": f"/experiments/{experiment.id}", **(more or {}),
    }  # fmt: skip
    return act(principal, SOURCE, name, "experiment", experiment.id, told, now)


def exposed(tenant: Tenant, now: datetime, experiment: str, arm: str, person: UUID, distinct_id: str = "") -> Event:
    """Somebody met an experiment. The message's id is the same however often they do, so that the log keeps the first
    of a week; what is analysed is the first of all."""
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=EXPOSED, time=now, received_at=now,
        message_id=f"exposed:{experiment}:{person}", source=SOURCE, person=person, distinct_id=distinct_id,
        object_type="experiment", object=experiment, properties={"experiment": experiment, "arm": arm},
    )  # fmt: skip


def flag_event(
    principal: Principal, now: datetime, name: str, key: str, more: dict[str, Any] | None = None
) -> Event:  # fmt: skip
    told = {"flag": key, "path": f"/feature-flags/{key}", **(more or {})}
    return act(principal, SOURCE, name, "flag", key, told, now)


def holdout_event(principal: Principal, now: datetime, holdout: Holdout) -> Event:
    told = {"share": holdout.share, "round": holdout.round, "rotate_days": holdout.rotate_days}
    return act(principal, SOURCE, HOLDOUT_CHANGED, "workspace", principal.tenant.workspace, told, now)
