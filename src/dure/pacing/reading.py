"""What screens and reports show of line items: rows, one line's page, the numbers of an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.governance.api import Workspace
from dure.kernel.errors import Invalid, NotFound
from dure.pacing import events, store
from dure.pacing.alerts import store as alert_store
from dure.pacing.alerts.kinds import KINDS
from dure.pacing.curve import Curve, nothing_learned
from dure.pacing.deliveries import store as delivery_store
from dure.pacing.forecast import FULL
from dure.pacing.looking import LONG_AGO, SHOWN_AFTER_END, clock_of, totals_of
from dure.pacing.model import Alert, DayForecast, DayTotal, Detail, HourTotal, LineItem, Outlook, Row
from dure.pacing.money import in_words
from dure.pacing.orders import store as order_store
from dure.pacing.plan import hours_of, plan
from dure.pacing.standing import Now, Standing, stand
from dure.state import Tx

_RECENT_DAYS = 21


async def rows(tx: Tx, space: Workspace, at: datetime, order: str) -> list[Row]:
    """Line items that have not ended or ended lately; with an order, all of it."""
    workspace, today = space.id, at.astimezone(ZoneInfo(space.timezone)).date()
    if order:
        items = await store.of_order(tx, workspace, order)
    else:
        items = await store.items(tx, workspace, at - SHOWN_AFTER_END)
    ids = [item.id for item in items]
    outlooks = await store.outlooks(tx, workspace, ids)
    days = await delivery_store.days(tx, workspace, ids, today - timedelta(days=_RECENT_DAYS))
    alerts = await alert_store.last(tx, workspace, ids)
    opened = {key for key, alert in alerts.items() if alert.raised}
    return [
        Row(
            item,
            _shown(item, outlooks.get(item.id), today),
            tuple(day.of(item.goal_unit) for day in days.get(item.id, ())),
            tuple(kind for kind in KINDS if (item.id, kind) in opened),
        )
        for item in items
    ]


async def detail(tx: Tx, space: Workspace, at: datetime, item_id: str) -> Detail:
    """One line item as it stands now."""
    workspace = space.id
    item = (await store.ids(tx, workspace, [item_id])).get(item_id)
    if item is None:
        raise NotFound("There is no such line item.")
    days = (await delivery_store.days(tx, workspace, [item.id], LONG_AGO)).get(item.id, [])
    now = await clock_of(tx, space, at, item)
    learned = await store.curve(tx, workspace)
    curve = learned[0] if learned else nothing_learned()
    kept = await store.outlooks(tx, workspace, [item.id])
    alerts = await alert_store.of_item(tx, workspace, item.id)
    hours = (await delivery_store.hours_of(tx, workspace, [item.id], now.today)).get(item.id, {})
    gaps = (await delivery_store.gaps(tx, workspace, [item.id], now.today)).get(item.id, [])
    standing = stand(item, totals_of([item], {item.id: days})[item.id], now, curve)
    outlook = standing.outlook
    if item.id in kept and kept[item.id].status == "at_risk" and outlook.status == "healthy":
        outlook = replace(outlook, status="at_risk")
    running = item.start_day <= now.today <= item.end_day
    return Detail(
        item, outlook, tuple(days), _ahead(standing), tuple(alerts), plan(item, curve),
        _today(item, hours, now, standing, curve) if running else (), tuple(gaps), stale=now.stale and running,
    )  # fmt: skip


async def of_place(
    tx: Tx, workspace: str, *, channel: str = "", order: str = ""
) -> tuple[list[LineItem], dict[str, Outlook], list[Alert]]:
    """The line items of a channel or an order that have not ended (of everybody, where neither is named), how they
    stand, and their open alerts."""
    if channel and order:
        raise Invalid("Name a channel or an order, not both.", field="channel")
    if order:
        found = (await order_store.ids(tx, workspace, [order])).get(order)
        if found is None:
            raise NotFound("There is no such order.", field="order")
        items = [item for item in await store.of_order(tx, workspace, found.id) if item.ended_at is None]
    elif channel:
        items = await store.of_channel(tx, workspace, channel)
    else:
        items = [item for item in await store.items(tx, workspace) if item.ended_at is None]
    ids = [item.id for item in items]
    alerts = [alert for alert in (await alert_store.last(tx, workspace, ids)).values() if alert.raised]
    return items, await store.outlooks(tx, workspace, ids), [one for one in alerts if one.line_item]


async def report(
    tx: Tx, workspace: str, timezone: str, at: datetime, *, line_item: str = "", order: str = ""
) -> dict[str, Any]:
    """Numbers of a line item or an order as plain JSON; money in minor units, `_text` for cards."""
    if bool(line_item) == bool(order):
        raise Invalid("Name a line item or an order, one of them.", field="line_item")
    head: dict[str, Any]
    if order:
        found = (await order_store.ids(tx, workspace, [order])).get(order)
        if found is None:
            raise NotFound("There is no such order.", field="order")
        items = await store.of_order(tx, workspace, found.id)
        head = {"order": found.id, "name": found.name, "account_name": found.account_name, "budget": found.budget,
                "currency": found.currency}  # fmt: skip
    else:
        item = (await store.ids(tx, workspace, [line_item])).get(line_item)
        if item is None:
            raise NotFound("There is no such line item.", field="line_item")
        items = [item]
        head = {"order": item.order, "name": item.name, "account_name": item.account_name, "budget": item.budget,
                "currency": item.currency}  # fmt: skip
    ids = [item.id for item in items]
    outlooks = await store.outlooks(tx, workspace, ids)
    days = await delivery_store.days(tx, workspace, ids, LONG_AGO)
    today = at.astimezone(ZoneInfo(timezone)).date()
    gaps = await delivery_store.gaps(tx, workspace, ids, today)
    lines = [
        _line(item, outlooks.get(item.id), days.get(item.id, ()), max(gaps.get(item.id, ()), key=lambda g: g.share,
              default=None), today)
        for item in items
    ]  # fmt: skip
    booked = sum(item.budget for item in items)
    billable = sum(line["billable_money"] for line in lines)
    return {
        **head,
        "day": today.isoformat(),
        "line_items": lines,
        "booked": booked,
        "booked_text": in_words(booked, head["currency"]),
        "spend": sum(line["spend"] for line in lines),
        "billable_money": billable,
        "billable_text": in_words(billable, head["currency"]),
        "in_full": sum(line["in_full"] for line in lines),
        "delivered_percent": round(
            sum(min(line["delivered_percent"], 100) for line in lines) / len(lines), 1) if lines else 0.0,
        "at_risk": sum(line["status"] in ("at_risk", "not_launched") for line in lines),
    }  # fmt: skip


def _line(item: LineItem, outlook: Outlook | None, days: Sequence[DayTotal], gap: Any, today: date) -> dict[str, Any]:
    delivered = sum(day.of(item.goal_unit) for day in days)
    shown = _shown(item, outlook, today)
    impressions, clicks = sum(day.impressions for day in days), sum(day.clicks for day in days)
    return {
        "line_item": item.id,
        "name": item.name,
        "status": shown.status,
        "goal": item.goal,
        "goal_unit": item.goal_unit,
        "start": item.start_day.isoformat(),
        "end": item.end_day.isoformat(),
        "forecast": shown.middle,
        "forecast_percent": round(shown.middle / item.goal * 100, 1) if shown.middle is not None else None,
        "miss_percent": round(shown.miss * 100) if shown.miss is not None else None,
        "days_left": shown.days_left,
        "clicks": clicks,
        "click_rate": round(clicks / impressions * 100, 3) if impressions else 0.0,
        "spend": sum(day.spend for day in days),
        "original": item.original,
        **events.ended_facts(item, delivered, in_full=delivered >= item.goal * FULL, gap=gap),
    }


def _ahead(standing: Standing) -> tuple[DayForecast, ...]:
    if standing.pace is None or standing.outlook.as_of is None:
        return ()
    found, first = standing.pace, standing.outlook.as_of + timedelta(days=1)
    lines = (found.expected, found.low, found.middle, found.high)
    return tuple(
        DayForecast(first + timedelta(days=n), *(round(float(line[n])) for line in lines))
        for n in range(found.days_left)
    )


def _today(
    item: LineItem, hours: dict[int, DayTotal], now: Now, standing: Standing, curve: Curve
) -> tuple[HourTotal, ...]:
    """Today by the hour: what was reported, and how the day's expected units lie in its hours."""
    expected = standing.outlook.running_per_day or standing.outlook.expected_per_day or 0
    lie = hours_of(item, now.today, expected, curve)
    return tuple(
        HourTotal(
            hour,
            hours[hour].of(item.goal_unit) if hour in hours else 0 if hours and hour < now.hours_today else None,
            lie[hour],
        )
        for hour in range(24)
    )


def _shown(item: LineItem, outlook: Outlook | None, today: date) -> Outlook:
    """The outlook as of the last look; what somebody decided since then shows at once."""
    if outlook is None:
        left = max((item.end_day - max(today, item.start_day)).days + 1, 0)
        outlook = Outlook(item.id, "upcoming" if today < item.start_day else "waiting", None, 0, left)
    if item.state != "active" and outlook.status not in ("delivered", "missed"):
        return replace(outlook, status=item.state)
    return outlook
