"""A page, its versions and what may be done to it, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Level = Literal["read", "write", "owner"]
Operation = Literal[
    "insert_at_start", "insert_at_end", "insert_before", "insert_after", "replace", "delete", "rename"
]  # fmt: skip

LONGEST = 100_000
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Canvas:
    """A page in Markdown. `channel` pins it, None where it stands alone; `user` changed it last, at `at`."""

    id: str
    workspace: str
    channel: str | None
    title: str
    body: str
    version: int
    user: str
    at: datetime
    creator: str
    created_at: datetime
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A page as it once was."""

    version: int
    title: str
    body: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One of Slack's changes: what, where (a section's id, "" for the whole), and the Markdown or title for it."""

    operation: Operation
    section: str = ""
    text: str = ""
