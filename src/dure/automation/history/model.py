"""Values of history: what is looked for, and what is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dure.automation.model import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs are looked for. `text` is found in the subject, key, error and the name that the event carries."""

    automation: str | None = None
    status: Sequence[str] = ()
    subject: str = ""
    node: str = ""
    version: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A page of runs with how many steps each took, how many there are in each state, and where the next page is."""

    runs: Sequence[tuple[Run, int]]
    by_status: Mapping[str, int]
    next: str = ""


@dataclass(frozen=True, slots=True)
class NodeCount:
    """What became of one node's steps in one way. `median` and `slow` (the 95th of a hundred) are seconds."""

    node: str
    status: str
    outcome: str
    steps: int
    retries: int
    median: float | None
    slow: float | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts over the newest `runs` since `since`, and how many runs stand on each node now."""

    runs: int
    since: datetime | None
    nodes: Sequence[NodeCount]
    standing: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Letters:
    """A page of what failed."""

    letters: Sequence[Mapping[str, Any]]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """What came of doing one thing to many runs: those done, and why others were not."""

    done: Sequence[str]
    refused: Sequence[Mapping[str, str]]
