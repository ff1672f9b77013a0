"""Clocks' values: what was promised to whom, and how one promise stands."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["first", "next", "resolve", "agent"]
KINDS: Mapping[str, Mapping[str, str]] = {
    "first": {"ko": "첫 응답", "en": "First response"},
    "next": {"ko": "다음 응답", "en": "Next response"},
    "resolve": {"ko": "해결", "en": "Resolution"},
    "agent": {"ko": "담당자 응답", "en": "Assignee's response"},
}
PROMISED: tuple[Kind, ...] = ("first", "next", "resolve")
"""What a policy sets times for. `agent` runs from an assignment to that person's answer."""
Outcome = Literal["", "given", "dropped"]
Sending = Literal["off", "ask", "reply", "email"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in minutes of opening hours, None for none. Empty conditions fit everything; of an account's tier those
    listed, as its `tier` or `plan` says."""

    id: str
    name: str
    teams: Sequence[str] = ()
    priorities: Sequence[str] = ()
    networks: Sequence[str] = ()
    tiers: Sequence[str] = ()
    first: int | None = None
    next: int | None = None
    resolve: int | None = None

    def minutes(self, kind: str) -> int | None:
        return {"first": self.first, "next": self.next, "resolve": self.resolve}.get(kind)


@dataclass(frozen=True, slots=True)
class Setting:
    """Policies in order: the first that fits holds. After `silent` minutes without an answer a conversation is taken
    from its assignee, None for never. `survey` is how a resolved conversation's customer is asked."""

    policies: Sequence[Policy] = ()
    silent: int | None = None
    survey: Sending = "off"
    version: int = 0


@dataclass(frozen=True, slots=True)
class ResponseClock:
    """`run` counts how often the conversation was opened. It has run since `running_at`, which is None while it is
    paused and once it has stopped; until then it ran `spent` open seconds and `passed` seconds of the calendar.
    `target` are open seconds, None where no policy sets any. `agent` is who answered, or for `agent` whose it is.

    At the end `outcome` is `given`, or `dropped` where what it waited for is not to come any more."""

    id: uuid.UUID
    conversation: uuid.UUID
    kind: Kind
    run: int
    team: str
    priority: str
    network: str
    started_at: datetime
    running_at: datetime | None
    spent: float = 0.0
    passed: float = 0.0
    target: int | None = None
    policy: str = ""
    agent: str = ""
    warn_at: datetime | None = None
    due_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    outcome: Outcome = ""

    @property
    def met(self) -> bool | None:
        """Whether the promise was kept; None where there was none, or it was taken back in time."""
        if self.target is None or not self.stopped_at:
            return None
        if self.spent > self.target:
            return False
        return True if self.outcome == "given" else None

    @property
    def look_at(self) -> datetime | None:
        """When there is something to say of it next: once when time runs short, once when it is over."""
        if self.running_at is None or self.breached_at is not None:
            return None
        if self.kind == "agent" or self.warned_at is not None:
            return self.due_at
        return self.warn_at


@dataclass(frozen=True, slots=True)
class Run:
    """A conversation from its opening, or its reopening, until it is resolved: its number (0 where there was none),
    whether it is over, and when a person's answer was first waited for."""

    number: int = 0
    over: bool = True
    asked: datetime | None = None
