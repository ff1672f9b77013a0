"""Quiet hours and reminders over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from dure.channels.api import Channels
from dure.channels.reminders.model import Reminder
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Hours:
    """When somebody may be disturbed: ISO weekdays, minutes from midnight by their own clock."""

    enabled: bool
    days: list[int]
    from_minute: int
    until_minute: int


@body
class Snooze:
    minutes: int


@body
class NewReminder:
    """`time` as people write it: `in 20 minutes`, `내일 9시`, seconds since 1970."""

    text: str
    time: str
    user: str = ""


def add(routes: APIRouter, api: Channels) -> None:
    us = api.colleagues

    @routes.get("/channels/quiet")
    async def quiet(caller: Caller) -> dict[str, Any]:
        """The caller's quiet hours."""
        me = await api.person(caller, caller.user)
        it = (await us.quiet.of(caller.tenant, [me]))[me.id]
        return {
            "enabled": it.quiet.enabled, "days": list(it.quiet.days), "from_minute": it.quiet.from_minute,
            "until_minute": it.quiet.until_minute, "zone": it.zone, "quiet_now": it.quiet_now,
            "snooze_until": it.quiet.snooze_until if it.quiet.snoozing(it.now) else None,
        }  # fmt: skip

    @routes.put("/channels/quiet", status_code=204)
    async def set_quiet(caller: Caller, body: Hours) -> Response:
        """Sets the caller's quiet hours."""
        await us.quiet.set_hours(caller, **vars(body))
        return Response(status_code=204)

    @routes.post("/channels/quiet/snooze", status_code=204)
    async def snooze(caller: Caller, body: Snooze) -> Response:
        """Pauses the caller's notifications for minutes; 0 ends all quiet time that is now."""
        await (us.quiet.snooze(caller, body.minutes) if body.minutes else us.quiet.end(caller))
        return Response(status_code=204)

    @routes.get("/channels/reminders")
    async def reminders(caller: Caller) -> dict[str, Any]:
        """Reminders that the caller made or is reminded by."""
        return {"reminders": [_reminder(one) for one in await us.reminders.listed(caller)]}

    @routes.post("/channels/reminders", status_code=201)
    async def remind(caller: Caller, body: NewReminder) -> dict[str, Any]:
        """A new reminder."""
        return {"reminder": _reminder(await us.reminders.add(caller, body.text, body.time, body.user))}

    @routes.post("/channels/reminders/{reminder}/complete", status_code=204)
    async def complete(caller: Caller, reminder: str) -> Response:
        """Marks a reminder as done."""
        await us.reminders.complete(caller, reminder)
        return Response(status_code=204)

    @routes.delete("/channels/reminders/{reminder}", status_code=204)
    async def delete(caller: Caller, reminder: str) -> Response:
        """Deletes a reminder."""
        await us.reminders.delete(caller, reminder)
        return Response(status_code=204)


def _reminder(it: Reminder) -> dict[str, Any]:
    return {
        "id": it.id,
        "creator": it.creator,
        "user": it.account,
        "text": it.text,
        "due_at": it.due_at,
        "told_at": it.told_at,
        "completed_at": it.completed_at,
    }
