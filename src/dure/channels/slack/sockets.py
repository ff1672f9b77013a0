"""`apps.connections.open` and `apps.event.authorizations.list`: what apps ask with their own token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def open_connection(call: Call) -> dict[str, Any]:
    """The token must come in the header: an address with a token in it would be written to logs."""
    if not call.by_header:
        raise Refused("not_authed")
    return {"url": await call.services.told.open_connection(call.principal, call.origin)}


async def authorizations(call: Call) -> dict[str, Any]:
    found = await call.services.told.authorizations(call.principal, call.arguments.needed("event_context"))
    if found is None:
        raise Refused("invalid_event_context")
    limit = call.arguments.whole("limit", 100, 1000)
    return {"authorizations": found[:limit], "response_metadata": {"next_cursor": ""}}


METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(open_connection, ("connections:write",), by=("app",)),
    "apps.event.authorizations.list": Method(authorizations, ("authorizations:read",), by=("app",)),
}
