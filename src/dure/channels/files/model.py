"""A file and what is shown of it, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Mode = Literal["hosted", "snippet", "external"]
State = Literal["reserved", "uploaded", "kept", "deleted"]

LARGEST = 1 << 30
LARGEST_SNIPPET = 1 << 20
LOOKED_INTO = 4 << 20
"""So many bytes of a text file are read by the rules of what may be said."""


@dataclass(frozen=True, slots=True)
class Thumb:
    """A small picture of a picture; `size` is Slack's name for it, the longest side it may have."""

    size: int
    sha256: str
    mimetype: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A place where the caller can see a file: the message that carries it."""

    channel: str
    name: str
    kind: str
    private: bool
    ts: int
    thread: int | None
    user: str
    team: str
    at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file. `user` of `workspace` owns it; `app` where a bot does. `name` is what it was called, `title` what it is.

    *reserved*: an upload address was given out; *uploaded*: its bytes are durable, nobody has kept it yet; *kept*;
    *deleted*. `open`: an open channel of the owner's workspace has it. `cut`: the conversation that it is seen in is no
    longer shared with its owner's workspace.
    """

    id: str
    workspace: str
    org: str
    user: str
    app: str
    name: str
    title: str
    alt: str
    mimetype: str
    filetype: str
    mode: Mode
    state: State
    size: int
    sha256: str | None
    created_at: datetime
    preview: str = ""
    lines: int = 0
    width: int | None = None
    height: int | None = None
    public_secret: str | None = None
    external_id: str | None = None
    external_url: str | None = None
    thumbs: tuple[Thumb, ...] = ()
    shares: tuple[Shared, ...] = ()
    open: bool = False
    cut: bool = False

    @property
    def far(self) -> bool:
        """Its bytes are on another server, its owner's."""
        return self.state == "kept" and self.mode != "external" and self.sha256 is None

    def thumb(self, size: int) -> Thumb | None:
        return next((one for one in self.thumbs if one.size == size), None)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which files are listed. `types` are Slack's (`images`, `pdfs`, …); none means all."""

    channel: str = ""
    user: str = ""
    since: datetime | None = None
    until: datetime | None = None
    types: tuple[str, ...] = ()
