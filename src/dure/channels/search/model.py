"""What a search finds, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from dure.channels.search.query import Query
from dure.channels.store.search import Readable
from dure.governance.api import User

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
class Carried:
    """A place where the caller can see a file: the message that carries it."""

    channel: Readable
    ts: int
    thread: int | None


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was found by its title, its name, what is told of it or the beginning of its text."""

    id: str
    name: str
    title: str
    mimetype: str
    filetype: str
    mode: str
    size: int
    user: str
    workspace: str
    created_at: datetime
    external_url: str | None
    places: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """A page of files, and how many there are: at least so many where there are `more`."""

    query: Query
    found: Sequence[FoundFile] = ()
    total: int = 0
    more: bool = False
    people: Mapping[str, User] = field(default_factory=dict)


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
