"""Campaigns as values: what starts them, what they say, and what became of each message."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from dure.campaigns.recommending.model import Item, Recommended
from dure.experiments.api import Comparison
from dure.kernel.filters import Filter

__all__ = ["Item", "Recommended"]

Status = Literal["draft", "live", "stopped"]


class State(enum.StrEnum):
    """Where a message is. UNKNOWN: handed to the mail server, and nobody can say whether it took it; never again."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    SKIPPED = "skipped"


class Reason(enum.StrEnum):
    """Why somebody got nothing; the closed list that counts are kept by."""

    NO_ADDRESS = "no_address"
    NO_CONSENT = "no_consent"
    SUPPRESSED = "suppressed"
    CAPPED = "capped"
    NOT_IN_AUDIENCE = "not_in_audience"
    CAME_BACK = "came_back"
    STOPPED = "stopped"
    MISSING_VALUE = "missing_value"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CRASHED = "crashed"
    NO_ANSWER = "no_answer"


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The event that a person's way begins with. `Segment Entered` begins it at a segment."""

    event: str
    where: tuple[Filter, ...] = ()


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message in one language, with holes such as `{{ person.name }}` and `{{ items[0].title }}`."""

    subject: str
    body: str


class Design(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that makes a campaign what it is.

    A person enters `wait` after the trigger unless the goal event happened meanwhile, if the `audience` rule (a
    segment's rule) holds for them. `holdout` of those are held back. The goal counts within `window` of entering.
    """

    name: dict[str, str]
    trigger: Trigger
    texts: dict[str, Text]
    goal: str = "Listen Started"
    wait: str = "20h"
    window: str = "1d"
    holdout: float = 0.5
    audience: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign; `automation` is the one that moves people through it, "" before the first launch."""

    id: str
    design: Design
    status: Status
    automation: str
    created_by: str
    created_at: datetime
    launched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """What became of one person's way through a campaign. `arm` is "" for those who were in neither half."""

    id: UUID
    campaign: str
    person: UUID
    arm: Literal["control", "treated", ""]
    state: State
    reason: str
    detail: str
    address: str
    subject: str
    items: tuple[str, ...]
    entered_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a message needs to know of somebody."""

    person: UUID
    distinct_id: str
    traits: Mapping[str, Any]

    @property
    def address(self) -> str:
        address = self.traits.get("email")
        return address.strip() if isinstance(address, str) and "@" in address else ""

    @property
    def language(self) -> str:
        language = self.traits.get("language")
        return language[:2] if isinstance(language, str) else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail ready to go."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages are in each state, and how many got nothing or failed for each reason."""

    entered: int
    states: Mapping[str, int]
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """Both halves side by side. `pending` entered too lately for their goal window to be over; they do not count."""

    comparison: Comparison
    pending: int
    window: str
    goal: str
    sentence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Would:
    """What the dry run says of one person."""

    person: UUID
    name: str
    outcome: Literal["send", "hold", "skip", "fail"]
    reason: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who of the people of the last days would have got what; nothing was sent or kept."""

    looked_at: int
    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]
    people: tuple[Would, ...]
