"""Advocacy's values: a story to share, an employee's share of it, and what an organisation asks of both."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

StoryState = Literal["draft", "in_review", "approved", "running", "ended", "withdrawn"]
STATES: Mapping[str, Mapping[str, str]] = {
    "draft": {"ko": "초안", "en": "Draft"},
    "in_review": {"ko": "검토 중", "en": "In review"},
    "approved": {"ko": "승인됨", "en": "Approved"},
    "running": {"ko": "공유 중", "en": "Running"},
    "ended": {"ko": "끝남", "en": "Ended"},
    "withdrawn": {"ko": "거둠", "en": "Withdrawn"},
}
EDITABLE = frozenset({"draft", "in_review", "approved"})
OVER = frozenset({"ended", "withdrawn"})

ShareState = Literal["prepared", "opened", "said", "refused", "unknown"]
How = Literal["", "composer", "clipboard", "source"]
ReachBy = Literal["", "measured", "stated"]


class Text(msgspec.Struct, frozen=True):
    """A suggested text; of a network, or of any where `network` is ""."""

    language: str
    text: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that people write of a story. `teams` are functions, none for everybody; `about` is for colleagues alone."""

    title: str
    url: str
    about: str = ""
    texts: Sequence[Text] = ()
    networks: Sequence[str] = ()
    teams: Sequence[str] = ()
    campaign: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """`origin` is what it was offered from: ("post", its id) or ("hand", ""). `comment` says why it was sent back."""

    id: uuid.UUID
    state: StoryState
    content: Content
    origin: tuple[str, str]
    author: str
    created_at: datetime
    changed_at: datetime
    changed_by: str = ""
    asked_by: str = ""
    approved_by: str = ""
    comment: str = ""
    version: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """An employee's share of a story on a network, "" for one who left. `opened`: the network's own composer was
    opened or the text copied, and nobody but the employee knows whether it was said. `reach_by` is where `reach` comes
    from: measured is the network's word, stated the employee's, "" where nothing is known."""

    id: uuid.UUID
    story: uuid.UUID
    employee: str
    team: str
    network: str
    link: uuid.UUID
    state: ShareState
    made_at: datetime
    how: How = ""
    source: uuid.UUID | None = None
    reference: str = ""
    url: str = ""
    reach: int | None = None
    reach_by: ReachBy = ""
    shared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advocate:
    """What an employee wants: `named` shows their name to colleagues and on the leaderboard, `mastodon` is the host of
    their server, `sources` are connected sources that are their own accounts and nobody else's."""

    employee: str
    named: bool = False
    reminders: bool = True
    mastodon: str = ""
    sources: Sequence[uuid.UUID] = ()


DISCLOSURE: Mapping[str, str] = {"ko": "#직원", "en": "I work at {company}."}


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organisation asks. `approvers` are user ids, empty for everybody who may publish; with `own` authors
    approve their own. `disclosed`: every share says who speaks, by the line of `disclosure`. `a_week` is how many
    reminders an employee gets in seven days at most. `price` is what a click is worth to the company in minor units,
    None where it says nothing."""

    approval: bool = True
    own: bool = False
    approvers: Sequence[str] = ()
    disclosed: bool = True
    disclosure: Mapping[str, str] = field(default_factory=lambda: dict(DISCLOSURE))
    a_week: int = 1
    leaderboard: bool = False
    price: int | None = None
    currency: str = ""
    version: int = 0
