"""What automation writes to the feed.

Runs are written only where somebody looks at each: `Run Finished` and `Run Failed` for the interactive lane; of the
bulk lane one `Run Failed` an automation and tick, with a count. That a run started is not written: the trigger's own
event says it, and a million of them would say it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import EventKind
from dure.automation.standing import Ended
from dure.feed.api import NOBODY, Event
from dure.governance.model import Principal
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant

CREATED = "Automation Created"
CHANGED = "Automation Changed"
ENABLED = "Automation Enabled"
DISABLED = "Automation Disabled"
FINISHED = "Run Finished"
FAILED = "Run Failed"
REFUSED = "Run Refused"
RETRIED = "Step Retried"
SKIPPED = "Step Skipped"
DECIDED = "Approval Decided"
PAUSED = "Automations Paused"
RESUMED = "Automations Resumed"
ACTS = (CREATED, CHANGED, ENABLED, DISABLED, REFUSED, RETRIED, SKIPPED, DECIDED)

EVENTS = [
    EventKind(
        FINISHED, {"ko": "자동화 실행이 끝남", "en": "An automation's run finished"}, "automation",
        {"name": "text", "subject": "text", "seconds": "number"},
    ),
    EventKind(
        FAILED, {"ko": "자동화 실행이 실패함", "en": "An automation's run failed"}, "automation",
        {"name": "text", "subject": "text", "node": "text", "error": "text", "runs": "number"},
    ),
    EventKind(
        REFUSED, {"ko": "꼬리를 무는 자동화가 멈춤", "en": "An automation that fed itself was stopped"}, "automation",
        {"name": "text", "depth": "number", "cause": "text"},
    ),
]  # fmt: skip


def automation_event(
    tenant: Tenant, now: datetime, name: str, automation: str, properties: dict[str, Any], *, actor: str = "automation",
    run: str = "", person: UUID = NOBODY,
) -> Event:  # fmt: skip
    """One fact about an automation, and about a person where the run was about one."""
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=name, time=now, received_at=now, message_id=str(uuid7()),
        source="automation", person=person, object_type="automation", object=automation, actor=actor, run=run,
        properties=properties,
    )  # fmt: skip


def by(principal: Principal, now: datetime, name: str, automation: str, properties: dict[str, Any]) -> Event:
    """An act of a person on an automation."""
    return automation_event(
        principal.tenant, now, name, automation, properties, actor=principal.actor, run=principal.run
    )


def of_ended(ended: Sequence[Ended], now: datetime) -> dict[Tenant, list[Event]]:
    """What the runs that ended in a tick say, by tenant."""
    said: dict[Tenant, list[Event]] = defaultdict(list)
    failed_in_bulk: dict[tuple[Tenant, str], list[Ended]] = defaultdict(list)
    for end in ended:
        run, tenant = end.run, end.run.plan.tenant
        if run.lane == 0:
            said[tenant].append(_of_run(end, now))
        elif end.status == "failed":
            failed_in_bulk[tenant, run.plan.automation].append(end)
    for (tenant, _), ends in failed_in_bulk.items():
        event = _of_run(ends[0], now)
        event.properties["runs"] = len(ends)
        said[tenant].append(event)
    return said


def _of_run(end: Ended, now: datetime) -> Event:
    run = end.run
    properties: dict[str, Any] = {
        "name": run.plan.name, "version": run.plan.version, "subject": run.subject,
        "seconds": round((now - run.started_at).total_seconds(), 3),
    }  # fmt: skip
    if end.status == "failed":
        properties |= {"node": run.node, "error": end.error, "runs": 1}
    name = FAILED if end.status == "failed" else FINISHED
    return automation_event(
        run.plan.tenant, now, name, run.plan.automation, properties, run=str(run.id), person=_about(run.event)
    )


def _about(event: dict[str, Any] | None) -> UUID:
    """The person that a run's event is about; an event given by hand may say anything."""
    try:
        return UUID(str((event or {}).get("person") or NOBODY))
    except ValueError:
        return NOBODY
