"""Persons, their ids, and what is stated about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.people.links import Claim, Decision

OUR_SOURCES = (
    "segments", "campaigns", "people", "automation", "governance", "social", "channels", "deals", "pacing",
    "experiments",
)  # fmt: skip
"""What Dure writes about people is not something they did."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. `distinct_ids` are all ids that are this person now, the best known first; times are UTC.

    `last_seen` is the time of the latest event that is their own doing (not of `OUR_SOURCES`), None where the log was
    not asked or has none.
    """

    id: UUID
    distinct_ids: tuple[str, ...]
    traits: dict[str, Any]
    account: str = ""
    first_seen: datetime | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A statement that joined nobody, and why: `two_users`, `another_came_first`, `split_by_hand`, `joined_by_hand`."""

    claim: Claim
    why: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an id is of a person: the statement or the decision by hand that stands, what was refused, and what
    was decided before, newest first."""

    distinct_id: str
    is_user: bool
    decided_by: Claim | None
    joined_by: Decision | None = None
    refused: tuple[Refusal, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Every id of a person explained, ids that were parted from them, and claims on others' ids that were refused."""

    person: UUID
    ids: tuple[Reason, ...]
    parted: tuple[Decision, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """One trait that a message changed; `late` where something newer was known and nothing changed."""

    trait: str
    before: Any
    after: Any
    at: datetime
    distinct_id: str
    message_id: str
    event: str
    source: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A company, a household, a team that people belong to; `people` is how many."""

    id: str
    traits: dict[str, Any]
    first_seen: datetime
    changed_at: datetime
    people: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody that a search found, and what of them answers each of its terms."""

    person: Person
    matched: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """An event in a person's timeline; `of` is `account` where it is about their account and not about them."""

    time: datetime
    event: str
    source: str
    distinct_id: str
    object_type: str
    object: str
    actor: str
    message_id: str
    properties: dict[str, Any]
    of: str = "person"


@dataclass(frozen=True, slots=True)
class News:
    """Traits that somebody (or an account) was said to have at a moment. `account` "" says nothing about it.

    `operations` are changes other than setting, by name (`add`, `append`, …); they are carried out once a message.
    """

    distinct_id: str
    traits: dict[str, Any]
    at: datetime
    account: str = ""
    message_id: str = ""
    event: str = ""
    source: str = ""
    operations: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Facts:
    """What a batch of events states about one workspace's people."""

    users: dict[str, datetime] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    people: list[News] = field(default_factory=list)
    accounts: list[News] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody from a history: for loading many at once. `links` are (anonymous id, when it became theirs)."""

    distinct_id: str
    traits: dict[str, Any]
    at: datetime
    links: tuple[tuple[str, datetime], ...] = ()
    account: str = ""
