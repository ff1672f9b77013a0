"""Rules, what they found, and trying them, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Action = Literal["warn", "keep", "refuse", "mask"]
# The mildest first: where several rules are met, the sternest is done.
ACTIONS: tuple[Action, ...] = ("warn", "mask", "keep", "refuse")
Where = Literal["everywhere", "shared", "channels"]
DETECTORS = ("resident_number", "card", "iban", "key", "contacts")
Confidence = Literal["sure", "likely"]
ViolationState = Literal["noted", "waiting", "let", "removed", "stopped"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for and what is done when it is there.

    `workspace` is "" for the whole organisation. `confidence` is about resident numbers: *sure* asks for the check
    digit where the number has one, *likely* is content with a date that can be. `least` is how many different finds
    make a violation. `shared`: only in channels with another organisation; `channels`: only in these. Whom it leaves
    out: people by id, and functions of the company. `unreadable`: a file of words that cannot be read meets it, too.
    """

    id: str
    org: str
    workspace: str
    name: str
    action: Action
    detectors: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    confidence: Confidence = "sure"
    least: int = 1
    where: Where = "everywhere"
    channels: tuple[str, ...] = ()
    except_people: tuple[str, ...] = ()
    except_functions: tuple[str, ...] = ()
    unreadable: bool = False
    enabled: bool = False
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Find:
    """Where something was found: in which of the pieces of what is said, from where to where."""

    piece: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that was met, with all that it found."""

    rule: Rule
    finds: tuple[Find, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    id: str
    org: str
    workspace: str
    rules: tuple[dict[str, str], ...]
    action: Action
    what: str
    channel: str
    ts: int
    user: str
    app: str
    excerpt: str
    state: ViolationState
    at: datetime
    draft: dict[str, Any] | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    unread: str = ""
    """Why a file could not be read, where it met a rule by that alone; `excerpt` is its name."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule tried on what was said before. `examples` hold place and masked excerpt."""

    id: str
    org: str
    workspace: str
    rule: Rule
    state: Literal["running", "done", "cancelled"]
    since: int
    total: int
    began_by: str
    began_at: datetime
    channel: str = ""
    ts: int = 0
    looked: int = 0
    hits: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    ended_at: datetime | None = None
