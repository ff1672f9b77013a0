"""`chat.unfurl`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.model import ts_of
from dure.channels.refusals import BadTimestamp
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method


async def unfurl(call: Call) -> dict[str, Any]:
    """By `channel` and `ts`, or by the `unfurl_id` and `source` that link_shared named."""
    given = call.arguments
    if not call.principal.app:
        raise Refused("not_allowed_token_type")
    if given.text("unfurl_id"):
        channel, _, rest = given.text("unfurl_id").partition(".")
        ts = _ts(rest.rpartition(".")[0])
    else:
        channel, ts = given.needed("channel", "missing_channel"), given.ts("ts", "missing_ts")
    unfurls = given.values.get("unfurls")
    if unfurls is None or unfurls == "":
        raise Refused("missing_unfurls")
    try:
        shown = given.structure("unfurls", dict)
    except Refused as error:
        raise Refused("invalid_unfurls_format") from error
    await call.interaction.unfurl(call.principal, channel, ts, shown or {})
    return {}


def _ts(text: str) -> int:
    try:
        return ts_of(text)
    except BadTimestamp as error:
        raise Refused("cannot_find_message") from error


METHODS: Mapping[str, Method] = {"chat.unfurl": Method(unfurl, ("links:write",))}
