"""Cards as a site or an app gets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

Word = Literal["seen", "clicked", "dismissed"]
WORDS: tuple[Word, ...] = get_args(Word)


@dataclass(frozen=True, slots=True)
class Card:
    """`form` is card or banner; `id` is the message's. What is empty has nothing to show."""

    id: UUID
    form: str
    title: str
    body: str
    url: str
    button: str
    image: str
    language: str
    created_at: datetime
    expires_at: datetime
    seen: bool
    clicked: bool
