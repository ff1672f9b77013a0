"""What channels speak of, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from dure.channels.files.model import File
from dure.channels.prefs.model import Prefs
from dure.channels.refusals import BadTimestamp
from dure.kernel.tenant import Tenant

Kind = Literal["channel", "im", "mpim"]
ShareState = Literal["invited", "connected", "declined", "disconnected"]
# Who may write at the top level, and whether there are threads: everyone; administrators, and everyone in threads;
# administrators only; everyone, and no threads.
Posting = Literal["everyone", "threads", "admins", "flat"]
ResponseState = Literal["waiting", "warned", "overdue", "answered", "paused"]
ResponseKind = Literal["first", "next"]
Reach = Literal["", "several", "whole"]  # within its home's organisation: one workspace, several, or every one
Standing = Literal["", "default", "mandatory"]  # default: newcomers are brought in; mandatory: and nobody leaves


def ts_text(ts: int) -> str:
    """Microseconds since 1970 as Slack writes them: `1763866800.000100`."""
    return f"{ts // 1_000_000}.{ts % 1_000_000:06d}"


def ts_of(text: object) -> int:
    """Slack's text as microseconds; never through a float, which cannot hold them. Raises BadTimestamp."""
    whole, _, part = str(text).strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 12 and (not part or part.isdigit())):
        raise BadTimestamp
    if not part.isascii() or len(part) > 6:
        raise BadTimestamp
    return int(whole) * 1_000_000 + int(part.ljust(6, "0") or 0)


def ts_at(at: datetime) -> int:
    """A moment in microseconds."""
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@dataclass(frozen=True, slots=True)
class Share:
    """One side of a conversation: a workspace, what it calls it and how it keeps it."""

    channel: str
    workspace: str
    org: str
    home: bool
    name: str
    private: bool
    archived: bool
    state: ShareState
    invited_by: str
    limited: bool = False  # it may only write, not bring its people in
    keep_days: int | None = None  # for how long this side keeps what its people say here, where it says so itself
    server: str = ""  # the partnership that it is known by, where it is on another server

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.org, self.workspace)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as one workspace sees it. `last_ts` and `last_read` are microseconds, 0 for never."""

    id: str
    kind: Kind
    home: Share
    side: Share
    shares: tuple[Share, ...]
    topic: str
    topic_by: str
    topic_at: datetime | None
    purpose: str
    purpose_by: str
    purpose_at: datetime | None
    creator: str
    created_at: datetime
    last_ts: int
    response_minutes: int | None
    people: tuple[str, ...]
    is_member: bool
    last_read: int
    members: int
    unread: int = 0
    posting: Posting = "everyone"
    mentions: int = 0
    response_team: str = ""  # by whose opening hours answers are timed; everybody's where empty
    reach: Reach = ""
    standing: Standing = ""
    prefs: Prefs | None = None
    transfer_to: str = ""  # the side that was asked to become the home
    copy_of: str = ""  # of an archived copy that a side kept: the channel that it was connected to

    @property
    def name(self) -> str:
        return self.side.name

    @property
    def private(self) -> bool:
        return self.side.private

    @property
    def connected(self) -> tuple[Share, ...]:
        """The sides that can read it now."""
        return tuple(share for share in self.shares if share.state == "connected")

    @property
    def own_sides(self) -> tuple[Share, ...]:
        """The connected sides that are one with the caller's: those of a channel that spans its organisation."""
        if not self.reach or self.side.org != self.home.org:
            return (self.side,)
        return tuple(share for share in self.connected if share.org == self.home.org)

    @property
    def is_external(self) -> bool:
        """Whether another organisation can read it now."""
        return any(share.org != self.side.org for share in self.connected)

    @property
    def elsewhere(self) -> str:
        """The partnership by whose server the conversation is kept; "" where it is kept here."""
        return self.home.server

    @property
    def is_shared(self) -> bool:
        return len(self.connected) > 1

    def org_of(self, workspace: str) -> str:
        """The organisation of a workspace that is or was a side."""
        return next((share.org for share in self.shares if share.workspace == workspace), "")


@dataclass(frozen=True, slots=True)
class Reaction:
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Something said. `thread` is the ts of what it answers, None at the top level; `team` the author's workspace.

    `parent` is the author of what a reply answers, where that is known. `pinned`, `following` (the thread) and what was
    read of the thread are the reader's, filled where a conversation is read.
    `files` are ids; `carried` is what is known of them, in the same order.
    """

    channel: str
    ts: int
    thread: int | None
    broadcast: bool
    user: str
    app: str
    team: str
    username: str
    subtype: str
    text: str
    blocks: list[Any] | None
    attachments: list[Any] | None
    metadata: dict[str, Any] | None
    client_msg_id: str | None
    edited_at: datetime | None
    edited_by: str | None
    deleted: bool
    reply_count: int
    latest_reply: int | None
    reply_users: tuple[str, ...]
    reactions: tuple[Reaction, ...] = ()
    icons: dict[str, str] | None = None
    mentions: tuple[str, ...] = ()
    parent: str = ""
    pinned: bool = False
    following: bool = False
    thread_read: int = 0
    thread_unread: int = 0
    files: tuple[str, ...] = ()
    carried: tuple[File, ...] = ()
    unfurls: list[Any] | None = None
    brought: str = ""  # the channel of Slack that it was brought in from; "" where it was said here


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be said."""

    text: str = ""
    blocks: list[Any] | None = None
    attachments: list[Any] | None = None
    metadata: dict[str, Any] | None = None
    thread: int | None = None
    broadcast: bool = False
    client_msg_id: str | None = None
    username: str = ""
    subtype: str = ""
    icons: dict[str, str] | None = None
    files: tuple[str, ...] = ()
    # Of the rules of what may be said: `ask` has a warning stop it first, `let` is what an administrator let through.
    guard: Literal["ask", "heeded", "let"] = "heeded"


@dataclass(frozen=True, slots=True)
class Member:
    user: str
    workspace: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """Somebody from outside waits, or waited, for an answer. `thread` 0 is the conversation itself.

    `minutes` is the promise, in opening hours. `seconds` is how long it took by the wall's clock, `open_seconds` in
    opening hours and without what it stood still; `left` are the open seconds of a promise that stands still. Somebody
    of the home side saw the question `seen_at`: by reacting to it, which answers nothing.
    """

    id: str
    channel: str
    thread: int
    asked: int
    asked_by: str
    minutes: int
    warn_at: datetime
    due_at: datetime
    state: ResponseState
    answered_at: datetime | None
    answered_by: str | None
    seconds: float | None
    kind: ResponseKind = "first"
    asked_team: str = ""
    asked_org: str = ""
    open_seconds: float | None = None
    within: bool | None = None
    seen_at: datetime | None = None
    seen_by: str = ""
    paused_at: datetime | None = None
    paused_by: str = ""
    left: float | None = None
    escalated_at: datetime | None = None
    escalated_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A link that a channel keeps above its messages."""

    id: str
    channel: str
    title: str
    link: str
    emoji: str
    place: int
    created_by: str
    created_at: datetime
    changed_by: str
    changed_team: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pin:
    message: Message
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said until `until`, when `by` changed it."""

    text: str
    blocks: list[Any] | None
    attachments: list[Any] | None
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Following:
    """A thread that the reader follows: what it hangs on, its last replies, and how many are new to them."""

    root: Message
    replies: tuple[Message, ...]
    last_read: int
    unread: int


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What is to be said at `post_at`. `failed` is the name of the refusal that it met then."""

    id: str
    channel: str
    user: str
    app: str
    post_at: datetime
    made_at: datetime
    draft: Draft
    failed: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """A workspace's own emoji: another name (`alias`) or a picture of a content type (`kind`)."""

    name: str
    alias: str
    kind: str
    made_by: str
    made_at: datetime

    @property
    def address(self) -> str:
        """Where its picture is, on this server."""
        return f"/api/v1/emoji/{quote(self.name)}"
