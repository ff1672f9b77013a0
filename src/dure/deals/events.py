"""What deals write to the feed. Every event of a deal carries enough to make a card or a metric of it alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.deals.model import Deal, Stage
from dure.deals.rules import in_words
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act

ACCOUNT_CREATED = "Account Created"
ACCOUNT_CHANGED = "Account Changed"
CONTACT_CREATED = "Contact Created"
CONTACT_CHANGED = "Contact Changed"
LEAD_CREATED = "Lead Created"
LEAD_CHANGED = "Lead Changed"
LEAD_CONVERTED = "Lead Converted"
PRODUCT_CREATED = "Product Created"
PRODUCT_CHANGED = "Product Changed"
TASK_CREATED = "Task Created"
TASK_CHANGED = "Task Changed"
TASK_DONE = "Task Done"
MEETING_BOOKED = "Meeting Booked"
MEETING_CHANGED = "Meeting Changed"
MEETING_HELD = "Meeting Held"
NOTE_ADDED = "Note Added"
NOTE_CHANGED = "Note Changed"
FILE_ATTACHED = "File Attached"
FILE_CHANGED = "Attached File Changed"
RECORD_DELETED = "Record Deleted"
RECORD_RESTORED = "Record Restored"
RECORDS_MERGED = "Records Merged"
MERGE_UNDONE = "Merge Undone"
DUPLICATE_DISMISSED = "Duplicate Dismissed"
PIPELINE_CHANGED = "Pipeline Changed"
FIELD_CHANGED = "Record Field Changed"
RATES_CHANGED = "Exchange Rates Changed"
VIEW_SAVED = "View Saved"
VIEW_DELETED = "View Deleted"
IMPORT_STARTED = "Import Started"
IMPORT_CANCELLED = "Import Cancelled"
IMPORT_FINISHED = "Import Finished"
DEAL_STALE = "Deal Stale"
DEAL_SINGLE_THREADED = "Deal Single Threaded"
DEAL_OVERDUE = "Deal Overdue"
DEAL_CREATED = "Deal Created"
DEAL_CHANGED = "Deal Changed"
DEAL_TEAM_CHANGED = "Deal Team Changed"
DEAL_STAGE_CHANGED = "Deal Stage Changed"
DEAL_WON = "Deal Won"
DEAL_LOST = "Deal Lost"

OUTCOMES = {"won": DEAL_WON, "lost": DEAL_LOST}


def deal_event(
    principal: Principal, name: str, at: datetime, now: datetime, deal: Deal, stage: Stage, more: dict[str, Any]
) -> Event:
    """One event about a deal as it is after the act; `at` is when it happened and `now` when it is written."""
    return _event(principal, name, at, now, "deal", deal.id, deal.account, {**facts_of(deal, stage), **more})


def stage_changed(
    principal: Principal, at: datetime, now: datetime, deal: Deal, before: Stage | None, to: Stage, spent: float,
    probability_before: int = 0, more: dict[str, Any] | None = None,
) -> list[Event]:  # fmt: skip
    """*Deal Stage Changed*, and *Deal Won* or *Deal Lost* where the stage is an end.

    `deal` is as it is afterwards; `before` None means that it was made in this stage; `spent` is seconds.
    `probability_before` is what the deal had before it.
    """
    move = {
        "from": before.key if before else "",
        "to": to.key,
        "from_ko": before.name_ko if before else "",
        "from_en": before.name_en if before else "",
        "probability_before": probability_before,
        "seconds_in_stage": round(spent),
        **(more or {}),
    }
    written = [deal_event(principal, DEAL_STAGE_CHANGED, at, now, deal, to, move)]
    if to.outcome:
        cycle = {"seconds_open": round((at - deal.created_at).total_seconds()), "reason": deal.lost_reason}
        written.append(deal_event(principal, OUTCOMES[to.outcome], at, now, deal, to, {**cycle, **(more or {})}))
    return written


def facts_of(deal: Deal, stage: Stage) -> dict[str, Any]:
    """`team` begins with the owner; `amount_text`, `path` and the stage's names are for cards."""
    return {
        "deal": deal.id,
        "name": deal.name,
        "slug": deal.slug,
        "stage": stage.key,
        "stage_ko": stage.name_ko,
        "stage_en": stage.name_en,
        "probability": deal.probability,
        "pipeline": stage.pipeline,
        "forecast": stage.forecast,
        "amount": deal.amount,
        "currency": deal.currency,
        "amount_text": in_words(deal.amount, deal.currency),
        "account": deal.account,
        "account_name": deal.account_name,
        "owner": deal.owner,
        "team": [deal.owner, *(user for user in deal.team if user != deal.owner)],
        "close_date": deal.close_date.isoformat(),
        "next_step": deal.next_step,
        "type": deal.type,
        "lead_source": deal.lead_source,
        "channel": deal.channel,
        "entry": deal.entries,
        "path": f"/deals/{deal.id}",
    }


def _event(
    principal: Principal, name: str, at: datetime, now: datetime, kind: str, object_id: str, account: str,
    properties: dict[str, Any],
) -> Event:  # fmt: skip
    return act(principal, "deals", name, kind, object_id, properties, now, at=at, account=account)
