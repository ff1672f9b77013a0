"""Making line items: what may be asked, and how a past becomes events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.pacing import events
from dure.pacing.forecast import FULL
from dure.pacing.model import DayTotal, LineItem, NewLineItem

_LARGEST = 10**15
_LONGEST_DAYS = 1100


def check(new: NewLineItem) -> NewLineItem:
    """Invalid names the field that makes no sense."""
    if not 1 <= len(new.name.strip()) <= 160:
        raise Invalid("A name has 1 to 160 characters.", field="name")
    if not 0 < new.goal <= _LARGEST:
        raise Invalid("`goal` is a number of impressions above 0.", field="goal")
    if not 0 <= new.budget <= _LARGEST:
        raise Invalid("`budget` is a whole number of minor units, 0 or more.", field="budget")
    if new.currency and not re.fullmatch("[A-Z]{3}", new.currency):
        raise Invalid("`currency` is a code of ISO 4217, such as KRW.", field="currency")
    if not date(2000, 1, 1) <= new.start_day <= date(2100, 1, 1):
        raise Invalid("A flight lies between 2000 and 2100.", field="start_day")
    if new.end_day < new.start_day:
        raise Invalid("A flight ends on or after the day it starts.", field="end_day")
    if (new.end_day - new.start_day).days > _LONGEST_DAYS:
        raise Invalid("A flight lasts three years at most.", field="end_day")
    return new


def book(new: NewLineItem, currency: str, now: datetime, item_id: str = "") -> LineItem:
    """The line item that was asked for."""
    at = new.created_at or now
    return LineItem(
        item_id or str(uuid7()), new.name.strip(), new.account, new.account_name, new.deal, new.campaign, new.channel,
        new.manager, new.format, new.goal, new.budget, new.currency or currency, new.start_day, new.end_day, "active",
        new.external, at, now, None, None,
    )  # fmt: skip


def end_of(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """When a day's figures became true: its last second, or now while it lasts."""
    return min(datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(seconds=1), now).astimezone(
        now.tzinfo
    )


def story(
    principal: Principal, item: LineItem, days: Sequence[DayTotal], zone: ZoneInfo, now: datetime
) -> tuple[list[Event], datetime | None, datetime | None]:
    """The events of a line item's past at their own times, when its goal was reached and when it ended."""
    mark = {"loaded": True}
    written = [events.item_event(principal, events.CREATED, item.created_at, now, item, mark)]
    total, reached, ended = 0, None, None
    for day in sorted(days, key=lambda one: one.day):
        at = end_of(day.day, zone, now)
        facts = events.recorded_facts(day.day, day, correction=False)
        written.append(events.item_event(principal, events.RECORDED, at, now, item, {**facts, **mark}))
        total += day.impressions
        if reached is None and total >= item.goal:
            reached = at
            facts = events.ended_facts(item, total, in_full=True)
            written.append(events.item_event(principal, events.DELIVERED, at, now, item, {**facts, **mark}))
    if days and max(day.day for day in days) >= item.end_day < now.astimezone(zone).date():
        ended = end_of(item.end_day, zone, now)
        facts = events.ended_facts(item, total, in_full=total >= item.goal * FULL)
        written.append(events.item_event(principal, events.ENDED, ended, now, item, {**facts, **mark}))
    return written, reached, ended
