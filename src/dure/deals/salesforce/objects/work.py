"""Tasks, events and notes, which belong to other records."""

from __future__ import annotations

from dure.deals.salesforce.catalogue import Field, SObject, fields_of
from dure.deals.salesforce.objects.words import EXTERNAL, OWNER, case, ident, plain, reference, rows, text, trail

STATUSES = {
    "open": "Not Started", "in_progress": "In Progress", "waiting": "Waiting on someone else", "done": "Completed",
}  # fmt: skip


PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High"}


_WHO = "coalesce(nullif({t}.%s, ''), case when {t}.about like '00Q%%%%' then {t}.about end)"


_WHAT = "case when {t}.about not like '00Q%%' then nullif({t}.about, '') end"


_ABOUT = ("Account", "Opportunity")


def task() -> SObject:
    fields = fields_of(
        [
            ident(),
            Field("WhoId", "Name ID", "reference", _WHO % "contact", "who", 18, refers=("Contact", "Lead"),
                  relationship="Who"),
            Field("WhatId", "Related To ID", "reference", _WHAT, "about", 18, refers=_ABOUT, relationship="What"),
            text("Subject", "Subject", "subject", type="combobox", length=255),
            plain("ActivityDate", "Due Date Only", "date", "{t}.due", "due"),
            plain("Status", "Status", "picklist", case("status", STATUSES), "status", nillable=False,
                   options=tuple(STATUSES.values()), restricted=True, default="Not Started"),
            plain("Priority", "Priority", "picklist", case("priority", PRIORITIES), "priority", nillable=False,
                   options=tuple(PRIORITIES.values()), restricted=True, default="Normal"),
            text("Type", "Type", "type", type="picklist"),
            text("Description", "Description", "description", type="textarea", length=32_000),
            plain("IsClosed", "Closed", "boolean", "({t}.done_at is not null)", nillable=False),
            plain("CompletedDateTime", "Completed Date", "datetime", "{t}.done_at"),
            OWNER,
            EXTERNAL,
        ],
        trail(),
    )  # fmt: skip
    return SObject("Task", "Task", "Tasks", "00T", rows("task"), fields, "task", named="Subject", deletable=True,
                   deleted="{t}.deleted_at is not null")  # fmt: skip


def event() -> SObject:
    fields = fields_of(
        [
            ident(),
            Field("WhoId", "Name ID", "reference", "coalesce({t}.contacts[1], case when {t}.about like '00Q%%' then"
                  " {t}.about end)", "who", 18, refers=("Contact", "Lead"), relationship="Who"),
            Field("WhatId", "Related To ID", "reference", _WHAT, "about", 18, refers=_ABOUT, relationship="What"),
            text("Subject", "Subject", "subject", type="combobox", length=255),
            plain("StartDateTime", "Start Date Time", "datetime", "{t}.starts_at", "starts_at", required=True,
                   nillable=False),
            plain("EndDateTime", "End Date Time", "datetime", "{t}.ends_at", "ends_at"),
            plain("ActivityDateTime", "Due Date Time", "datetime", "{t}.starts_at"),
            plain("ActivityDate", "Due Date Only", "date", "({t}.starts_at at time zone %(zone)s)::date"),
            plain("DurationInMinutes", "Duration", "int",
                   "(extract(epoch from {t}.ends_at - {t}.starts_at) / 60)::int", "minutes"),
            text("Location", "Location", "place"),
            text("Description", "Description", "description", type="textarea", length=32_000),
            OWNER,
            EXTERNAL,
        ],
        trail(),
    )  # fmt: skip
    return SObject("Event", "Event", "Events", "00U", rows("meeting"), fields, "meeting", named="Subject",
                   deletable=True, deleted="{t}.deleted_at is not null")  # fmt: skip


def note() -> SObject:
    fields = fields_of(
        [
            ident(),
            Field("ParentId", "Parent ID", "reference", "{t}.about", "about", 18, True, True, False,
                  ("Account", "Contact", "Lead", "Opportunity"), "Parent"),
            text("Title", "Title", "title", length=80),
            text("Body", "Body", "text", type="textarea", length=32_000),
            reference("OwnerId", "Owner ID", "author", "User", "Owner"),
        ],
        trail(),
    )  # fmt: skip
    return SObject("Note", "Note", "Notes", "002", rows("note"), fields, "note", named="Title", deletable=True,
                   deleted="{t}.deleted_at is not null")  # fmt: skip
