"""A moment in a deal's timeline, and where the next page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dure.kernel.errors import Invalid

STAGE, CHANGE, NOTE, TASK, MEETING, FILE, MESSAGE, PRODUCT, DELIVERY, ALERT, SOCIAL = (
    "stage", "change", "note", "task", "meeting", "file", "message", "product", "delivery", "alert", "social",
)  # fmt: skip
KINDS = (STAGE, CHANGE, NOTE, TASK, MEETING, FILE, MESSAGE, PRODUCT, DELIVERY, ALERT, SOCIAL)


@dataclass(frozen=True, slots=True)
class Entry:
    """`what` says which of the kind it is, such as done of a task; `actor` is who did it, a user's id where it is one;
    `path` is where it can be opened, "" where nowhere."""

    id: str
    at: datetime
    kind: str
    what: str
    actor: str
    facts: Mapping[str, Any]
    path: str = ""

    @property
    def place(self) -> tuple[datetime, str]:
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Line:
    """A page, newest first; `next` is where the following one begins, "" at the end."""

    entries: tuple[Entry, ...]
    next: str


def cursor(entry: Entry) -> str:
    return f"{entry.at.astimezone(UTC).isoformat()}~{entry.id}"


def read_cursor(text: str) -> tuple[datetime, str]:
    """The place behind which a page begins; a bare time is fine too."""
    at, _, entry = text.partition("~")
    try:
        # A plus sign in an address arrives as a blank.
        moment = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError as error:
        raise Invalid("`before` is the `next` of the page before, or a time.", field="before") from error
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment), entry


def read_kinds(text: str) -> frozenset[str]:
    """Kinds separated by commas; nothing means all of them."""
    kinds = frozenset(one.strip() for one in text.split(",") if one.strip())
    if strange := kinds - set(KINDS):
        raise Invalid(f"`kinds` are of {', '.join(KINDS)}, not {min(strange)}.", field="kinds")
    return kinds or frozenset(KINDS)
