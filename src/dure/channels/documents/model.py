"""What was read of a file, and how much of one is read at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Why = Literal["encrypted", "scanned", "broken", "too_large", "slow", "unknown"]
WHYS: tuple[Why, ...] = ("encrypted", "broken", "slow", "too_large", "unknown", "scanned")
"""Why something could not be read. *scanned*: pictures of words, or letters without meaning; *too_large*: there is more
than is looked into; *slow*: it takes longer than a file may; *unknown*: a kind of file that nobody here reads."""

LARGEST = 48 << 20
"""Bytes of a document that are read at all."""
UNPACKED = 128 << 20
"""Bytes that all parts of a document may come to when they are unpacked."""
MEMBERS = 5_000
PAGES = 1_000
TEXT = 2_000_000
"""Letters that are kept of one."""
DEPTH = 3
"""How deep documents may lie within documents."""
SECONDS = 10
_GAPS = re.compile(r"\n\s*\n")
MEMORY = 1 << 30


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what could be read; `why` what keeps the rest from it, "" where nothing does."""

    text: str = ""
    why: Why | Literal[""] = ""


@dataclass
class Budget:
    """What may still be taken from one file, with everything that lies in it, and what could not be read."""

    unpacked: int = UNPACKED
    members: int = MEMBERS
    pages: int = PAGES
    letters: int = TEXT
    pieces: list[str] = field(default_factory=list)
    missed: set[Why] = field(default_factory=set)

    def say(self, text: str) -> None:
        """Keeps a text. Raises Enough when there is no room for more."""
        self.pieces.append(text[: self.letters])
        self.letters -= len(text)
        if self.letters <= 0:
            raise Enough

    def unpack(self, size: int) -> None:
        self.unpacked -= size
        if self.unpacked < 0:
            raise Enough

    def member(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise Enough

    def page(self) -> None:
        self.pages -= 1
        if self.pages < 0:
            raise Enough

    def reading(self) -> Reading:
        """The sternest of what went wrong stands for all of it."""
        why: Why | Literal[""] = next((one for one in WHYS if one in self.missed), "")
        return Reading(_GAPS.sub("\n", "".join(self.pieces)).strip(), why)


class Enough(Exception):
    """There is more than is looked into."""


class Unreadable(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why
