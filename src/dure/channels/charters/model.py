"""A charter, its parts and its past versions, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST = 4_000
LONGEST_REASON = 200
MOST_PEOPLE = 200
MOST_PLACES = 30


@dataclass(frozen=True, slots=True)
class Belonging:
    """Somebody who belongs in the channel, and why."""

    user: str
    reason: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is spoken of in another place: `channel` is its id, "" where `what` says it all."""

    what: str
    channel: str


@dataclass(frozen=True, slots=True)
class Text:
    """What a charter says. `team` is the function that answers, by whose opening hours it does; "" for everybody.
    `minutes` is the standard: the channel's own response time, None where nobody is timed."""

    purpose: str
    belongs: tuple[Belonging, ...] = ()
    places: tuple[Elsewhere, ...] = ()
    team: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Charter:
    """A version of a channel's charter: `by` wrote it, at `at`."""

    channel: str
    version: int
    text: Text
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A charter for one reader. `read` is the version that they have read, 0 for none; `wanted`: the channel is shared
    outside and has none."""

    charter: Charter | None
    read: int
    may_write: bool
    wanted: bool
    readers: int = 0
    members: int = 0

    @property
    def unread(self) -> bool:
        return self.charter is not None and self.read < self.charter.version
