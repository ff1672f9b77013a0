"""Making line items: what may be asked, and how a past becomes events."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.pacing import events
from dure.pacing.forecast import FULL
from dure.pacing.model import HOURS_OF_WEEK, UNITS, DayTotal, LineItem, NewLineItem, PacingKind

_LARGEST = 10**15
_LONGEST_DAYS = 1100


def check(new: NewLineItem) -> NewLineItem:
    """Invalid names the field that makes no sense."""
    if not 1 <= len(new.name.strip()) <= 160:
        raise Invalid("A name has 1 to 160 characters.", field="name")
    if not 0 < new.goal <= _LARGEST:
        raise Invalid("`goal` is a whole number above 0, 10¹⁵ at most.", field="goal")
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
    if new.goal_unit not in UNITS:
        raise Invalid(f"`goal_unit` is one of {', '.join(UNITS)}.", field="goal_unit")
    if new.pacing not in get_args(PacingKind):
        raise Invalid(f"`pacing` is one of {', '.join(get_args(PacingKind))}.", field="pacing")
    if new.pacing == "custom" and not (
        0 < len(new.custom_curve) <= _LONGEST_DAYS
        and all(math.isfinite(part) and part >= 0 for part in new.custom_curve)
        and sum(new.custom_curve) > 0
    ):
        raise Invalid("`custom_curve` has weights of the flight's equal parts, 0 or more.", field="custom_curve")
    for name in ("cap", "cap_daily"):
        if (most := getattr(new, name)) is not None and not 0 < most <= _LARGEST:
            raise Invalid(f"`{name}` is a number above 0, or nothing.", field=name)
    if not all(0 <= hour < HOURS_OF_WEEK for hour in new.dayparts):
        raise Invalid("`dayparts` are hours of the week, 0 (Monday, midnight) to 167.", field="dayparts")
    if not 1 <= new.priority <= 16:
        raise Invalid("`priority` is 1 (first) to 16.", field="priority")
    if not 0 <= (new.creatives_wanted or 0) <= 100:
        raise Invalid("`creatives_wanted` is 0 to 100.", field="creatives_wanted")
    if len(new.targeting) > 2000:
        raise Invalid("`targeting` has 2,000 characters at most.", field="targeting")
    return new


def book(new: NewLineItem, currency: str, now: datetime, item_id: str = "") -> LineItem:
    """The line item that was asked for."""
    at = new.created_at or now
    return LineItem(
        item_id or str(uuid7()), new.name.strip(), new.account, new.account_name, new.deal, new.campaign, new.channel,
        new.manager, new.format, new.goal, new.budget, new.currency or currency, new.start_day, new.end_day, "active",
        new.external, at, now, None, None, new.order, new.goal_unit, new.pacing, tuple(new.custom_curve), new.cap,
        new.cap_daily, tuple(sorted(set(new.dayparts))), new.priority, new.targeting.strip(), new.original,
        1 if new.creatives_wanted is None else new.creatives_wanted, new.trafficking or "open", source=new.source,
    )  # fmt: skip


def asked_of(item: LineItem) -> NewLineItem:
    """What would have to be asked for to get this line item; for checking a changed one."""
    names = {one.name for one in fields(NewLineItem)} & {one.name for one in fields(LineItem)}
    return NewLineItem(**{name: getattr(item, name) for name in names})


def begun(new: NewLineItem, item: LineItem, today: date) -> LineItem:
    """One that is brought in and has begun is on air already: its creatives were somebody else's to check."""
    if new.trafficking is not None or item.start_day > today:
        return item
    return replace(item, trafficking="live", creatives_wanted=new.creatives_wanted or 0)


def past(item: LineItem, days: Sequence[DayTotal], zone: ZoneInfo, now: datetime) -> LineItem:
    """What is behind a line item that is brought in is not told as if it happened today."""
    delivering = [day.day for day in days if day.of(item.goal_unit) > 0]
    half = item.start_day + timedelta(days=item.days // 2)
    return replace(
        item,
        launched_at=end_of(min(delivering), zone, now) if delivering else None,
        halfway_at=end_of(half, zone, now) if half <= now.astimezone(zone).date() else None,
    )


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
        total += day.of(item.goal_unit)
        if reached is None and total >= item.goal:
            reached = at
            facts = events.ended_facts(item, total, in_full=True)
            written.append(events.item_event(principal, events.DELIVERED, at, now, item, {**facts, **mark}))
    if days and max(day.day for day in days) >= item.end_day < now.astimezone(zone).date():
        ended = end_of(item.end_day, zone, now)
        facts = events.ended_facts(item, total, in_full=total >= item.goal * FULL)
        written.append(events.item_event(principal, events.ENDED, ended, now, item, {**facts, **mark}))
    return written, reached, ended
