"""Whether a message asks for something: a question mark, or words of asking in Korean or English."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"[?？]|\b(?:could|can|would|will) (?:you|we|someone)\b|\bplease\b|\blet (?:me|us) know\b|\bany (?:update|news)\b"
    r"|부탁|주세요|주실|주시겠|줄래|가능할까|될까요|인가요|일까요|나요|알려\s?주|보내\s?주|확인\s?(?:해|바랍|부탁)|회신",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    return _ASKS.search(text) is not None
