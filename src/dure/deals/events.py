"""What deals write to the feed. Every event of a deal carries enough to make a card or a metric of it alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.deals.model import Account, Contact, Deal, Stage
from dure.deals.rules import in_words
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act

ACCOUNT_CREATED = "Account Created"
CONTACT_CREATED = "Contact Created"
DEAL_CREATED = "Deal Created"
DEAL_CHANGED = "Deal Changed"
DEAL_TEAM_CHANGED = "Deal Team Changed"
DEAL_STAGE_CHANGED = "Deal Stage Changed"
DEAL_WON = "Deal Won"
DEAL_LOST = "Deal Lost"

OUTCOMES = {"won": DEAL_WON, "lost": DEAL_LOST}


def account_created(principal: Principal, now: datetime, account: Account) -> Event:
    facts = {"name": account.name, "industry": account.industry, "country": account.country, "size": account.size}
    return _event(principal, ACCOUNT_CREATED, now, now, "account", account.id, account.id, facts)


def contact_created(principal: Principal, now: datetime, contact: Contact) -> Event:
    facts = {"name": contact.name, "email": contact.email, "title": contact.title}
    return _event(principal, CONTACT_CREATED, now, now, "contact", contact.id, contact.account, facts)


def deal_event(
    principal: Principal, name: str, at: datetime, now: datetime, deal: Deal, stage: Stage, more: dict[str, Any]
) -> Event:
    """One event about a deal as it is after the act; `at` is when it happened and `now` when it is written."""
    return _event(principal, name, at, now, "deal", deal.id, deal.account, {**facts_of(deal, stage), **more})


def stage_changed(
    principal: Principal, at: datetime, now: datetime, deal: Deal, before: Stage | None, to: Stage, spent: float,
    more: dict[str, Any] | None = None,
) -> list[Event]:  # fmt: skip
    """*Deal Stage Changed*, and *Deal Won* or *Deal Lost* where the stage is an end.

    `deal` is as it is afterwards; `before` None means that it was made in this stage; `spent` is seconds.
    """
    move = {
        "from": before.key if before else "",
        "to": to.key,
        "from_ko": before.name_ko if before else "",
        "from_en": before.name_en if before else "",
        "probability_before": before.probability if before else 0,
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
        "probability": stage.probability,
        "amount": deal.amount,
        "currency": deal.currency,
        "amount_text": in_words(deal.amount, deal.currency),
        "account": deal.account,
        "account_name": deal.account_name,
        "owner": deal.owner,
        "team": [deal.owner, *(user for user in deal.team if user != deal.owner)],
        "close_date": deal.close_date.isoformat(),
        "next_step": deal.next_step,
        "channel": deal.channel,
        "entry": deal.entries,
        "path": f"/deals/{deal.id}",
    }


def _event(
    principal: Principal, name: str, at: datetime, now: datetime, kind: str, object_id: str, account: str,
    properties: dict[str, Any],
) -> Event:  # fmt: skip
    return act(principal, "deals", name, kind, object_id, properties, now, at=at, account=account)
