"""What a search finds, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dure.channels.search.query import Query
from dure.channels.store.search import Readable
from dure.governance.api import User

Kind = Literal["messages", "files", "people", "channels"]
KINDS: tuple[Kind, ...] = ("messages", "files", "people", "channels")
Sort = Literal["timestamp", "score"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What was said beside a message that was found."""

    ts: int
    user: str
    username: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `snippet` is its text around what was sought, in pieces that are lit or not."""

    channel: Readable
    ts: int
    thread: int | None
    user: str
    app: str
    team: str
    username: str
    text: str
    blocks: list[Any] | None
    attachments: list[Any] | None
    snippet: Sequence[tuple[str, bool]]
    reactions: int
    files: tuple[str, ...]
    before: Sequence[Neighbour] = ()
    after: Sequence[Neighbour] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Messages that were found, and how many there are: at least so many where there are `more`.

    `unknown` are names in the query that nobody and no conversation has; nothing is found by them.
    `people` are those who are named in what was found, by id. `following` is where the next page begins, None at the
    end.
    """

    query: Query
    hits: Sequence[Hit] = ()
    total: int = 0
    more: bool = False
    following: tuple[str, int] | None = None
    unknown: Sequence[str] = ()
    people: Mapping[str, User] = field(default_factory=dict)
