"""A channel's customer, and how their channels stand, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# What a customer may be spoken with about, each in a channel of its own.
TOPICS = ("general", "deal", "pricing", "launch", "support", "billing", "delivery", "creative")


@dataclass(frozen=True, slots=True)
class Link:
    """A channel of a customer as one side has it. `account` is sales' id; channels do not know what stands behind."""

    channel: str
    account: str
    topic: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A customer's channel as the caller sees it. `outside`: somebody of another organisation, or a guest, reads it.

    Timestamps are microseconds, 0 for never. `touched` is when the customer's people last wrote.
    """

    channel: str
    account: str
    topic: str
    name: str
    private: bool
    archived: bool
    home: bool
    member: bool
    outside: bool
    minutes: int | None
    last_ts: int
    last_read: int
    unread: int = 0
    touched: int = 0
    charter: int = 0  # its version, 0 without one


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody from outside said last that nobody of the home side has answered. `thread` 0 is the channel
    itself; `asked` is the first message that waits, `messages` how many do.

    Where an answer is promised, it is the response clock that says so: `state` as it stands now (waiting, warned,
    overdue, paused), `due_at` in opening hours. "" and None where nothing is promised.
    """

    channel: str
    thread: int
    asked: int
    by: str
    text: str
    messages: int
    state: str = ""
    due_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether the promise is broken already."""
        return self.state == "overdue"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A file shared in a customer's channel."""

    file: str
    channel: str
    ts: int
    title: str
    filetype: str
    size: int
    by: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody in a customer's channels: in which, and when they last wrote in any (0: never)."""

    user: str
    workspace: str
    channels: tuple[str, ...]
    last: int
    messages: int
