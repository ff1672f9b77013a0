"""What is told to an app, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["events_api", "slash_commands", "interactive"]
Way = Literal["socket", "http"]
DeliveryState = Literal["waiting", "sent", "acknowledged", "failed", "dropped"]


@dataclass(frozen=True, slots=True)
class New:
    """Something to be told to an app. `body` is JSON as the app gets it, `event_id` "" for what is not an event."""

    envelope: str
    app: str
    org: str
    workspace: str
    kind: Kind
    way: Way
    summary: str
    body: str
    event_id: str = ""
    channel: str = ""
    state: DeliveryState = "waiting"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A try that this process has in hand. `attempts` counts it, `why` is what became of the one before."""

    id: int
    envelope: str
    app: str
    org: str
    workspace: str
    kind: Kind
    channel: str
    body: str
    attempts: int
    why: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A try that came to nothing, and the state it left."""

    id: int
    app: str
    way: Way
    workspace: str
    kind: Kind
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class Delivery:
    """How it goes with something that is told to an app, for its administrators."""

    id: int
    kind: Kind
    event_id: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    why: str
    summary: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a socket is opened by: for which app, on whose token."""

    app: str
    token: str
