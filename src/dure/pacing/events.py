"""What pacing writes to the feed. An alert's event carries the whole card."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.pacing.creatives.model import Creative
from dure.pacing.makegoods.model import Makegood
from dure.pacing.model import DayTotal, Gap, LineItem, Outlook
from dure.pacing.orders.model import Order

BILLED_BY_THIRD = 0.1

CREATED = "Line Item Created"
CHANGED = "Line Item Changed"
RECORDED = "Delivery Recorded"
COUNTED = "Third Party Delivery Recorded"
AT_RISK = "Line Item At Risk"
NOT_LAUNCHED = "Line Item Not Launched"
OVER = "Line Item Over Delivering"
STOPPED = "Line Item Stopped"
PAUSED_WITH_BUDGET = "Line Item Paused With Budget"
NOT_READY = "Line Item Not Ready"
TRACKING_GAP = "Tracking Gap"
ENDED_SHORT = "Line Item Ended Short"
CREATIVE_MISSING = "Creative Missing"
REJECTION_OPEN = "Creative Rejection Open"
STALE = "Delivery Data Stale"
FRESH = "Delivery Data Fresh"
RECOVERED = "Line Item Recovered"
PENDING = "Alert Pending"
HELD_BACK = "Alert Held Back"
FORGOTTEN = "Alert Forgotten"
CLEARING = "Alert Clearing"
BACK = "Alert Back"
RESOLVED = "Alert Resolved"
ACKNOWLEDGED = "Alert Acknowledged"
SNOOZED = "Alert Snoozed"
UNSNOOZED = "Alert Unsnoozed"
RULES_SET = "Alert Rules Changed"
LAUNCHED = "Line Item Launched"
MIDPOINT = "Flight Midpoint"
DELIVERED = "Line Item Delivered"
ENDED = "Line Item Ended"
CORRECTED = "Line Item Result Corrected"
TRAFFICKED = "Trafficking Done"
QA_APPROVED = "QA Approved"
QA_REJECTED = "QA Rejected"
WENT_LIVE = "Line Item Went Live"
ORDER_CREATED = "Order Created"
ORDER_CHANGED = "Order Changed"
CREATIVE_AWAITED = "Creative Awaited"
CREATIVE_RECEIVED = "Creative Received"
CREATIVE_CHECKED = "Creative Checked"
CREATIVE_APPROVED = "Creative Approved"
CREATIVE_REJECTED = "Creative Rejected"
CREATIVE_CHANGED = "Creative Changed"
SPEC_SET = "Creative Rules Changed"
MAKEGOOD_PROPOSED = "Makegood Proposed"
MAKEGOOD_APPROVED = "Makegood Approved"
MAKEGOOD_DECLINED = "Makegood Declined"
MAKEGOOD_BOOKED = "Makegood Booked"
SERVER_ADDED = "Ad Server Added"
SERVER_CHANGED = "Ad Server Changed"
SERVER_REMOVED = "Ad Server Removed"
FIGURES_IMPORTED = "Figures Imported"

RAISED = {
    "at_risk": AT_RISK,
    "not_launched": NOT_LAUNCHED,
    "over": OVER,
    "stopped": STOPPED,
    "paused_with_budget": PAUSED_WITH_BUDGET,
    "not_ready": NOT_READY,
    "tracking_gap": TRACKING_GAP,
    "ended_short": ENDED_SHORT,
    "creative_missing": CREATIVE_MISSING,
    "creative_rejected": REJECTION_OPEN,
    "data_stale": STALE,
}

REASONS = {
    "stopped": ("이틀째 노출이 없습니다", "it has not delivered for two days"),
    "slowing": ("노출이 갈수록 줄고 있습니다", "it delivers less from day to day"),
    "weekdays": ("남은 날이 노출이 적은 요일입니다", "the days left are its weak weekdays"),
    "behind": ("지금 속도로는 목표에 닿지 못합니다", "its pace does not reach the goal"),
}


def item_event(
    principal: Principal, name: str, at: datetime, now: datetime, item: LineItem, more: dict[str, Any]
) -> Event:
    """One event about a line item; `at` is when it happened and `now` when it is written."""
    told = {**facts_of(item), **more}
    return act(principal, "pacing", name, "line_item", item.id, told, now, at=at, account=item.account)


def facts_of(item: LineItem) -> dict[str, Any]:
    return {
        "line_item": item.id,
        "name": item.name,
        "account_name": item.account_name,
        "campaign": item.campaign,
        "deal": item.deal,
        "channel": item.channel,
        "manager": item.manager,
        "goal": item.goal,
        "goal_text": f"{item.goal:,}",
        "budget": item.budget,
        "currency": item.currency,
        "start": item.start_day.isoformat(),
        "end": item.end_day.isoformat(),
        "path": f"/pacing/{item.id}",
        "order": item.order,
        "goal_unit": item.goal_unit,
        "priority": item.priority,
        "original": item.original,
    }


def facts_of_order(order: Order) -> dict[str, Any]:
    return {
        "order": order.id,
        "name": order.name,
        "account_name": order.account_name,
        "advertiser": order.advertiser,
        "deal": order.deal,
        "channel": order.channel,
        "manager": order.manager,
        "budget": order.budget,
        "currency": order.currency,
        "state": order.state,
        "path": f"/pacing/orders?order={order.id}",
    }


def order_event(principal: Principal, name: str, now: datetime, order: Order, more: dict[str, Any]) -> Event:
    facts = {**facts_of_order(order), **more}
    return act(principal, "pacing", name, "order", order.id, facts, now, account=order.account)


def creative_event(
    principal: Principal, name: str, now: datetime, item: LineItem, creative: Creative, more: dict[str, Any]
) -> Event:
    """One event about a creative; the line item that it belongs to is told with it."""
    facts = {
        **facts_of(item),
        "creative": creative.id,
        "creative_name": creative.name,
        "creative_kind": creative.kind,
        "status": creative.status,
        "due": creative.due.isoformat() if creative.due else "",
        "reason": creative.reason,
        **more,
    }
    return act(principal, "pacing", name, "creative", creative.id, facts, now, account=item.account)


def spec_event(principal: Principal, now: datetime, kind: str, spec: dict[str, Any]) -> Event:
    return act(principal, "pacing", SPEC_SET, "creative_kind", kind, {"kind": kind, "spec": spec}, now)


def source_event(principal: Principal, name: str, now: datetime, source: str, more: dict[str, Any]) -> Event:
    """One event about a source of figures."""
    shown = source or "API"
    return act(
        principal,
        "pacing",
        name,
        "source",
        source,
        {"source": source, "source_name": shown, "channel": "", **more},
        now,
    )


def makegood_event(
    principal: Principal, name: str, now: datetime, item: LineItem, makegood: Makegood, more: dict[str, Any]
) -> Event:
    facts = {
        **facts_of(item),
        "makegood": makegood.id,
        "units": makegood.units,
        "units_text": f"{makegood.units:,}",
        "makegood_start": makegood.start_day.isoformat(),
        "makegood_end": makegood.end_day.isoformat(),
        "reason": makegood.reason,
        "proposed_by": makegood.proposed_by,
        "decided_by": makegood.decided_by,
        "booked": makegood.booked,
        **more,
    }
    return act(principal, "pacing", name, "line_item", item.id, facts, now, account=item.account)


def rules_event(principal: Principal, now: datetime, changed: list[str], rules: dict[str, Any]) -> Event:
    return act(principal, "pacing", RULES_SET, "alert_rules", "", {"changed": changed, "rules": rules}, now)


def server_event(principal: Principal, name: str, now: datetime, server: str, facts: dict[str, Any]) -> Event:
    return act(principal, "pacing", name, "ad_server", server, facts, now)


def recorded_facts(day: date, change: DayTotal, *, correction: bool, source: str = "") -> dict[str, Any]:
    """The figures are what this call added to the day, so that sums over events are right after corrections too."""
    return {
        "date": day.isoformat(),
        "impressions": change.impressions,
        "clicks": change.clicks,
        "spend": change.spend,
        "views": change.views,
        "listens": change.listens,
        "correction": correction,
        "source": source,
    }


def ended_facts(item: LineItem, delivered: int, *, in_full: bool, gap: Gap | None = None) -> dict[str, Any]:
    """What was delivered and what can be billed: never more than was booked, and by the third party's count where the
    two counters are further apart than a tenth."""
    counted = gap.third if gap is not None and gap.share > BILLED_BY_THIRD else delivered
    billable = min(counted, item.goal)
    return {
        "delivered": delivered,
        "delivered_text": f"{delivered:,}",
        "delivered_percent": _percent(delivered, item.goal),
        "shortfall": max(item.goal - delivered, 0),
        "shortfall_text": f"{max(item.goal - delivered, 0):,}",
        "in_full": in_full,
        "third_party": gap.third if gap else 0,
        "gap_percent": round(gap.share * 100, 1) if gap else 0.0,
        "billable": billable,
        "billable_text": f"{billable:,}",
        "billable_money": item.budget * billable // item.goal,
    }


def alert_facts(item: LineItem, outlook: Outlook) -> dict[str, Any]:
    """What a card says; the percentages are of the goal, `_text` figures have their separators."""
    facts: dict[str, Any] = {
        "delivered": outlook.delivered,
        "delivered_text": f"{outlook.delivered:,}",
        "delivered_percent": _percent(outlook.delivered, item.goal),
        "days_left": outlook.days_left,
        "needed_per_day": outlook.needed_per_day or 0,
        "needed_text": f"{outlook.needed_per_day or 0:,}",
    }
    if outlook.middle is None or outlook.low is None or outlook.high is None:
        return facts
    short = max(item.goal - outlook.middle, 0)
    ko, en = REASONS.get(outlook.reason, REASONS["behind"])
    return {
        **facts,
        "forecast": outlook.middle,
        "forecast_low": outlook.low,
        "forecast_high": outlook.high,
        "forecast_text": f"{outlook.middle:,}",
        "forecast_percent": _percent(outlook.middle, item.goal),
        "forecast_low_percent": _percent(outlook.low, item.goal),
        "forecast_high_percent": _percent(outlook.high, item.goal),
        "straight_percent": _percent(outlook.straight or 0, item.goal),
        "shortfall": short,
        "shortfall_text": f"{short:,}",
        "shortfall_percent": _percent(short, item.goal),
        "shortfall_money": item.budget * short // item.goal,
        "miss_percent": round((outlook.miss or 0.0) * 100),
        "expected_per_day": outlook.expected_per_day or 0,
        "expected_text": f"{outlook.expected_per_day or 0:,}",
        "running_per_day": outlook.running_per_day or 0,
        "running_text": f"{outlook.running_per_day or 0:,}",
        "reason": outlook.reason,
        "reason_ko": ko,
        "reason_en": en,
    }


def _percent(part: int, whole: int) -> float:
    return round(part / whole * 100, 1)
