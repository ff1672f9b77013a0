"""`admin.conversations.*CustomRetention`: how long one channel is kept on the caller's side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method

_READ, _WRITE = ("admin.conversations:read", "admin"), ("admin.conversations:write", "admin")


async def get(call: Call) -> dict[str, Any]:
    length = (await call.retention.of_channel_as_administrator(call.principal, _channel(call)))[0]
    own = length.by == "channel"
    return {"is_policy_enabled": own, "duration_days": length.days or 0 if own else 0}


async def set_(call: Call) -> dict[str, Any]:
    given = call.arguments.needed("duration_days", "invalid_arguments")
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise Refused("invalid_arguments", "[ERROR] duration_days: a whole number of days")
    await call.retention.set_days(call.principal, _channel(call), int(given))
    return {}


async def remove(call: Call) -> dict[str, Any]:
    await call.retention.set_days(call.principal, _channel(call), None)
    return {}


def _channel(call: Call) -> str:
    return call.arguments.needed("channel_id", "channel_not_found")


METHODS: Mapping[str, Method] = {
    "admin.conversations.getCustomRetention": Method(get, _READ),
    "admin.conversations.setCustomRetention": Method(set_, _WRITE),
    "admin.conversations.removeCustomRetention": Method(remove, _WRITE),
}
