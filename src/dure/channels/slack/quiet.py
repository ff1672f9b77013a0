"""`dnd.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.quiet.api import Standing
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.kernel.errors import Invalid

_READ, _WRITE = ("dnd:read",), ("dnd:write",)


async def info(call: Call) -> dict[str, Any]:
    user = call.arguments.text("user").strip() or call.principal.user
    found = await call.channels.person(call.principal, user, live=True)
    standing = (await call.colleagues.quiet.of(call.principal.tenant, [found]))[found.id]
    return {**_hours(standing), **(_snooze(standing) if user == call.principal.user else {})}


async def team_info(call: Call) -> dict[str, Any]:
    users = call.arguments.items("users")
    if not users:
        raise Refused("missing_required_field", "[ERROR] missing required field: users")
    if len(users) > 50:
        raise Refused("too_many_users")
    known = {one.id: one for one in await call.channels.people_of(call.principal)}
    found = [known[user] for user in dict.fromkeys(users) if user in known]
    standings = await call.colleagues.quiet.of(call.principal.tenant, found)
    return {"users": {user: _hours(one) for user, one in standings.items()}}


async def set_snooze(call: Call) -> dict[str, Any]:
    minutes = call.arguments.text("num_minutes").strip()
    if not minutes:
        raise Refused("missing_duration")
    if not minutes.isascii() or not minutes.isdigit() or len(minutes) > 9:
        raise Refused("snooze_failed")
    try:
        await call.colleagues.quiet.snooze(call.principal, int(minutes))
    except Invalid as error:
        raise Refused("too_long" if int(minutes) else "snooze_failed") from error
    return _snooze(await _mine(call))


async def end_snooze(call: Call) -> dict[str, Any]:
    await call.colleagues.quiet.end_snooze(call.principal)
    return {**_hours(await _mine(call)), "snooze_enabled": False}


async def end_dnd(call: Call) -> dict[str, Any]:
    await call.colleagues.quiet.end(call.principal)
    return {}


async def _mine(call: Call) -> Standing:
    me = await call.governance.user(call.principal.tenant, call.principal.user)
    return (await call.colleagues.quiet.of(call.principal.tenant, [me]))[me.id]


def _hours(it: Standing) -> dict[str, Any]:
    """Slack says 1 where nothing is set."""
    begin, end = it.next or (None, None)
    return {
        "dnd_enabled": it.quiet.enabled,
        "next_dnd_start_ts": int(begin.timestamp()) if begin else 1,
        "next_dnd_end_ts": int(end.timestamp()) if end else 1,
    }


def _snooze(it: Standing) -> dict[str, Any]:
    until = it.quiet.snooze_until
    if until is None or until <= it.now:
        return {"snooze_enabled": False}
    return {
        "snooze_enabled": True,
        "snooze_endtime": int(until.timestamp()),
        "snooze_remaining": int((until - it.now).total_seconds()),
        "snooze_is_indefinite": False,
    }


METHODS: Mapping[str, Method] = {
    "dnd.endDnd": Method(end_dnd, _WRITE),
    "dnd.endSnooze": Method(end_snooze, _WRITE),
    "dnd.info": Method(info, _READ),
    "dnd.setSnooze": Method(set_snooze, _WRITE),
    "dnd.teamInfo": Method(team_info, _READ),
}
