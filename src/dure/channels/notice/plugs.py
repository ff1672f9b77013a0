"""What notices ask of the outside, filled in `connectors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

# `sent`: the server has it. `again`: it certainly has not, and may later. `lost`: it never will, or nobody can tell.
Fate = Literal["sent", "again", "lost"]


class Postman(Protocol):
    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Fate:
        """Hands one e-mail over. `key` is the letter's own, the same at every try."""
