"""An export of Slack on its way in, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["reading", "ready", "waiting", "running", "done", "failed", "cancelled", "gone"]
RoomKind = Literal["public", "private", "im", "mpim"]
OPEN = ("reading", "waiting", "running")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the export. `match` is who they are here, by `how`: their e-mail, an export before, or somebody's
    choice; nobody yet where it is empty. `kind` tells people from bots and from other companies' people."""

    id: str
    name: str
    email: str = ""
    title: str = ""
    display: str = ""
    kind: Literal["person", "guest", "bot", "outside"] = "person"
    gone: bool = False
    match: str = ""
    how: Literal["email", "known", "bot", ""] = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation of the export. `state`: it is new, its name is taken (by `taken`), or it was brought in before."""

    id: str
    name: str
    kind: RoomKind
    archived: bool = False
    creator: str = ""
    created: int = 0
    topic: str = ""
    purpose: str = ""
    members: tuple[str, ...] = ()
    pins: tuple[Mapping[str, Any], ...] = ()
    bookmarks: tuple[Mapping[str, Any], ...] = ()
    folder: str = ""
    general: bool = False
    messages: int = 0
    files: int = 0
    days: int = 0
    first: str = ""
    last: str = ""
    state: Literal["new", "taken", "known"] = "new"
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was not brought in. `what` and `why` are words of a closed list, `about` says more."""

    what: str
    why: str
    about: str = ""
    room: str = ""
    day: str = ""
    ts: str = ""


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """`bring` as a channel of its own (called `name` where that is said), `into` a channel of here, or `skip`."""

    do: Literal["bring", "into", "skip"] = "bring"
    into: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """How an export is brought in. Who is not known becomes an account: `deactivated`, or `active` so that they can be
    sent a link. `match` says who somebody is; `files` are left where they are, or fetched."""

    people: Literal["deactivated", "active"] = "deactivated"
    match: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, RoomChoice] = field(default_factory=dict)
    private: bool = False
    direct: bool = False
    files: Literal["leave", "fetch"] = "leave"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. Of what is being read: days of `days_all`; of what is brought in also messages and files."""

    days: int = 0
    days_all: int = 0
    rooms: int = 0
    rooms_all: int = 0
    messages: int = 0
    files: int = 0
    held: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Moving:
    """One export that was given to be brought in."""

    id: str
    org: str
    workspace: str
    name: str
    size: int
    sha256: str
    made_by: str
    made_at: datetime
    state: State = "reading"
    why: str = ""
    preview: dict[str, Any] | None = None
    choices: Choices = field(default_factory=Choices)
    progress: Progress = field(default_factory=Progress)
    attempt: int = 0
    began_by: str = ""
    ended_at: datetime | None = None
    gone_at: datetime | None = None
