"""Tasks and meetings as frozen values, and their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dure.deals.record_id import MEETING as MEETING_PREFIX
from dure.deals.record_id import TASK as TASK_PREFIX
from dure.deals.records.shape import Field, Shape, kept_fields, owner_field

STATUSES = ("open", "in_progress", "waiting", "done")
PRIORITIES = ("low", "normal", "high")
MEETING_STATUSES = ("booked", "held", "missed", "cancelled")


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done. `about` is the id of any record, "" for none; `contact` whom it concerns."""

    id: str
    subject: str
    created_at: datetime
    changed_at: datetime
    about: str = ""
    contact: str = ""
    owner: str = ""
    due: date | None = None
    status: str = "open"
    priority: str = "normal"
    type: str = ""
    description: str = ""
    done_at: datetime | None = None
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None

    @property
    def done(self) -> bool:
        return self.done_at is not None

    def overdue(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return not self.done and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Meeting:
    """People meet, or met. `about` is the id of any record; `contacts` are who of the customer is there."""

    id: str
    subject: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    changed_at: datetime
    about: str = ""
    contacts: tuple[str, ...] = ()
    owner: str = ""
    place: str = ""
    status: str = "booked"
    description: str = ""
    external: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None


TASK = Shape(
    "task",
    TASK_PREFIX,
    "deals.task",
    Task,
    "할 일",
    "Task",
    (
        Field("subject", "text", "제목", "Subject", required=True),
        Field("about", "reference", "대상", "About", reference="any"),
        Field("contact", "reference", "담당자", "Contact", reference="contact"),
        owner_field(),
        Field("due", "date", "기한", "Due", nullable=True),
        Field("status", "picklist", "상태", "Status", options=STATUSES),
        Field("priority", "picklist", "우선순위", "Priority", options=PRIORITIES),
        Field("type", "text", "유형", "Type", limit=80),
        Field("description", "long_text", "설명", "Description"),
        Field("done_at", "datetime", "완료한 때", "Done", writable=False, nullable=True),
        *kept_fields(),
    ),
    search=("subject",),
)

MEETING = Shape(
    "meeting",
    MEETING_PREFIX,
    "deals.meeting",
    Meeting,
    "미팅",
    "Meeting",
    (
        Field("subject", "text", "제목", "Subject", required=True),
        Field("about", "reference", "대상", "About", reference="any"),
        Field("contacts", "list", "참석 담당자", "Contacts", reference="contact"),
        owner_field(),
        Field("starts_at", "datetime", "시작", "Starts", required=True),
        Field("ends_at", "datetime", "끝", "Ends", required=True),
        Field("place", "text", "장소", "Place"),
        Field("status", "picklist", "상태", "Status", options=MEETING_STATUSES),
        Field("description", "long_text", "설명", "Description"),
        *kept_fields(),
    ),
    search=("subject", "place"),
)
