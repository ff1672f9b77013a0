"""What a member does in a channel, and what follows, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# `silent`: has neither written, reacted, been named nor read. `reads_only`: reads, while others of the same function
# write. Everything else is no suggestion.
Why = Literal["", "silent", "reads_only"]
# Why somebody is never suggested: made the channel, looks after the customer, is of the other side, came lately.
Kept = Literal["", "creator", "owner", "outside", "new", "bot"]


@dataclass(frozen=True, slots=True)
class Doing:
    """What one member did within the days looked at. `read` is the microseconds up to which they have read, `seen` when
    they last used Dure at all."""

    user: str
    workspace: str
    joined_at: datetime
    read: int
    messages: int
    reactions: int
    mentions: int
    last: int
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the check judges them. `others` are how many of the same function are here beside them, `active` how
    many of those write; `quiet_days` since when nothing was heard or read of them; `reason` is the charter's."""

    doing: Doing
    name: str
    title: str
    function: str
    reason: str
    outside: bool
    kept: Kept
    why: Why
    quiet_days: int
    others: int
    active: int


@dataclass(frozen=True, slots=True)
class Needed:
    """The check of one channel over `days`. `functions` counts those of the caller's own side, `inside` and `outside`
    the people of both."""

    days: int
    members: tuple[Member, ...]
    functions: Mapping[str, int]
    inside: int
    outside: int
    may_act: bool

    @property
    def suggested(self) -> list[Member]:
        return [one for one in self.members if one.why]
