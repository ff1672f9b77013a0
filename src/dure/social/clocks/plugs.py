"""What outside clocks need: a way to send a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

Fate = Literal["sent", "again", "lost"]


class Postman(Protocol):
    """Hands over one letter. `again`: it was certainly not taken and may be tried later; `lost`: nobody knows, or it
    was refused for good. The same `key` is the same letter."""

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Fate: ...
