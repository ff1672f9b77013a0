"""Care's values: a conversation, what stands in it, saved replies, and how the inbox is looked at."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["open", "waiting", "snoozed", "resolved"]
STATES: tuple[State, ...] = ("open", "waiting", "snoozed", "resolved")
Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
EntryKind = Literal["in", "reply", "note", "act"]
Outcome = Literal["", "draft", "pending", "said", "refused", "unknown"]
By = Literal["customer", "person", "automation", "bot", "elsewhere"]
Why = Literal["in", "out", "assigned", "state", "team", "priority"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A talk with a customer: one for each source and thread of a workspace.

    `thread` is the network's id of what began it, `asked` the newest mention of the customer, which an answer answers.
    `team` is a function, `assignee` a user id or "". `first_in_at` and `last_in_at` are when the customer wrote;
    `last_out_at` when a person last answered where the customer can read it: what automations and bots say does not
    count. `seq` is the number of its newest entry, and `said_seq` that of the newest that the customer or the company
    said. `version` goes up with every change. `due_at` and `due` are the next time and kind a clock that runs is due,
    kept by whoever keeps the clocks."""

    id: uuid.UUID
    source: uuid.UUID | None
    network: str
    thread: str
    kind: str
    direct: bool
    subject: str
    author: str
    handle: str
    person: uuid.UUID | None
    account: str
    state: State
    priority: Priority
    team: str
    assignee: str
    opened_at: datetime
    opened_by: str
    asked: uuid.UUID
    language: str
    intent: str
    topic: str
    sentiment: int
    first_in_at: datetime | None = None
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    resolved_at: datetime | None = None
    snoozed_until: datetime | None = None
    reopened: int = 0
    seq: int = 0
    said_seq: int = 0
    version: int = 1
    changed_at: datetime | None = None
    due_at: datetime | None = None
    due: str = ""

    @property
    def awaits(self) -> bool:
        """Whether the customer wrote last, and nobody answered."""
        return self.last_in_at is not None and (self.last_out_at is None or self.last_out_at < self.last_in_at)


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a conversation: `in` a mention of the customer, `reply` what the company said or means to say,
    `note` for colleagues only, `act` what somebody did.

    Of an inbound one the text is the mention's own as it is now; `edited_at` and `deleted_at` are its. `mention` is
    itself, or what a reply answers. `act` is a code, `data` what belongs to it. Of a reply `outcome` says what became
    of it, `detail` why; `external` is the network's own id. `named` are users whom a note calls."""

    id: uuid.UUID
    conversation: uuid.UUID
    seq: int
    kind: EntryKind
    at: datetime
    by: By
    actor: str = ""
    mention: uuid.UUID | None = None
    text: str = ""
    act: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    outcome: Outcome = ""
    code: str = ""
    detail: str = ""
    external: str = ""
    url: str = ""
    key: str = ""
    named: tuple[str, ...] = ()
    author: str = ""
    handle: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedReply:
    """A text to answer with. `shortcut` is typed after a `/`; `team` a function, "" for everybody's. Variables stand
    in double braces, such as `{{ customer.name }}`."""

    id: uuid.UUID
    shortcut: str
    title: str
    text: str
    language: str
    team: str
    used: int
    version: int
    changed_at: datetime
    changed_by: str = ""
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What of the inbox to list; empty fields do not filter. `state` is a state, `unresolved`, or `any`;
    `assignee` a user id, or `none`; `overdue` those with a clock past due, `soon` those with one past its warning.
    Sorted by `order`: newest first, longest waiting first, or due soonest first. `at` is where the page before
    ended."""

    state: str = "unresolved"
    assignee: str = ""
    team: str = ""
    network: str = ""
    intent: str = ""
    sentiment: int | None = None
    priority: str = ""
    overdue: bool = False
    named: str = ""
    person: uuid.UUID | None = None
    account: str = ""
    text: str = ""
    order: Literal["newest", "waiting", "due"] = "newest"
    at: int = 0
    limit: int = 50
    soon: bool = False
