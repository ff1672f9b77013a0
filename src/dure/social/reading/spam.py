"""Whether anybody need read it: the model's chance, what rules see, and what speaks against hiding it.

The rules are about form (many addresses, a heap of hashtags, offers to follow back). They raise the chance; a
complaint, a question or a crisis is never hidden for its form: its chance stays below `HIDDEN` and the reason is kept.
"""

from __future__ import annotations

import re
from math import exp

HIDDEN = 0.9  # from here on a mention is not routed and not shown unless asked for

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_FOLLOW = re.compile(
    r"맞팔|선팔|팔로우\s?반사|좋아요\s?반사|\bf4f\b|\bl4l\b|follow\s?(?:4|for)\s?follow|follow\s?back", re.I
)
_CONTACT = re.compile(
    r"(?:카톡|카카오톡|텔레그램|텔레|오픈채팅|telegram|whatsapp|라인)\s?(?:id|아이디|문의|상담|주세요|me\b|[:：])|"
    r"(?:dm|텔레그램|telegram) (?:me|문의|상담)", re.I,
)  # fmt: skip
_LIFTS = {"links": 1.0, "same_link": 2.0, "hashtags": 2.0, "follow": 2.5, "contact": 1.0}  # on the log-odds
_HEARD = ("complaint", "question", "crisis")
_SURELY = 0.5
_UNTOLD = 0.3  # the chance of an address alone, at most


def judged(text: str, chance: float, intent: str, sure: float) -> tuple[float, tuple[str, ...]]:
    """The chance with what the form says, and why: `model` for the wording, codes of `seen`, `kept` where a complaint
    could have been hidden. `chance` is the model's, `sure` the confidence in the intent."""
    why = seen(text)
    if not why and "//" in text and not _LINK.sub("", text).strip():
        chance = min(chance, _UNTOLD)  # nothing was said, so nothing speaks for spam either
    odds = max(chance, 1e-6) / max(1 - chance, 1e-6)
    for reason in why:
        odds *= exp(_LIFTS[reason])
    lifted = odds / (1 + odds)
    if chance >= 0.5:
        why = ("model", *why)
    if lifted >= HIDDEN and intent in _HEARD and sure >= _SURELY:
        return HIDDEN - 0.01, (*why, "kept")
    return lifted, why


def seen(text: str) -> tuple[str, ...]:
    """What the form of a text says, without a model."""
    found: list[str] = []
    if "http" in text or "www." in text:
        links = _LINK.findall(text)
        if len(links) > 1:
            found.append("same_link" if len(set(links)) < len(links) else "links")
    tags = text.count("#")
    if tags >= 5 or (tags >= 3 and tags * 3 >= len(text.split())):
        found.append("hashtags")
    if _FOLLOW.search(text):
        found.append("follow")
    if _CONTACT.search(text):
        found.append("contact")
    return tuple(found)
