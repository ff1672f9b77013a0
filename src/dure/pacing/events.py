"""What pacing writes to the feed. An alert's event carries the whole card."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.pacing.model import DayTotal, LineItem, Outlook

CREATED = "Line Item Created"
CHANGED = "Line Item Changed"
RECORDED = "Delivery Recorded"
AT_RISK = "Line Item At Risk"
NOT_LAUNCHED = "Line Item Not Launched"
RECOVERED = "Line Item Recovered"
DELIVERED = "Line Item Delivered"
ENDED = "Line Item Ended"

RAISED = {"at_risk": AT_RISK, "not_launched": NOT_LAUNCHED}

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
    }


def recorded_facts(day: date, change: DayTotal, *, correction: bool) -> dict[str, Any]:
    """The figures are what this call added to the day, so that sums over events are right after corrections too."""
    return {
        "date": day.isoformat(),
        "impressions": change.impressions,
        "clicks": change.clicks,
        "spend": change.spend,
        "correction": correction,
    }


def ended_facts(item: LineItem, delivered: int, *, in_full: bool) -> dict[str, Any]:
    return {
        "delivered": delivered,
        "delivered_text": f"{delivered:,}",
        "delivered_percent": _percent(delivered, item.goal),
        "shortfall": max(item.goal - delivered, 0),
        "in_full": in_full,
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
