"""What the log knows of a deal's room, of its line items and of what is written about the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from dure.deals.timeline.model import ALERT, DELIVERY, MESSAGE, SOCIAL, Entry
from dure.kernel.tenant import Tenant
from dure.log.api import Log

_SINCE = "parseDateTime64BestEffort({since:String}, 6, 'UTC')"
_BEFORE = "parseDateTime64BestEffort({before:String}, 6, 'UTC')"
_WITHIN = f"workspace = {{workspace:String}} and time >= {_SINCE} and time <= {_BEFORE}"

_MESSAGES = f"""
select message_id, time, event, actor, toString(properties) from events
where {_WITHIN} and event in ('Message Posted', 'File Shared', 'Member Joined') and object = {{channel:String}}
order by time desc, message_id desc limit {{limit:UInt32}}
"""
_ALERTS = f"""
select message_id, time, event, actor, toString(properties) from events
where {_WITHIN} and source = 'pacing' and event != 'Delivery Recorded' and properties.deal.:String = {{deal:String}}
order by time desc, message_id desc limit {{limit:UInt32}}
"""
# What a line item delivered of a day is one entry, however often its figures came.
_DELIVERIES = f"""
select max(message_id), max(time) as at, any(properties.name.:String) as name, object, any(properties.date.:String),
       sum(properties.impressions.:Int64), sum(properties.clicks.:Int64), any(properties.goal.:Int64)
from events
where {_WITHIN} and event = 'Delivery Recorded' and properties.deal.:String = {{deal:String}}
group by object, properties.date.:String order by at desc limit {{limit:UInt32}}
"""
# A mention is of a customer where it says the customer's name.
_MENTIONS = f"""
select message_id, time, event, actor, toString(properties) from events
where {_WITHIN} and event = 'Mention Arrived'
    and positionCaseInsensitiveUTF8(properties.text.:String, {{name:String}}) > 0
order by time desc, message_id desc limit {{limit:UInt32}}
"""
_SHORTEST_NAME = 2
_TOLD = 600


async def messages(log: Log, tenant: Tenant, channel: str, within: Mapping[str, Any]) -> list[Entry]:
    """Who said what in the deal's room; of a private one only who. What bots say is left to the room."""
    found = []
    for message_id, at, event, actor, told in (await log.query(tenant, _MESSAGES, {**within, "channel": channel})).rows:
        facts = msgspec.json.decode(told)
        if event == "Message Posted" and facts.get("by") != "user":
            continue
        kept = {"text": str(facts.get("text", ""))[:_TOLD], "private": bool(facts.get("private")),
                "customer": bool(facts.get("external")), "channel": channel}  # fmt: skip
        what = {"Message Posted": "posted", "File Shared": "file", "Member Joined": "joined"}[event]
        ts = facts.get("ts", "")
        path = f"/channels/{channel}" + (f"?at={ts}" if ts else "")
        found.append(Entry(message_id, _utc(at), MESSAGE, what, str(facts.get("user") or actor), kept, path))
    return found


async def alerts(log: Log, tenant: Tenant, deal: str, within: Mapping[str, Any]) -> list[Entry]:
    """What pacing told of the deal's orders and line items."""
    found = []
    for message_id, at, event, actor, told in (await log.query(tenant, _ALERTS, {**within, "deal": deal})).rows:
        facts = msgspec.json.decode(told)
        names = ("name", "forecast_percent", "delivered_percent", "miss_percent", "shortfall_money", "currency",
                 "reason_ko", "reason_en")  # fmt: skip
        kept = {name: facts[name] for name in names if name in facts}
        found.append(Entry(message_id, _utc(at), ALERT, event, actor, kept, str(facts.get("path", ""))))
    return found


async def deliveries(log: Log, tenant: Tenant, deal: str, within: Mapping[str, Any]) -> list[Entry]:
    """What the deal's line items delivered, by day."""
    found = []
    for message_id, at, name, item, day, shown, clicks, goal in (
        await log.query(tenant, _DELIVERIES, {**within, "deal": deal})
    ).rows:
        facts = {"name": name, "date": day, "impressions": shown or 0, "clicks": clicks or 0, "goal": goal}
        found.append(Entry(message_id, _utc(at), DELIVERY, "delivered", "", facts, f"/pacing/{item}"))
    return found


async def mentions(log: Log, tenant: Tenant, name: str, within: Mapping[str, Any]) -> list[Entry]:
    """What is written about the customer elsewhere."""
    if len(name.strip()) < _SHORTEST_NAME:
        return []
    found = []
    for message_id, at, _, actor, told in (await log.query(tenant, _MENTIONS, {**within, "name": name.strip()})).rows:
        facts = msgspec.json.decode(told)
        names = ("network", "author", "text", "sentiment", "topic_ko", "topic_en", "url")
        kept = {one: facts[one] for one in names if one in facts}
        found.append(Entry(message_id, _utc(at), SOCIAL, "mentioned", actor, kept, str(facts.get("path", ""))))
    return found


def within(since: datetime, before: datetime, limit: int) -> dict[str, Any]:
    """The stretch of time that is asked about."""
    return {"since": _text(since), "before": _text(before), "limit": limit}


def _text(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
