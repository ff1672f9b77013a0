"""Social's values: a mention as it comes in, as it was read, and a spike of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.kernel.filters import Filter

Status = Literal["new", "routed", "done"]
STATES: tuple[Status, ...] = ("new", "routed", "done")
Kind = Literal["post", "comment", "review", "message", "article"]

INTENTS: Mapping[str, Mapping[str, str]] = {
    "question": {"ko": "질문", "en": "Question"},
    "complaint": {"ko": "불만", "en": "Complaint"},
    "praise": {"ko": "칭찬", "en": "Praise"},
    "purchase": {"ko": "구매 의향", "en": "Purchase"},
    "hiring": {"ko": "채용", "en": "Hiring"},
    "press": {"ko": "언론", "en": "Press"},
    "crisis": {"ko": "위기", "en": "Crisis"},
    "other": {"ko": "기타", "en": "Other"},
}
TOPICS: Mapping[str, Mapping[str, str]] = {
    "payment": {"ko": "결제", "en": "Payment"},
    "buffering": {"ko": "재생·버퍼링", "en": "Playback"},
    "crash": {"ko": "앱 오류", "en": "App crash"},
    "refund": {"ko": "구독·환불", "en": "Subscription and refund"},
    "app": {"ko": "앱 사용감", "en": "App experience"},
    "usage": {"ko": "사용 방법", "en": "How to use"},
    "creator": {"ko": "방송·크리에이터", "en": "Shows and creators"},
    "advertising": {"ko": "광고·제휴", "en": "Advertising"},
    "jobs": {"ko": "채용", "en": "Jobs"},
    "company": {"ko": "회사 소식", "en": "Company"},
    "other": {"ko": "기타", "en": "Other"},
}


class NewMention(msgspec.Struct, frozen=True, kw_only=True):
    """A post as a connector hands it in. `id` is the network's own; `posted_at` None means now.

    `language` is what the network says; it is looked at only where the script says nothing. `parent` is the id of
    what it answers, `thread` that of what began the talk, both the network's own. `rating` is a review's, 1 to 5.
    `edited_at` is when the network says it was last changed.
    """

    network: str
    id: str
    text: str
    author: str = ""
    handle: str = ""
    url: str = ""
    reach: int = 0
    language: str = ""
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    kind: Kind = "post"
    title: str = ""
    parent: str = ""
    thread: str = ""
    rating: int | None = None
    email: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a text. `sentiment` is -1, 0 or 1; `confidence` 0..1, that of intent and topic;
    `feeling` 0..1, that of the sentiment; `spam` 0..1, how likely nobody need read it. `entities` are names it
    mentions (`brand:dure`, `product:…`), `themes` what it is about in the workspace's own words. `spam_why` says what
    speaks for spam, and what speaks against hiding it."""

    language: str
    intent: str
    topic: str
    sentiment: int
    confidence: float
    feeling: float = 0.0
    spam: float = 0.0
    entities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    spam_why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A stored mention. `original` is the mention it is a near copy of (itself when it is none), `copies` how many
    near copies an original has. `corrected_by` is who set the reading right, "" while it is the reader's own.
    `source` is what brought it (None: a call). `direct` says that it was written to the company alone. Once its
    network took it back, `deleted_at` says when and the text is empty. `person` and `account` are whose it is as
    far as known. `own`: the company wrote it, which is kept for the talk it stands in, and neither counted nor told."""

    id: uuid.UUID
    network: str
    external: str
    author: str
    handle: str
    text: str
    url: str
    reach: int
    posted_at: datetime
    arrived_at: datetime
    language: str
    intent: str
    topic: str
    sentiment: int
    confidence: float
    original: uuid.UUID
    copies: int
    state: Status
    function: str
    channel: str
    corrected_by: str
    version: int
    source: uuid.UUID | None = None
    kind: Kind = "post"
    title: str = ""
    parent: str = ""
    thread: str = ""
    rating: int | None = None
    email: str = ""
    direct: bool = False
    feeling: float = 0.0
    spam: float = 0.0
    entities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    person: uuid.UUID | None = None
    account: str = ""
    spam_why: tuple[str, ...] = ()
    own: bool = False


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Where a mention goes: the first rule whose filters all hold, and one of whose `words` stands in the text where it
    has any, names the function and a channel. The functions of `also` are told.

    Filters look at network, language, intent, topic, sentiment, reach, text, author, handle, kind, rating, direct.
    """

    function: str
    where: tuple[Filter, ...] = ()
    words: tuple[str, ...] = ()
    channel: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spike:
    """More people than usual talk about a topic or fit a watched query (`query`, `name`), or with `feeling` negative
    more of them than usual say something bad. `seen` and `expected` are people an hour when it was noticed; `why` says
    by which words and by whom (`listening.explain`)."""

    id: uuid.UUID
    topic: str
    started_at: datetime
    ended_at: datetime | None
    state: Literal["on", "over"]
    seen: int
    expected: float
    upper: float
    peak: int
    examples: tuple[Mapping[str, Any], ...]
    query: uuid.UUID | None = None
    name: str = ""
    feeling: Literal["", "negative"] = ""
    why: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> dict[str, str]:
        """What it is about, in both languages."""
        of = {"ko": self.name, "en": self.name} if self.query else dict(TOPICS[self.topic])
        return {"ko": f"{of['ko']} 부정", "en": f"{of['en']}, negative"} if self.feeling else of


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a call: how many were new, how many were known already (`edited` of them say something else
    now), how many were taken back, and which spikes it set off. `kept` is False where the caller's own part of the
    transaction said no, and nothing happened."""

    added: int
    known: int
    ids: tuple[uuid.UUID, ...]
    spikes: tuple[uuid.UUID, ...] = ()
    edited: int = 0
    deleted: int = 0
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Bearer:
    """What brought mentions: the source, whether a known mention that differs is an edit though it names no time,
    and whether it is a past that is brought in."""

    source: uuid.UUID | None = None
    edits: bool = False
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What to list. Empty fields do not filter; `before` continues after the last row of the page before.

    `copies_of` lists the near copies of one mention; without it only originals are listed. `spam` is hidden, only or
    all: what is nearly surely spam is listed where it is asked for; so is by `own` what the company wrote itself. Words
    of `text` are found where a word begins so; with `anywhere` also in the middle of words, which takes longer. `theme`
    is a saved query whose label they have, `account` whose they are.
    """

    network: str = ""
    intent: str = ""
    topic: str = ""
    language: str = ""
    state: str = ""
    function: str = ""
    sentiment: int | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    copies_of: uuid.UUID | None = None
    before: tuple[datetime, uuid.UUID] | None = None
    limit: int = 50
    spam: str = "hidden"
    anywhere: bool = False
    theme: uuid.UUID | None = None
    own: str = "hidden"
    account: str = ""
