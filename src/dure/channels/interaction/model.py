"""What passes between a person and an app, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

TRIGGER_LASTS = timedelta(seconds=3)
REPLY_LASTS = timedelta(minutes=30)
REPLY_USES = 5
STACK = 3  # views one over the other

Kind = Literal["modal", "home"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a person did that lets one app open one view for them. `workspace` is the app's, `team` the person's.

    `screen` is the browser's tab in which it was done, `view` the view, where it was done in one.
    """

    workspace: str
    app: str
    account: str
    team: str
    screen: str
    view: str
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where an app answers what a person did, a few times within half an hour.

    `ts` is the message it was done with, None where there was none; `aside` says that only the person sees that one.
    """

    workspace: str
    org: str
    app: str
    account: str
    team: str
    channel: str
    ts: int | None
    aside: bool
    thread: int | None
    used: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """A modal or an app's home as one person has it. `body` is what the app gave, with every id filled in."""

    id: str
    workspace: str
    app: str
    account: str
    team: str
    kind: Kind
    root: str
    previous: str
    body: dict[str, Any]
    hash: str
    external_id: str
    screen: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.body["blocks"]
        return blocks
