"""Ideas' decisions without I/O: what a title may be, and how near two are in their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from zlib import crc32

from dure.kernel.errors import Invalid
from dure.social.ideas.model import SOURCES, STATES
from dure.social.model import TOPICS

TITLE, ABOUT, SAID = 140, 4_000, 1_000
NEAR, SAME = 0.25, 0.55
"""From when two are shown as similar, and from when what somebody asks for joins an idea by itself."""
_KEPT = re.compile(r"[^\w]+")
# Words that requests share whatever they are for; in Korean the endings they stand in.
_POLITE = re.compile(
    r"\b(please|could|would|can|you|we|add|support|want|wish|need|feature|allow|let|the|for|and|with)\b"
    r"|해\s?주세요|해\s?주시면|좋겠(어요|습니다|네요)|있었으면|추가|지원|기능|부탁(드려요|드립니다)?|바랍니다"
)


def grams(title: str) -> list[int]:
    """The hashed pieces of three letters of a title's own words, spaces or none between them, sorted."""
    plain = f" {_KEPT.sub('', _POLITE.sub(' ', title.lower()))} "
    if len(plain) < 3:
        plain = f" {title.lower()}   "
    pieces = {plain[at : at + 3] for at in range(len(plain) - 2)}
    return sorted(crc32(piece.encode()) - (1 << 31) for piece in pieces)


def nearness(one: Iterable[int], other: Iterable[int]) -> float:
    """0..1: the share of pieces that both have (Dice), half by it and half by how much of the shorter lies in the
    longer, so that a long wish finds a short title."""
    mine, theirs = set(one), set(other)
    both = len(mine & theirs)
    if not both:
        return 0.0
    return 0.5 * (2 * both / (len(mine) + len(theirs))) + 0.5 * both / min(len(mine), len(theirs))


def checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not 3 <= len(title) <= TITLE:
        raise Invalid(f"A title has 3 to {TITLE} letters.", field="title")
    return title


def check(*, about: str = "", state: str = "open", topic: str = "", source: str = "hand", said: str = "") -> None:
    if len(about) > ABOUT:
        raise Invalid(f"`about` has at most {ABOUT} letters.", field="about")
    if state not in STATES:
        raise Invalid(f"`state` is one of {', '.join(STATES)}.", field="state")
    if topic and topic not in TOPICS:
        raise Invalid(f"`topic` is one of {', '.join(TOPICS)}.", field="topic")
    if source not in SOURCES:
        raise Invalid(f"`source` is one of {', '.join(SOURCES)}.", field="source")
    if len(said) > SAID:
        raise Invalid(f"`said` has at most {SAID} letters.", field="said")


def in_sheet(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
