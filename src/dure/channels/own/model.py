"""What a person keeps for themselves, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Sort = Literal["name", "recent", "own"]

# The sections that everybody has. What a person puts into the first, or into one of their own, is not in the others.
BUILT_IN = ("starred", "channels", "shared", "direct", "apps")


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What somebody has begun to write. `thread` 0 is the conversation itself; a version rises at every change.

    `mentions` are pairs: what stands in the text, what it means (`@Mina`, `<@U0…>`). `other` was written on another
    device at the same time: it is shown until it is taken in, so that the last writer takes nothing away.
    """

    channel: str
    thread: int
    text: str
    mentions: tuple[tuple[str, str], ...]
    other: str
    version: int
    changed_at: datetime
    device: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a sidebar: a built-in one by its id, or a person's own with a name. `rooms` is what they put there."""

    id: str
    name: str
    rooms: tuple[str, ...]
    folded: bool
    sort: Sort


@dataclass(frozen=True, slots=True)
class Sidebar:
    """A person's sections in their order; version 0 is one that was never changed."""

    sections: tuple[Section, ...]
    version: int
