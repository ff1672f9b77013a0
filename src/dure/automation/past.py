"""Past events of the log, in the shape in which the feed brings them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.kernel.tenant import Tenant
from dure.log.api import Log

# The newest events of one name.
_NEWEST = """
select org, workspace, event, formatDateTime(time, '%Y-%m-%dT%H:%i:%S.%fZ') as time, toString(person) as person,
       distinct_id, account, object_type, object, source, message_id, actor, run,
       toJSONString(properties) as properties
from events where workspace = {workspace:String} and event = {event:String}
order by events.time desc limit {limit:UInt32}
"""

# How many there were on each day of a stretch of time.
_BY_DAY = """
select toString(toDate(time, {zone:String})) as day, count() as events from events
where workspace = {workspace:String} and event = {event:String}
  and time >= fromUnixTimestamp64Micro({since:Int64}) and time < fromUnixTimestamp64Micro({until:Int64})
group by day order by day
"""

# The next ones of a name in the order in which they happened, after a moment and a message.
_ONWARD = """
select org, workspace, event, formatDateTime(events.time, '%Y-%m-%dT%H:%i:%S.%fZ') as time,
       toString(person) as person, distinct_id, account, object_type, object, source, message_id, actor, run,
       toJSONString(properties) as properties, toUnixTimestamp64Micro(events.time) as micros
from events where workspace = {workspace:String} and event = {event:String}
  and toDate(events.time) >= toDate(fromUnixTimestamp64Micro({at:Int64}))
  and events.time >= fromUnixTimestamp64Micro({at:Int64}) and events.time < fromUnixTimestamp64Micro({until:Int64})
  and (events.time > fromUnixTimestamp64Micro({at:Int64}) or message_id > {message:String})
order by events.time, message_id limit {limit:UInt32}
"""

# What people did with one automation, newest first.
_ACTS = """
select event, actor, formatDateTime(events.time, '%Y-%m-%dT%H:%i:%S.%fZ') as time,
       toJSONString(properties) as properties
from events where workspace = {workspace:String} and event in {names:Array(String)} and object = {automation:String}
order by events.time desc limit {limit:UInt32}
"""


async def past_events(log: Log, tenant: Tenant, event: str, limit: int) -> list[dict[str, Any]]:
    """The last `limit` events of a name, newest first."""
    rows = (await log.query(tenant, _NEWEST, {"event": event, "limit": limit})).dicts()
    return [_event(row) for row in rows]


async def by_day(log: Log, tenant: Tenant, event: str, since: datetime, until: datetime, zone: str) -> dict[str, int]:
    """How many events of a name there were on each day (in that zone) that had any."""
    bound = {"event": event, "since": micros(since), "until": micros(until), "zone": zone}
    return {row["day"]: row["events"] for row in (await log.query(tenant, _BY_DAY, bound)).dicts()}


async def onward(
    log: Log, tenant: Tenant, event: str, after: tuple[int, str], until: datetime, limit: int
) -> list[tuple[tuple[int, str], dict[str, Any]]]:
    """The next events of a name, oldest first, each with its place: microseconds since 1970 and the message."""
    at, message = after
    bound = {"event": event, "at": at, "message": message, "until": micros(until), "limit": limit}
    rows = (await log.query(tenant, _ONWARD, bound)).dicts()
    return [((row.pop("micros"), row["message_id"]), _event(row)) for row in rows]


async def acts(log: Log, tenant: Tenant, automation: str, names: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """What people did with an automation, newest first: event, actor, time, properties."""
    bound = {"automation": automation, "names": list(names), "limit": limit}
    rows = (await log.query(tenant, _ACTS, bound)).dicts()
    return [{**row, "properties": json.loads(row["properties"])} for row in rows]


def micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "properties": json.loads(row["properties"]), "received_at": row["time"]}
