"""`reminders.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.reminders.model import Reminder
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method

_READ, _WRITE = ("reminders:read",), ("reminders:write",)


async def add(call: Call) -> dict[str, Any]:
    text = call.arguments.needed("text", "no_text")
    when = call.arguments.needed("time", "cannot_parse")
    made = await call.colleagues.reminders.add(call.principal, text, when, call.arguments.text("user").strip())
    return {"reminder": reminder(made)}


async def complete(call: Call) -> dict[str, Any]:
    await call.colleagues.reminders.complete(call.principal, _reminder(call))
    return {}


async def delete(call: Call) -> dict[str, Any]:
    await call.colleagues.reminders.delete(call.principal, _reminder(call))
    return {}


async def info(call: Call) -> dict[str, Any]:
    return {"reminder": reminder(await call.colleagues.reminders.find(call.principal, _reminder(call)))}


async def list_(call: Call) -> dict[str, Any]:
    return {"reminders": [reminder(one) for one in await call.colleagues.reminders.listed(call.principal)]}


def reminder(it: Reminder) -> dict[str, Any]:
    return {
        "id": it.id,
        "creator": it.creator,
        "user": it.account,
        "text": it.text,
        "recurring": False,
        "time": int(it.due_at.timestamp()),
        "complete_ts": int(it.completed_at.timestamp()) if it.completed_at else 0,
    }


def _reminder(call: Call) -> str:
    if not call.principal.user:
        raise Refused("not_allowed_token_type")
    return call.arguments.needed("reminder", "not_found")


METHODS: Mapping[str, Method] = {
    "reminders.add": Method(add, _WRITE),
    "reminders.complete": Method(complete, _WRITE),
    "reminders.delete": Method(delete, _WRITE),
    "reminders.info": Method(info, _READ),
    "reminders.list": Method(list_, _READ),
}
