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
    itself; `asked` is the first message that waits, `messages` how many do."""

    channel: str
    thread: int
    asked: int
    by: str
    text: str
    messages: int


@dataclass(frozen=True, slots=True)
class Answers:
    """How fast a channel's questions were answered: median seconds, how many, how many within the standard."""

    channel: str
    count: int
    median: float
    within: int


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
