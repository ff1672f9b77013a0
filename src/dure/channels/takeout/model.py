"""A takeout as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["compliance", "leaving"]
KINDS: tuple[Kind, ...] = ("compliance", "leaving")
State = Literal["waiting", "running", "done", "failed", "cancelled", "gone"]


@dataclass(frozen=True, slots=True)
class Takeout:
    """`compliance`: what was said with its changes and what is held, links to files. `leaving`: everything, with
    files, events and definitions. `asked` narrows it: `people`, `channels`, `from` and `until` (microseconds)."""

    id: str
    org: str
    workspace: str
    kind: Kind
    made_by: str
    made_at: datetime
    asked: dict[str, Any] = field(default_factory=dict)
    state: State = "waiting"
    why: str = ""
    channels_done: int = 0
    channels_all: int = 0
    messages: int = 0
    files: int = 0
    size: int = 0
    sha256: str = ""
    attempt: int = 0
    ended_at: datetime | None = None
    gone_at: datetime | None = None
