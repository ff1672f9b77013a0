"""What others may fill: a stronger reader of texts, and the sources that mentions come from and answers go to.

A source is one file in `connectors`, with a manifest and whichever of the doors below it has. What goes wrong outside
is `Trouble`, a value with a code that is shown in the reader's language, or an OSError where nothing answered.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from dure.automation.plugs import Answer
from dure.kernel.tenant import Tenant
from dure.social.model import Mention, NewMention, Reading

Basis = Literal["official", "own_data", "terms_restricted"]
Ability = Literal["pull", "stream", "hear", "upload", "reply", "publish", "edits", "deletions"]
FieldKind = Literal["text", "long", "list", "address", "addresses", "choice", "switch", "number"]
TroubleCode = Literal[
    "refused_key", "not_found", "busy", "unreadable", "answered", "settings", "unsigned", "unreached"
]  # fmt: skip


class Reader(Protocol):
    """Says what short public texts are about. `reading.builtin.BuiltInReader` is the one in the box.

    Called off the event loop with up to a thousand texts; one reading a text, in the same order. The values are those
    of `model.INTENTS` and `model.TOPICS`. A reader that asks a service answers slowly at worst, it does not raise for
    one bad text.
    """

    def read(self, texts: Sequence[str]) -> list[Reading]: ...


# -- what a source says of itself --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a source has to be told; all values are texts. A `list` is parted by commas or lines, a `switch` is
    `yes` or empty, a `number` whole, an `address` http or https, `addresses` are several of those, one a line."""

    name: str
    title: Mapping[str, str]
    kind: FieldKind = "text"
    required: bool = True
    hint: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    choices: Sequence[tuple[str, Mapping[str, str]]] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a post may be, counted as the network counts. A link counts as `link`, 0 where as it is written; of a
    handle with its server only the name counts where `handles`. 0 of `size` (bytes) or `title`: there is none."""

    characters: int
    graphemes: bool = False
    link: int = 0
    handles: bool = False
    size: int = 0
    title: int = 0
    titled: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """A source as people choose it. `network` is what its mentions say they come from. `basis` says on what ground it
    is read, `terms` in words what that asks of the company. `every` is the least interval of pulls in seconds;
    `history` how many days back it can go, 0 where as far as one likes. `limits` are those of what it publishes."""

    name: str
    network: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    basis: Basis
    can: frozenset[Ability]
    settings: Sequence[Field] = ()
    secrets: Sequence[Field] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    every: int = 300
    history: int = 0
    limits: Limits | None = None


# -- what is asked of it, and what it answers --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """Whose source is asked, and with what. Nothing older than `since` need be brought. `quota` is what the source
    last said of its used units, whatever became of the cursor."""

    tenant: Tenant
    source: uuid.UUID
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    now: datetime
    since: datetime
    quota: Mapping[str, Any] = field(default_factory=dict)

    def several(self, name: str) -> list[str]:
        """A list setting's entries, in order, each once."""
        return list(
            dict.fromkeys(one.strip() for one in re.split(r"[,\n]", self.settings.get(name, "")) if one.strip())
        )

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.settings.get(name, "") == "yes"


@dataclass(frozen=True, slots=True)
class Raw:
    """A payload as it came, kept for some days to be looked into; `ids` are the mentions read from it."""

    place: str
    body: str
    ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pulled:
    """One page, frame or upload. `cursor` is committed with it, in one transaction; what comes again is known by its
    id, so a source may repeat itself but never skip. A mention that is known and now says something else is an edit,
    where its `edited_at` is later or the source `can` tell edits. `gone` are ids that the network took back; of
    `network`, where that is not the manifest's.
    `more` asks for the next page at once, after `wait` seconds where the network wants to be left alone.
    `done` of `total` says how far a long way back has come, where that is known."""

    cursor: Mapping[str, Any]
    mentions: Sequence[NewMention] = ()
    gone: Sequence[str] = ()
    network: str = ""
    more: bool = False
    wait: float = 0.0
    raw: Sequence[Raw] = ()
    quota: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """What is published. `title` is for networks that have one; `to` a place within the network (a subreddit, a
    category, a repository), "" for the source's own."""

    text: str
    title: str = ""
    url: str = ""
    language: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """It stands there now: the network's id of it, and where it can be seen."""

    reference: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It certainly does not stand there. `wait` are seconds after which it may be tried again, 0 for never."""

    code: TroubleCode
    detail: str = ""
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was handed over and no answer came that says what became of it: nobody may send it again unasked."""

    detail: str = ""


Outcome = Said | Refused | Unknown


class Trouble(Exception):
    """The other side says no. `wait` are the seconds it wants to be left alone, 0 where it did not say."""

    def __init__(self, code: TroubleCode, detail: str = "", wait: float = 0.0) -> None:
        super().__init__(detail or code)
        self.code: TroubleCode = code
        self.detail = detail[:300]
        self.wait = wait


# -- the doors of a source: it has those that its manifest's `can` names -----------------------------------------------


class Source(Protocol):
    """A kind of source. What it can beside is said by the Protocols below."""

    manifest: Manifest


@runtime_checkable
class Pulls(Protocol):
    """Is asked for what is new."""

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        """The page after the cursor, {} at first. May be asked the same page again."""
        ...


@runtime_checkable
class Streams(Protocol):
    """Tells what is new by itself, over a line that is held open."""

    def stream(self, given: Given, cursor: Mapping[str, Any]) -> AsyncIterator[Pulled]:
        """What comes after the cursor, as it comes; an empty one now and then says that the line is alive."""
        ...


@runtime_checkable
class Checks(Protocol):
    """Looks at its settings before they are kept, beyond what their kinds say."""

    def check(self, settings: Mapping[str, str]) -> None:
        """Invalid, naming `settings.` and the field, where they mean nothing."""
        ...


@runtime_checkable
class Hears(Protocol):
    """Is called by the network, at the address that Dure gives the source."""

    async def hear(self, given: Given, call: Call) -> Pulled:
        """What a call says. Trouble("unsigned") where the call does not prove whose it is."""
        ...


@runtime_checkable
class Reads(Protocol):
    """Reads files that people bring."""

    def read(self, given: Given, body: bytes, name: str) -> Pulled:
        """What a file holds, on a thread; Invalid names the row and the column that cannot be read."""
        ...


@runtime_checkable
class Replies(Protocol):
    """Answers a mention where it stands. Trouble and OSError are raised only before anything was handed over."""

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        """`key` is the same however often this very answer is tried."""
        ...


@runtime_checkable
class Publishes(Protocol):
    """Puts up a post of the company's own. Trouble and OSError are raised only before anything was handed over."""

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        """`key` is the same however often this very post is tried."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a network at a source's address. Names of `headers` are in small letters; `path` and `host` are as
    the caller named them, which signatures cover."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes


# -- the way out -------------------------------------------------------------------------------------------------------


class Web(Protocol):
    """The guarded way out as sources use it: refuses private networks unless they are allowed.

    Raises NotAllowed for a refused address and OSError where nothing answered (`automation.plugs.Unreached` where
    nobody can have heard it).
    """

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float,
        most: int = ...,
    ) -> Answer:  # fmt: skip
        """One request; the answer is cut at `most` bytes."""
        ...

    def lines(
        self, tenant: Tenant, url: str, headers: Mapping[str, str], seconds: float
    ) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """The lines of an answer that does not end, as they come; OSError after so many seconds of silence."""
        ...

    async def address(self, tenant: Tenant, host: str, port: int) -> str:
        """The checked address of a host, for a line that is no request: connect to this very one."""
        ...
