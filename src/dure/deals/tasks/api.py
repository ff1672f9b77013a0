"""Tasks and meetings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dure.deals import events
from dure.deals.records import store
from dure.deals.records.listing import Asked, Page
from dure.deals.records.records import Records
from dure.deals.tasks.model import MEETING, TASK, Meeting, Task
from dure.governance.api import Principal, access
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.state import Tx


class Tasks(Records[Task]):
    """What is to be done. Done is a status; the moment is kept."""

    shape = TASK
    created = events.TASK_CREATED
    changed = events.TASK_CHANGED

    async def mine(self, principal: Principal, owner: str, *, overdue: bool = False, limit: int = 100) -> Page[Task]:
        """Somebody's open tasks, the nearest day first; `overdue` only those whose day has passed."""
        wanted = [Filter("owner", "=", owner), Filter("done_at", "not_set")]
        if overdue:
            wanted.append(Filter("due", "<", "today"))
        return await self.page(principal, Asked(wanted, sort="due", limit=limit))

    async def done(self, principal: Principal, task_id: str) -> Task:
        """Marks a task as done; one that is stays as it is."""
        return await self.update(principal, task_id, status="done")

    async def about_in(self, tx: Tx, principal: Principal, record_id: str) -> list[Task]:
        access(principal, "deals:read")
        return await store.belonging(tx, TASK, principal.tenant.workspace, "about", record_id)

    def _make(self, principal: Principal, known: Mapping[str, Any], now: datetime) -> Task:
        told = {name: value for name, value in known.items() if not (value == "" and name in ("status", "priority"))}
        told["owner"] = told.get("owner") or principal.user
        made = super()._make(principal, told, now)
        return replace(made, done_at=now) if made.status == "done" else made

    def _revise(self, before: Task, after: Task, now: datetime) -> Task:
        after = replace(after, status=after.status or before.status, priority=after.priority or before.priority)
        if after.status == "done":
            return after if before.status == "done" else replace(after, done_at=now)
        return replace(after, done_at=None)

    def _name_of_change(self, before: Task, after: Task) -> str:
        return events.TASK_DONE if after.done and not before.done else events.TASK_CHANGED

    def _facts(self, record: Task) -> dict[str, Any]:
        return {
            "subject": record.subject, "about": record.about, "contact": record.contact, "owner": record.owner,
            "due": _day(record.due), "status": record.status, "priority": record.priority, "path": _path(record.about),
        }  # fmt: skip


class Meetings(Records[Meeting]):
    """When people meet."""

    shape = MEETING
    created = events.MEETING_BOOKED
    changed = events.MEETING_CHANGED

    async def about_in(self, tx: Tx, principal: Principal, record_id: str) -> list[Meeting]:
        access(principal, "deals:read")
        return await store.belonging(tx, MEETING, principal.tenant.workspace, "about", record_id, order="starts_at")

    def _make(self, principal: Principal, known: Mapping[str, Any], now: datetime) -> Meeting:
        told = {name: value for name, value in known.items() if not (value == "" and name == "status")}
        told["owner"] = told.get("owner") or principal.user
        return _in_order(super()._make(principal, told, now))

    def _revise(self, before: Meeting, after: Meeting, _: datetime) -> Meeting:
        return _in_order(replace(after, status=after.status or before.status))

    def _name_of_change(self, before: Meeting, after: Meeting) -> str:
        held = after.status == "held" and before.status != "held"
        return events.MEETING_HELD if held else events.MEETING_CHANGED

    def _facts(self, record: Meeting) -> dict[str, Any]:
        return {
            "subject": record.subject, "about": record.about, "contacts": list(record.contacts),
            "owner": record.owner, "starts_at": record.starts_at.isoformat(), "ends_at": record.ends_at.isoformat(),
            "place": record.place, "status": record.status, "path": _path(record.about),
        }  # fmt: skip


def _in_order(meeting: Meeting) -> Meeting:
    if meeting.ends_at < meeting.starts_at:
        raise Invalid("A meeting ends after it starts.", field="ends_at")
    return meeting


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _path(about: str) -> str:
    return f"/deals/{about}" if about.startswith("006") else ""
