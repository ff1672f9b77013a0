"""Where events come from, an event on its way in, and why one may be refused."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.feed.api import NOBODY
from dure.kernel.tenant import Tenant


class Reason(enum.StrEnum):
    """The closed list of why an event is refused; its sentence is shown beside it."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    UNKNOWN_TYPE = "unknown_type"
    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    NO_IDENTITY = "no_identity"
    JUNK_ID = "junk_id"
    ID_TOO_LONG = "id_too_long"
    TIME_UNREADABLE = "time_unreadable"
    TIME_TOO_EARLY = "time_too_early"
    TIME_IN_FUTURE = "time_in_future"
    BREAKS_PLAN = "breaks_plan"
    NOT_IN_PLAN = "not_in_plan"
    BLOCKED_EVENT = "blocked_event"
    WAITING_FOR_APPROVAL = "waiting_for_approval"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Reason.MALFORMED: "The event is not what the protocol asks for.",
    Reason.TOO_LARGE: "The event is larger than its protocol allows.",
    Reason.TOO_DEEP: "The event's properties are nested too deeply.",
    Reason.UNKNOWN_TYPE: "The event's type is none of the protocol's.",
    Reason.NO_NAME: "The event has no name.",
    Reason.NAME_TOO_LONG: "The event's name has more than 255 characters.",
    Reason.NO_IDENTITY: "The event says neither who nor which device.",
    Reason.JUNK_ID: "The event's only id is a placeholder that many people would share.",
    Reason.ID_TOO_LONG: "An id has more than 255 characters or control characters in it.",
    Reason.TIME_UNREADABLE: "The event's time is not an ISO 8601 time.",
    Reason.TIME_TOO_EARLY: "The event's time is before 1990.",
    Reason.TIME_IN_FUTURE: "The event's time is more than an hour in the future.",
    Reason.BREAKS_PLAN: "The event's properties are not what the tracking plan says.",
    Reason.NOT_IN_PLAN: "The event's name is not in the tracking plan, and the plan is closed.",
    Reason.BLOCKED_EVENT: "Somebody refused events of this name.",
    Reason.WAITING_FOR_APPROVAL: "The event's name waits for approval, and as many of it are held as fit.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A sender of events: a site, an app, a server. `name` is what the log's `source` says."""

    id: str
    tenant: Tenant
    name: str
    write_key: str
    created_at: datetime
    revoked: bool = False


class Incoming(msgspec.Struct, gc=False):
    """An event on its way through the pipeline. Doors fill the upper part; the steps fill the lower.

    `claimed` is the time as the sender wrote it (ISO text or Unix seconds or milliseconds), `sent` likewise the time
    at which the sender sent it; None where it said nothing.
    """

    event: str
    user: str
    anonymous: str
    message_id: str
    properties: dict[str, Any]
    received: datetime
    account: str = ""
    previous: str = ""
    claimed: str | int | float | None = None
    sent: datetime | None = None
    raw: bytes = b""

    workspace: str = ""
    time: datetime | None = None
    distinct_id: str = ""
    person: UUID = NOBODY


class Refused(msgspec.Struct, frozen=True):
    """An event that is not taken. `raw` is what came, `message` says more than the reason where there is more."""

    reason: Reason
    raw: bytes
    message: str = ""


class Held(msgspec.Struct, frozen=True):
    """An event that waits until its name is approved: its line of the feed, as it will be written."""

    event: str
    message_id: str
    person: UUID
    line: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Reject:
    """Refusals of one source and reason on one day (UTC), with the newest example."""

    source: str
    reason: Reason
    day: str
    count: int
    last_at: datetime
    message: str
    example: str
