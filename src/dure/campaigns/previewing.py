"""A message as one person would get it, on any channel, with what its channel makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dure.campaigns.plugs import Content

# The basic alphabet of GSM 03.38; a message with any other letter is sent in UCS-2 and has less room.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Preview:
    """`sms` counts what an SMS costs: its encoding, letters, and how many it is sent as."""

    node: str
    to: str
    sender: str
    content: Content
    sms: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        content = self.content
        return {
            "node": self.node, "channel": content.channel, "language": content.language, "to": self.to,
            "from": self.sender, "subject": content.title, "title": content.title, "text": content.text,
            "html": content.html, "url": content.url, "image": content.image, "more": dict(content.more),
            "sms": self.sms,
        }  # fmt: skip


def parts_of(text: str) -> dict[str, Any]:
    """How an SMS is sent: 160 letters of GSM or 70 of UCS-2 in one, 153 or 67 in each of several."""
    if all(letter in _GSM or letter in _GSM_TWICE for letter in text):
        length, one, many, encoding = sum(2 if letter in _GSM_TWICE else 1 for letter in text), 160, 153, "gsm7"
    else:
        length, one, many, encoding = len(text.encode("utf-16-be")) // 2, 70, 67, "ucs2"
    return {"encoding": encoding, "letters": length, "parts": 1 if length <= one else math.ceil(length / many)}
