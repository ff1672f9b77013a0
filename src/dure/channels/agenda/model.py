"""An agenda's items as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Item:
    """One point. `line` is its line on the page from 0; `carried` how many weeks it was taken over."""

    line: int
    text: str
    done: bool
    owner: str = ""
    due: date | None = None
    carried: int = 0

    def late(self, today: date) -> bool:
        return not self.done and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Agenda:
    """A channel's agenda; None as `heading` where its page has none. `version` is the page's, 0 for no page."""

    channel: str
    heading: str | None
    items: tuple[Item, ...]
    version: int

    @property
    def open(self) -> list[Item]:
        return [one for one in self.items if not one.done]
