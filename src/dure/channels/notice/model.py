"""Notices: what somebody wants to hear of, and what they were told."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from dure.channels.rules import clean
from dure.kernel.errors import Invalid

Level = Literal["all", "mentions", "nothing"]
Why = Literal["direct", "mention", "group", "everybody", "keyword", "thread", "message"]
Way = Literal["due", "sent", "none", "failed"]
LEVELS: tuple[Level, ...] = ("all", "mentions", "nothing")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to hear of everywhere."""

    account: str
    level: Level = "mentions"
    keywords: tuple[str, ...] = ()
    push: bool = True
    mail: bool = True
    mail_minutes: int = 30


@dataclass(frozen=True, slots=True)
class ChannelWishes:
    """What they want to hear of in one channel. `level` None: as everywhere."""

    account: str
    channel: str
    level: Level | None = None
    muted: bool = False
    everybody: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that concerned one person. `ts` and `thread` are microseconds."""

    account: str
    channel: str
    ts: int
    workspace: str
    org: str
    thread: int | None
    author: str
    why: Why
    made_at: datetime
    seen: bool
    push: Way
    mail: Way
    text: str = ""  # what was said, where it is to be shown


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that is told by its maker's push service. `p256dh` is its key, `auth` the secret we share with it."""

    id: UUID
    workspace: str
    account: str
    endpoint: str
    p256dh: bytes
    auth: bytes
    label: str
    added_at: datetime


def keywords(given: Sequence[str]) -> tuple[str, ...]:
    """Words as they are looked for: small, each once. Raises Invalid for too many or too long ones."""
    made = [unicodedata.normalize("NFC", str(clean(word)).strip().lower()) for word in given]
    if any(not 2 <= len(word) <= 80 for word in made):
        raise Invalid("A keyword has 2 to 80 characters.", field="keywords")
    if len(made) > 50:
        raise Invalid("There are at most 50 keywords.", field="keywords")
    return tuple(dict.fromkeys(made))


def level(given: str) -> Level:
    for one in LEVELS:
        if given == one:
            return one
    raise Invalid("`level` is all, mentions or nothing.", field="level")
