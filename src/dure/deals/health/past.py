"""What was said in a channel so far, as the log has it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC

import msgspec

from dure.deals.health.follow import Line, Sign, of_channel
from dure.kernel.tenant import Tenant
from dure.log.api import Log

_SAID = """
select event, time, message_id, source, object, toString(properties) from events
where workspace = {workspace:String} and event in ('Message Posted', 'Reaction Added')
    and object = {channel:String}
order by time desc limit 10000
"""


async def said_in(log: Log, tenant: Tenant, channel: str, guests: Collection[str]) -> list[Sign]:
    """Signs of the newest 10,000 messages and reactions."""
    answer = await log.query(tenant, _SAID, {"channel": channel})
    found: list[Sign] = []
    for event, at, message, source, place, told in answer.rows:
        time = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        line = Line(event, time, message, source, "channel", place, "", msgspec.json.decode(told))
        found += of_channel(line, guests)
    return found
