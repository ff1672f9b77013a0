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

import msgspec

from dure.automation.plugs import EventKind
from dure.automation.standing import Ended, Ledger, Standing
from dure.automation.store import PAUSED, Question
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
STOPPED = "Automation Stopped"
RETRIED = "Step Retried"
SKIPPED = "Step Skipped"
DECIDED = "Approval Decided"
ASKED = "Approval Asked"
FORM_ASKED = "Form Asked"
FORM_ANSWERED = "Form Answered"
UNKNOWN = "Outcome Unknown"
OUTCOME_SETTLED = "Outcome Settled"
RUN_STOPPED = "Run Stopped"
RUNS_MOVED = "Runs Moved"
ALL_PAUSED = "Automations Paused"
ALL_RESUMED = "Automations Resumed"
WEBHOOK = "Webhook Received"
HOOK_RENEWED = "Webhook Address Renewed"
DAY_SET = "Working Day Set"
# What people do with an automation.
ACTS = (
    CREATED, CHANGED, ENABLED, DISABLED, STOPPED, RETRIED, SKIPPED, DECIDED, FORM_ANSWERED, OUTCOME_SETTLED,
    RUN_STOPPED, RUNS_MOVED, HOOK_RENEWED,
)  # fmt: skip

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
        STOPPED, {"ko": "꼬리를 무는 자동화가 멈춤", "en": "An automation that fed itself was stopped"}, "automation",
        {"name": "text", "reason": "depth or rate", "depth": "number", "runs": "number", "cause": "text",
         "error": "the same as an English sentence"},
    ),
    EventKind(
        ASKED, {"ko": "결정을 물음", "en": "A decision is asked for"}, "automation",
        {"name": "text", "question": "text", "of": "list", "needed": "number", "channel": "text", "run": "text",
         "node": "text"},
    ),
    EventKind(
        DECIDED, {"ko": "결정이 내려짐", "en": "A decision was made"}, "automation",
        {"decision": "yes or no", "note": "text", "run": "text", "node": "text", "decided": "yes or no"},
    ),
    EventKind(
        FORM_ASKED, {"ko": "양식을 물음", "en": "A form is put to people"}, "automation",
        {"name": "text", "question": "text", "of": "list", "channel": "text", "fields": "list", "run": "text",
         "node": "text"},
    ),
    EventKind(
        FORM_ANSWERED, {"ko": "양식에 답함", "en": "A form was filled in"}, "automation",
        {"values": "record", "run": "the run that asked, where its own node `ask` did",
         "node": "the node that asked, where the run itself did"},
    ),
    EventKind(
        UNKNOWN, {"ko": "외부 호출의 결과를 모름", "en": "Nobody knows what came of a call"}, "automation",
        {"name": "text", "node": "text", "run": "text", "error": "text"},
    ),
    EventKind(
        WEBHOOK, {"ko": "웹훅을 받음", "en": "A webhook was received"}, "automation",
        {"": "whatever was sent, by its own names"},
    ),
    EventKind(ALL_PAUSED, {"ko": "모든 자동화를 멈춤", "en": "All automations were paused"}, "automation",
              {"reason": "text"}),
    EventKind(ALL_RESUMED, {"ko": "모든 자동화를 다시 시작함", "en": "All automations were resumed"}, "automation", {}),
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


def of_ledger(ledger: Ledger, now: datetime) -> dict[Tenant, list[Event]]:
    """What a tick says, by tenant: questions to people, outcomes that nobody knows, runs that ended."""
    said: dict[Tenant, list[Event]] = defaultdict(list)
    for run, question in ledger.asked:
        said[run.plan.tenant].append(_asked(run, question, now))
    for end in ledger.unknown:
        properties = {"name": end.run.plan.name, "node": end.run.node, "run": str(end.run.id), "error": end.error}
        tenant = end.run.plan.tenant
        said[tenant].append(
            automation_event(tenant, now, UNKNOWN, end.run.plan.automation, properties, run=str(end.run.id))
        )
    for tenant, some in of_ended(ledger.ended, now).items():
        said[tenant] += some
    return said


def _asked(run: Standing, question: Question, now: datetime) -> Event:
    properties: dict[str, Any] = {
        "name": run.plan.name, "question": question.question, "of": list(question.whom), "run": str(run.id),
        "node": run.node, "subject": run.subject,
    }  # fmt: skip
    properties |= msgspec.json.decode(question.form or "{}")
    if question.kind != "ask":
        properties["needed"] = question.needed
    name = FORM_ASKED if question.kind == "ask" else ASKED
    return automation_event(run.plan.tenant, now, name, run.plan.automation, properties, run=str(run.id))


def of_ended(ended: Sequence[Ended], now: datetime) -> dict[Tenant, list[Event]]:
    """What the runs that ended in a tick say, by tenant."""
    said: dict[Tenant, list[Event]] = defaultdict(list)
    failed_in_bulk: dict[tuple[Tenant, str], list[Ended]] = defaultdict(list)
    for end in ended:
        run, tenant = end.run, end.run.plan.tenant
        if run.lane % PAUSED == 0:
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
