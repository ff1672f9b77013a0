"""Names for typing: which events, properties and values there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.period import micros
from dure.metrics.sql import LIMITS, path

_SECONDS = 20.0


async def events(log: Log, tenant: Tenant, since: datetime) -> list[dict[str, Any]]:
    """`{name, count, last}` of the events since then, the most frequent first."""
    answer = await log.query(
        tenant,
        "select toString(event) as name, count() as n, max(time) as last from events"
        " where workspace = {workspace:String} and time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')"
        " group by name order by n desc, name limit 1000",
        {"since": micros(since)}, settings=LIMITS, seconds=_SECONDS,
    )  # fmt: skip
    return [{"name": name, "count": int(n), "last": last.isoformat() + "Z"} for name, n, last in answer.rows]


async def properties(log: Log, tenant: Tenant, event: str = "") -> list[dict[str, Any]]:
    """`{name, count}`: property names of an event's newest rows, then the traits as `person.x` and `account.x`."""
    which = "event = {event:String}" if event else "true"
    found = await _paths(log, tenant, which, event)
    for owner, name in (("person", "Identified"), ("account", "Account Identified")):
        traits = await _paths(log, tenant, "event = {event:String}", name)
        found += [{"name": f"{owner}.{trait['name']}", "count": trait["count"]} for trait in traits]
    return found


async def values(log: Log, tenant: Tenant, prop: str, event: str = "") -> list[dict[str, Any]]:
    """`{value, count}`: the most frequent values of a property or trait."""
    owner, dot, trait = prop.partition(".")
    if dot and owner in ("person", "account"):
        event, prop = ("Identified" if owner == "person" else "Account Identified"), trait
    column = path(prop)
    which = "and event = {event:String}" if event else ""
    answer = await log.query(
        tenant,
        f"select value, count() as n from (select toString({column}) as value from events"
        f" where workspace = {{workspace:String}} {which} and isNotNull({column}) limit 200000)"
        " group by value order by n desc, value limit 50",
        {"event": event}, settings=LIMITS, seconds=_SECONDS,
    )  # fmt: skip
    return [{"value": value, "count": int(n)} for value, n in answer.rows]


async def _paths(log: Log, tenant: Tenant, which: str, event: str) -> list[dict[str, Any]]:
    answer = await log.query(
        tenant,
        "select name, count() as n from (select arrayJoin(JSONAllPaths(properties)) as name from"
        f" (select properties from events where workspace = {{workspace:String}} and {which}"
        " order by time desc limit 2000)) group by name order by n desc, name limit 300",
        {"event": event}, settings=LIMITS, seconds=_SECONDS,
    )  # fmt: skip
    return [{"name": name, "count": int(n)} for name, n in answer.rows]
