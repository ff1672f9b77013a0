"""Past events of the log, in the shape in which the feed brings them."""

from __future__ import annotations

import json
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


async def past_events(log: Log, tenant: Tenant, event: str, limit: int) -> list[dict[str, Any]]:
    """The last `limit` events of a name, newest first."""
    rows = (await log.query(tenant, _NEWEST, {"event": event, "limit": limit})).dicts()
    return [{**row, "properties": json.loads(row["properties"]), "received_at": row["time"]} for row in rows]
