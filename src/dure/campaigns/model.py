"""Campaigns as values: a campaign, a way through it, and what became of each message."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from dure.campaigns.design import Channel, Design, Kind
from dure.campaigns.numbers import number
from dure.campaigns.recommending.model import Item, Recommended
from dure.experiments.api import Outcome

__all__ = ["Item", "Recommended"]

Status = Literal["draft", "live", "paused", "stopped", "finished"]
Half = Literal["control", "treated", ""]


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
    QUIET = "quiet"
    GLOBAL_HOLDOUT = "global_holdout"
    NOT_IN_AUDIENCE = "not_in_audience"
    CAME_BACK = "came_back"
    STOPPED = "stopped"
    MISSING_VALUE = "missing_value"
    UNWRITABLE = "unwritable"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CRASHED = "crashed"
    NO_ANSWER = "no_answer"
    ALL_STOPPED = "all_stopped"
    PAUSED = "paused"
    NOT_APPROVED = "not_approved"
    OUTRANKED = "outranked"
    ALREADY_IN = "already_in"
    NO_MESSAGE = "no_message"
    BUSY = "busy"


class Gone(enum.StrEnum):
    """Why a way ended before its end, beside the reasons of its design's exit nodes and those of `Reason`."""

    CAME_BACK = "came_back"
    EVENT = "exit_event"
    RULE = "exit_rule"
    STOPPED = "stopped"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign. `design` is what is worked on; people start on `version` (0 before the first launch). `since` is the
    feed's position from which its trigger counts."""

    id: str
    design: Design
    status: Status
    version: int
    created_by: str
    created_at: datetime
    launched_at: datetime | None
    since: int = 0
    org: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A design as it was launched; it never changes."""

    number: int
    design: Design
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a design cannot be launched: the field and a sentence."""

    field: str
    message: str
    code: str = "invalid"


@dataclass(frozen=True, slots=True)
class Way:
    """One person once through one campaign. `due` is when it goes on, None where it does not."""

    id: UUID
    campaign: str
    version: int
    person: UUID
    distinct_id: str
    key: str
    arm: Half
    state: Literal["moving", "waiting", "done", "left"]
    reason: str
    node: str
    due: datetime | None
    entered_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """What became of one message of a way. `arm` is "" for those who were in neither half."""

    id: UUID
    campaign: str
    person: UUID
    arm: Half
    state: State
    reason: str
    detail: str
    address: str
    subject: str
    items: tuple[str, ...]
    entered_at: datetime
    changed_at: datetime
    way: UUID | None = None
    version: int = 1
    node: str = "message"
    channel: Channel = "email"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of one message to one person.

    `hold`: recorded as would have been sent. `later` without `until`: as long as what `reason` says holds. `cap` names
    the cap that was reached.
    """

    answer: Literal["send", "skip", "later", "hold"]
    reason: str = ""
    until: datetime | None = None
    cap: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody gets pushes: a browser (`web`) or an app on a phone (`fcm`, `apns`)."""

    id: UUID
    kind: Literal["web", "fcm", "apns"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a message needs to know of somebody. `ids` are all distinct ids that are theirs; `devices` the one seen last
    first. `about` are further objects that texts can name: `account`, `event`, `journey`."""

    person: UUID
    distinct_id: str
    traits: Mapping[str, Any]
    devices: tuple[Device, ...] = ()
    ids: tuple[str, ...] = ()
    account: str = ""
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        address = self.traits.get("email")
        return address.strip() if isinstance(address, str) and "@" in address else ""

    @property
    def phone(self) -> str:
        """Its digits, with a + where it names its country."""
        written = (number(self.traits.get(name)) for name in ("phone", "phone_number", "mobile"))
        return next((one for one in written if one), "")

    @property
    def language(self) -> str:
        language = self.traits.get("language")
        return language[:2] if isinstance(language, str) else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail ready to go. `envelope` is where bounces go, "" for the sender's own address."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    envelope: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people are in its halves, how many messages are in each state, and how many got nothing or failed for
    each reason. `moving` are on their way."""

    entered: int
    states: Mapping[str, int]
    reasons: Mapping[str, int]
    moving: int = 0


@dataclass(frozen=True, slots=True)
class NodeCount:
    """At one node: how many stand there, how many ever came, how many left the campaign there, and its messages."""

    here: int = 0
    reached: int = 0
    left: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A time at which a campaign takes its audience in; `people` are in the audience, `entered` looked at so far."""

    key: str
    due: datetime
    state: Literal["planned", "entering", "done", "cancelled"]
    people: int
    entered: int
    begun_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Halted:
    """Why nothing of a campaign leaves at this moment, by whose word and since when.

    `cause` is the sign at which it stopped by itself (bounced, complained, failed, balance), `switch` where all sending
    of the workspace is stopped, or `paused` and `stopped` by a person. Of a sign: so many of so many, where at most
    `most` of them may be (of `balance`: `share` is the p of the halves).
    """

    cause: str
    by: str
    at: datetime
    by_itself: bool
    reason: str = ""
    count: int | None = None
    of: int | None = None
    share: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a campaign stands. `rate` is messages sent a minute lately; `ends_at` when all that wait now will be
    sent, at that rate (None where none wait or none go out)."""

    status: Status
    counts: Counts
    nodes: Mapping[str, NodeCount]
    waiting: int
    rate: float
    minutes: tuple[tuple[datetime, int], ...]
    ends_at: datetime | None
    occurrences: tuple[Occurrence, ...]
    halt: Halted | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that goes out at a time: an occurrence of a campaign, or what stands in its queue. `local` says that it
    is each person's own clock."""

    campaign: str
    name: Mapping[str, str]
    kind: Kind
    status: Status
    at: datetime
    local: bool
    people: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a campaign did to those it wrote to, judged as an experiment against its control.

    Its metrics are the goal (within `window`), retention by day, and the guardrails that the design names; without a
    goal it is day-7 retention that decides. `returning` is the event that counts as being there again, `*` for
    anything people do themselves; `days` says by a metric's number which day's retention it is.
    """

    outcome: Outcome
    goal: str
    window: str
    returning: str
    days: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Would:
    """What the dry run says of one person: what would become of their first message, or why there is none.

    `either`: that depends on whether an event comes that is waited for. `ways` are all that may become of it then, and
    also where a message is certain and only which one is not.
    """

    person: UUID
    name: str
    outcome: Literal["send", "hold", "later", "skip", "fail", "either"]
    reason: str
    subject: str
    body: str
    channel: str = ""
    language: str = ""
    node: str = ""
    ways: tuple[Would, ...] = ()


@dataclass(frozen=True, slots=True)
class Fork:
    """A wait that `people` came to: what would become of them if the event comes within the time (`then`), and if it
    does not (`timeout`), by outcome. `share` is for how many it came in the last 28 days, None where that is not
    known."""

    node: str
    event: str
    within: str
    people: int
    then: Mapping[str, int]
    timeout: Mapping[str, int]
    share: float | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who of an audience, or of the people of the last days, would get what; nothing was sent or kept.

    Counts are of everybody, each once; `people` is a sample. `at_least` would be sent something whatever comes,
    `at_most` if all that is waited for comes as it must; `channels` and `languages` count the most, and `seconds` is
    how long that would take under the providers' rate limits. Waits behind more than `dry_forks.MOST_WALKS` ways are
    only timed out: then `unfolded` is false.
    """

    looked_at: int
    outcomes: Mapping[str, int]
    reasons: Mapping[str, int]
    people: tuple[Would, ...]
    channels: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    at_least: int = 0
    at_most: int = 0
    forks: tuple[Fork, ...] = ()
    unfolded: bool = True
