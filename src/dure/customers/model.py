"""A customer as the caller may see them, as frozen values. Timestamps of messages are microseconds, 0 for never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

# How a line item stands that somebody should look at.
TROUBLE = ("at_risk", "not_launched", "missed")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. Channels, questions (`overdue`: of which so many wait past their promise, in opening hours)
    and `touched` are of channels that the caller is in; `score` and `band`
    are those of the open deal that is worst off, None and "" where none is judged. `at_risk` is None without a right to
    see deliveries. `charters` counts channels read from outside that have none. `relation` is
    the score of the relationship over all channels and deals, None with `relation_why` where it is not judged yet, and
    with "" where nothing was done."""

    account: str
    name: str
    industry: str
    owner: str
    owner_name: str
    channels: int
    unread: int
    questions: int
    oldest: int
    overdue: int
    score: int | None
    band: str
    deals: int
    amounts: Mapping[str, int]
    at_risk: int | None
    charters: int
    touched: int
    relation: int | None
    relation_band: str
    relation_why: str


@dataclass(frozen=True, slots=True)
class Room:
    """A channel of the customer's. `answered`, `median` (open seconds), `within` and `missed` are the response report's
    of the last 90 days; `overdue` are those of the `questions` that wait past their promise."""

    channel: str
    topic: str
    name: str
    private: bool
    archived: bool
    member: bool
    outside: bool
    unread: int
    questions: int
    overdue: int
    minutes: int | None
    answered: int
    median: float | None
    within: int
    missed: int
    touched: int
    charter: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits; `thread` 0 is the channel itself, `late` that its promise is broken. `state` (waiting,
    warned, overdue, paused) and `due_at` are its response clock's, "" and None where nothing is promised."""

    channel: str
    channel_name: str
    thread: int
    asked: int
    by: str
    by_name: str
    text: str
    messages: int
    late: bool
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal with how it does; `reasons` are names of health's parts."""

    deal: str
    name: str
    stage: str
    stage_ko: str
    stage_en: str
    probability: int
    amount: int
    currency: str
    owner: str
    owner_name: str
    close_date: date
    next_step: str
    closed_at: datetime | None
    score: int | None
    band: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A line item that runs, or ended lately."""

    line_item: str
    name: str
    status: str
    goal: int
    goal_unit: str
    delivered: int
    middle: int | None
    start_day: date
    end_day: date


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person on one of the sides. `user` is "" for a contact whom only sales know; `last` when they last wrote."""

    user: str
    name: str
    title: str
    function: str
    channels: int
    messages: int
    last: int
    email: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    file: str
    channel: str
    channel_name: str
    ts: int
    title: str
    filetype: str
    size: int
    by_name: str
    outside: bool


@dataclass(frozen=True, slots=True)
class MentionLine:
    id: str
    network: str
    author: str
    text: str
    url: str
    sentiment: int
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """Everything of one customer that the caller may see; None where they have no right to a part."""

    row: Row
    domain: str
    country: str
    rooms: Sequence[Room]
    questions: Sequence[Asked]
    files: Sequence[FileLine]
    deals: Sequence[DealLine]
    deliveries: Sequence[Delivery] | None
    ours: Sequence[Somebody]
    theirs: Sequence[Somebody]
    mentions: Sequence[MentionLine] | None
    relation: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class WeekCard:
    """A card as it would be posted; `inside`: only one's own people would read it."""

    channel: str
    name: str
    account: str
    inside: bool
    text: str
    blocks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A customer's week in numbers. `inner` is what the customer does not read: None on a card for a channel that
    somebody from outside reads."""

    account: str
    name: str
    questions: int
    oldest_hours: float | None
    answered: int
    median_minutes: float | None
    within: int
    standard_minutes: int | None
    line_items: int
    at_risk: Sequence[str]
    inner: Mapping[str, Any] | None
